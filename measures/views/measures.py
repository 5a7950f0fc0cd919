from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_tables2 import RequestConfig

from accounts.access import agency_page
from accounts.permissions import Permission, unit_of
from measures.actions import change_measure, create_measure, is_own
from measures.budgets import BudgetKind
from measures.library import suggestions_for
from measures.measure_forms import MeasureForm
from measures.models import Measure
from measures.periods import PeriodKind
from measures.plans import plan_year
from measures.rows import Row
from measures.tables import MeasureTable
from measures.units import units_of
from measures.views import writing
from measures.views.library import SHOWN
from measures.views.writing import ROW_ID


class Narrowing:
    """The rows of one unit or one indicator, where the address asks for it; true when it does."""

    def __init__(self, rows, names, asked):
        """`names` are those of the agency's units."""
        for row in rows:
            row.units = units_of(row, names)
        self.units = list(dict.fromkeys(unit for row in rows for unit in row.units))
        self.numbers = sorted({number for row in rows for number in row.numbers})
        self.unit, number = asked.get("unit", ""), asked.get("indicator", "")
        self.number = int(number) if ROW_ID.fullmatch(number) else None
        self.rows = [row for row in rows if self._has(row)] if self else rows
        for row in self.rows if self else ():
            # What is between them is not seen: nobody could tell where a row would move.
            row.is_first = row.is_last = True

    def __bool__(self):
        return bool(self.unit or self.number)

    def _has(self, row):
        of_unit = not self.unit or self.unit in row.units
        return of_unit and (self.number is None or self.number in row.numbers)


@agency_page(Permission.VIEW)
def measures(request, agency, year):
    basis = plan_year(request.user, agency, year, texts="measures")
    if basis.plan is None:
        return writing.no_plan(request, basis, _("Measures of %(year)s") % {"year": year})
    may_edit = basis.may(Permission.EDIT_PLAN)
    names = _unit_names(basis.agency)
    rows = writing.with_ends(basis.plan.measures.all())
    for measure in rows:
        measure.plan = basis.plan
        measure.is_own = is_own(request.user, basis.plan, measure)
    narrowing = Narrowing(rows, names, request.GET)
    table = MeasureTable(narrowing.rows, may_edit=may_edit)
    RequestConfig(request, paginate=False).configure(table)
    waiting = basis.coverage.without_measure or basis.analysis.weak_numbers
    begins = not rows and may_edit and waiting
    context = {
        "narrowing": narrowing,
        "chosen": [basis.indicators[waiting[0]]] if begins else [],
        "suggestions": suggestions_for(waiting[0])[:SHOWN] if begins else [],
        "year": year,
        "basis": basis,
        "panel": basis.panel,
        "table": table,
        "may_edit": may_edit,
        "may_order": may_edit and len(rows) > 1 and not narrowing,
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
    if own := unit_of(request.user, agency):
        initial["units"] = [own.name]

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
    question = _("Delete this measure?")
    return writing.delete_page(
        request, basis, Measure, pk, question=question, field="steps", back=_list(basis)
    )


@agency_page(Permission.EDIT_PLAN)
@require_POST
def order(request, agency, year):
    basis = plan_year(request.user, agency, year)
    rows = list(basis.plan.measures.all()) if basis.plan else []
    return writing.order_rows(request, basis.plan, rows, _list(basis))


def _list(basis):
    return reverse("measures:measures", args=[basis.agency.code, basis.year])


def _unit_names(agency):
    # Kept with the agency: the page's other parts ask for them too.
    prefetch_related_objects([agency], "units")
    return [unit.name for unit in agency.units.all()]


def _form(request, basis, initial=None, measure=None):
    units = _unit_names(basis.agency)
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
        form.as_typed(Row("measure", measure.pk), measure, basis.year) if measure else form,
        action,
        template="measures/measures_form.html",
        back=_list(basis),
        context={"measure": measure},
        gone_as=measure and (Measure, measure.pk),
    )
