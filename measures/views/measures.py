from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_tables2 import RequestConfig

from accounts.access import agency_page
from accounts.permissions import Permission
from measures.actions import change_measure, create_measure
from measures.budgets import BudgetKind
from measures.measure_form import MeasureForm
from measures.models import Measure
from measures.periods import PeriodKind
from measures.plans import plan_year
from measures.rows import Row
from measures.tables import MeasureTable
from measures.views import writing


@agency_page(Permission.VIEW)
def measures(request, agency, year):
    basis = plan_year(request.user, agency, year, texts="measures")
    if basis.plan is None:
        return writing.no_plan(request, basis, _("Measures of %(year)s") % {"year": year})
    may_edit = basis.may(Permission.EDIT_PLAN)
    rows = writing.with_ends(basis.plan.measures.all())
    for measure in rows:
        measure.plan = basis.plan
    table = MeasureTable(rows, may_edit=may_edit)
    RequestConfig(request, paginate=False).configure(table)
    context = {
        "year": year,
        "basis": basis,
        "panel": basis.panel,
        "table": table,
        "may_edit": may_edit,
        "may_order": may_edit and len(rows) > 1,
        "readonly_reason": writing.readonly_reason(basis, Permission.EDIT_PLAN),
        "order_url": reverse("measures:measures-order", args=[agency.code, year]),
    }
    return render(request, "measures/measures.html", context)


@agency_page(Permission.EDIT_PLAN)
def add(request, agency, year):
    basis = plan_year(request.user, agency, year)
    if basis.plan is None or (request.method == "GET" and not basis.may(Permission.EDIT_PLAN)):
        return redirect(_list(basis))
    initial = {
        "indicators": request.GET.getlist("indicator"),
        "period_kind": PeriodKind.YEAR,
        "budget_kind": BudgetKind.UNSTATED,
    }

    def create(version, **values):
        return create_measure(plan=basis.plan, by=request.user, **values)

    return _form_page(request, basis, create, initial)


@agency_page(Permission.EDIT_PLAN)
def edit(request, agency, year, pk):
    basis = plan_year(request.user, agency, year)
    measure = writing.get_row(request, basis, Measure, pk)
    if measure is None:
        return writing.gone(request, basis, _form(request, basis), Measure, pk, _list(basis))
    if request.method == "GET" and not basis.may(Permission.EDIT_PLAN):
        return redirect(_list(basis))

    def change(**values):
        return change_measure(measure=measure, by=request.user, **values)

    return _form_page(request, basis, change, measure=measure)


@agency_page(Permission.EDIT_PLAN)
def delete(request, agency, year, pk):
    basis = plan_year(request.user, agency, year)
    measure = writing.get_row(request, basis, Measure, pk)
    if measure is None or (request.method == "GET" and not basis.may(Permission.EDIT_PLAN)):
        return redirect(_list(basis))
    return writing.delete_page(
        request, basis, measure, template="measures/measures_delete.html", back=_list(basis)
    )


@agency_page(Permission.EDIT_PLAN)
@require_POST
def order(request, agency, year):
    basis = plan_year(request.user, agency, year)
    rows = list(basis.plan.measures.all()) if basis.plan else []
    return writing.order_rows(request, basis.plan, rows, _list(basis))


def _list(basis):
    return reverse("measures:measures", args=[basis.agency.code, basis.year])


def _form(request, basis, initial=None, measure=None):
    units = [unit.name for unit in basis.agency.units.all()]
    return MeasureForm(
        request.POST if request.method == "POST" else None,
        initial=initial or (measure and MeasureForm.initial_of(measure, basis.year, units)),
        indicators=basis.indicators,
        weak=basis.analysis.weak_numbers,
        year=basis.year,
        units=units,
    )


def _form_page(request, basis, action, initial=None, measure=None):
    form = _form(request, basis, initial, measure)
    return writing.form_page(
        request,
        basis,
        form.as_typed(Row("measure", measure.pk), measure) if measure else form,
        action,
        template="measures/measures_form.html",
        back=_list(basis),
        context={"measure": measure},
        gone_as=measure and (Measure, measure.pk),
    )
