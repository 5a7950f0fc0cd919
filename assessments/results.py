"""A year's result with the year before it, read in a fixed number of queries."""

from django.db.models import Q

from assessments.analysis import Analysis, analyse
from assessments.models import Assessment


def official(agency, year) -> Assessment | None:
    """The agency's official result of the fiscal year (BE), ready for `analysis_of`."""
    found = Assessment.objects.official().filter(
        agency=agency, framework__year__in=(year, year - 1)
    )
    years = {assessment.year: assessment for assessment in found.with_results()}
    current = years.get(year)
    if current is not None:
        current.last_year = years.get(year - 1)
    return current


def analysis_of(assessment: Assessment) -> Analysis:
    """Compared with last year's official result by what became of each indicator.

    No query for what `official` returned, else six or seven.
    """
    if not hasattr(assessment, "last_year"):
        assessment = _with_last_year(assessment)
    last_year = assessment.last_year
    return analyse(
        assessment.framework.rules(),
        assessment.values,
        last_year.framework.rules() if last_year else None,
        last_year.values if last_year else None,
        assessment.agency.threshold,
        predecessors=predecessors(assessment.framework, last_year.framework if last_year else None),
    )


def predecessors(framework, earlier) -> dict[int, int]:
    """This framework's indicator number → the number it had in the earlier one."""
    numbers = {i.pk: i.number for i in earlier.ordered_indicators()} if earlier else {}
    return {
        indicator.number: numbers[indicator.predecessor_id]
        for indicator in framework.ordered_indicators()
        if indicator.predecessor_id in numbers
    }


def indicator_names(framework) -> dict[int, str]:
    """Number → name in the active language, as charts want them."""
    return {indicator.number: indicator.name for indicator in framework.ordered_indicators()}


def _with_last_year(assessment):
    last_year = Q(
        kind=Assessment.Kind.OFFICIAL,
        agency_id=assessment.agency_id,
        framework__year=assessment.year - 1,
    )
    found = Assessment.objects.filter(Q(pk=assessment.pk) | last_year).with_results()
    by_own = {found_one.pk == assessment.pk: found_one for found_one in found}
    current = by_own[True]
    current.last_year = by_own.get(False)
    return current
