"""Who may do what, in which state of the year's record: the one table that code and tests read."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    STAFF = "staff", _("Staff")
    ADMIN = "admin", _("Agency admin")
    VIEWER = "viewer", _("Viewer")


class State(models.TextChoices):
    """The state of an agency's record of one year."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")


class Permission(models.TextChoices):
    VIEW = "view", _("see scores, analysis, measures and reports")
    EDIT_SCORES = "edit_scores", _("enter and import scores")
    EDIT_ANALYSIS = "edit_analysis", _("edit the texts of the analysis")
    EDIT_PLAN = "edit_plan", _("write issues and measures")
    EDIT_PROGRESS = "edit_progress", _("report progress")
    SUBMIT = "submit", _("submit for review")
    RETURN = "return", _("return with a reason")
    APPROVE = "approve", _("approve what others wrote")
    MANAGE_PEOPLE = "manage_people", _("manage the agency's users")
    CHANGE_SETTINGS = "change_settings", _("change the agency's settings")
    EXPORT = "export", _("export scores and reports")


ANY_STATE = frozenset(State)
OPEN = frozenset({State.DRAFT, State.RETURNED})


@dataclass(frozen=True)
class Rule:
    roles: frozenset[Role]
    states: frozenset[State] = ANY_STATE


def _rule(*roles, states=ANY_STATE):
    return Rule(frozenset(roles), frozenset(states))


RULES = {
    Permission.VIEW: _rule(Role.STAFF, Role.ADMIN, Role.VIEWER),
    Permission.EXPORT: _rule(Role.STAFF, Role.ADMIN, Role.VIEWER),
    Permission.EDIT_SCORES: _rule(Role.STAFF, states=OPEN),
    Permission.EDIT_ANALYSIS: _rule(Role.STAFF, states=OPEN),
    Permission.EDIT_PLAN: _rule(Role.STAFF, states=OPEN),
    Permission.EDIT_PROGRESS: _rule(Role.STAFF, states=OPEN | {State.APPROVED}),
    Permission.SUBMIT: _rule(Role.STAFF, states=OPEN),
    Permission.RETURN: _rule(Role.ADMIN, states={State.SUBMITTED, State.APPROVED}),
    Permission.APPROVE: _rule(Role.ADMIN, states={State.SUBMITTED}),
    Permission.MANAGE_PEOPLE: _rule(Role.ADMIN),
    Permission.CHANGE_SETTINGS: _rule(Role.ADMIN),
}


class LateChange(PermissionDenied):
    """The role would allow it, but the record is submitted or approved."""


def memberships_of(user):
    """The person's memberships in agencies in use, with the agencies; asked once a request."""
    if not user.is_authenticated or not user.is_active:
        return []
    if "_memberships" not in user.__dict__:
        mine = user.memberships.filter(agency__is_active=True).select_related("agency")
        user.__dict__["_memberships"] = list(mine)
    return user.__dict__["_memberships"]


def forget_memberships(user):
    """After a change of roles: the same person object must not act on what it knew."""
    user.__dict__.pop("_memberships", None)


def role_of(user, agency):
    """The person's role in the agency, or None."""
    return next((m.role for m in memberships_of(user) if m.agency_id == agency.pk), None)


def allowed(user, permission, agency, state=None):
    """Whether the person may do this in the agency; with a state, whether she may do it now."""
    rule = RULES[permission]
    return role_of(user, agency) in rule.roles and (state is None or state in rule.states)


def allowed_somewhere(user, permission):
    """Whether the person may do this in any of her agencies."""
    return any(allowed(user, permission, one.agency) for one in memberships_of(user))


def require(user, permission, agency, state=None):
    """Raises PermissionDenied where the role lacks the right, LateChange where the state does."""
    if not allowed(user, permission, agency):
        raise PermissionDenied(
            _("Your account may not do this: %(permission)s.") % {"permission": permission.label}
        )
    if state is not None:
        require_state(permission, state)


def require_state(permission, state):
    """The half of `require` that a command and the system operator, who have no role, obey too."""
    if state not in RULES[permission].states:
        raise LateChange(
            _("This record is %(state)s, so it cannot be changed now.")
            % {"state": State(state).label}
        )
