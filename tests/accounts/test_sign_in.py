import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Event
from tests.cast import PASSWORD

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LOGIN = "/account/login/"
MISMATCH = "ชื่อผู้ใช้กับรหัสผ่านไม่ตรงกัน"
NEW = "another long phrase"


def sign_in(client, username, password=PASSWORD, follow=False):
    return client.post(LOGIN, {"login": username, "password": password}, follow=follow)


def signed_in(client):
    return "_auth_user_id" in client.session


def test_a_person_signs_in_and_lands_on_the_first_page(client, staff):
    response = sign_in(client, "somchai")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in(client)


def test_capitals_in_the_username_do_not_matter(client, staff):
    sign_in(client, "Somchai")
    assert signed_in(client)


def test_sign_in_leads_back_to_the_page_that_asked_for_it(client, staff):
    asked = reverse("measures:agencies")
    login = client.get(asked)["Location"]
    page = client.get(login).content.decode()
    form = page[page.index("<main") :]
    kept = re.search(r'name="next" value="([^"]+)"', form)[1]
    data = {"login": "somchai", "password": PASSWORD, "next": kept}
    assert client.post(LOGIN, data)["Location"] == asked


def test_sign_in_does_not_lead_to_another_site(client, staff):
    data = {"login": "somchai", "password": PASSWORD, "next": "https://example.com/"}
    assert client.post(LOGIN, data)["Location"] == "/"


@pytest.mark.parametrize("username", ["somchai", "nobody"])
def test_a_wrong_password_and_an_unknown_name_read_the_same(client, staff, username):
    page = sign_in(client, username, "wrong").content.decode()
    assert MISMATCH in page
    assert "มีข้อมูลที่ต้องแก้ไข" in page
    assert username in page
    assert not signed_in(client)


def test_empty_fields_are_named(client, db):
    page = sign_in(client, "", "").content.decode()
    assert "กรอกชื่อผู้ใช้" in page
    assert "กรอกรหัสผ่าน" in page
    assert "<title>มีข้อผิดพลาด:" in page


def test_after_ten_wrong_attempts_even_the_right_password_waits(client, staff):
    for _ in range(10):
        sign_in(client, "somchai", "wrong")
    page = sign_in(client, "somchai").content.decode()
    assert "พยายามเข้าสู่ระบบหลายครั้งเกินไป รอ 15 นาทีแล้วลองใหม่" in page
    assert not signed_in(client)


def test_attempts_stay_counted_when_many_other_names_are_tried(client, staff):
    for _ in range(10):
        sign_in(client, "somchai", "wrong")
    for number in range(400):
        cache.set(f"z{number}", 1)
    sign_in(client, "somchai")
    assert not signed_in(client)


def test_one_persons_wrong_attempts_do_not_lock_out_another(client, staff, viewer):
    for _ in range(10):
        sign_in(client, "somchai", "wrong")
    sign_in(client, "wichai")
    assert signed_in(client)


def test_a_closed_account_does_not_get_in(client, staff):
    staff.is_active = False
    staff.save()
    response = sign_in(client, "somchai", follow=True)
    assert "บัญชีนี้ปิดใช้งานแล้ว" in response.content.decode()
    assert not signed_in(client)


def test_the_session_ends_with_the_browser(client, staff):
    response = sign_in(client, "somchai")
    assert not response.cookies["sessionid"]["max-age"]
    assert response.cookies["sessionid"]["httponly"]


def test_signing_out_needs_a_post(client, staff):
    client.force_login(staff)
    assert client.get("/account/logout/").status_code == 200
    assert signed_in(client)
    response = client.post("/account/logout/", follow=True)
    assert not signed_in(client)
    assert "ออกจากระบบแล้ว" in response.content.decode()


def test_there_is_no_sign_up_and_no_list_of_addresses(client, staff):
    client.force_login(staff)
    for path in ("signup/", "email/", "confirm-email/", "reauthenticate/", "password/set/", ""):
        assert client.get(f"/account/{path}").status_code == 404


