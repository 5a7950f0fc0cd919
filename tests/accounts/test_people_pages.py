import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.actions import change_agency, change_details, change_user, remove_member, set_role
from accounts.invitations import invite
from accounts.models import Event, Membership, Unit, User
from accounts.permissions import Role
from tests.cast import PASSWORD

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]

NEWCOMER = {"username": "pranee", "name": "ปราณี งามตา"}
CODE = re.compile(r'<code class="code">([A-Z2-9]{4}(?:-[A-Z2-9]{4}){3})</code>')


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
    return data | {"email": "", "role": "staff", "unit": ""} | changes


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
    with django_assert_max_num_queries(11):
        assert b"p12" in client.get(people_url).content


def test_the_list_says_how_far_each_is_on_the_way_in(see, people_url, agency, staff, admin):
    invited, _code = invite(**NEWCOMER, agency=agency, role=Role.VIEWER, by=admin)
    late, _code = invite(username="late", name="สายไป", agency=agency, role=Role.VIEWER, by=admin)
    late.invitations.update(expires_at=timezone.now() - timedelta(minutes=1))
    Authenticator.objects.create(user=staff, type="totp", data={})
    shown = see(people_url + "?sort=-standing")
    for text in ("เหลือ 7 วัน", "ต้องออกรหัสเชิญใหม่", "ยืนยันตัวตนสองขั้น", "ด้วยรหัสผ่านอย่างเดียว"):
        assert text in shown


def test_an_agency_with_one_admin_is_advised_to_have_two(see, people_url, staff, agency):
    assert "ควรมีอย่างน้อย 2 คน" in see(people_url)
    set_role(user=staff, agency=agency, role=Role.ADMIN, by=None)
    assert "ควรมีอย่างน้อย 2 คน" not in see(people_url)


def test_each_role_is_explained_where_it_is_chosen(see, people_url):
    for page in ("", "new/", "existing/"):
        shown = see(people_url + page)
        assert "ส่งแผนให้ตรวจ" in shown
        assert "ให้ความเห็น ส่งกลับแก้ไข และลงนาม" in shown


def test_a_person_gets_a_unit_of_the_agency_and_none_of_another(
    see, people_url, staff, agency, other_agency
):
    finance, foreign = (
        Unit.objects.create(agency=one, name="กองคลัง") for one in (agency, other_agency)
    )
    url = f"{people_url}{of(staff, agency).pk}/"
    see(url, {"role": "staff", "unit": finance.pk})
    assert of(staff, agency).unit == finance
    assert "เลือกจากรายการที่มีให้" in see(url, {"role": "staff", "unit": foreign.pk})
    assert "เลือกจากรายการที่มีให้" in see(people_url + "new/", new_person(unit=foreign.pk))
    assert of(staff, agency).unit == finance
    assert Event.objects.get(verb="membership.set").after == {"role": "staff", "unit": "กองคลัง"}


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


def test_a_closed_account_is_opened_again_by_inviting_the_person_again(
    see, people_url, staff, agency
):
    see(f"{people_url}{of(staff, agency).pk}/remove/", {"closes": "on"})
    staff.refresh_from_db()
    assert not staff.is_active
    shown = see(people_url + "existing/", {"username": "somchai", "role": "viewer"})
    assert CODE.search(shown)
    staff.refresh_from_db()
    assert staff.is_active
    assert not staff.has_usable_password()
    assert of(staff, agency).role == Role.VIEWER
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    closing, opening = verbs[:2], verbs[2:]
    assert closing == ["membership.removed", "user.closed"]
    assert opening == ["user.reopened", "membership.set", "invitation.made"]


def test_what_the_operator_or_another_agency_closed_stays_closed(
    see, people_url, staff, outsider, agency, other_agency
):
    remove_member(membership=of(outsider, other_agency), closes=True, by=None)
    remove_member(membership=of(staff, agency), closes=True, by=None)
    change_user(user=staff, is_active=True, by=None)
    change_user(user=staff, is_active=False, by=None)
    for username in ("malee", "somchai"):
        shown = see(people_url + "existing/", {"username": username, "role": "viewer"})
        assert "เพิ่มบัญชีด้วยชื่อผู้ใช้นี้ไม่ได้" in shown
    assert not User.objects.filter(pk__in=[staff.pk, outsider.pk], is_active=True).exists()


def test_an_account_that_serves_another_agency_too_is_not_closed(see, people_url, outsider, agency):
    set_role(user=outsider, agency=agency, role=Role.STAFF, by=None)
    url = f"{people_url}{of(outsider, agency).pk}/remove/"
    assert "ปิดบัญชีด้วย" not in see(url)
    see(url, {"closes": "on"})
    outsider.refresh_from_db()
    assert outsider.is_active


