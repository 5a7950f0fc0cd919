"""Every state × move × role: what is allowed moves the plan and writes one event, no more."""

import re
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Event
from accounts.permissions import RULES, Role, State
from measures.actions import (
    change_measure,
    create_measure,
    move_plan,
    publish,
    record_signature,
    sign,
    withdraw_publication,
)
from measures.models import Plan, Publication, Revision
from measures.report.frozen import freeze
from measures.workflow import TRANSITIONS, Move, moves_for
from tests.measures.files import picture

SIGNATURE = {"name": "ประสิทธิ์ นายก", "position": "นายกองค์การบริหารส่วนตำบล"}
DIGEST = "0" * 64
ALLOWED = {
    ("coordinator", State.DRAFT, Move.SUBMIT): State.SUBMITTED,
    ("coordinator", State.RETURNED, Move.SUBMIT): State.SUBMITTED,
    ("coordinator", State.SUBMITTED, Move.TAKE_BACK): State.DRAFT,
    ("admin", State.SUBMITTED, Move.RETURN): State.RETURNED,
    ("executive", State.APPROVED, Move.RETURN): State.RETURNED,
    ("admin", State.SUBMITTED, Move.APPROVE): State.APPROVED,
    ("executive", State.APPROVED, Move.SIGN): State.SIGNED,
    ("coordinator", State.APPROVED, Move.RECORD_SIGNATURE): State.SIGNED,
    ("admin", State.APPROVED, Move.RECORD_SIGNATURE): State.SIGNED,
    ("coordinator", State.SIGNED, Move.PUBLISH): State.PUBLISHED,
    ("admin", State.SIGNED, Move.PUBLISH): State.PUBLISHED,
    ("admin", State.PUBLISHED, Move.WITHDRAW): State.SIGNED,
    ("admin", State.APPROVED, Move.REOPEN): State.RETURNED,
    ("admin", State.SIGNED, Move.REOPEN): State.RETURNED,
    ("admin", State.PUBLISHED, Move.REOPEN): State.RETURNED,
}
#: Also after the day on which the year closed.
DESPITE_CLOSING = {Move.WITHDRAW, Move.REOPEN}


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


def put(plan, state, closes_on=None):
    """In the state as its own moves leave it: with a frozen revision once it was submitted."""
    Plan.objects.filter(pk=plan.pk).update(
        state=state,
        closes_on=closes_on,
        return_reason="แก้ข้อ 9" if state == State.RETURNED else "",
    )
    plan.refresh_from_db()
    if state == State.DRAFT or plan.revisions.exists():
        return
    somebody, now = plan.agency.memberships.first().user, timezone.now()
    revision = Revision.objects.create(
        plan=plan,
        number=1,
        # Nothing but publishing reads it.
        content=freeze(plan) if state == State.SIGNED else {},
        digest=DIGEST,
        made_at=now,
        made_by=somebody,
    )
    if state == State.PUBLISHED:
        Publication.objects.create(
            plan=plan,
            revision=revision,
            number=1,
            published_at=now,
            published_by=somebody,
            data={},
        )


def carry_out(plan, move, by):
    """The move with all that it needs."""
    if move == Move.SIGN:
        return sign(plan=plan, by=by, digest=DIGEST, **SIGNATURE)
    if move == Move.RECORD_SIGNATURE:
        scan = SimpleUploadedFile("ลงนาม.png", picture("PNG"))
        return record_signature(plan=plan, by=by, digest=DIGEST, upload=scan, **SIGNATURE)
    if move == Move.PUBLISH:
        return publish(plan=plan, by=by, digest=DIGEST)
    if move == Move.WITHDRAW:
        publication = plan.publications.get()
        return withdraw_publication(publication=publication, by=by, reason="แก้ข้อ 9")
    return move_plan(plan=plan, move=move, by=by, reason="แก้ข้อ 9")


# Who may is the table's doing, not the database's.
@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("role", [*Role.values, "outsider"])
def test_only_the_table_moves_a_plan(request, ready_plan, quick_rendering, role):
    person = request.getfixturevalue(role)
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    for state, closes_on in product(State, (None, yesterday)):
        with transaction.atomic():
            put(ready_plan, state, closes_on)
            offered = {transition.move for transition in moves_for(person, ready_plan)}
            for move in Move:
                target = ALLOWED.get((role, state, move))
                if closes_on and move not in DESPITE_CLOSING:
                    target = None
                assert (move in offered) == (target is not None), (state, closes_on, move)
                # From another state it moves nothing: tried with the publications.
                if move != Move.WITHDRAW or state == State.PUBLISHED:
                    with transaction.atomic():
                        moved(ready_plan, state, move, person, target)
                        transaction.set_rollback(True)
                    ready_plan.refresh_from_db()
            transaction.set_rollback(True)


