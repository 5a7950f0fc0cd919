"""Who may do what, in which state of the year's record: the one table that code and tests read."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    STAFF = "staff", _("Staff")
    COORDINATOR = "coordinator", _("Coordinator")
    ADMIN = "admin", _("Agency admin")
    EXECUTIVE = "executive", _("Executive")
    VIEWER = "viewer", _("Viewer")


class State(models.TextChoices):
    """The state of an agency's record of one year."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    SIGNED = "signed", _("Signed")
    PUBLISHED = "published", _("Published")


class Permission(models.TextChoices):
    VIEW = "view", _("see scores, analysis, measures and reports")
    EDIT_SCORES = "edit_scores", _("enter and import scores")
    EDIT_ANALYSIS = "edit_analysis", _("edit the texts of the analysis")
    EDIT_PLAN = "edit_plan", _("write issues and measures")
    EDIT_PROGRESS = "edit_progress", _("report progress")
    EDIT_EVIDENCE = "edit_evidence", _("attach evidence")
    VIEW_EVIDENCE = "view_evidence", _("see internal evidence")
    COMMENT = "comment", _("comment")
    RESOLVE = "resolve", _("resolve comments")
    SUBMIT = "submit", _("submit for review")
    TAKE_BACK = "take_back", _("take back what was submitted")
    RETURN = "return", _("return with a reason")
    APPROVE = "approve", _("approve what others wrote")
    SIGN = "sign", _("sign")
    RECORD_SIGNATURE = "record_signature", _("record a signature on paper")
    PUBLISH = "publish", _("publish the report")
    WITHDRAW = "withdraw", _("withdraw what was published")
    REOPEN = "reopen", _("reopen as a new version")
    APPROVE_PROGRESS = "approve_progress", _("approve a progress round")
    SET_UP = "set_up", _("set up the year")
    CHOOSE_THRESHOLD = "choose_threshold", _("choose the strength threshold of the year")
    EXTEND = "extend", _("extend what has closed")
    READ_HISTORY = "read_history", _("read the history")
    MANAGE_PEOPLE = "manage_people", _("manage the agency's users")
    CHANGE_SETTINGS = "change_settings", _("change the agency's settings")
    EXPORT = "export", _("export scores and reports")


@dataclass(frozen=True)
class Rule:
    """In which states each role, or OPERATOR, may.

    `despite_closing`: also after the day on which it closed.
    """

    of_role: dict[str, frozenset[State]]
    despite_closing: bool = False

    @property
    def states(self):
        """Those in which anybody may."""
        return frozenset().union(*self.of_role.values())

    def allows(self, roles, state=None, closed=""):
        """Whether one who has these roles may."""
        if closed and not self.despite_closing:
            return False
        found = [self.of_role[role] for role in roles if role in self.of_role]
        return bool(found) and (state is None or any(state in states for states in found))


_STATES = {
    "D": State.DRAFT,
    "S": State.SUBMITTED,
    "R": State.RETURNED,
    "A": State.APPROVED,
    "G": State.SIGNED,
    "P": State.PUBLISHED,
}
#: The column of the system operator, who has no role in an agency and finds no page of it.
OPERATOR = "operator"
_ROLES = (*Role, OPERATOR)
#: D draft, S submitted, R returned, A approved, G signed, P published; + also after the closing.
_TABLE = """
                 staff   coordinator admin   executive viewer  operator
view             DSRAGP  DSRAGP      DSRAGP  DSRAGP    DSRAGP  -        +
export           DSRAGP  DSRAGP      DSRAGP  DSRAGP    DSRAGP  -        +
edit_scores      DR      DR          -       -         -       -
edit_analysis    DR      DR          -       -         -       -
edit_plan        DR      DR          -       -         -       -
edit_progress    DRAGP   DRAGP       -       -         -       -
edit_evidence    DRAGP   DRAGP       -       -         -       -
view_evidence    DSRAGP  DSRAGP      DSRAGP  DSRAGP    -       -        +
comment          DSRA    DSRAG       DSRAG   SAG       -       -        +
resolve          DSRA    DSRAG       DSRAG   -         -       -        +
submit           -       DR          -       -         -       -
take_back        -       S           -       -         -       -
return           -       -           S       A         -       -
approve          -       -           S       -         -       -
sign             -       -           -       A         -       -
record_signature -       A           A       -         -       -
publish          -       G           G       -         -       -
withdraw         -       -           DSRAGP  -         -       DSRAGP   +
reopen           -       -           AGP     -         -       -        +
approve_progress -       -           AGP     -         -       -        +
set_up           -       -           DSRAGP  -         -       -        +
choose_threshold -       DR          DR      -         -       -
extend           -       -           -       -         -       DSRAGP   +
read_history     -       DSRAGP      DSRAGP  -         -       -        +
manage_people    -       -           DSRAGP  -         -       -        +
change_settings  -       -           DSRAGP  -         -       -        +
"""


