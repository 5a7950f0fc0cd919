import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.handover import hand_over, work_of
from accounts.models import Event, Membership, Notice, Unit, User
from accounts.notices import notify
from accounts.once import FIELD
from accounts.permissions import Role
from measures.actions import create_measure
from measures.models import Comment

pytestmark = pytest.mark.django_db
of_pages = pytest.mark.one_database("postgres")


def of(user, agency):
    return Membership.objects.get(user=user, agency=agency)


@pytest.fixture
def successor(agency):
    user = User.objects.create(username="malai", name="มาลัย เก่งงาน", position="นักวิชาการคลัง")
    return Membership.objects.create(user=user, agency=agency, role=Role.VIEWER)


@pytest.fixture
def work(plan, staff):
    """A measure and a comment of Somchai's."""
    measure = create_measure(
        plan=plan,
        indicators=[plan.assessment.framework.indicators.get(number=9)],
        by=staff,
        title="เผยแพร่ข้อมูลบนเว็บไซต์",
        steps="1",
        period="ตลอดปีงบประมาณ",
        follow_up="1",
        responsible="กองคลัง",
    )
    Comment.objects.create(plan=plan, row=f"measure-{measure.pk}", text="ขอตัวเลข", by=staff)
    return measure


def test_what_waits_for_the_person_is_listed_in_thai(work, plan, staff, coordinator, agency):
    plan.rounds.filter(months=12).update(closes_on=date(2100, 9, 30))
    listed = work_of(of(staff, agency))
    assert listed["plan"] == [
        "แผนปี 2565 สถานะ ร่าง",
        "ผลการดำเนินการ รอบ 6 เดือน",
        "ผลการดำเนินการ รอบ 12 เดือน (วันปิด 30 กันยายน 2643)",
    ]
    assert listed["measures"] == ["เผยแพร่ข้อมูลบนเว็บไซต์"]
    [comment] = listed["comments"]
    assert "มาตรการ" in comment
    assert comment.endswith(": ขอตัวเลข")
    assert set(work_of(of(coordinator, agency))) == {"plan"}


def test_an_agency_without_a_plan_has_nothing_to_list(staff, agency):
    assert work_of(of(staff, agency)) == {}


def test_role_unit_and_unread_notices_go_to_the_successor_and_the_account_closes(
    work, staff, successor, admin, agency
):
    finance = Unit.objects.create(agency=agency, name="กองคลัง")
    Membership.objects.filter(user=staff).update(unit=finance)
    told = {"agency": agency, "text": "ใกล้ครบกำหนด", "url": "/"}
    notify([staff], **told | {"text": "แก้ระยะเวลา"})
    notify([staff, successor.user], key="due-2565", **told)
    # The same without a key: she has it already.
    notify([staff], **told)
    done = hand_over(
        membership=of(staff, agency), successor=successor, with_role=True, leaves=True, by=admin
    )
    successor.refresh_from_db()
    assert (successor.role, successor.unit) == (Role.STAFF, finance)
    staff.refresh_from_db()
    assert (staff.is_active, staff.memberships.exists()) == (False, False)
    hers = Notice.objects.filter(user=successor.user)
    assert sorted(hers.values_list("text", flat=True)) == [
        "คุณได้รับมอบงานของ สมชาย ตั้งใจ",
        "แก้ระยะเวลา",
        "ใกล้ครบกำหนด",
    ]
    assert hers.get(text__startswith="คุณ").url.endswith(f"/people/handovers/{done.pk}/")
    assert Event.objects.filter(verb="work.handed_over").get() == done
    assert (done.after["from"], done.after["to"]) == ("สมชาย ตั้งใจ", "มาลัย เก่งงาน")
    assert done.after["notices"] == 1
    assert done.after["work"]["measures"] == ["เผยแพร่ข้อมูลบนเว็บไซต์"]


def test_without_a_wish_role_access_and_account_stay_as_they_are(staff, successor, admin, agency):
    hand_over(membership=of(staff, agency), successor=successor, by=admin)
    successor.refresh_from_db()
    assert successor.role == Role.VIEWER
    assert of(staff, agency).role == Role.STAFF
    assert Event.objects.count() == 1


def test_an_account_that_serves_another_agency_stays_open(
    staff, successor, admin, agency, other_agency
):
    Membership.objects.create(user=staff, agency=other_agency, role=Role.STAFF)
    done = hand_over(membership=of(staff, agency), successor=successor, leaves=True, by=admin)
    staff.refresh_from_db()
    assert staff.is_active
    assert [one.agency for one in staff.memberships.all()] == [other_agency]
    assert done.after["closed"] is False


