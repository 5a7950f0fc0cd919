"""Where a plan stands: its analysis, coverage and findings, worked out once a page."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q

from assessments.analysis import Analysis
from assessments.results import TwoYears, years_of
from assessments.texts import SectionText, texts_of
from assessments.warnings import warnings_of
from measures.checks import Finding, obstacles, remarks
from measures.comments import open_comments
from measures.coverage import Coverage, Panel, coverage_of, panel_of
from measures.models import Issue, Measure, Plan, ProgressEntry, ProgressRound


@dataclass(frozen=True)
class Situation:
    plan: Plan
    years: TwoYears
    issues: list[Issue]
    measures: list[Measure]
    #: The analysis of the revision that counts; None while the staff write.
    frozen: Analysis | None = None

    @property
    def analysis(self) -> Analysis:
        return self.frozen or self.years.analysis

    @cached_property
    def coverage(self) -> Coverage:
        return coverage_of(self.issues, self.measures, self.analysis)

    @property
    def panel(self) -> Panel:
        indicators = self.years.framework.ordered_indicators()
        return panel_of(self.coverage, self.analysis, indicators)

    @property
    def begun(self) -> list[Issue]:
        """Issues that still hold the text that they were made with."""
        return [issue for issue in self.issues if issue.is_as_begun]

    @cached_property
    def holds_up(self) -> list[Finding]:
        """The findings that a submission is refused for."""
        return obstacles(self)

    @cached_property
    def remarks(self) -> list[Finding]:
        """What does not hold it up; a query for the texts, and one where figures are doubted."""
        to_check = len(warnings_of(self.years).open)
        outdated = sum(bool(text.changes) for text in self.texts)
        return remarks(self, to_check, outdated)

    @cached_property
    def texts(self) -> list[SectionText]:
        """Those of the analysis as they now stand; a query."""
        return texts_of(self.years.current)

    @property
    def open_comments(self) -> int:
        return sum(map(len, open_comments(self.plan).values()))

    @property
    def findings(self) -> list[Finding]:
        """All, those that hold it up first."""
        return self.holds_up + self.remarks

    @cached_property
    def rounds(self) -> list[ProgressRound]:
        """Each with `reported`, how many of its measures are; one query."""
        is_reported = Q(entries__state__in=ProgressEntry.SETTLED) | Q(entries__result__gt="")
        reported = Count("entries", filter=is_reported)
        # Grouping drops the order that the rounds have by themselves.
        rounds = list(self.plan.rounds.annotate(reported=reported).order_by("months"))
        for one in rounds:
            one.plan = self.plan
        return rounds


def situation_of(plan: Plan, frozen: Analysis | None = None) -> Situation:
    """Of a plan read with `with_basis()`; nine more queries at most."""
    plan.assessment.agency = plan.agency
    years = years_of(plan.assessment)
    return Situation(plan, years, plan.issues.numbered(), plan.measures.numbered(), frozen)
