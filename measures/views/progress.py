from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tables2 import RequestConfig

from accounts.access import agency_page
from accounts.permissions import Permission
from measures.actions import save_progress
from measures.forms import ProgressForm
from measures.models import Measure, ProgressEntry, ProgressRound
from measures.plans import plan_year
from measures.tables import ProgressTable
from measures.views import writing


@agency_page(Permission.VIEW)
def progress(request, agency, year, months):
    if months not in ProgressRound.Months:
        raise Http404
    basis = plan_year(request.user, agency, year)
    if basis.plan is None:
        title = _("Progress on the measures of %(year)s") % {"year": year}
        return writing.no_plan(request, basis, title)
    round_ = basis.plan.rounds.get(months=months)
    entries = {entry.measure_id: entry for entry in round_.entries.all()}
    may_edit = basis.may(Permission.EDIT_PROGRESS)
    rows = writing.with_ends(basis.plan.measures.all())
    for measure in rows:
        measure.entry = entries.get(measure.pk)
        measure.progress_url = reverse(
            "measures:progress-edit", args=[agency.code, year, months, measure.pk]
        )
    table = ProgressTable(rows, may_edit=may_edit, round_=round_)
    RequestConfig(request, paginate=False).configure(table)
    context = {
        "year": year,
        "months": months,
        "rounds": _rounds(agency, year),
        "basis": basis,
        "table": table,
        "reported": sum(entry.is_reported for entry in entries.values()),
        "may_edit": may_edit,
        "readonly_reason": writing.readonly_reason(basis, Permission.EDIT_PROGRESS),
    }
    return render(request, "measures/progress.html", context)


@agency_page(Permission.EDIT_PROGRESS)
def edit(request, agency, year, months, pk):
    if months not in ProgressRound.Months:
        raise Http404
    basis = plan_year(request.user, agency, year)
    back = reverse("measures:progress", args=[agency.code, year, months])
    measure = writing.get_row(request, basis, Measure, pk)
    data = request.POST if request.method == "POST" else None
    if measure is None:
        return writing.gone(request, basis, ProgressForm(data), Measure, pk, back)
    if request.method == "GET" and not basis.may(Permission.EDIT_PROGRESS):
        return redirect(back)
    round_ = basis.plan.rounds.get(months=months)
    round_.plan = basis.plan
    entry = round_.entries.filter(measure=measure).first()
    initial = {"state": ProgressEntry.State.NOT_STARTED}
    if entry is not None:
        initial = {
            name: getattr(entry, name) for name in ("state", "result", "suggestion", "version")
        }

    def report(**values):
        return save_progress(round=round_, measure=measure, by=request.user, **values)

    return writing.form_page(
        request,
        basis,
        ProgressForm(data, initial=initial),
        report,
        template="measures/progress_form.html",
        back=back,
        context={"measure": measure, "months": months},
        gone_as=(Measure, pk),
    )


def _rounds(agency, year):
    return [
        (round_, reverse("measures:progress", args=[agency.code, year, round_.value]))
        for round_ in ProgressRound.Months
    ]
