import re
import runpy
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

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


def test_an_operator_made_with_capitals_signs_in(client, db, django_user_model):
    django_user_model.objects.create_superuser("First.Operator", password=PASSWORD)
    for login in ("First.Operator", "first.operator"):
        client.cookies.clear()
        assert sign_in(client, login).status_code == 302


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
    page = response.content.decode()
    assert "บัญชีนี้ปิดใช้งานแล้ว" in page
    assert 'href="/account/login/"' in page
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


# --- sessions -------------------------------------------------------------------------------------


def test_the_session_gets_another_id_at_sign_in_and_the_old_one_is_dead(client, staff):
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    sign_in(client, "somchai")
    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(pk=planted).exists()


@pytest.mark.parametrize("sent", ['"\\000aaaaaaaa"', '"\\355\\240\\200aaaaaaaa"', "a" * 3000])
def test_a_cookie_that_is_no_session_is_that_of_nobody(client, db, sent):
    assert client.get("/", headers={"cookie": f"sessionid={sent}"}).status_code == 302


def test_a_session_that_lies_idle_for_an_hour_ends(client, staff):
    client.force_login(staff)
    end = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=59) < end <= timedelta(minutes=60)
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/agencies/")["Location"].startswith(LOGIN)


def test_using_the_portal_puts_off_the_end_of_the_session(client, staff):
    client.force_login(staff)
    session = client.session
    session["seen_at"] -= 61
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
    client.get("/agencies/")
    assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=59)


def test_a_session_ends_twelve_hours_after_the_sign_in_however_busy(client, staff):
    client.force_login(staff)
    session = client.session
    session["began_at"] -= 12 * 60 * 60 + 1
    session.save()
    assert client.get("/agencies/")["Location"].startswith(LOGIN)
    assert not signed_in(client)


def test_signing_out_ends_the_session_on_the_server(client, staff):
    client.force_login(staff)
    copied = client.cookies["sessionid"].value
    client.post("/account/logout/")
    thief = type(client)()
    thief.cookies["sessionid"] = copied
    assert thief.get("/agencies/")["Location"].startswith(LOGIN)


def test_signing_out_everywhere_ends_the_own_sessions_and_no_others(client, staff, viewer):
    other, colleague = type(client)(), type(client)()
    other.force_login(staff)
    colleague.force_login(viewer)
    client.force_login(staff)
    assert client.post("/account/sign-out-everywhere/")["Location"] == LOGIN
    assert "ออกจากระบบทุกเครื่องแล้ว" in client.get(LOGIN).content.decode()
    for one in (client, other):
        assert one.get("/agencies/")["Location"].startswith(LOGIN)
    assert colleague.get("/agencies/").status_code == 200
    assert client.get("/account/sign-out-everywhere/").status_code in (302, 405)


def test_a_closed_account_and_a_taken_role_end_with_the_next_request(client, staff, agency):
    client.force_login(staff)
    page = f"/a/{agency.code}/2565/issues/new/"
    assert client.get(page).status_code == 302
    staff.memberships.update(role="viewer")
    assert client.get(page).status_code == 403
    staff.memberships.all().delete()
    assert client.get(page).status_code == 404
    staff.is_active = False
    staff.save()
    assert client.get(page)["Location"].startswith(LOGIN)


def test_over_https_the_cookies_are_closed_to_all_but_the_portal(
    client, staff, settings, monkeypatch
):
    monkeypatch.setenv("HTTPS", "1")
    of_production = runpy.run_path(str(settings.BASE_DIR / "ita_portal/settings.py"))
    for name, value in of_production.items():
        if re.match("(SESSION|CSRF)_COOKIE_", name):
            setattr(settings, name, value)
    data = {"login": "somchai", "password": PASSWORD}
    client.get(LOGIN, secure=True)
    cookies = client.post(LOGIN, data, secure=True).cookies
    assert set(cookies) == {"__Host-sessionid", "__Host-csrftoken"}
    for cookie in cookies.values():
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
        assert cookie["secure"] is cookie["httponly"] is True


# --- passwords ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    ["ก" * 64, "x7 " * 66 + "ab", "  เว้นวรรค หน้าหลัง  ", "รหัสผ่านภาษาไทยยาว ๆ ๑๒๓"],
)
def test_long_thai_and_spaced_passwords_are_taken_as_they_are(client, staff, password):
    client.force_login(staff)
    assert change_password(client, new=password, again=password).status_code == 302
    client.logout()
    sign_in(client, "somchai", password.strip() if password != password.strip() else "wrong")
    assert not signed_in(client)
    sign_in(client, "somchai", password)
    assert signed_in(client)


def test_a_new_password_by_link_ends_the_sessions_and_old_links_end_within_the_hour(
    client, staff, settings
):
    staff.email = "somchai@example.go.th"
    staff.save()
    thief = type(client)()
    thief.force_login(staff)
    client.post("/account/password/reset/", {"email": staff.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    settings.PASSWORD_RESET_TIMEOUT -= 60 * 60 + 1
    assert "ลิงก์นี้ใช้ไม่ได้แล้ว" in client.get(link).content.decode()
    settings.PASSWORD_RESET_TIMEOUT += 60 * 60 + 1
    assert settings.PASSWORD_RESET_TIMEOUT == 60 * 60
    client.post(client.get(link)["Location"], {"password1": NEW, "password2": NEW})
    assert thief.get("/agencies/")["Location"].startswith(LOGIN)
