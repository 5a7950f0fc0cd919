from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import chain
from accounts.access import agency_page
from accounts.permissions import Permission
from accounts.proof import needs_recent_proof
from assessments.fiscal import local_date
from assessments.spreadsheets import CONTENT_TYPES, write
from measures import history as reading
from measures.actions.history import note_history_export
from measures.day_fields import DayField
from measures.rows import parse_row

A_PAGE = 50
#: Far more than an agency does in a year; so many sentences take a few seconds.
MOST_EXPORTED = 20_000


class FilterForm(forms.Form):
    person = forms.TypedChoiceField(
        label=gettext_lazy("Person"), required=False, coerce=int, empty_value=None
    )
    kind = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    day = DayField(label=gettext_lazy("Day"), help_text=gettext_lazy("Such as 31 Dec 2564"))
    row = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data, events):
        super().__init__(data)
        every = [("", gettext_lazy("All"))]
        self.fields["person"].choices = every + reading.people_in(events)
        self.fields["kind"].choices = every + reading.Kind.choices
        self.events = events

    def found(self):
        """The events that are asked for; what cannot be read asks for nothing."""
        self.is_valid()
        asked, events = self.cleaned_data, self.events
        if asked.get("person"):
            events = events.filter(actor_id=asked["person"])
        if asked.get("kind"):
            events = reading.of_kind(events, asked["kind"])
        if asked.get("day"):
            events = reading.of_day(events, asked["day"])
        if self.asked_row:
            events = reading.of_row(events, self.asked_row)
        return events

    @property
    def asked_row(self):
        name = self.cleaned_data.get("row", "")
        return name if parse_row(name) else ""

    @property
    def is_narrow(self):
        return any(self.cleaned_data.values())


@agency_page(Permission.READ_HISTORY)
def history(request, agency, year=None):
    form = FilterForm(request.GET, reading.events_of(agency, year))
    page = Paginator(form.found(), A_PAGE).get_page(request.GET.get("page"))
    entries = reading.entries_of(page)
    context = {
        "year": year,
        "form": form,
        "row": form.asked_row,
        "row_label": reading.row_label(form.asked_row, entries),
        "page": page,
        "days": reading.by_day(entries),
        "chain_end": chain.newest(agency),
        "here": _url("", agency, year),
        "export_url": f"{_url('-export', agency, year)}?{request.GET.urlencode()}",
    }
    return render(request, "measures/history.html", context)


@needs_recent_proof(of_file=True)
@agency_page(Permission.READ_HISTORY)
def export(request, agency, year=None):
    """CSV of what the page shows, a line a value that was changed."""
    found = FilterForm(request.GET, reading.events_of(agency, year)).found()[:MOST_EXPORTED]
    entries = reading.entries_of(found)
    headings = [
        *(_("Number"), _("Time"), _("Person"), _("What was done")),
        *(_("What was changed"), _("Before"), _("After")),
    ]
    content = write("csv", headings, _lines(entries), _("History"))
    note_history_export(agency=agency, year=year, count=len(entries), by=request.user)
    name = f"ita-history-{agency.code}{f'-{year}' if year else ''}.csv"
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES["csv"],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(entries):
    for entry in entries:
        moment = localtime(entry.event.at)
        when = f"{local_date(moment, 'short')} {moment:%H:%M:%S}"
        told = (entry.event.number, when, entry.sentence.person, entry.sentence.deed)
        if not entry.sentence.changes:
            yield (*told, None, None, None)
        for change in entry.sentence.changes:
            yield (*told, change.label, change.before, change.after)


def _url(suffix, agency, year):
    if year is None:
        return reverse(f"measures:agency-history{suffix}", args=[agency.code])
    return reverse(f"measures:history{suffix}", args=[agency.code, year])