def _rules(table):
    lines = [line.split() for line in table.strip().split("\n")[1:]]
    return {
        Permission(name): Rule(
            {
                role: frozenset(_STATES[letter] for letter in cell)
                for role, cell in zip(_ROLES, cells, strict=False)
                if cell != "-"
            },
            despite_closing=cells[-1] == "+",
        )
        for name, *cells in lines
    }


RULES = _rules(_TABLE)


class LateChange(PermissionDenied):
    """The role would allow it, but the record's state does not, or its closing day has passed."""


def memberships_of(user):
    """The person's memberships in agencies in use, with the agencies; asked once a request."""
    if not user.is_authenticated or not user.is_active:
        return []
    if getattr(user, "_memberships", None) is None:
        remember_memberships(user, user.memberships_in_use())
    return user._memberships


def remember_memberships(user, memberships):
    """So that permissions need not ask for them: hers in agencies in use, just read."""
    for membership in memberships:
        membership.user = user
    user._memberships = memberships


def forget_memberships(user):
    """After a change of roles: the same person object must not act on what it knew."""
    user._memberships = None


def role_of(user, agency):
    """The person's role in the agency, or None."""
    return next((m.role for m in memberships_of(user) if m.agency_id == agency.pk), None)


def _roles_of(user, agency):
    """Those of the table that the person has."""
    roles = [role_of(user, agency)]
    return [*roles, OPERATOR] if user.is_active and user.is_superuser else roles


def unit_of(user, agency):
    """The unit for which the person writes in the agency, or None: staff for all units."""
    mine = (m for m in memberships_of(user) if m.agency_id == agency.pk and m.role == Role.STAFF)
    return next((m.unit for m in mine), None)


def allowed(user, permission, agency, state=None, closed=""):
    """Whether the person may do this in the agency; with a state, whether she may do it now.

    `closed` is the day, in words, on which the record or its round closed; empty while it is open.
    """
    return RULES[permission].allows(_roles_of(user, agency), state, closed)


def allowed_somewhere(user, permission):
    """Whether the person may do this in any of her agencies."""
    return any(allowed(user, permission, one.agency) for one in memberships_of(user))


def require(user, permission, agency, state=None, closed=""):
    """Raises PermissionDenied where the role lacks the right, LateChange where it is too late."""
    roles = _roles_of(user, agency)
    if not RULES[permission].allows(roles):
        raise PermissionDenied(
            _("Your account may not do this: %(permission)s.") % {"permission": permission.label}
        )
    if state is None:
        return
    require_state(permission, state, closed)
    if not RULES[permission].allows(roles, state, closed):
        raise _late(state)


def require_state(permission, state, closed=""):
    """The half of `require` that a command and the system operator, who have no role, obey too."""
    rule = RULES[permission]
    if closed and not rule.despite_closing:
        raise LateChange(
            _(
                "This closed on %(day)s, so it cannot be changed. "
                "Ask the system operator to extend it."
            )
            % {"day": closed}
        )
    if state not in rule.states:
        raise _late(state)


def _late(state):
    return LateChange(
        _("This record is %(state)s, so it cannot be changed now.") % {"state": State(state).label}
    )
