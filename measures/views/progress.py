from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import agency_page
from accounts.permissions import LateChange, Permission, allowed
from assessments.fiscal import local_date
from measures.actions import approve_round, save_progress
from measures.actions.rows import is_own
from measures.calendar import extensions_of
from measures.evidence.showing import with_evidence
from measures.forms import ProgressForm
from measures.models import Measure, Plan, ProgressEntry, ProgressRound
from measures.plans import PlanYear, plan_year
from measures.publishing.personal_data import in_progress
from measures.rounds import Urgency, is_open, rows_of, standing, tally
from measures.units import units_of
from measures.views import writing
from measures.views.told import say_told

#: Beside the states, what the list may be narrowed to.
LATE = "late"


@agency_page(Permission.VIEW)
def progress(request, agency, year, months):
    basis, rounds = _basis(request, agency, year, months)
    if basis.plan is None:
        title = _("Progress on the measures of %(year)s") % {"year": year}
        return writing.no_plan(request, basis, title)
    round_ = rounds[months]
    rows = rows_of(round_, basis.plan.measures.all(), round_.entries.all())
    for row in rows:
        row.measure.plan = basis.plan
    prefetch_related_objects([agency], "units")
    names = [unit.name for unit in agency.units.all()]
    for row in rows:
        row.units = units_of(row.measure, names)
    shown = _filtered(request, rows)
    reason = _readonly_reason(basis, round_)
    if not reason:
        for row in shown:
            _make_writable(request.user, basis.plan, row)
    with_evidence([row.measure for row in shown], basis.plan, months, request.user)
    counted = tally(rows)
    context = {
        "year": year,
        "months": months,
        "rounds": [(one, standing(one)) for one in rounds.values()],
        "round": round_,
        "basis": basis,
        "rows": shown,
        "tally": counted,
        "may_edit": not reason,
        "readonly_reason": reason,
        "extensions": extensions_of(basis.plan, f"closes_{months}", "closes_on"),
        "fields_url": reverse("measures:progress-fields", args=[agency.code, year, months]),
        "may_approve": _may_approve(basis, round_) and counted.reported,
        "units": sorted({unit for row in rows for unit in row.units}),
        "states": [(LATE, Urgency.LATE.label), *ProgressEntry.State.choices],
        "unit": request.GET.get("unit", ""),
        "state": request.GET.get("state", ""),
    }
    return render(request, "measures/progress.html", context)


@agency_page(Permission.EDIT_PROGRESS)
def edit(request, agency, year, months, pk):
    basis, rounds = _basis(request, agency, year, months)
    back = reverse("measures:progress", args=[agency.code, year, months])
    measure = writing.get_row(request, basis, Measure, pk)
    data = request.POST if request.method == "POST" else None
    if measure is None:
        return writing.gone(request, basis, ProgressForm(data), Measure, pk, back)
    round_ = rounds[months]
    open_now = is_open(round_) and basis.may(Permission.EDIT_PROGRESS)
    if request.method == "GET" and not open_now:
        return redirect(back)
    entry = round_.entries.filter(measure=measure).first()
    [row] = rows_of(round_, [measure], [entry] if entry else [])

    def report(**values):
        return save_progress(round=round_, measure=measure, by=request.user, **values)

    return writing.form_page(
        request,
        basis,
        ProgressForm(data, initial=_initial(row.entry)),
        report,
        template="measures/progress_form.html",
        back=f"{back}#{row.name}",
        context={"row": row, "measure": measure, "months": months},
        gone_as=(Measure, pk),
    )


@agency_page(Permission.APPROVE_PROGRESS)
def approve(request, agency, year, months):
    basis, rounds = _basis(request, agency, year, months)
    if basis.plan is None:
        raise Http404
    round_ = rounds[months]
    if request.method == "POST":
        try:
            told = approve_round(round=round_, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except LateChange as late:
            messages.error(request, str(late))
        else:
            messages.success(
                request, _("The round of %(months)s months is approved.") % {"months": months}
            )
            say_told(request, told)
        return redirect(round_.get_absolute_url())
    if not _may_approve(basis, round_):
        return redirect(round_.get_absolute_url())
    rows = rows_of(round_, basis.plan.measures.all(), round_.entries.all())
    for row in rows:
        row.measure.plan = basis.plan
    with_evidence([row.measure for row in rows], basis.plan, months, request.user)
    context = {"year": year, "months": months, "basis": basis, "round": round_}
    context |= {"rows": rows, "tally": tally(rows)}
    context["findings"] = in_progress(basis.plan, [row.entry for row in rows])
    context["without_reason"] = [row for row in rows if row.lacks_reason]
    context["may_comment"] = basis.may(Permission.COMMENT)
    context["without_result"] = [row for row in rows if row.lacks_result]
    return render(request, "measures/progress_approve.html", context)


def _basis(request, agency, year, months):
    """The plan's year, whose result is read only where there is no plan; its rounds by months."""
    if months not in ProgressRound.Months:
        raise Http404
    plans = Plan.objects.visible_to(request.user).for_year(year).filter(agency=agency)
    plans = plans.with_publication().select_related("assessment", "submitted_by", "reviewed_by")
    plan = plans.first()
    if plan is None:
        return plan_year(request.user, agency, year), {}
    plan.agency = agency
    rounds = {one.months: one for one in plan.rounds.all()}
    for one in rounds.values():
        one.plan = plan
    return PlanYear(request.user, agency, year, None, plan), rounds


def _filtered(request, rows):
    unit, state = request.GET.get("unit"), request.GET.get("state")
    if unit:
        rows = [row for row in rows if unit in row.units]
    if state == LATE:
        return [row for row in rows if row.is_late]
    return [row for row in rows if row.entry.state == state] if state else rows


def _make_writable(user, plan, row):
    row.may_edit = is_own(user, plan, row.measure)
    if row.may_edit:
        form = ProgressForm(initial=_initial(row.entry), auto_id=f"{row.name}-%s")
        row.form = form.as_typed(row.name, row.entry, plan.year)


def _initial(entry):
    """A report that is not there yet has version 0."""
    names = ("state", "percent", "result", "suggestion")
    values = {name: getattr(entry, name) for name in names}
    return values | {"version": entry.version if entry.pk else 0}


def _readonly_reason(basis, round_):
    writes = allowed(basis.user, Permission.EDIT_PROGRESS, basis.agency)
    if not writes or is_open(round_):
        return writing.readonly_reason(basis, Permission.EDIT_PROGRESS)
    facts = {"months": round_.months, "day": round_.closed}
    if round_.approved_at:
        facts["day"] = local_date(round_.approved_at)
        return (
            _("The round of %(months)s months was approved on %(day)s, so it cannot be changed.")
            % facts
        )
    return (
        _(
            "The round of %(months)s months closed on %(day)s, so it cannot be changed. "
            "Ask the system operator to extend it."
        )
        % facts
    )


def _may_approve(basis, round_):
    return basis.may(Permission.APPROVE_PROGRESS) and not round_.approved_at
