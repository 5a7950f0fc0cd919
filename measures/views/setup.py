from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import agency_page
from accounts.permissions import LateChange, Permission
from measures.actions import choose_threshold, open_year, set_dates
from measures.calendar import days_of, extensions_of, proposed_days
from measures.carrying import offered
from measures.models import Plan
from measures.plans import plan_year
from measures.setup_forms import DaysForm, OpeningForm, ThresholdForm
from measures.views import writing
from measures.views.carrying import chosen


@agency_page(Permission.SET_UP)
def setup(request, agency, year):
    basis = plan_year(request.user, agency, year)
    if not basis.has_framework:
        return writing.no_plan(request, basis, _("Set up the year %(year)s") % {"year": year})
    last = Plan.objects.filter(agency=agency, year=year - 1).first()
    last_days = last and days_of(last, last.rounds.all())
    if basis.plan is None:
        return _open(request, basis, proposed_days(year, last_days))
    days = days_of(basis.plan, basis.plan.rounds.all())
    proposed = proposed_days(year, last_days, days)
    form = DaysForm(_data(request), days=days, proposed=proposed)
    if form.is_valid():
        typed = form.changes
        if "proposed" in request.POST:
            typed = {n: day for n, day in proposed.items() if not form.cleaned_data[n]} | {
                name: day for name, day in typed.items() if day or name not in proposed
            }
        if _set(form, set_dates, plan=basis.plan, by=request.user, **typed):
            messages.success(request, _("The days of %(year)s were saved.") % {"year": year})
            return redirect(request.path)
    context = {"basis": basis, "year": year, "form": form, "proposed": proposed}
    context["extensions"] = extensions_of(basis.plan)
    context["threshold_form"] = _threshold_form(basis)
    context["may_choose"] = basis.may(Permission.CHOOSE_THRESHOLD)
    return render(request, "measures/setup.html", context)


def _open(request, basis, proposed):
    agency, year = basis.agency, basis.year
    own = basis.results.current or basis.results.last_year
    form = OpeningForm(
        _data(request),
        days=proposed,
        proposed=proposed,
        own=agency.threshold,
        threshold=own and own.threshold,
    )
    measures = offered(agency, year)
    ticked = chosen(request, measures)
    opening = {"agency": agency, "year": year, "measures": ticked, "by": request.user}
    if form.is_valid():
        opening |= {"days": form.chosen_days, "threshold": form.cleaned_data["threshold"]}
        if _set(form, open_year, **opening):
            messages.success(request, _("The year %(year)s is open.") % {"year": year})
            return redirect("overview", agency.code, year)
    context = {
        "basis": basis,
        "year": year,
        "form": form,
        "measures": measures,
        "ticked": {measure.pk for measure in ticked},
    }
    return render(request, "measures/setup_open.html", context)


@agency_page(Permission.CHOOSE_THRESHOLD)
def threshold(request, agency, year):
    basis = plan_year(request.user, agency, year)
    if basis.plan is None:
        title = _("Strength threshold of %(year)s") % {"year": year}
        return writing.no_plan(request, basis, title)
    form = _threshold_form(basis, _data(request))
    if form.is_valid():
        try:
            choose_threshold(plan=basis.plan, by=request.user, **form.cleaned_data)
        except LateChange as late:
            messages.error(request, str(late))
        else:
            messages.success(request, _("The strength threshold was saved."))
        return redirect(request.path)
    context = {"basis": basis, "year": year, "form": form}
    context["readonly_reason"] = writing.readonly_reason(basis, Permission.CHOOSE_THRESHOLD)
    return render(request, "measures/threshold.html", context)


def _threshold_form(basis, data=None):
    current = basis.results.current
    own = current.threshold if current else None
    return ThresholdForm(data, own=basis.agency.threshold, threshold=own)


def _data(request):
    return request.POST if request.method == "POST" else None


def _set(form, action, **values):
    """Whether it was done; else the form says why not."""
    try:
        action(**values)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
