"""Guessing passwords is slowed; the office that shares the guesser's address is not."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from accounts.invitations import make_code
from accounts.models import User
from tests.cast import PASSWORD

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]

LOGIN = "/account/login/"
SLOWED = "พยายามเข้าสู่ระบบหลายครั้งเกินไป"


@pytest.fixture
def office(django_user_model):
    """Thirty people who sign in from one address."""
    people = [User(username=f"person{number}", name=f"คนที่ {number}") for number in range(30)]
    people[0].set_password(PASSWORD)
    for one in people:
        one.password = people[0].password
    return User.objects.bulk_create(people)


def sign_in(client, username, password=PASSWORD, address="192.0.2.1"):
    """Whether it succeeded; the page otherwise."""
    client.cookies.clear()
    data = {"login": username, "password": password}
    response = client.post(LOGIN, data, REMOTE_ADDR=address)
    return True if response.status_code == 302 else response.content.decode()


@pytest.fixture
def hashes(monkeypatch):
    """How many password hashes were computed, as time would show."""
    counted = []
    encode = MD5PasswordHasher.encode

    def count(self, *args):
        counted.append(1)
        return encode(self, *args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    return counted


def test_of_one_account_ten_passwords_are_looked_at_wherever_they_come_from(client, staff, hashes):
    for number in range(40):
        sign_in(client, "somchai", f"wrong {number}", address=f"192.0.2.{number}")
    assert len(hashes) == 10
    page = sign_in(client, "somchai", address="198.51.100.7")
    assert SLOWED in page
    assert "รหัสใช้ครั้งเดียวจากผู้ดูแลของหน่วยงาน" in page


def test_then_the_owner_still_gets_in_with_a_one_time_code(client, staff, admin, agency):
    for _ in range(10):
        sign_in(client, "somchai", "wrong")
    code = make_code(user=staff, agency=agency, by=admin)
    new = "another long phrase"
    data = {"username": "somchai", "code": code, "password1": new, "password2": new}
    client.post("/account/invitation/", data)
    assert client.get("/agencies/").status_code == 200


def test_three_who_fail_ten_times_leave_the_rest_of_the_office_alone(client, office):
    for person in office[:3]:
        for _ in range(10):
            sign_in(client, person.username, "wrong")
    assert all(sign_in(client, person.username) is True for person in office[3:])


def test_one_password_over_many_accounts_is_slowed_after_twenty(client, office, hashes):
    pages = [sign_in(client, f"nobody{number}", "Password1234") for number in range(25)]
    assert [SLOWED in page for page in pages] == [False] * 20 + [True] * 5
    assert len(hashes) == 20
    assert SLOWED in sign_in(client, office[0].username)
    assert sign_in(client, office[1].username, address="198.51.100.7") is True


def test_whoever_has_signed_in_from_there_before_still_gets_in(client, office):
    assert sign_in(client, office[0].username) is True
    for number in range(25):
        sign_in(client, f"nobody{number}", "Password1234")
    assert sign_in(client, office[0].username) is True


def test_a_known_and_an_unknown_name_are_answered_alike(client, staff, hashes):
    answers = []
    for username in ("somchai", "nobodys"):
        response = client.post(LOGIN, {"login": username, "password": "wrong"})
        page = response.content.decode().replace(username, "")
        token = response.context["csrf_token"]
        answers.append((response.status_code, page.replace(str(token), ""), len(hashes)))
        hashes.clear()
    assert answers[0] == answers[1]
    assert answers[0][2] == 1


def test_another_port_or_a_lookalike_letter_gives_no_further_tries(client, staff, hashes):
    """The Host header is the visitor's own; PostgreSQL holds ſ and s for the same letter."""
    for number in range(20):
        data = {"login": "somchai", "password": f"wrong {number}"}
        client.cookies.clear()
        client.post(LOGIN, data, headers={"host": f"127.0.0.1:{8000 + number}"})
    assert len(hashes) == 10
    assert sign_in(client, "ſomchai") is not True
