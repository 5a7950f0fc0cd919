"""What an agency has not finished the system operator sees during a visit only."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts import events, support
from accounts.actions import set_role
from accounts.models import Event, Notice, SupportVisit, User
from accounts.permissions import Role, State

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database("sqlite")]

AGENCIES, PLANS = "/operator/accounts/agency/", "/operator/measures/plan/"
REASON = "คุณปราณีขอให้ดูมาตรการที่ 2 ที่บันทึกไม่ได้"


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


def visit(desk, agency, reason=REASON):
    data = {"action": "open_to_help", "_selected_action": [agency.pk]}
    page = desk.post(AGENCIES, data).content.decode()
    assert agency.name in page
    return desk.post(AGENCIES, data | {"reason": reason})


def pages_of(plan):
    return (
        f"{PLANS}{plan.pk}/change/",
        f"/operator/assessments/assessment/{plan.assessment.pk}/change/",
    )


@pytest.mark.parametrize(
    ("state", "found"), [(State.DRAFT, 403), (State.APPROVED, 200), (State.PUBLISHED, 200)]
)
def test_without_a_visit_only_what_is_approved_is_seen(desk, plan, state, found):
    type(plan).objects.update(state=state)
    type(plan.assessment).objects.update(state=state)
    for page in pages_of(plan):
        assert desk.get(page).status_code == found
    assert f"{PLANS}{plan.pk}/change/" in desk.get(PLANS).content.decode()


def test_whoever_opens_a_draft_is_told_how(desk, plan):
    assert "เปิดดูเพื่อช่วยเหลือ" in desk.get(pages_of(plan)[0]).content.decode()


def test_a_visit_opens_drafts_to_who_makes_it_for_two_hours(desk, plan, client):
    visit(desk, plan.agency)
    for page in pages_of(plan):
        assert desk.get(page).status_code == 200
    other = User.objects.create_superuser("second", name="ผู้ดูแลอีกคน")
    colleague = type(client)()
    colleague.force_login(other)
    assert colleague.get(pages_of(plan)[0]).status_code == 403
    SupportVisit.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert desk.get(pages_of(plan)[0]).status_code == 403


def test_a_visit_to_one_agency_opens_no_other(desk, plan, other_agency):
    visit(desk, other_agency)
    assert desk.get(pages_of(plan)[0]).status_code == 403


def test_the_agency_sees_who_came_and_why(desk, agency, admin, staff, operator):
    visit(desk, agency)
    event = Event.objects.get(verb="support.visited")
    assert (event.actor_id, event.agency_id) == (operator.pk, agency.pk)
    assert event.after["reason"] == REASON
    [notice] = Notice.objects.all()
    assert notice.user == admin
    assert REASON in notice.text
    desk.force_login(admin)
    for page in (notice.url, "/a/nongkong/history/"):
        assert REASON in desk.get(page).content.decode()


def test_a_visit_needs_a_reason(desk, agency):
    page = visit(desk, agency, reason=" ").content.decode()
    assert "กรอกเหตุผล" in page
    assert not SupportVisit.objects.exists()


def test_nobody_but_the_operator_makes_a_visit(agency, admin):
    with pytest.raises(PermissionDenied):
        support.visit(agency=agency, reason=REASON, by=admin)


def test_the_values_in_an_agencys_events_are_seen_on_a_visit_only(desk, plan):
    event = Event.objects.filter(agency_id=plan.agency.pk).first()
    page = f"/operator/accounts/event/{event.pk}/change/"
    assert "field-after" not in desk.get(page).content.decode()
    visit(desk, plan.agency)
    assert "field-after" in desk.get(page).content.decode()


def test_what_an_agencys_records_are_called_is_seen_on_a_visit_only(desk, plan):
    measure = plan.measures.create(title="มาตรการที่ยังร่างอยู่")
    events.record(verb="measure.changed", by=None, agency=plan.agency, obj=measure)
    event = Event.objects.order_by("-pk").first()
    pages = ("/operator/accounts/event/", f"/operator/accounts/event/{event.pk}/change/")
    for page in pages:
        assert measure.title not in desk.get(page).content.decode()
    assert f"/{event.pk}/change/" not in desk.get(f"{pages[0]}?q={measure.title}").content.decode()
    visit(desk, plan.agency)
    for page in pages:
        assert measure.title in desk.get(page).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "event/?after__icontains=x",
        "event/?object_label__startswith=x",
        "user/?password__contains=x",
    ],
)
def test_what_a_list_does_not_show_is_not_found_out_by_filtering_it(desk, address):
    """Filtered away or there: sign by sign that would tell all."""
    assert desk.get(f"/operator/accounts/{address}").status_code in (302, 400)


def test_an_approved_plans_round_that_nobody_approved_is_unfinished(desk, plan):
    type(plan).objects.update(state=State.APPROVED)
    round = plan.rounds.first()
    page = f"/operator/measures/progressround/{round.pk}/change/"
    assert desk.get(page).status_code == 403
    type(round).objects.update(approved_at=timezone.now())
    assert desk.get(page).status_code == 200


def test_the_operator_takes_no_role_in_an_agency_to_read_its_drafts(desk, operator, agency):
    data = {"user": operator.pk, "agency": agency.pk, "role": "viewer"}
    page = desk.post("/operator/accounts/membership/add/", data).content.decode()
    assert "ผู้ดูแลระบบไม่มีบทบาทในหน่วยงาน" in page
    assert not operator.memberships.exists()
    with pytest.raises(ValidationError):
        set_role(user=operator, agency=agency, role=Role.VIEWER, by=operator)
