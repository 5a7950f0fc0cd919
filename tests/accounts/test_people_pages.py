import re

import pytest
from django.urls import reverse

from accounts.actions import set_role
from accounts.models import Event, Membership, User
from accounts.permissions import Role
from tests.cast import PASSWORD

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]


@pytest.fixture
def people_url(agency):
    return f"/a/{agency.code}/people/"


@pytest.fixture
def see(client, admin):
    """see(path, data=None): what the agency's admin sees there."""
    client.force_login(admin)

    def see(path, data=None):
        response = client.post(path, data) if data is not None else client.get(path)
        if response.status_code == 302:
            response = client.get(response["Location"])
        assert response.status_code == 200
        return response.content.decode()

    return see


def of(user, agency):
    return Membership.objects.get(user=user, agency=agency)


def new_person(**changes):
    data = {"username": "pranee", "name": "ปราณี งามตา", "position": "นักวิชาการ"}
    return data | {"email": "", "role": "staff"} | changes


def test_the_list_shows_who_may_do_what_and_no_one_of_another_agency(
    see, people_url, staff, viewer, outsider
):
    shown = see(people_url)
    for text in ("สมชาย ตั้งใจ", "somchai", "เจ้าหน้าที่", "วิชัย มองดู", "ยังไม่เคย", "วันนี้"):
        assert text in shown
    assert "มาลี" not in shown


def test_the_list_can_be_ordered_by_a_click_on_a_heading(see, people_url, staff, viewer):
    shown = see(people_url + "?sort=-username")
    assert 'aria-sort="descending"' in shown
    assert shown.index(">wichai<") < shown.index(">somchai<")


def test_the_list_asks_the_database_no_more_for_many_people_than_for_few(
    client, admin, agency, people_url, django_assert_max_num_queries
):
    for number in range(30):
        user = User.objects.create(username=f"p{number}", name=f"บุคคล {number}")
        Membership.objects.create(user=user, agency=agency, role=Role.VIEWER)
    client.force_login(admin)
    with django_assert_max_num_queries(8):
        assert b"p12" in client.get(people_url).content


def test_a_new_person_gets_a_password_that_is_shown_once_and_must_be_replaced(
    see, client, people_url, agency
):
    shown = see(people_url + "new/", new_person())
    password = re.search(r"<code>(\w{4}-\w{4}-\w{4}-\w{4})</code>", shown)[1]
    user = User.objects.get(username="pranee")
    assert user.check_password(password)
    assert of(user, agency).role == Role.STAFF
    assert password not in see(people_url)
    assert password not in str(list(Event.objects.values_list("before", "after")))
    assert password not in str(dict(client.session))
    client.logout()
    client.post("/account/login/", {"login": "pranee", "password": password})
    assert client.get("/")["Location"] == "/account/password/change/"


def test_the_page_with_the_password_is_kept_by_no_cache(client, admin, people_url):
    client.force_login(admin)
    response = client.post(people_url + "new/", new_person())
    assert "no-store" in response["Cache-Control"]


def test_two_people_get_different_passwords(see, people_url):
    shown = [see(people_url + "new/", new_person(username=name)) for name in ("pranee", "prasit")]
    first, second = (re.search(r"<code>(\w+-[\w-]+)</code>", text)[1] for text in shown)
    assert first != second


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("username", "", "กรอกชื่อผู้ใช้"),
        ("name", " ", "กรอกชื่อและนามสกุล"),
        ("role", "", "เลือกบทบาท"),
        ("role", "operator", "เลือกจากรายการที่มีให้"),
        ("email", "pranee", "อีเมลต้องมีรูปแบบเช่น"),
        ("username", "pra nee", "ชื่อผู้ใช้มีได้เฉพาะตัวอักษร a-z"),
        ("username", "p" * 151, "กำหนดไม่เกิน 150 ตัวอักษร (กรอกไว้ 151)"),
        ("username", "ปราณี", "ชื่อผู้ใช้มีได้เฉพาะตัวอักษร a-z"),
    ],
)
def test_what_is_wrong_with_a_new_person_is_said_in_thai(see, people_url, field, value, message):
    shown = see(people_url + "new/", new_person(**{field: value}))
    assert message in shown
    assert "นักวิชาการ" in shown
    assert "ฟิลด์" not in shown
    assert not User.objects.filter(name="ปราณี งามตา").exists()


