from urllib.parse import quote

import pytest
from django.urls import reverse

from accounts.proof import PROVEN_AT
from tests.cast import PASSWORD

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]

PROOF = "/account/proof/"


@pytest.fixture
def long_ago(client):
    """long_ago(person): signed in, by a proof that is no longer recent."""

    def sign_in(person):
        client.force_login(person)
        session = client.session
        session[PROVEN_AT] -= 15 * 60 + 1
        session.save()
        return client

    return sign_in


def test_a_password_proves_it_and_leads_back(long_ago, admin):
    client = long_ago(admin)
    answer = client.post(PROOF, {"proof": PASSWORD, "next": "/agencies/"})
    assert answer["Location"] == "/agencies/"


def test_who_may_not_publish_is_told_so_before_she_proves_anything(long_ago, viewer, plan):
    assert long_ago(viewer).get("/a/nongkong/2565/publication/").status_code == 403


def test_another_site_is_not_led_to(long_ago, admin):
    client = long_ago(admin)
    answer = client.post(PROOF, {"proof": PASSWORD, "next": "https://example.com/"})
    assert answer["Location"] == "/"


def test_what_is_wrong_says_so_and_what_is_empty_is_named(long_ago, admin):
    client = long_ago(admin)
    assert "ไม่ตรงกับรหัสผ่านของคุณ" in client.post(PROOF, {"proof": "wrong"}).content.decode()
    assert "กรอกรหัสผ่าน หรือรหัส 6 หลัก" in client.post(PROOF, {"proof": ""}).content.decode()


def test_the_eleventh_try_is_not_looked_at(long_ago, admin):
    client = long_ago(admin)
    for _ in range(10):
        client.post(PROOF, {"proof": "wrong"})
    page = client.post(PROOF, {"proof": PASSWORD}).content.decode()
    assert "ลองหลายครั้งเกินไป" in page


def test_tries_of_a_stranger_at_sign_in_do_not_count(long_ago, admin):
    client = long_ago(admin)
    for _ in range(10):
        type(client)().post(reverse("account_login"), {"login": "somying", "password": "wrong"})
    assert client.post(PROOF, {"proof": PASSWORD}).status_code == 302


def test_the_session_gets_another_id_and_the_old_one_is_dead(long_ago, admin):
    client = long_ago(admin)
    before = client.cookies["sessionid"].value
    client.post(PROOF, {"proof": PASSWORD})
    assert client.cookies["sessionid"].value != before
    assert client.get("/agencies/").status_code == 200
    thief = type(client)()
    thief.cookies["sessionid"] = before
    assert thief.get("/agencies/")["Location"].startswith("/account/login/")


def test_a_role_is_changed_after_a_proof_alone_and_by_sending_it_oneself(long_ago, admin, viewer):
    membership = viewer.memberships.get()
    page = f"/a/nongkong/people/{membership.pk}/"
    client = long_ago(admin)
    for answer in (client.get(page), client.post(page, {"role": "staff"})):
        assert answer["Location"] == f"{PROOF}?next={quote(page, safe='')}"
    asked = client.get(answer["Location"]).content.decode()
    assert f'name="next" value="{page}"' in asked
    assert client.post(PROOF, {"proof": PASSWORD, "next": page})["Location"] == page
    membership.refresh_from_db()
    assert membership.role == "viewer"
    client.post(page, {"role": "staff"})
    membership.refresh_from_db()
    assert membership.role == "staff"


def test_a_file_is_asked_for_again_on_the_page_that_offers_it(long_ago, admin):
    page = "/a/nongkong/history/"
    client = long_ago(admin)
    answer = client.get(f"{page}export.csv", headers={"referer": f"http://testserver{page}?kind="})
    assert answer["Location"] == f"{PROOF}?next={quote(f'{page}?kind=', safe='')}"
    client.post(PROOF, {"proof": PASSWORD})
    assert client.get(f"{page}export.csv")["Content-Type"].startswith("text/csv")


def test_a_visitor_is_led_to_sign_in(client, db):
    assert client.get(PROOF)["Location"].startswith("/account/login/")
