"""What was done to a row, beside it, for those who may read the history."""

from django import template
from django.urls import reverse

from accounts.permissions import Permission, allowed
from measures.history import entries_of, events_of, newest_of_row

register = template.Library()
SHOWN = 10


@register.inclusion_tag("measures/parts/history_of.html", takes_context=True)
def history_of(context, plan, *parts):
    """The parts are those of a name in `measures.rows`; two queries, so not for rows of a list."""
    agency, row = plan.agency, "-".join(map(str, parts))
    if not allowed(context["request"].user, Permission.READ_HISTORY, agency):
        return {}
    url = reverse("measures:history", args=[agency.code, plan.year])
    events = newest_of_row(events_of(agency, plan.year), row, SHOWN)
    return {"entries": entries_of(events), "url": f"{url}?row={row}"}
