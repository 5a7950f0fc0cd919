from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import agency_page
from accounts.permissions import Permission
from assessments.actions import ImportOutdated, ImportRefused, import_scores
from assessments.exchange.comparing import Comparison, compare
from assessments.exchange.entries import from_plain, read_entries, to_plain
from assessments.exchange.files import MAX_BYTES, UnreadableFile, read_sheets
from assessments.forms import ImportForm
from assessments.models import Framework
from assessments.tables import ImportTable
from assessments.views.scores import no_framework

SALT = "assessments.import"
#: Seconds in which what was shown may be confirmed.
CONFIRM_WITHIN = 60 * 60
SHOWN_PROBLEMS = 50


@agency_page(Permission.EDIT_SCORES)
def scores_import(request, agency, year):
    """Upload, then look at every change, then confirm: only the last step writes."""
    if not Framework.objects.filter(year=year).exists():
        return no_framework(request, year)
    if request.method != "POST":
        return _page(request, year, form=ImportForm())
    if "confirmed" in request.POST:
        return _confirm(request, agency, year)
    return _upload(request, agency, year)


def _upload(request, agency, year):
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, year, form=form)
    file = form.cleaned_data["file"]
    try:
        # One byte more than allowed is enough to know that a file is too large.
        reading = read_entries(read_sheets(file.name, file.read(MAX_BYTES + 1)))
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return _page(request, year, form=form)
    comparison = compare(reading.entries, by=request.user, only=agency)
    comparison.refuse(reading.problems)
    if comparison.problems:
        return _page(request, year, form=form, comparison=comparison)
    return _preview(request, agency, year, reading.entries, comparison)


def _preview(request, agency, year, entries, comparison, *, outdated=False):
    confirmed = signing.dumps(
        {
            "agency": agency.pk,
            "user": request.user.pk,
            "entries": to_plain(entries),
            "seen": comparison.fingerprint,
        },
        salt=SALT,
        compress=True,
    )
    return _page(
        request,
        year,
        comparison=comparison,
        confirmed=confirmed,
        outdated=outdated,
        status=409 if outdated else 200,
    )


def _confirm(request, agency, year):
    try:
        sent = signing.loads(request.POST["confirmed"], salt=SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        sent = {}
    if (sent.get("agency"), sent.get("user")) != (agency.pk, request.user.pk):
        messages.error(request, _("Nothing was imported: choose the file again and confirm."))
        return redirect("assessments:scores-import", agency.code, year)
    entries = from_plain(sent["entries"])
    try:
        done = import_scores(entries=entries, by=request.user, only=agency, seen=sent["seen"])
    except ImportRefused as refused:
        return _page(request, year, form=ImportForm(), comparison=refused.comparison, status=409)
    except ImportOutdated:
        comparison = compare(entries, by=request.user, only=agency)
        return _preview(request, agency, year, entries, comparison, outdated=True)
    messages.success(request, _("Imported: %(new)s new values, %(changed)s changed.") % done.counts)
    return redirect("assessments:scores", agency.code, year)


def _page(request, year, *, form=None, comparison: Comparison | None = None, status=200, **context):
    problems = comparison.problems if comparison else []
    context |= {
        "year": year,
        "form": form,
        "comparison": comparison,
        "problems": problems[:SHOWN_PROBLEMS],
        "more_problems": max(len(problems) - SHOWN_PROBLEMS, 0),
        "has_errors": bool(problems),
        "table": ImportTable(comparison) if comparison and not problems else None,
    }
    return render(request, "assessments/import.html", context, status=status)


@login_required
def many(request):
    """A file with rows of several of the person's agencies."""
    return redirect("home")
