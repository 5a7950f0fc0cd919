"""Moves a plan through its workflow; see also `signing` and `publishing`."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import events
from accounts.permissions import Permission, State, allowed
from assessments.models import Assessment
from measures.actions.revisions import (
    exemption,
    make_revision,
    newest_revision,
    other_revision,
    reopen_approved,
)
from measures.actions.rows import locked
from measures.authors import is_author
from measures.comments import named_rows
from measures.models import Comment, Plan, Revision
from measures.situation import situation_of
from measures.telling import tell
from measures.texts import clean_texts
from measures.workflow import TRANSITIONS, Move

NO_REASON = {
    Move.RETURN: gettext_lazy(
        "Tick what is to be mended, each with its reason, or write the reason for the plan as a "
        "whole."
    ),
    Move.WITHDRAW: gettext_lazy("Write why the publication is withdrawn; the public reads it."),
    Move.REOPEN: gettext_lazy("Write why it is reopened, so that the staff know what to change."),
}


@transaction.atomic
def move_plan(*, plan, move, by, reason="", reasons=None, note="", seen=None):
    """Carries out one row of the workflow table; the scores below follow the plan's state.

    `reasons` {row name: text} become comments of a return, `note` goes to the reviewer, `seen` is
    the number of the revision that the person has read. Returns the people who were told.
    """
    transition = TRANSITIONS[Move(move)]
    if transition.page:
        raise ValueError(f"{move} has an action of its own")
    plan = begin(plan, transition, by)
    reason = reason.strip()
    now, revision, facts = timezone.now(), newest_revision(plan), {}
    if seen is not None and seen != (revision.number if revision else 0):
        raise other_revision()
    reasons = _clean_reasons(plan, reasons or {})
    if transition.needs_reason and not (reason or reasons):
        raise ValidationError(NO_REASON[transition.move], code="reason")
    if transition.move == Move.SUBMIT:
        revision = _submit(plan, by, now, note)
        facts["note"] = revision.note
    elif transition.move == Move.TAKE_BACK:
        _take_back(plan)
    elif transition.move == Move.RETURN:
        plan.reviewed_by, plan.reviewed_at = by, now
        Comment.objects.bulk_create(
            Comment(plan=plan, row=row, text=text, is_return=True, revision=revision, by=by)
            for row, text in reasons.items()
        )
        facts["reasons"] = reasons
    elif transition.move == Move.APPROVE:
        plan.reviewed_by, plan.reviewed_at = by, now
        facts["own_approval_reason"] = _approve(plan, revision, by, now)
        facts["approver_position"] = by.position
    elif transition.move == Move.REOPEN:
        plan.reviewed_by, plan.reviewed_at = by, now
    if transition.target == State.RETURNED and revision:
        facts["months"] = reopen_approved(revision)
    reason = reason or _of_rows(plan, reasons)
    plan.return_reason = reason if transition.target == State.RETURNED else ""
    return finish(plan, transition, by, revision, reason=reason, **facts)


@transaction.atomic
def open_review(*, plan, by):
    """A reviewer reads what was submitted, which cannot be taken back from now on.

    Returns whether she is the first; does nothing for anybody else.
    """
    may = allowed(by, Permission.APPROVE, plan.agency, plan.state, plan.closed)
    if plan.opened_at or not may:
        return False
    now = timezone.now()
    unread = Plan.objects.filter(pk=plan.pk, state=State.SUBMITTED, opened_at=None)
    if not unread.filter(submitted_at=plan.submitted_at).update(opened_at=now):
        return False
    plan.opened_at = now
    events.record(
        verb="plan.review_opened",
        by=by,
        agency=plan.agency,
        obj=plan,
        after={"revision": plan.revisions.values_list("number", flat=True).first()},
    )
    return True


def begin(plan, transition, by):
    """The plan and its scores under their locks, where the table lets the person move it."""
    plan = locked(plan, transition.permission, by)
    # The scores are part of what is moved: nobody may change them between the check and the move.
    Assessment.objects.select_for_update().get(pk=plan.assessment_id)
    return plan


def finish(plan, transition, by, revision, *, target=None, **facts):
    """Writes the new state, where it is not the table's the `target`, and its event; returns the
    people who were told.
    """
    before, plan.state = plan.state, target or transition.target
    plan.save()
    Assessment.objects.filter(pk=plan.assessment_id).update(state=plan.state)
    facts = {name: value for name, value in facts.items() if value}
    if revision:
        facts["revision"] = revision.number
    events.record(
        verb=transition.event,
        by=by,
        agency=plan.agency,
        obj=plan,
        before={"state": before},
        after={"state": plan.state, **facts},
    )
    told = {name: facts.get(name, "") for name in ("reason", "version")}
    return tell(transition.move, plan, by, revision, **told)


def _submit(plan, by, now, note):
    note = clean_texts(Revision, {"note": note})["note"]
    if missing := situation_of(plan).holds_up:
        raise ValidationError(
            [ValidationError(finding.text, code="incomplete") for finding in missing]
        )
    plan.submitted_by, plan.submitted_at = by, now
    plan.reviewed_by = plan.reviewed_at = plan.opened_at = None
    return make_revision(plan, by=by, cause=Revision.Cause.SUBMITTED, note=note)


def _take_back(plan):
    if plan.opened_at:
        raise ValidationError(
            _("The reviewer has opened it already. Ask for it to be returned."), code="opened"
        )
    plan.submitted_by = plan.submitted_at = None


def _approve(plan, revision, by, now):
    reason = exemption(plan.agency, is_author(by, plan))
    if revision:
        revision.approved_at, revision.approved_by = now, by
        revision.own_approval_reason = reason
        revision.save(update_fields=["approved_at", "approved_by", "own_approval_reason"])
    return reason


def _of_rows(plan, reasons):
    """The reasons of the rows as one text, which names the rows as they are called in Thai."""
    with translation.override("th"):
        named = named_rows(plan, reasons)
    return "\n".join(f"{named[row].label}: {text}" for row, text in reasons.items())


def _clean_reasons(plan, reasons):
    """Row name → text; a ticked row needs a reason, and must be a row of this plan."""
    if not all(text.strip() for text in reasons.values()):
        raise ValidationError(_("Write a reason for each row that you have ticked."), code="reason")
    named = named_rows(plan, reasons)
    if any(row not in named or named[row].is_lost for row in reasons):
        raise ValidationError(_("This row is not in the plan. Choose another."), code="row")
    return {row: clean_texts(Comment, {"text": text})["text"] for row, text in reasons.items()}
