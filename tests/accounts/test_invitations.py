import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actions import change_password, set_role
from accounts.invitations import GUESSES, LETTERS, invite, make_code, use_code
from accounts.models import Event, Invitation, Membership, User
from accounts.once import FIELD
from accounts.permissions import Role
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
of_pages = pytest.mark.one_database("sqlite")

PAGE = "/account/invitation/"
PHRASE = "ฝนตกปลายนาเดือนหก"
REFUSED = "ชื่อผู้ใช้กับรหัสเชิญไม่ตรงกัน"
CODE = re.compile(r'<code class="code">([A-Z2-9]{4}(?:-[A-Z2-9]{4}){3})</code>')
NEW = {"username": "pranom", "name": "ประนอม มาใหม่"}


@pytest.fixture
def invited(agency, admin):
    """(the newcomer, her code)"""
    return invite(**NEW, agency=agency, role=Role.STAFF, by=admin)


@pytest.fixture
def begin(client):
    """begin(code, **changes): the answer to a newcomer who sends the public form."""

    def begin(code, **changes):
        data = {"username": "pranom", "code": code, "password1": PHRASE, "password2": PHRASE}
        return client.post(PAGE, data | changes)

    return begin


def guess(code, username="pranom"):
    return use_code(username=username, code=code, password=PHRASE)


# --- the code itself ------------------------------------------------------------------------------


def test_a_code_has_more_than_sixty_bits_and_no_sign_that_is_mistaken_for_another(invited, admin):
    _user, code = invited
    assert set(code) <= {*LETTERS, "-"}
    assert len(LETTERS) ** 16 > 2**60
    assert not set(LETTERS) & set("B01ILOSZ")
    assert code != make_code(user=invited[0], agency=None, by=None)


def test_the_code_is_kept_nowhere(invited):
    _user, code = invited
    kept = str(list(Invitation.objects.values())) + str(list(Event.objects.values()))
    assert code not in kept
    assert code.replace("-", "") not in kept


@pytest.mark.parametrize("typed", [str.lower, lambda code: f" {code.replace('-', ' ')} "])
def test_a_code_is_read_however_it_is_typed(invited, typed):
    user, code = invited
    assert guess(typed(code)) == user
    user.refresh_from_db()
    assert user.check_password(PHRASE)
    assert Event.objects.get(verb="invitation.used").actor_id == user.pk


def test_a_code_opens_once(invited):
    _user, code = invited
    assert guess(code)
    assert guess(code) is None


def test_a_code_opens_for_seven_days(invited):
    user, code = invited
    left = user.invitations.get().expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    user.invitations.update(expires_at=timezone.now())
    assert guess(code) is None


def test_after_ten_guesses_the_right_code_is_refused_too(invited):
    _user, code = invited
    for _ in range(GUESSES - 1):
        assert guess("AAAA-AAAA-AAAA-AAAA") is None
    assert Invitation.objects.get().tries == 9
    guess("AAAA-AAAA-AAAA-AAAA")
    assert guess(code) is None


def test_a_code_is_of_one_person_only(invited, staff, agency, admin):
    make_code(user=staff, agency=agency, by=admin)
    assert guess(invited[1], username="somchai") is None


def test_a_new_code_ends_the_one_before(invited, agency, admin):
    user, first = invited
    second = make_code(user=user, agency=agency, by=admin)
    assert guess(first) is None
    assert guess(second) == user


@pytest.mark.parametrize("password", ["short", "password123", "pranom-2569", "ประนอม มาใหม่"])
def test_a_password_that_is_easy_to_guess_leaves_the_code_to_be_used(invited, password):
    user, code = invited
    with pytest.raises(ValidationError):
        use_code(username="pranom", code=code, password=password)
    assert guess(code) == user


def test_a_code_ends_with_a_password_chosen_elsewhere(invited):
    user, code = invited
    change_password(user=user, password="set by a link in an e-mail")
    assert guess(code) is None


def test_a_closed_account_is_not_opened_by_its_code(invited):
    user, code = invited
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert guess(code) is None


def test_no_code_for_those_who_serve_another_agency_too_or_for_oneself(
    outsider, agency, admin, operator
):
    set_role(user=outsider, agency=agency, role=Role.STAFF, by=admin)
    for user in (outsider, admin):
        with pytest.raises(ValidationError):
            make_code(user=user, agency=agency, by=admin)
    for user in (outsider, admin):
        user.refresh_from_db()
        assert user.check_password(PASSWORD)
    assert not Invitation.objects.exists()
    assert make_code(user=outsider, by=operator)


# --- the public page ------------------------------------------------------------------------------


