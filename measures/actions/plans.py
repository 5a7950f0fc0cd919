"""Begins a year's plan, moves it through its workflow, and notes that a report left the portal."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import Agency
from accounts.permissions import Permission, State, require
from assessments.actions import open_assessment
from assessments.models import Assessment
from measures.actions.rows import locked
from measures.authors import is_author
from measures.models import Plan, ProgressRound
from measures.situation import situation_of
from measures.workflow import TRANSITIONS, Move


@transaction.atomic
def open_plan(*, agency, year, by):
    """The agency's plan of the year with its two rounds; made, on last year's result, if missing.

    Raises Framework.DoesNotExist when last year has no framework.
    """
    require(by, Permission.EDIT_PLAN, agency)
    # Two people who begin the same year at once get the same plan: the second waits here. One who
    # saves the year's first scores does not (no_key): each would wait for the other for ever.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    plan = Plan.objects.filter(agency=agency, year=year).first()
    if plan is not None:
        return plan
    assessment = open_assessment(agency=agency, year=year - 1, by=by)
    plan = Plan.objects.create(agency=agency, year=year, assessment=assessment)
    ProgressRound.objects.bulk_create(
        ProgressRound(plan=plan, months=months) for months in ProgressRound.Months
    )
    events.record(verb="plan.opened", by=by, agency=agency, obj=plan)
    return plan


@transaction.atomic
def move_plan(*, plan, move, by, reason=""):
    """Carries out one row of the workflow table; the scores below follow the plan's state."""
    transition = TRANSITIONS[Move(move)]
    plan = locked(plan, transition.permission, by)
    # The scores are part of what is moved: nobody may change them between the check and the move.
    Assessment.objects.select_for_update().get(pk=plan.assessment_id)
    reason = reason.strip()
    if transition.needs_reason and not reason:
        raise ValidationError(
            _("Write why it is returned, so that the staff know what to change."), code="reason"
        )
    if transition.needs_complete and (missing := situation_of(plan).holds_up):
        raise ValidationError(
            [ValidationError(finding.text, code="incomplete") for finding in missing]
        )
    if transition.not_by_author and is_author(by, plan):
        raise ValidationError(
            _("You wrote part of this plan, so you cannot approve it. Another admin must."),
            code="own_work",
        )
    before, now = plan.state, timezone.now()
    plan.state = transition.target
    if transition.target == State.SUBMITTED:
        plan.submitted_by, plan.submitted_at = by, now
        plan.reviewed_by = plan.reviewed_at = None
    else:
        plan.reviewed_by, plan.reviewed_at = by, now
    plan.return_reason = reason if transition.needs_reason else ""
    plan.save()
    Assessment.objects.filter(pk=plan.assessment_id).update(state=plan.state)
    events.record(
        verb=transition.event,
        by=by,
        agency=plan.agency,
        obj=plan,
        before={"state": before},
        after={"state": plan.state, "reason": reason} if reason else {"state": plan.state},
    )
    return plan


@transaction.atomic
def record_download(*, plan, part, by):
    """A report leaves the portal; `by` is None for a command."""
    if by is not None:
        require(by, Permission.EXPORT, plan.agency)
    events.record(
        verb="report.downloaded",
        by=by,
        agency=plan.agency,
        obj=plan,
        after={"part": part, "state": plan.state},
    )
