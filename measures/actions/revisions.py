"""Freezes what is submitted or approved as the plan's next revision."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.permissions import Permission, State
from assessments.models import Assessment
from measures.actions.rows import locked
from measures.authors import wrote_progress
from measures.models import ProgressRound, Revision
from measures.report.frozen import digest_of, freeze
from measures.telling import tell
from measures.workflow import ROUND_APPROVED


def newest_revision(plan):
    """Without its content, which is long and never changes."""
    return plan.revisions.defer("content").first()


def make_revision(plan, *, by, cause, **values):
    """Of a plan under its lock: two at once get different numbers."""
    newest, content = newest_revision(plan), freeze(plan)
    return Revision.objects.create(
        plan=plan,
        number=newest.number + 1 if newest else 1,
        cause=cause,
        content=content,
        digest=digest_of(content),
        made_at=timezone.now(),
        made_by=by,
        **values,
    )


def other_revision():
    """Where somebody would decide on a revision that she has not read."""
    return ValidationError(
        _("The plan has a newer revision than the one you have read. Read it first."),
        code="other_revision",
    )


def reopen_approved(revision):
    """Before the staff write again: the progress that it approved can be mended, and it loses an
    approval that was not signed. Returns the months of the rounds.
    """
    if not revision.approved_at:
        return []
    rounds = revision.plan.rounds.filter(approved_at=revision.approved_at)
    months = [round.months for round in rounds]
    rounds.update(approved_at=None, approved_by=None)
    if not revision.signed_at:
        revision.approved_at = revision.approved_by = None
        revision.own_approval_reason = ""
        revision.save(update_fields=["approved_at", "approved_by", "own_approval_reason"])
    return months


def exemption(agency, is_own_work):
    """Why somebody may approve what she wrote part of; empty where she wrote none of it."""
    if is_own_work and not agency.own_approval_reason:
        raise ValidationError(
            _("You wrote part of this plan, so you cannot approve it. Another admin must."),
            code="own_work",
        )
    return agency.own_approval_reason if is_own_work else ""


@transaction.atomic
def approve_round(*, round, by):
    """Closes the round for good and makes an approved revision, which is to be signed again.

    Returns the people who were told.
    """
    plan = locked(round.plan, Permission.APPROVE_PROGRESS, by)
    round = ProgressRound.objects.select_for_update().get(pk=round.pk)
    if round.approved_at:
        raise ValidationError(_("This round has been approved already."), code="approved")
    if not any(entry.is_reported for entry in round.entries.all()):
        raise ValidationError(_("Nothing has been reported in this round yet."), code="incomplete")
    reason = exemption(plan.agency, wrote_progress(by, round))
    now = timezone.now()
    round.approved_at, round.approved_by = now, by
    round.save(update_fields=["approved_at", "approved_by"])
    revision = make_revision(
        plan,
        by=by,
        cause=Revision.Cause.PROGRESS,
        approved_at=now,
        approved_by=by,
        own_approval_reason=reason,
    )
    before, plan.state = plan.state, State.APPROVED
    plan.save(update_fields=["state"])
    Assessment.objects.filter(pk=plan.assessment_id).update(state=plan.state)
    after = {"state": plan.state, "months": round.months, "revision": revision.number}
    if reason:
        after["own_approval_reason"] = reason
    if by.position:
        after["approver_position"] = by.position
    events.record(
        verb=ROUND_APPROVED,
        by=by,
        agency=plan.agency,
        obj=plan,
        before={"state": before},
        after=after,
    )
    return tell(ROUND_APPROVED, plan, by, revision, months=round.months)