def test_nobody_hands_over_to_herself_to_a_stranger_or_her_own_work(
    staff, outsider, admin, agency, other_agency
):
    giver = of(staff, agency)
    for membership, taker in (
        (giver, giver),
        (giver, of(outsider, other_agency)),
        (of(admin, agency), giver),
    ):
        with pytest.raises(ValidationError):
            hand_over(membership=membership, successor=taker, leaves=True, by=admin)
    assert not Event.objects.exists()
    assert not Notice.objects.exists()


# --- pages ----------------------------------------------------------------------------------------


@of_pages
def test_a_transferred_persons_work_goes_over_in_five_clicks(
    client, work, staff, successor, admin, agency
):
    client.force_login(admin)
    clicks = 0
    page = client.get(f"/a/{agency.code}/2565/").content.decode()
    for link in ("ผู้ใช้งานของหน่วยงาน", "สมชาย ตั้งใจ", "ส่งมอบงาน"):
        [url] = set(re.findall(rf'<a [^>]*href="([^"]+)"[^>]*>{link}</a>', page))
        page = client.get(url).content.decode()
        clicks += 1
    for text in ("เผยแพร่ข้อมูลบนเว็บไซต์", "ขอตัวเลข", "นำ สมชาย ตั้งใจ ออกจากหน่วยงานและปิดบัญชี"):
        assert text in page
    # As the page stands: one choice and one button. Whether she leaves is a choice of its own.
    assert not re.search(r'type="checkbox"[^>]* checked', page)
    sent = {"successor": successor.pk, FIELD: "a key"}
    answer = client.post(url, sent)
    assert client.post(url, sent)["Location"] == answer["Location"]
    assert Event.objects.filter(verb="work.handed_over").count() == 1
    clicks += 2
    assert clicks == 5
    sheet = client.get(answer["Location"]).content.decode()
    for text in ("ใบส่งมอบงาน", agency.name, "มาลัย เก่งงาน", "เผยแพร่ข้อมูลบนเว็บไซต์"):
        assert text in sheet
    assert sheet.count('class="signature-line"') == 2
    people = client.get(f"/a/{agency.code}/people/").content.decode()
    assert answer["Location"] in people
    assert "ปิดบัญชีแล้ว" not in sheet
    staff.refresh_from_db()
    assert staff.is_active


@of_pages
def test_who_leaves_as_well_has_a_closed_account(client, staff, successor, admin, agency):
    client.force_login(admin)
    url = f"/a/{agency.code}/people/{of(staff, agency).pk}/handover/"
    sheet = client.post(url, {"successor": successor.pk, "leaves": "on"}, follow=True)
    assert "ปิดบัญชีแล้ว" in sheet.content.decode()
    staff.refresh_from_db()
    assert not staff.is_active


@of_pages
def test_a_successor_who_is_invited_first_is_chosen_already(client, staff, admin, agency):
    client.force_login(admin)
    url = f"/a/{agency.code}/people/{of(staff, agency).pk}/handover/"
    [invite] = re.findall(r'href="([^"]+\?handover=\d+)"', client.get(url).content.decode())
    page = client.post(invite, {"username": "malai", "name": "มาลัย เก่งงาน", "role": "staff"})
    newcomer = Membership.objects.get(user__username="malai")
    back = f"{url}?to={newcomer.pk}"
    assert back in page.content.decode()
    chosen = rf'name="successor" value="{newcomer.pk}"[^>]* checked'
    assert re.search(chosen, client.get(back).content.decode())


@of_pages
def test_a_successor_of_another_agency_is_no_choice(
    client, staff, outsider, admin, agency, other_agency
):
    client.force_login(admin)
    foreign = of(outsider, other_agency)
    url = f"/a/{agency.code}/people/{of(staff, agency).pk}/handover/"
    page = client.post(url, {"successor": foreign.pk}).content.decode()
    assert "เลือกจากรายการที่มีให้" in page
    assert "มาลี" not in page
    assert not Event.objects.exists()


@of_pages
def test_the_sheet_is_for_the_two_and_for_admins(
    client, staff, viewer, coordinator, admin, outsider, agency
):
    done = hand_over(membership=of(staff, agency), successor=of(viewer, agency), by=admin)
    url = f"/a/{agency.code}/people/handovers/{done.pk}/"
    other = Event.objects.create(verb="agency.changed", agency_id=agency.pk)
    for who, status in ((staff, 200), (viewer, 200), (admin, 200), (coordinator, 403)):
        client.force_login(who)
        assert client.get(url).status_code == status
    client.force_login(admin)
    assert client.get(url.replace(str(done.pk), str(other.pk))).status_code == 404
