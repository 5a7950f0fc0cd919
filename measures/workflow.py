"""How a plan moves from state to state: the one table for buttons, guards, tests and README."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import RULES, Permission, State, allowed


class Move(models.TextChoices):
    SUBMIT = "submit", _("Submit for review")
    RETURN = "return", _("Return with a reason")
    APPROVE = "approve", _("Approve")


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

    @property
    def sources(self):
        return RULES[self.permission].states


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
            Move.RETURN, Permission.RETURN, State.RETURNED, "plan.returned", needs_reason=True
        ),
        Transition(
            Move.APPROVE, Permission.APPROVE, State.APPROVED, "plan.approved", not_by_author=True
        ),
    )
}


def moves_for(user, plan):
    """The moves that the person's role and the plan's state allow now, in the table's order."""
    return [
        transition
        for transition in TRANSITIONS.values()
        if allowed(user, transition.permission, plan.agency, plan.state)
    ]
