"""Every state × move × role: what is allowed moves the plan and writes one event, no more."""

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from accounts.permissions import RULES, State
from measures.actions import change_measure, create_measure, move_plan
from measures.models import Plan
from measures.workflow import TRANSITIONS, Move, moves_for

ALLOWED = {
    ("staff", State.DRAFT, Move.SUBMIT): State.SUBMITTED,
    ("staff", State.RETURNED, Move.SUBMIT): State.SUBMITTED,
    ("admin", State.SUBMITTED, Move.RETURN): State.RETURNED,
    ("admin", State.SUBMITTED, Move.APPROVE): State.APPROVED,
    ("admin", State.APPROVED, Move.RETURN): State.RETURNED,
}


@pytest.fixture
def ready_plan(plan, staff):
    """A plan that nothing holds up."""
    indicator = plan.assessment.framework.indicators.get(number=9)
    create_measure(
        plan=plan,
        indicators=[indicator],
        by=staff,
        title="เผยแพร่ข้อมูลให้ครบ",
        steps="ตรวจรายการ",
        period="ตลอดปีงบประมาณ พ.ศ. 2565",
        follow_up="ตารางตรวจ",
        responsible="สำนักปลัด",
    )
    return plan


def put(plan, state):
    Plan.objects.filter(pk=plan.pk).update(
        state=state, return_reason="แก้ข้อ 9" if state == State.RETURNED else ""
    )
    plan.refresh_from_db()


@pytest.mark.parametrize("role", ["staff", "admin", "viewer", "outsider"])
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_only_the_table_moves_a_plan(request, ready_plan, role, state, move):
    person = request.getfixturevalue(role)
    put(ready_plan, state)
    events_before = Event.objects.count()
    target = ALLOWED.get((role, state, move))
    offered = {transition.move for transition in moves_for(person, ready_plan)}
    assert (move in offered) == (target is not None)
    if target is None:
        with pytest.raises(PermissionDenied):
            move_plan(plan=ready_plan, move=move, by=person, reason="แก้ข้อ 9")
        ready_plan.refresh_from_db()
        assert ready_plan.state == state
        assert Event.objects.count() == events_before
    else:
        move_plan(plan=ready_plan, move=move, by=person, reason="แก้ข้อ 9")
        ready_plan.refresh_from_db()
        assert ready_plan.state == target
        event = Event.objects.order_by("-pk").first()
        assert Event.objects.count() == events_before + 1
        assert event.verb == TRANSITIONS[move].event
        assert event.before == {"state": state}
        assert event.after["state"] == target


def test_the_scores_follow_the_state_of_the_plan(ready_plan, staff, admin):
    move_plan(plan=ready_plan, move=Move.SUBMIT, by=staff)
    ready_plan.assessment.refresh_from_db()
    assert ready_plan.assessment.state == State.SUBMITTED
    move_plan(plan=ready_plan, move=Move.RETURN, by=admin, reason="แก้ข้อ 9")
    ready_plan.assessment.refresh_from_db()
    assert ready_plan.assessment.state == State.RETURNED


def test_who_wrote_part_of_the_plan_cannot_approve_it(ready_plan, staff, admin, agency):
    move_plan(plan=ready_plan, move=Move.SUBMIT, by=staff)
    agency.memberships.filter(user=staff).update(role="admin")
    staff = type(staff).objects.get(pk=staff.pk)
    with pytest.raises(ValidationError) as refused:
        move_plan(plan=ready_plan, move=Move.APPROVE, by=staff)
    assert refused.value.code == "own_work"
    assert Plan.objects.get(pk=ready_plan.pk).state == State.SUBMITTED


def test_an_author_whose_text_a_colleague_replaced_is_still_one(
    ready_plan, staff, admin, agency, django_user_model
):
    colleague = django_user_model.objects.create(username="aree", name="อารี")
    agency.memberships.create(user=colleague, role="staff")
    measure = ready_plan.measures.get()
    change_measure(
        measure=measure,
        version=measure.version,
        indicators=measure.indicators.all(),
        by=colleague,
        **{name: "แก้ใหม่" for name in ("title", "steps", "period", "follow_up", "responsible")},
    )
    move_plan(plan=ready_plan, move=Move.SUBMIT, by=colleague)
    agency.memberships.filter(user=staff).update(role="admin")
    staff = type(staff).objects.get(pk=staff.pk)
    with pytest.raises(ValidationError):
        move_plan(plan=ready_plan, move=Move.APPROVE, by=staff)
    move_plan(plan=ready_plan, move=Move.APPROVE, by=admin)
    assert Plan.objects.get(pk=ready_plan.pk).state == State.APPROVED


def test_a_return_needs_a_reason(ready_plan, staff, admin):
    move_plan(plan=ready_plan, move=Move.SUBMIT, by=staff)
    with pytest.raises(ValidationError):
        move_plan(plan=ready_plan, move=Move.RETURN, by=admin, reason="  ")
    assert Plan.objects.get(pk=ready_plan.pk).state == State.SUBMITTED


def test_a_plan_without_a_measure_is_not_submitted(plan, staff):
    with pytest.raises(ValidationError) as refused:
        move_plan(plan=plan, move=Move.SUBMIT, by=staff)
    assert [error.code for error in refused.value.error_list] == ["incomplete"]
    assert Plan.objects.get(pk=plan.pk).state == State.DRAFT


def test_a_plan_without_all_scores_is_not_submitted(agency, staff, enter_scores, ready_plan):
    ready_plan.assessment.scores.filter(indicator__number=4).update(value=None)
    with pytest.raises(ValidationError) as refused:
        move_plan(plan=ready_plan, move=Move.SUBMIT, by=staff)
    assert "4" in refused.value.messages[0]


def test_the_diagram_in_the_readme_is_the_table(settings):
    readme = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^    (\w+) --> (\w+): (\w+) \((\w+)\)$", readme, re.M))
    assert drawn == {
        (source.value, transition.target.value, transition.move.value, role.value)
        for transition in TRANSITIONS.values()
        for source in transition.sources
        for role in RULES[transition.permission].roles
    }
