from django.db import transaction

from accounts import events
from accounts.permissions import Permission, require


@transaction.atomic
def note_history_export(*, agency, year, count, by):
    """Leaves a trace of who took the history along; `year` is None for that of all years."""
    require(by, Permission.READ_HISTORY, agency)
    after = {"events": count} | ({"year": year} if year else {})
    events.record(verb="history.exported", by=by, agency=agency, obj=agency, after=after)