@pytest.mark.parametrize("username", ["malee", "MALEE"])
def test_a_taken_username_is_refused_without_a_word_about_its_owner(
    see, people_url, outsider, other_agency, username
):
    shown = see(people_url + "new/", new_person(username=username))
    assert "ชื่อผู้ใช้นี้ใช้สร้างบัญชีใหม่ไม่ได้" in shown
    assert "มาลี" not in shown
    assert other_agency.name not in shown


def test_somebody_who_has_an_account_is_added_by_the_exact_username(
    see, people_url, outsider, agency, other_agency
):
    shown = see(people_url + "existing/", {"username": "malee", "role": "viewer"})
    assert "เพิ่มผู้ใช้งานแล้ว" in shown
    assert of(outsider, agency).role == Role.VIEWER
    assert of(outsider, other_agency).role == Role.ADMIN
    outsider.refresh_from_db()
    assert outsider.check_password(PASSWORD)


def test_unknown_closed_and_operator_accounts_are_refused_in_the_same_words(
    see, people_url, operator, outsider
):
    outsider.is_active = False
    outsider.save()
    for username in ("nobody", "operator", "malee"):
        shown = see(people_url + "existing/", {"username": username, "role": "admin"})
        assert "เพิ่มบัญชีด้วยชื่อผู้ใช้นี้ไม่ได้" in shown
    assert Membership.objects.count() == 2


def test_a_person_of_the_agency_is_not_added_again(see, people_url, staff, agency):
    shown = see(people_url + "existing/", {"username": "somchai", "role": "admin"})
    assert "บุคคลนี้อยู่ในรายชื่อของหน่วยงานแล้ว" in shown
    assert of(staff, agency).role == Role.STAFF


def test_a_role_is_changed_and_noted(see, people_url, staff, agency):
    shown = see(f"{people_url}{of(staff, agency).pk}/", {"role": "viewer"})
    assert "เปลี่ยนบทบาทแล้ว" in shown
    assert of(staff, agency).role == Role.VIEWER
    event = Event.objects.get(verb="membership.set")
    assert (event.before, event.after) == ({"role": "staff"}, {"role": "viewer"})
    assert event.actor_name == "สมหญิง ใจดี"


def test_a_person_is_removed_only_after_a_confirmation(see, people_url, staff, agency):
    url = f"{people_url}{of(staff, agency).pk}/remove/"
    assert "สมชาย ตั้งใจ" in see(url)
    assert staff.memberships.exists()
    assert "นำผู้ใช้งานออกจากหน่วยงานแล้ว" in see(url, {})
    assert not staff.memberships.exists()
    assert User.objects.filter(pk=staff.pk, is_active=True).exists()


def test_nobody_changes_or_removes_herself(see, people_url, admin, agency):
    url = f"{people_url}{of(admin, agency).pk}/"
    assert "บัญชีนี้เป็นบัญชีของคุณเอง" in see(url)
    for path, data in ((url, {"role": "staff"}), (url + "remove/", {}), (url + "password/", {})):
        assert "<h1" in see(path, data)
    assert "แก้ไขสิทธิของตนเองไม่ได้" in see(url + "remove/", {})
    assert of(admin, agency).role == Role.ADMIN
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


def test_a_forgotten_password_is_replaced_by_a_new_initial_one(see, people_url, staff, agency):
    url = f"{people_url}{of(staff, agency).pk}/password/"
    see(url)
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)
    password = re.search(r"<code>(\w+-[\w-]+)</code>", see(url, {}))[1]
    staff.refresh_from_db()
    assert staff.check_password(password)
    assert staff.must_change_password


def test_an_account_that_serves_another_agency_too_keeps_its_password(
    see, people_url, outsider, agency
):
    set_role(user=outsider, agency=agency, role=Role.STAFF, by=None)
    url = f"{people_url}{of(outsider, agency).pk}/password/"
    assert "ให้ติดต่อผู้ดูแลระบบ" in see(url, {})
    outsider.refresh_from_db()
    assert outsider.check_password(PASSWORD)


def test_a_membership_of_another_agency_is_not_found(client, admin, outsider, other_agency, agency):
    client.force_login(admin)
    foreign = of(outsider, other_agency).pk
    for name in ("person-change", "person-remove", "person-password"):
        url = reverse(f"accounts:{name}", args=[agency.code, foreign])
        assert client.get(url).status_code == client.post(url).status_code == 404
    assert of(outsider, other_agency).role == Role.ADMIN


def test_a_removed_right_ends_with_the_next_request(client, admin, staff, agency, people_url):
    client.force_login(staff)
    assert client.get("/agencies/").status_code == 200
    membership = of(staff, agency)
    membership.delete()
    assert client.get(people_url).status_code == 404