def moved(plan, state, move, person, target):
    """An allowed move changes the state and writes one event; a refused one writes nothing."""
    events_before = Event.objects.count()
    if target is None:
        with pytest.raises(PermissionDenied):
            carry_out(plan, move, person)
            pytest.fail(f"{move} in {state}")
        assert (Plan.objects.get(pk=plan.pk).state, Event.objects.count()) == (state, events_before)
        return
    carry_out(plan, move, person)
    event = Event.objects.order_by("-pk").first()
    after = Plan.objects.select_related("assessment").get(pk=plan.pk)
    assert (after.state, after.assessment.state) == (target, target)
    assert Event.objects.count() == events_before + 1
    assert event.verb == TRANSITIONS[move].event
    assert event.before == {"state": state}
    assert event.after["state"] == target


def test_the_scores_follow_the_state_of_the_plan(ready_plan, coordinator, admin):
    move_plan(plan=ready_plan, move=Move.SUBMIT, by=coordinator)
    ready_plan.assessment.refresh_from_db()
    assert ready_plan.assessment.state == State.SUBMITTED
    move_plan(plan=ready_plan, move=Move.RETURN, by=admin, reason="แก้ข้อ 9")
    ready_plan.assessment.refresh_from_db()
    assert ready_plan.assessment.state == State.RETURNED


def test_who_wrote_part_of_the_plan_cannot_approve_it(ready_plan, staff, coordinator, agency):
    move_plan(plan=ready_plan, move=Move.SUBMIT, by=coordinator)
    agency.memberships.filter(user=staff).update(role="admin")
    staff = type(staff).objects.get(pk=staff.pk)
    with pytest.raises(ValidationError) as refused:
        move_plan(plan=ready_plan, move=Move.APPROVE, by=staff)
    assert refused.value.code == "own_work"
    assert Plan.objects.get(pk=ready_plan.pk).state == State.SUBMITTED


def test_an_author_whose_text_a_colleague_replaced_is_still_one(
    ready_plan, staff, coordinator, admin, agency, django_user_model
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
    move_plan(plan=ready_plan, move=Move.SUBMIT, by=coordinator)
    agency.memberships.filter(user=staff).update(role="admin")
    staff = type(staff).objects.get(pk=staff.pk)
    with pytest.raises(ValidationError):
        move_plan(plan=ready_plan, move=Move.APPROVE, by=staff)
    move_plan(plan=ready_plan, move=Move.APPROVE, by=admin)
    assert Plan.objects.get(pk=ready_plan.pk).state == State.APPROVED


def test_a_return_needs_a_reason(ready_plan, coordinator, admin):
    move_plan(plan=ready_plan, move=Move.SUBMIT, by=coordinator)
    with pytest.raises(ValidationError):
        move_plan(plan=ready_plan, move=Move.RETURN, by=admin, reason="  ")
    assert Plan.objects.get(pk=ready_plan.pk).state == State.SUBMITTED


def test_a_plan_without_a_measure_is_not_submitted(plan, coordinator):
    with pytest.raises(ValidationError) as refused:
        move_plan(plan=plan, move=Move.SUBMIT, by=coordinator)
    assert [error.code for error in refused.value.error_list] == ["incomplete"]
    assert Plan.objects.get(pk=plan.pk).state == State.DRAFT


def test_a_plan_without_all_scores_is_not_submitted(coordinator, ready_plan):
    ready_plan.assessment.scores.filter(indicator__number=4).update(value=None)
    with pytest.raises(ValidationError) as refused:
        move_plan(plan=ready_plan, move=Move.SUBMIT, by=coordinator)
    assert "4" in refused.value.messages[0]


def test_the_diagram_in_the_readme_is_the_table(settings):
    readme = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^    (\w+) --> (\w+): ([\w-]+) \((\w+)\)$", readme, re.M))
    assert drawn == {
        (source.value, transition.target.value, transition.move.value, str(role))
        for transition in TRANSITIONS.values()
        for source in transition.sources
        for role, states in RULES[transition.permission].of_role.items()
        if source in states
    }
