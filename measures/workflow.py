"""How a plan moves from state to state: the one table for buttons, guards, tests and README."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import RULES, Permission, State, allowed

#: The event that approves a plan's progress; its target is `approved` too.
ROUND_APPROVED = "round.approved"


class Move(models.TextChoices):
    SUBMIT = "submit", _("Submit for review")
    TAKE_BACK = "take-back", _("Take back")
    RETURN = "return", _("Return with a reason")
    APPROVE = "approve", _("Approve")
    SIGN = "sign", _("Sign")
    RECORD_SIGNATURE = "record-signature", _("Record a signature on paper")
    PUBLISH = "publish", _("Publish")
    WITHDRAW = "withdraw", _("Withdraw the publication")
    REOPEN = "reopen", _("Reopen as a new version")


@dataclass(frozen=True)
class Transition:
    """`event` is what the log says; the states to start from stand in the permission table."""

    move: Move
    permission: Permission
    target: State
    event: str
    needs_reason: bool = False
    needs_complete: bool = False
    not_by_author: bool = False
    #: Not once a reviewer has opened what was submitted.
    before_opened: bool = False
    #: By somebody who has shown again, a moment ago, that it is she.
    needs_proof: bool = False
    #: The name of the page, and an action of its own, where a move needs more than a reason.
    page: str = ""
    #: The states to start from, where the permission reaches further than the move.
    only_from: frozenset[State] = frozenset()

    @property
    def sources(self):
        return self.only_from or RULES[self.permission].states


TRANSITIONS = {
    transition.move: transition
    for transition in (
        Transition(
            Move.SUBMIT,
            Permission.SUBMIT,
            State.SUBMITTED,
            "plan.submitted",
            needs_complete=True,
        ),
        Transition(
            Move.TAKE_BACK,
            Permission.TAKE_BACK,
            State.DRAFT,
            "plan.taken_back",
            before_opened=True,
        ),
        Transition(
            Move.RETURN, Permission.RETURN, State.RETURNED, "plan.returned", needs_reason=True
        ),
        Transition(
            Move.APPROVE, Permission.APPROVE, State.APPROVED, "plan.approved", not_by_author=True
        ),
        Transition(
            Move.SIGN,
            Permission.SIGN,
            State.SIGNED,
            "plan.signed",
            needs_proof=True,
            page="sign",
        ),
        Transition(
            Move.RECORD_SIGNATURE,
            Permission.RECORD_SIGNATURE,
            State.SIGNED,
            "plan.signature_recorded",
            page="signature",
        ),
        Transition(
            Move.PUBLISH,
            Permission.PUBLISH,
            State.PUBLISHED,
            "plan.published",
            needs_proof=True,
            page="publication",
        ),
        Transition(
            Move.WITHDRAW,
            Permission.WITHDRAW,
            State.SIGNED,
            "plan.withdrawn",
            needs_reason=True,
            page="publication",
            # Any version can be withdrawn at any time; only what is public now waits again.
            only_from=frozenset({State.PUBLISHED}),
        ),
        Transition(
            Move.REOPEN, Permission.REOPEN, State.RETURNED, "plan.reopened", needs_reason=True
        ),
    )
}

#: What the log says of a plan's way → in words.
EVENTS = {one.event: one.move.label for one in TRANSITIONS.values()} | {
    ROUND_APPROVED: _("Progress round approved")
}


def moves_for(user, plan):
    """The moves that the person's role and the plan's state allow now, in the table's order."""
    return [
        transition
        for transition in TRANSITIONS.values()
        if plan.state in transition.sources
        and allowed(user, transition.permission, plan.agency, plan.state, plan.closed)
    ]
