"""A year's result beside the year before it, read in a fixed number of queries."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import prefetch_related_objects

from assessments.analysis import Analysis, Announced, analyse
from assessments.models import Assessment, Framework
from assessments.scoring import LevelRule, change, score
from assessments.trend import Trend, Year, trend


@dataclass(frozen=True)
class TwoYears:
    """Frameworks and results of a fiscal year and of the one before, or None.

    Last year's result and `official`, this year's, are official whatever the kind of the current.
    """

    agency: object
    framework: Framework | None
    earlier_framework: Framework | None
    current: Assessment | None
    last_year: Assessment | None
    official: Assessment | None

    @property
    def threshold(self):
        """The year's own, else the agency's."""
        chosen = self.current.threshold if self.current else None
        return self.agency.threshold if chosen is None else chosen

    @cached_property
    def analysis(self) -> Analysis:
        """Also of a year whose result has not been opened: then every score is missing."""
        last_year = self.last_year
        return analyse(
            self.framework.rules(),
            self.current.values if self.current else {},
            last_year.framework.rules() if last_year else None,
            last_year.values if last_year else None,
            self.threshold,
            predecessors=_predecessors(self.framework, self.earlier_framework),
            instruments=self.current.instrument_values if self.current else None,
            previous_instruments=last_year.instrument_values if last_year else None,
        )

    @cached_property
    def announced(self) -> Announced | None:
        """What is announced, while no total can be worked out."""
        total = self.current.published_total if self.current else None
        if total is None or self.analysis.total is not None:
            return None
        earlier = self.analysis.previous_total
        if earlier is None and self.last_year:
            earlier = self.last_year.published_total
        level, result = self.current.published_level, self.analysis.result
        levels = tuple(rule for rule in result.rules.levels if level and rule.code == level.code)
        return Announced(
            total=total,
            levels=levels or result.levels_open(total),
            level_is_announced=bool(levels),
            change=change(earlier, total),
        )

    @property
    def possible_levels(self) -> tuple[LevelRule, ...]:
        """While no total can be worked out: the levels that the announced one leaves open."""
        return self.announced.levels if self.announced else ()


def two_years(agency, year, kind=Assessment.Kind.OFFICIAL) -> TwoYears:
    """Six queries, five more for a self-assessment; `year` in Buddhist Era."""
    frameworks = {
        framework.pk: framework
        for framework in Framework.objects.filter(year__in=(year, year - 1)).prefetch_related(
            "instruments__indicators", "levels"
        )
    }
    kinds = {kind, Assessment.Kind.OFFICIAL}
    found = Assessment.objects.filter(agency=agency, kind__in=kinds, framework__in=frameworks)
    assessments = {}
    for assessment in found.select_related("published_level").prefetch_related("scores"):
        assessment.agency, assessment.framework = agency, frameworks[assessment.framework_id]
        assessments[assessment.year, assessment.kind] = assessment
    by_year = {framework.year: framework for framework in frameworks.values()}
    years = TwoYears(
        agency=agency,
        framework=by_year.get(year),
        earlier_framework=by_year.get(year - 1),
        current=assessments.get((year, kind)),
        last_year=assessments.get((year - 1, Assessment.Kind.OFFICIAL)),
        official=assessments.get((year, Assessment.Kind.OFFICIAL)),
    )
    if years.current is not None:
        years.current.years = years
        if years.current.kind == Assessment.Kind.SELF:
            _with_finer_marks(years.current)
    return years


def official(agency, year) -> Assessment | None:
    """The agency's official result of the fiscal year (BE), ready for `analysis_of`."""
    return two_years(agency, year).current


def years_of(assessment: Assessment) -> TwoYears:
    """Compared with last year's official result. No query for what `official` returned."""
    if not hasattr(assessment, "years"):
        return two_years(assessment.agency, assessment.year, assessment.kind)
    return assessment.years


def analysis_of(assessment: Assessment) -> Analysis:
    return years_of(assessment).analysis


def indicator_names(framework) -> dict[int, str]:
    """Number → name in the active language, as charts want them."""
    return {indicator.number: indicator.name for indicator in framework.ordered_indicators()}


def _with_finer_marks(assessment):
    """What a self-assessment works its indicators out from."""
    prefetch_related_objects(
        [assessment.framework],
        "instruments__indicators__subindicators__items",
        "instruments__indicators__questions",
    )
    prefetch_related_objects([assessment], "subscores")


def _predecessors(framework, earlier):
    numbers = {i.pk: i.number for i in earlier.ordered_indicators()} if earlier else {}
    return {
        indicator.number: numbers[indicator.predecessor_id]
        for indicator in framework.ordered_indicators()
        if indicator.predecessor_id in numbers
    }


def all_years(agency) -> Trend | None:
    """Official results of every year from the first held to the last; None without any.

    Eight queries, however many years.
    """
    found = Assessment.objects.official().filter(agency=agency)
    held = {}
    for assessment in found.select_related("published_level").prefetch_related("scores"):
        held[assessment.framework_id] = assessment
    frameworks = {
        framework.year: framework
        for framework in Framework.objects.prefetch_related("instruments__indicators", "levels")
    }
    years = []
    for year, framework in sorted(frameworks.items()):
        assessment = held.get(framework.pk)
        if assessment is not None:
            assessment.agency, assessment.framework = agency, framework
        years.append(_trend_year(framework, frameworks.get(year - 1), assessment))
    filled = [position for position, year in enumerate(years) if year.has_figures]
    return trend(years[filled[0] : filled[-1] + 1]) if filled else None


def _trend_year(framework, earlier, assessment):
    rules = framework.rules()
    level = assessment.published_level if assessment else None
    return Year(
        year=framework.year,
        names=indicator_names(framework),
        links=_predecessors(framework, earlier),
        scale=frozenset(level.code for level in rules.levels),
        result=score(rules, assessment.values, assessment.instrument_values)
        if assessment
        else None,
        announced=assessment.published_total if assessment else None,
        announced_level=level.name_th if level else "",
    )
