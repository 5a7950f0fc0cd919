from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import agency_page, can
from accounts.permissions import LateChange, Permission, State, require
from accounts.versioning import StaleWrite
from assessments.actions import enter_published, enter_scores
from assessments.analysis import IndicatorRow, InstrumentRow, difference_sentence
from assessments.forms import PublishedForm, ScoresForm
from assessments.models import Assessment, Framework, Indicator, Instrument, Score
from assessments.results import TwoYears, two_years
from assessments.scoring import explain_difference


@dataclass(frozen=True)
class Cell:
    """A row of the grid; `conflict` is what was typed and the score another saved meanwhile."""

    indicator: Indicator
    row: IndicatorRow
    field: BoundField
    version: BoundField
    conflict: tuple[Decimal | None, Score] | None


@dataclass(frozen=True)
class Block:
    instrument: Instrument
    row: InstrumentRow
    cells: list[Cell]


@agency_page(Permission.VIEW)
def scores(request, agency, year, kind=Assessment.Kind.OFFICIAL):
    """The ten scores of a year's results. The first save opens the year; looking never writes."""
    years = two_years(agency, year, kind)
    if years.framework is None:
        return no_framework(request, year)
    if request.method != "POST":
        return _page(request, years)
    require(request.user, Permission.EDIT_SCORES, agency)
    form = ScoresForm(request.POST, framework=years.framework, assessment=years.current)
    if not form.is_valid():
        return _page(request, years, form=form)
    changes = list(form.changes())
    if not changes:
        messages.info(request, _("Nothing was changed."))
        return redirect("assessments:scores", agency.code, year)
    try:
        saved = enter_scores(agency=agency, year=year, changes=changes, by=request.user, kind=kind)
    except LateChange as late:
        return _page(request, two_years(agency, year, kind), form=form, late=late, status=409)
    if saved.stale:
        years = two_years(agency, year, kind)
        form = form.keep_conflicts(saved, years.current)
        return _page(request, years, form=form, saved=saved, status=409)
    messages.success(request, _("Saved: %(count)s scores.") % {"count": len(saved.changed)})
    return redirect("assessments:scores", agency.code, year)


@agency_page(Permission.EDIT_SCORES)
def published(request, agency, year):
    """Receives the form below the grid."""
    years = two_years(agency, year)
    if years.framework is None or request.method != "POST":
        return redirect("assessments:scores", agency.code, year)
    form = PublishedForm(request.POST, framework=years.framework, assessment=years.current)
    if not form.is_valid():
        return _page(request, years, published=form)
    entered = form.cleaned_data
    try:
        enter_published(agency=agency, year=year, by=request.user, **entered)
    except LateChange as late:
        return _page(request, two_years(agency, year), published=form, late=late, status=409)
    except StaleWrite as conflict:
        form.refuse_stale(conflict)
        return _page(request, two_years(agency, year), published=form, status=409)
    messages.success(request, _("Saved the announced total and level."))
    return redirect("assessments:scores", agency.code, year)


def no_framework(request, year):
    """Instead of a page of a year whose rules the portal does not have."""
    known = Framework.objects.values_list("year", flat=True).order_by("year")
    return render(request, "assessments/no_framework.html", {"year": year, "known": list(known)})


def _page(
    request, years: TwoYears, *, form=None, published=None, saved=None, late=None, status=200
):
    framework, current, analysis = years.framework, years.current, years.analysis
    state = current.state if current else State.DRAFT
    may_edit = can(request, Permission.EDIT_SCORES, state)
    cells = form or ScoresForm(framework=framework, assessment=current)
    announced = published or PublishedForm(framework=framework, assessment=current)
    difference = explain_difference(analysis.total, current.published_total if current else None)
    context = {
        "year": framework.year,
        "framework": framework,
        "facts": framework.facts.all(),
        "assessment": current,
        "analysis": analysis,
        "blocks": _blocks(framework, analysis, cells, saved),
        "form": published or cells,
        "published": announced,
        "difference": difference,
        "announced_level": current.published_level if current else None,
        "difference_sentence": difference_sentence(difference),
        "late": late,
        "saved": saved,
        "may_edit": may_edit,
        # What was typed into a record that has been locked meanwhile stays to be copied.
        "show_inputs": may_edit or form is not None,
        "show_published_form": may_edit or published is not None,
        "readonly_reason": _readonly_reason(request, state),
        "fill_last_year": _fill_last_year(request, years),
    }
    return render(request, "assessments/scores.html", context, status=status)


def _blocks(framework, analysis, form, saved):
    stale = saved.stale if saved else {}
    rows = {row.number: row for row in analysis.rows}
    by_code = {row.code: row for row in analysis.instruments}
    return [
        Block(
            instrument,
            by_code[instrument.code],
            [
                Cell(
                    indicator,
                    rows[indicator.number],
                    form[f"i{indicator.number}"],
                    form[f"i{indicator.number}_version"],
                    stale.get(f"i{indicator.number}"),
                )
                for indicator in instrument.indicators.all()
            ],
        )
        for instrument in framework.instruments.all()
    ]


def _readonly_reason(request, state):
    if not can(request, Permission.EDIT_SCORES):
        return _("You see the scores but do not change them: staff of the agency enter them.")
    if state == State.SUBMITTED:
        return _(
            "The plan on this result has been submitted for review, so scores cannot be changed. "
            "To change them, ask the reviewer to return it."
        )
    if state == State.APPROVED:
        return _(
            "The plan on this result has been approved, so scores cannot be changed. "
            "To change them, ask the reviewer to return it."
        )
    return ""


def _fill_last_year(request, years):
    """The address of last year's grid when its scores are still wanted and may be entered."""
    last_year = years.last_year
    known = last_year is not None and None not in last_year.values.values()
    if years.earlier_framework is None or known or not can(request, Permission.EDIT_SCORES):
        return None
    return reverse("assessments:scores", args=[years.agency.code, years.earlier_framework.year])
