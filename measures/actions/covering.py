from django.db import transaction

from accounts import events
from accounts.permissions import Permission, require


@transaction.atomic
def note_covering(*, plan, kind, by):
    """Leaves a trace of who took a draft of a letter along."""
    require(by, Permission.EXPORT, plan.agency)
    events.record(
        verb="covering.made", by=by, agency=plan.agency, obj=plan, after={"covering": kind}
    )