def test_nobody_changes_or_removes_herself(see, people_url, admin, agency):
    url = f"{people_url}{of(admin, agency).pk}/"
    assert "บัญชีนี้เป็นบัญชีของคุณเอง" in see(url)
    for path, data in ((url, {"role": "staff"}), (url + "remove/", {}), (url + "code/", {})):
        assert "<h1" in see(path, data)
    assert "แก้ไขสิทธิของตนเองไม่ได้" in see(url + "remove/", {})
    assert of(admin, agency).role == Role.ADMIN
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


def test_a_membership_of_another_agency_is_not_found(client, admin, outsider, other_agency, agency):
    client.force_login(admin)
    foreign = of(outsider, other_agency).pk
    for name in ("person-change", "person-remove", "person-code", "person-handover"):
        url = reverse(f"accounts:{name}", args=[agency.code, foreign])
        assert client.get(url).status_code == client.post(url).status_code == 404
    assert of(outsider, other_agency).role == Role.ADMIN


# --- a right that is taken away, seen from a session that goes on ---------------------------------


def role_changed(admin, agency):
    colleague = User.objects.create(username="second", name="ผู้ดูแลอีกคน")
    set_role(user=colleague, agency=agency, role=Role.ADMIN, by=None)
    set_role(user=admin, agency=agency, role=Role.VIEWER, by=colleague)


def removed(admin, agency):
    remove_member(membership=of(admin, agency), by=None)


def disabled(admin, agency):
    change_user(user=admin, is_active=False, by=None)


def switched_off(admin, agency):
    change_agency(agency=agency, is_active=False, by=None)


@pytest.mark.parametrize(
    ("take_away", "reads", "writes"),
    [(role_changed, 200, 403), (removed, 404, 404), (disabled, 302, 302), (switched_off, 404, 404)],
)
def test_a_right_taken_away_is_gone_with_the_next_request(
    client, admin, staff, agency, people_url, take_away, reads, writes
):
    client.force_login(admin)
    page = f"/a/{agency.code}/2565/"
    url = f"{people_url}{of(staff, agency).pk}/"
    assert client.get(page).status_code == client.get(url).status_code == 200
    take_away(admin, agency)
    assert client.get(page).status_code == reads
    assert client.post(url, {"role": "admin"}).status_code == writes
    assert of(staff, agency).role == Role.STAFF


# --- name and position ----------------------------------------------------------------------------

RENAMED = {"name": "สมชาย ใจดี", "position": "นักวิชาการคลัง"}


def test_everybody_corrects_her_own_name_and_position(client, staff, agency):
    client.force_login(staff)
    page = client.post("/account/details/", RENAMED, follow=True).content.decode()
    assert "บันทึกชื่อและตำแหน่งของคุณแล้ว" in page
    staff.refresh_from_db()
    assert (staff.name, staff.position) == ("สมชาย ใจดี", "นักวิชาการคลัง")
    event = Event.objects.get(verb="user.changed")
    assert (event.before["name"], event.after) == ("สมชาย ตั้งใจ", RENAMED)
    assert (event.actor_id, event.agency_id) == (staff.pk, agency.pk)
    assert "กรอกชื่อ" in client.post("/account/details/", {"name": ""}).content.decode()


def test_the_admin_corrects_those_of_a_person_who_serves_only_her_agency(
    see, people_url, staff, outsider, agency
):
    url = f"{people_url}{of(staff, agency).pk}/"
    assert "บันทึกชื่อและตำแหน่งแล้ว" in see(url, RENAMED | {"details": "yes"})
    staff.refresh_from_db()
    assert staff.name == "สมชาย ใจดี"
    assert of(staff, agency).role == Role.STAFF
    assert Event.objects.get().verb == "user.changed"
    see(url, {"details": "yes", "name": ""})
    set_role(user=outsider, agency=agency, role=Role.STAFF, by=None)
    url = f"{people_url}{of(outsider, agency).pk}/"
    assert 'name="position"' not in see(url, RENAMED | {"details": "yes"})
    with pytest.raises(ValidationError):
        change_details(
            user=outsider, by=User.objects.get(username="somying"), agency=agency, **RENAMED
        )
    outsider.refresh_from_db()
    assert outsider.name != "สมชาย ใจดี"


def test_people_are_sorted_by_the_given_name(see, people_url, staff, agency):
    for number, name in enumerate(("นางสาวกมล ดี", "นายขจร ดี", "ว่าที่ ร.ต. คมสัน ดี", "จรูญ ดี")):
        user = User.objects.create(username=f"sorted{number}", name=name)
        Membership.objects.create(user=user, agency=agency)
    shown = see(people_url)
    places = [shown.index(name) for name in ("กมล", "ขจร", "คมสัน", "จรูญ", "สมชาย")]
    assert places == sorted(places)
