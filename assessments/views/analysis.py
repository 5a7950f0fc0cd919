from django.shortcuts import render

from accounts.access import agency_page, can
from accounts.permissions import Permission, State
from assessments import charts
from assessments.analysis import difference_sentence, missing_sentence
from assessments.models import Assessment
from assessments.results import indicator_names, two_years
from assessments.scoring import explain_difference
from assessments.views.finer import beside_official
from assessments.views.grid import kind_url
from assessments.views.scores import no_framework
from assessments.views.texts import texts_context
from assessments.views.what_if import what_if_of


@agency_page(Permission.VIEW)
def analysis(request, agency, year, kind=Assessment.Kind.OFFICIAL):
    """What the scores of the year's results say, beside those of the year before."""
    years = two_years(agency, year, kind)
    if years.framework is None:
        return no_framework(request, year)
    found, names = years.analysis, indicator_names(years.framework)
    points = charts.chart_points(found, names)
    total = years.announced or found
    previous_year = found.previous_year
    published = years.current.published_total if years.current else None
    may_edit = can(
        request, Permission.EDIT_SCORES, years.current.state if years.current else State.DRAFT
    )
    context = {
        "year": year,
        "kind": kind,
        "scores_url": kind_url("scores", years, kind),
        "beside_official": beside_official(years),
        "framework": years.framework,
        "may_try": bool(found.highest_numbers or found.total is not None),
        # Reads the facts for the next line too.
        "what_if": what_if_of(years, request.GET),
        "facts": years.framework.facts.all(),
        "assessment": years.current,
        "analysis": found,
        "missing_sentence": missing_sentence(found) if found.missing else "",
        "nothing_entered": not _has_figures(years),
        "announced": years.announced,
        "total_change": total.change,
        "total_direction": total.direction,
        "difference_sentence": difference_sentence(explain_difference(found.total, published)),
        "blocks": [
            (instrument, row, [(names[one.number], one) for one in row.rows])
            for instrument, row in zip(
                years.framework.instruments.all(), found.instruments, strict=True
            )
        ],
        "groups": [
            (group, [(names[row.number], row) for row in group.rows]) for group in found.groups
        ],
        "bars": charts.bar_chart(
            points, year=year, previous_year=previous_year, threshold=found.threshold
        ),
        "radar": charts.radar_chart(points, year=year, previous_year=previous_year),
        "texts": texts_context(request, years),
        "may_edit": may_edit,
        "may_make_issues": may_edit and kind == Assessment.Kind.OFFICIAL and found.weak_numbers,
        "may_change_threshold": can(request, Permission.CHANGE_SETTINGS),
    }
    return render(request, "assessments/analysis.html", context)


def _has_figures(years):
    """Whether there is anything to show: scores, of instruments perhaps, or an announced total."""
    result, current = years.analysis.result, years.current
    entered = len(result.missing) < len(result.values) or result.announced
    return bool(entered or (current and current.published_total is not None))
