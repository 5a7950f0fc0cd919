"""Progress rounds: until when they take what is written."""

from django.utils.translation import gettext as _

from accounts.permissions import LateChange, Permission
from assessments.fiscal import local_datetime
from measures.actions.rows import locked


def open_round(round, by, permission=Permission.EDIT_PROGRESS):
    """The round of a locked plan, in which the person may write now; raises LateChange else."""
    plan = locked(round.plan, permission, by)
    round = plan.rounds.get(pk=round.pk)
    round.plan = plan
    facts = {"months": round.months, "day": round.closed}
    if round.approved_at:
        facts["day"] = local_datetime(round.approved_at)
        raise LateChange(
            _("The round of %(months)s months was approved on %(day)s, so it cannot be changed.")
            % facts
        )
    if round.closed:
        raise LateChange(
            _(
                "The round of %(months)s months closed on %(day)s, so it cannot be changed. "
                "Ask the system operator to extend it."
            )
            % facts
        )
    return round
