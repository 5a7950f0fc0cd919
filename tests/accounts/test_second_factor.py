import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth

from accounts import second_factor
from accounts.models import Event
from tests.cast import PASSWORD

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

LOGIN, CODE = "/account/login/", "/account/second-factor/code/"
SET_UP = "/account/second-factor/set-up/"
RECOVERY = "/account/second-factor/recovery-codes/"
REFUSED = "รหัสนี้ใช้ไม่ได้"


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def clock(monkeypatch):
    """clock(seconds) moves the time of the codes on; the real time begins a code's half minute."""
    now = [time.time() // 30 * 30]

    class Clock:
        time = staticmethod(lambda: now[0])

        def __call__(self, seconds):
            now[0] += seconds

    monkeypatch.setattr(auth, "time", Clock)
    return Clock()


def code_of(secret, steps=0):
    return auth.format_hotp_value(auth.hotp_value(secret, int(auth.time.time()) // 30 + steps))


def set_up(client, person):
    """Through the pages; returns the secret and the recovery codes."""
    client.force_login(person)
    page = client.get(SET_UP).content.decode()
    groups = re.search(r'<code class="key">([\w ]+)</code>', page)[1].split(" ")
    assert {len(group) for group in groups} == {4}
    secret = "".join(groups)
    page = client.post(SET_UP, {"code": code_of(secret)}, follow=True).content.decode()
    return secret, re.findall(r"<code>(\d{4} \d{4})</code>", page)


@pytest.fixture
def armed(client, admin, clock):
    """The admin with a second factor, signed out, after the code of the set-up has passed."""
    secret, codes = set_up(client, admin)
    client.logout()
    clock(60)
    return secret, codes


def enter_password(client, username="somying"):
    return client.post(LOGIN, {"login": username, "password": PASSWORD})


def enter(client, code):
    return client.post(CODE, {"code": code})


def signed_in(client):
    return "_auth_user_id" in client.session


def test_setting_up_shows_a_picture_a_key_and_then_recovery_codes_once(client, staff, clock):
    client.force_login(staff)
    page = client.get(SET_UP).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert 'inputmode="numeric" autocomplete="one-time-code"' in page
    _secret, codes = set_up(client, staff)
    assert len(set(codes)) == 10
    assert "แสดงซ้ำไม่ได้" in client.get(RECOVERY).content.decode()
    assert Event.objects.filter(verb="user.second_factor_set", actor_id=staff.pk).exists()


def test_a_wrong_code_sets_nothing_up(client, staff, clock):
    client.force_login(staff)
    client.get(SET_UP)
    assert REFUSED in client.post(SET_UP, {"code": "000000"}).content.decode()
    assert "กรอกรหัส 6 หลักที่แอปแสดง" in client.post(SET_UP, {"code": ""}).content.decode()
    assert not second_factor.has(staff)


def test_setting_up_allows_ten_guesses_too(client, staff, clock):
    client.force_login(staff)
    client.get(SET_UP)
    pages = [client.post(SET_UP, {"code": "000000"}).content.decode() for _ in range(11)]
    assert REFUSED in pages[9]
    assert "ลองหลายครั้งเกินไป" in pages[10]


def test_the_password_alone_does_not_get_in(client, armed):
    secret, _codes = armed
    assert enter_password(client)["Location"] == CODE
    assert not signed_in(client)
    assert client.get("/agencies/").status_code == 302
    assert enter(client, code_of(secret))["Location"] == "/"
    assert signed_in(client)


def test_thai_digits_are_digits(client, armed):
    enter_password(client)
    thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    enter(client, code_of(armed[0]).translate(thai))
    assert signed_in(client)


def test_a_code_works_once_and_only_in_its_half_minute(client, armed):
    secret, _codes = armed
    enter_password(client)
    for step in (-1, 1):
        assert REFUSED in enter(client, code_of(secret, step)).content.decode()
    enter(client, code_of(secret))
    client.logout()
    enter_password(client)
    assert REFUSED in enter(client, code_of(secret)).content.decode()
    assert not signed_in(client)


def test_after_ten_guesses_even_the_right_code_waits(client, armed):
    enter_password(client)
    for guess in range(10):
        enter(client, f"{guess:06}")
    page = enter(client, code_of(armed[0])).content.decode()
    assert "พยายามเข้าสู่ระบบหลายครั้งเกินไป" in page
    assert not signed_in(client)


def test_wrong_passwords_of_a_stranger_do_not_block_the_code(client, armed):
    enter_password(client)
    for _ in range(10):
        type(client)().post(LOGIN, {"login": "somying", "password": "wrong"})
    enter(client, code_of(armed[0]))
    assert signed_in(client)


def test_a_recovery_code_works_once(client, armed):
    _secret, codes = armed
    enter_password(client)
    enter(client, codes[3])
    assert signed_in(client)
    client.logout()
    enter_password(client)
    assert REFUSED in enter(client, codes[3]).content.decode()
    assert "เหลือ 9 รหัส" not in client.get(RECOVERY).content.decode()


def test_the_code_step_can_be_left(client, armed):
    enter_password(client)
    assert client.get(LOGIN)["Location"] == CODE
    client.post("/account/logout/")
    assert client.get(LOGIN).status_code == 200


def test_new_recovery_codes_take_the_place_of_the_old(client, staff, clock):
    _secret, old = set_up(client, staff)
    page = client.post(f"{RECOVERY}new/", follow=True).content.decode()
    new = re.findall(r"<code>(\d{4} \d{4})</code>", page)
    assert len(new) == 10
    assert not set(old) & set(new)
    assert Event.objects.filter(verb="user.recovery_codes_renewed").exists()


def test_it_is_switched_off_with_its_recovery_codes(client, staff, clock):
    set_up(client, staff)
    assert "เปิดใช้อยู่" in client.get("/account/second-factor/").content.decode()
    client.post("/account/second-factor/remove/")
    assert not Authenticator.objects.filter(user=staff).exists()
    assert Event.objects.filter(verb="user.second_factor_removed").exists()


@pytest.mark.parametrize("person", ["admin", "executive", "operator"])
def test_who_approves_signs_or_operates_must_set_it_up_first(client, request, required, person):
    client.force_login(request.getfixturevalue(person))
    for path in ("/", "/agencies/", "/operator/", "/account/second-factor/"):
        assert client.get(path)["Location"] == SET_UP
    assert "ต้องเปิดใช้การยืนยันตัวตนสองขั้น" in client.get(SET_UP).content.decode()
    client.post("/account/logout/")
    assert not signed_in(client)


def test_once_it_is_set_up_all_is_open(client, required, admin, clock):
    set_up(client, admin)
    assert client.get("/agencies/").status_code == 200


@pytest.mark.parametrize("person", ["staff", "coordinator", "viewer"])
def test_others_may_but_need_not(client, request, required, person):
    client.force_login(request.getfixturevalue(person))
    page = client.get("/agencies/").content.decode()
    assert 'href="/account/second-factor/"' in page
    assert "ต้องเปิดใช้การยืนยันตัวตนสองขั้น" not in client.get(SET_UP).content.decode()


def test_a_code_proves_who_one_is_and_so_does_the_password(client, admin, clock):
    secret, _codes = set_up(client, admin)
    clock(30)
    for proof in (code_of(secret), PASSWORD):
        assert client.post("/account/proof/", {"proof": proof}).status_code == 302


def test_the_operator_removes_it_for_who_lost_phone_and_paper(client, admin, operator, clock):
    set_up(client, admin)
    client.force_login(operator)
    chosen = {"action": "remove_second_factors", "_selected_action": [admin.pk]}
    client.post("/operator/accounts/user/", chosen)
    assert not second_factor.has(admin)
    event = Event.objects.get(verb="user.second_factor_removed")
    assert (event.actor_id, event.object_id) == (operator.pk, admin.pk)


def test_a_visitor_is_led_to_sign_in(client, db):
    for page in ("", "set-up/", "remove/", "recovery-codes/", "recovery-codes/new/", "code/"):
        answer = client.get(f"/account/second-factor/{page}")
        assert answer["Location"].startswith(LOGIN)
