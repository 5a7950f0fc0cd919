"""Upload, then look at every change, then confirm: only the last step writes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import agency_page
from accounts.once import taken_once
from accounts.permissions import Permission, allowed_somewhere
from assessments.actions import ImportOutdated, ImportRefused, import_scores
from assessments.exchange.carrying import from_plain, to_plain
from assessments.exchange.comparing import Comparison, compare
from assessments.exchange.files import MAX_BYTES
from assessments.exchange.reading import read_file
from assessments.exchange.workbooks import UnreadableFile
from assessments.forms import ImportForm
from assessments.models import Assessment, Framework
from assessments.tables import import_tables
from assessments.views.carried import carried_back, carry
from assessments.views.scores import no_framework, readonly_reason

SHOWN_PROBLEMS = 50
#: Of the changed and of the new values each: a page of more serves nobody, and takes long.
SHOWN_VALUES = 500


@agency_page(Permission.EDIT_SCORES)
def scores_import(request, agency, year):
    """Results of the agency: of the year of the page (BE), and of others that the file names."""
    if not Framework.objects.filter(year=year).exists():
        return no_framework(request, year)
    result = Assessment.objects.filter(
        agency=agency, framework__year=year, kind=Assessment.Kind.OFFICIAL
    ).first()
    locked = readonly_reason(request, result.state) if result else ""
    return _Import(request, agency, year, locked).respond()


@login_required
def many(request):
    """Results of several agencies in which the person may enter scores."""
    if not allowed_somewhere(request.user, Permission.EDIT_SCORES):
        raise PermissionDenied
    return taken_once(request, _Import(request).respond)


class _Import:
    def __init__(self, request, agency=None, year=None, locked=""):
        self.request, self.agency, self.year, self.locked = request, agency, year, locked
        if agency is None:
            self.here = self.done = reverse("assessments:import-many")
        else:
            self.here = reverse("assessments:scores-import", args=[agency.code, year])
            self.done = reverse("assessments:scores", args=[agency.code, year])

    def respond(self):
        if self.request.method != "POST":
            return self._page(form=ImportForm())
        return self._confirm() if "confirmed" in self.request.POST else self._upload()

    def _upload(self):
        form = ImportForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self._page(form=form)
        file = form.cleaned_data["file"]
        try:
            # One byte more than allowed is enough to know that a file is too large.
            content = file.read(MAX_BYTES + 1)
            reading = read_file(file.name, content, agency=self.agency, year=self.year)
        except UnreadableFile as error:
            form.add_error("file", str(error))
            return self._page(form=form)
        comparison = self._compare(reading.entries)
        comparison.refuse(reading.problems)
        if comparison.problems:
            return self._page(form=form, comparison=comparison)
        return self._preview(reading.entries, comparison, notes=reading.notes)

    def _compare(self, entries):
        return compare(entries, by=self.request.user, only=self.agency)

    def _preview(self, entries, comparison, **context):
        confirmed = carry(
            self.request, self.here, entries=to_plain(entries), seen=comparison.fingerprint
        )
        return self._page(comparison=comparison, confirmed=confirmed, **context)

    def _confirm(self):
        request = self.request
        sent = carried_back(request, self.here)
        if sent is None:
            messages.error(request, _("Nothing was imported: choose the file again and confirm."))
            return redirect(self.here)
        entries = from_plain(sent["entries"])
        try:
            done = import_scores(
                entries=entries, by=request.user, only=self.agency, seen=sent["seen"]
            )
        except ImportRefused as refused:
            return self._page(form=ImportForm(), comparison=refused.comparison, status=409)
        except ImportOutdated:
            comparison = self._compare(entries)
            return self._preview(entries, comparison, outdated=True, status=409)
        messages.success(
            request, _("Imported: %(new)s new values, %(changed)s changed.") % done.counts
        )
        return redirect(self.done)

    def _page(self, *, form=None, comparison: Comparison | None = None, status=200, **context):
        problems = comparison.problems if comparison else []
        agencies = {row.agency.code for row in comparison.rows} if comparison else set()
        context |= {
            "year": self.year,
            "here": self.here,
            "done": self.done,
            "locked": self.locked,
            "form": form,
            "comparison": comparison,
            "agencies": len(agencies),
            "problems": problems[:SHOWN_PROBLEMS],
            "more_problems": max(len(problems) - SHOWN_PROBLEMS, 0),
            "has_errors": bool(problems),
        }
        if comparison and not problems:
            context["tables"] = import_tables(
                comparison, most=SHOWN_VALUES, with_agency=self.agency is None
            )
        return render(self.request, "assessments/import.html", context, status=status)
