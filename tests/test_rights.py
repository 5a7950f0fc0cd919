"""Every cell of role × act × state, open and closed, through the acts themselves.

One plan is led through all its states; in each, everybody tries everything, and it is taken back.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts import actions as of_accounts
from accounts.models import Event, User
from accounts.permissions import Permission, Role, State
from assessments.actions import ScoreChange, enter_scores, save_text
from assessments.models import Score
from measures import actions
from measures.actions.comments import create_comment, resolve_comment
from measures.actions.evidence import add_evidence
from measures.models import Comment, Plan, Publication, Revision
from tests.measures.writing import TEXTS, add_measure, report
from tests.routes import PNG
from tests.test_permissions import DESPITE_CLOSING, LETTERS, ROWS

YESTERDAY = timezone.localdate() - timedelta(days=1)
#: Rights to see, tried over HTTP, and one that nobody in an agency has.
WITHOUT_ACT = {"view", "view_evidence", "export", "read_history", "extend"}
ACTS = {}


def act(permission):
    def register(function):
        ACTS[permission] = function
        return function

    return register


@act(Permission.EDIT_SCORES)
def _(plan, by):
    cell = Score.objects.get(assessment=plan.assessment, indicator__number=9)
    change = ScoreChange("i9", cell.value + 1, cell.version)
    enter_scores(agency=plan.agency, year=plan.year - 1, changes=[change], by=by)


@act(Permission.EDIT_ANALYSIS)
def _(plan, by):
    year = plan.year - 1
    save_text(agency=plan.agency, year=year, section="overall", text="ดีขึ้น", version=1, by=by)


@act(Permission.EDIT_PLAN)
def _(plan, by):
    indicators = [plan.assessment.framework.indicators.get(number=9)]
    actions.create_measure(plan=plan, indicators=indicators, by=by, **TEXTS)


@act(Permission.EDIT_PROGRESS)
def _(plan, by):
    report(plan.measures.last(), by, months=12)


@act(Permission.EDIT_EVIDENCE)
def _(plan, by):
    file = SimpleUploadedFile("บันทึก.png", PNG)
    add_evidence(plan=plan, measure=plan.measures.first(), uploads=[file], by=by)


@act(Permission.COMMENT)
def _(plan, by):
    create_comment(plan=plan, row="", text="ระบุวันที่ให้ชัดเจน", by=by)


@act(Permission.RESOLVE)
def _(plan, by):
    comment = Comment.objects.create(plan=plan, text="แก้แล้ว", by=by)
    resolve_comment(comment=comment, by=by)


def move(name):
    def moved(plan, by):
        actions.move_plan(plan=plan, move=name, by=by, reason="แก้ระยะเวลา")

    return moved


ACTS |= {
    Permission.SUBMIT: move("submit"),
    Permission.TAKE_BACK: move("take-back"),
    Permission.RETURN: move("return"),
    Permission.APPROVE: move("approve"),
    Permission.REOPEN: move("reopen"),
}


def as_read(plan):
    newest = plan.revisions.first()
    digest = newest.digest if newest else ""
    return {"plan": plan, "digest": digest, "name": "ประสิทธิ์ นำพา", "position": "นายก"}


@act(Permission.SIGN)
def _(plan, by):
    actions.sign(**as_read(plan), by=by)


@act(Permission.RECORD_SIGNATURE)
def _(plan, by):
    scan = SimpleUploadedFile("ลงนาม.png", PNG)
    actions.record_signature(**as_read(plan), upload=scan, by=by)


@act(Permission.PUBLISH)
def _(plan, by):
    newest = plan.revisions.first()
    actions.publish(plan=plan, digest=newest.digest if newest else "", by=by)


@act(Permission.WITHDRAW)
def _(plan, by):
    publication = plan.publications.first() or _published(plan, by)
    actions.withdraw_publication(publication=publication, by=by, reason="แก้ระยะเวลา")


def _published(plan, by):
    now = timezone.now()
    made = {"made_at": now, "made_by": by, "content": {}}
    revision = plan.revisions.first() or Revision.objects.create(plan=plan, number=1, **made)
    return Publication.objects.create(
        plan=plan, revision=revision, number=1, published_at=now, published_by=by, data={}
    )


@act(Permission.APPROVE_PROGRESS)
def _(plan, by):
    actions.approve_round(round=plan.rounds.get(months=6), by=by)


@act(Permission.SET_UP)
def _(plan, by):
    actions.set_dates(plan=plan, by=by, due_on=YESTERDAY - timedelta(days=9))


@act(Permission.CHOOSE_THRESHOLD)
def _(plan, by):
    actions.choose_threshold(plan=plan, threshold=Decimal(75), by=by)


@act(Permission.MANAGE_PEOPLE)
def _(plan, by):
    viewer = User.objects.get(username="wichai")
    of_accounts.set_role(user=viewer, agency=plan.agency, role=Role.STAFF, by=by)


@act(Permission.CHANGE_SETTINGS)
def _(plan, by):
    of_accounts.change_agency(agency=plan.agency, by=by, threshold=Decimal(70))


def outcome(plan, permission, user):
    """Whether it was done, with an event; nothing of it stays."""
    with transaction.atomic():
        before = Event.objects.count()
        try:
            with transaction.atomic():
                ACTS[permission](Plan.objects.get(pk=plan.pk), User.objects.get(pk=user.pk))
            found = Event.objects.count() > before
            assert found, f"{permission} left no event"
        except PermissionDenied:
            found = False
            assert Event.objects.count() == before
        transaction.set_rollback(True)
    return found


@pytest.fixture
def cast(staff, coordinator, admin, executive, viewer):
    return dict(zip(Role, (staff, coordinator, admin, executive, viewer), strict=True))


def test_every_right_has_an_act():
    assert {permission.value for permission in ACTS} | WITHOUT_ACT == set(ROWS)


@pytest.mark.one_database("sqlite")
def test_everybody_can_do_in_each_state_what_the_table_says_and_nothing_else(
    plan, cast, other_agency, outsider, quick_rendering
):
    add_measure(plan, cast[Role.STAFF])
    report(plan.measures.first(), cast[Role.STAFF])
    way = (
        (State.DRAFT, None),
        (State.SUBMITTED, (Permission.SUBMIT, Role.COORDINATOR)),
        (State.RETURNED, (Permission.RETURN, Role.ADMIN)),
        (State.SUBMITTED, (Permission.SUBMIT, Role.COORDINATOR)),
        (State.APPROVED, (Permission.APPROVE, Role.ADMIN)),
        (State.SIGNED, (Permission.SIGN, Role.EXECUTIVE)),
        (State.PUBLISHED, (Permission.PUBLISH, Role.COORDINATOR)),
    )
    tried, differing = set(), []
    for state, step in way:
        if step is not None:
            permission, role = step
            ACTS[permission](Plan.objects.get(pk=plan.pk), cast[role])
        assert Plan.objects.get(pk=plan.pk).state == state
        if state in tried:
            continue
        tried.add(state)
        for closes_on in (None, YESTERDAY):
            Plan.objects.filter(pk=plan.pk).update(closes_on=closes_on)
            type(plan.assessment).objects.update(closes_on=closes_on)
            for permission in ACTS:
                open_now = closes_on is None or permission in DESPITE_CLOSING
                for role, user in cast.items():
                    may = open_now and LETTERS[state] in ROWS[permission][role]
                    if outcome(plan, permission, user) != may:
                        differing.append(f"{permission} by {role}, {state}, {closes_on}: not {may}")
                if outcome(plan, permission, outsider):
                    differing.append(f"{permission} by somebody of another agency, {state}")
        Plan.objects.filter(pk=plan.pk).update(closes_on=None)
        type(plan.assessment).objects.update(closes_on=None)
    assert tried == set(State)
    assert not differing, "\n".join(differing)