@of_pages
def test_a_newcomer_sets_her_password_and_is_signed_in(client, invited, begin, agency):
    user, code = invited
    assert PAGE in client.get("/account/login/").content.decode()
    assert begin(code).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(f"/a/{agency.code}/2565/").status_code == 200
    assert client.get(PAGE)["Location"] == "/"


@of_pages
def test_a_newcomers_password_is_kept_as_she_typed_it(client, invited, begin):
    user, code = invited
    password = f" {PHRASE} "
    begin(f" {code} ", password1=password, password2=password)
    user.refresh_from_db()
    assert user.check_password(password)


@of_pages
def test_an_unknown_name_an_expired_code_and_a_wrong_one_are_answered_alike(client, invited, begin):
    user, code = invited

    def answer(code, username="pranom"):
        page = begin(code, username=username).content.decode()
        assert REFUSED in page
        varying = rf'name="csrfmiddlewaretoken" value="[^"]+"|{username}|{code}'
        return re.sub(varying, "", page)

    wrong = answer("AAAA-AAAA-AAAA-AAAA")
    assert answer("AAAA-AAAA-AAAA-AAAA", username="nobody") == wrong
    user.invitations.update(expires_at=timezone.now())
    assert answer(code) == wrong
    user.invitations.update(expires_at=timezone.now() + timedelta(days=1), used_at=timezone.now())
    assert answer(code) == wrong
    assert "_auth_user_id" not in client.session


@of_pages
def test_what_is_missing_or_differs_is_said_and_no_password_comes_back(invited, begin):
    page = begin("", password2="other").content.decode()
    assert "กรอกรหัสเชิญใช้ครั้งเดียว" in page
    assert "รหัสผ่านทั้งสองช่องไม่ตรงกัน" in page
    assert PHRASE not in page
    assert Invitation.objects.get().tries == 0


@of_pages
def test_wrong_codes_from_one_address_are_slowed_and_right_ones_are_not_counted(invited, begin):
    for number in range(20):
        assert begin("AAAA-AAAA-AAAA-AAAA", username=f"nobody{number}").status_code == 200
    assert begin(invited[1]).status_code == 429


@of_pages
def test_a_person_slowed_by_wrong_passwords_gets_in_by_a_code(client, begin, staff, agency, admin):
    for _ in range(11):
        client.post("/account/login/", {"login": "somchai", "password": "wrong"})
    code = make_code(user=staff, agency=agency, by=admin)
    begin(code, username="somchai")
    assert client.session["_auth_user_id"] == str(staff.pk)
    client.logout()
    client.post("/account/login/", {"login": "somchai", "password": PHRASE})
    assert client.session["_auth_user_id"] == str(staff.pk)


# --- the admin's pages ----------------------------------------------------------------------------


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


def new_person(**changes):
    return NEW | {"position": "", "email": "", "role": "staff", "unit": ""} | changes


@of_pages
def test_the_code_is_on_the_page_that_is_printed_and_on_no_other(desk, agency):
    people = f"/a/{agency.code}/people/"
    response = desk.post(f"{people}new/", new_person())
    page = response.content.decode()
    code = CODE.search(page)[1]
    for text in (agency.name, "ประนอม มาใหม่", "pranom", "ใช้ได้ถึงวันที่", f"http://testserver{PAGE}"):
        assert text in page
    assert "no-store" in response["Cache-Control"]
    member = Membership.objects.get(user__username="pranom")
    for path in (people, f"{people}{member.pk}/"):
        assert code not in desk.get(path).content.decode()
    assert code not in str(dict(desk.session))
    assert guess(code) == member.user


@of_pages
def test_a_form_sent_twice_shows_no_second_code(desk, staff, agency):
    people = f"/a/{agency.code}/people/"
    of_staff = f"{people}{Membership.objects.get(user=staff).pk}/code/"
    for url, data, username in (
        (f"{people}new/", new_person(), "pranom"),
        (of_staff, {}, "somchai"),
    ):
        sent = data | {FIELD: "a key"}
        first, again = desk.post(url, sent), desk.post(url, sent)
        assert again.status_code == 302
        assert not CODE.search(desk.get(again["Location"]).content.decode())
        assert guess(CODE.search(first.content.decode())[1], username=username)


@of_pages
def test_a_new_code_ends_the_password_and_the_sessions_only_once_it_is_confirmed(
    desk, staff, agency
):
    hers = type(desk)()
    hers.force_login(staff)
    url = f"/a/{agency.code}/people/{Membership.objects.get(user=staff).pk}/code/"
    desk.get(url)
    assert hers.get("/agencies/").status_code == 200
    code = CODE.search(desk.post(url).content.decode())[1]
    assert hers.get("/agencies/").status_code == 302
    staff.refresh_from_db()
    assert not staff.check_password(PASSWORD)
    assert guess(code, username="somchai") == staff