def test_no_page_invites_to_sign_up(client, db):
    for path in (LOGIN, "/account/password/reset/"):
        assert "signup" not in client.get(path).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        LOGIN,
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/password/reset/key/done/",
        "/account/password/reset/key/1-gone/",
        "/account/inactive/",
    ],
)
def test_each_page_of_sign_in_has_one_heading_and_the_portals_frame(client, db, path):
    page = client.get(path).content.decode()
    assert page.count("<h1") == 1
    assert page.count("btn-primary") <= 1
    assert 'class="portal-header"' in page
    assert 'lang="th"' in page


def change_password(client, old=PASSWORD, new=NEW, again=NEW):
    data = {"oldpassword": old, "password1": new, "password2": again}
    return client.post("/account/password/change/", data)


def test_a_person_changes_the_password_and_stays_signed_in(client, staff):
    client.force_login(staff)
    assert change_password(client)["Location"] == "/"
    assert signed_in(client)
    staff.refresh_from_db()
    assert staff.check_password(NEW)
    event = Event.objects.get(verb="user.password_changed")
    assert (event.actor_id, event.before, event.after) == (staff.pk, {}, {})


def test_a_changed_password_ends_the_other_sessions(client, django_user_model, staff):
    other = type(client)()
    other.force_login(staff)
    client.force_login(staff)
    change_password(client)
    assert other.get("/").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "message"),
    [
        ("wrong", NEW, NEW, "ไม่ตรงกับรหัสผ่านปัจจุบัน"),
        (PASSWORD, NEW, "different", "รหัสผ่านทั้งสองช่องไม่ตรงกัน"),
        (PASSWORD, "short", "short", "รหัสผ่านสั้นเกินไป ต้องมีอย่างน้อย 10 ตัวอักษร"),
        (PASSWORD, "password123", "password123", "รหัสผ่านนี้มีผู้ใช้กันทั่วไป"),
        (PASSWORD, "somchai123", "somchai123", "รหัสผ่านคล้ายกับชื่อผู้ใช้เกินไป"),
        (PASSWORD, "", "", "กรอกรหัสผ่านใหม่"),
    ],
)
def test_a_password_that_is_refused_says_why_in_thai(client, staff, old, new, again, message):
    client.force_login(staff)
    assert message in change_password(client, old, new, again).content.decode()
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


def test_a_forgotten_password_is_set_by_a_link_in_an_email(client, staff):
    staff.email = "somchai@example.go.th"
    staff.save()
    client.post("/account/password/reset/", {"email": "somchai@example.go.th"})
    [letter] = mail.outbox
    assert letter.subject == "ตั้งรหัสผ่านใหม่สำหรับระบบ ITA"
    assert letter.to == ["somchai@example.go.th"]
    assert "somchai" in letter.body
    link = re.search(r"http://testserver(\S+)", letter.body)[1]
    form = client.get(link)["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})
    sign_in(client, "somchai", NEW)
    assert signed_in(client)
    client.logout()
    assert "ลิงก์นี้ใช้ไม่ได้แล้ว" in client.get(link).content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_email(client, staff):
    staff.email = "somchai@example.go.th"
    staff.save()
    answers = [
        client.post("/account/password/reset/", {"email": email})["Location"]
        for email in ("somchai@example.go.th", "nobody@example.go.th")
    ]
    assert answers[0] == answers[1]
    assert [letter.to for letter in mail.outbox] == [["somchai@example.go.th"]]


def test_too_many_requests_are_answered_by_a_page_in_thai(client, db):
    for _ in range(6):
        response = client.post("/account/password/reset/", {"email": "nobody@example.go.th"})
    assert response.status_code == 429
    assert "ลองหลายครั้งเกินไป" in response.content.decode()


@pytest.fixture
def newcomer(staff):
    staff.must_change_password = True
    staff.save()
    return staff


def test_an_initial_password_opens_only_the_page_where_it_is_replaced(client, newcomer, agency):
    sign_in(client, "somchai")
    for path in ("/", "/agencies/", f"/a/{agency.code}/2565/", "/operator/"):
        assert client.get(path)["Location"] == "/account/password/change/"
    assert client.get("/account/password/change/").status_code == 200
    change_password(client)
    assert client.get("/agencies/").status_code == 200


def test_a_person_with_an_initial_password_can_sign_out(client, newcomer):
    sign_in(client, "somchai")
    client.post("/account/logout/")
    assert not signed_in(client)
