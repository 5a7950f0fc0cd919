"""Where a plan stands: its analysis, coverage and findings, worked out once a page."""

from dataclasses import dataclass

from assessments.analysis import Analysis
from assessments.results import TwoYears, years_of
from assessments.warnings import warnings_of
from measures.checks import Finding, obstacles, remarks
from measures.coverage import Coverage, Panel, coverage_of, panel_of
from measures.models import Plan


@dataclass(frozen=True)
class Situation:
    plan: Plan
    years: TwoYears
    coverage: Coverage

    @property
    def analysis(self) -> Analysis:
        return self.years.analysis

    @property
    def panel(self) -> Panel:
        indicators = self.years.framework.ordered_indicators()
        return panel_of(self.coverage, self.analysis, indicators)

    @property
    def holds_up(self) -> list[Finding]:
        """The findings that a submission is refused for."""
        return obstacles(self.plan, self.analysis)

    @property
    def findings(self) -> list[Finding]:
        """All, those that hold it up first; one query where figures are doubted."""
        to_check = len(warnings_of(self.years).open)
        return self.holds_up + remarks(self.plan, self.analysis, self.coverage, to_check)


def situation_of(plan: Plan) -> Situation:
    """Of a plan read with `with_measures()`; seven more queries at most."""
    plan.assessment.agency = plan.agency
    years = years_of(plan.assessment)
    return Situation(plan, years, coverage_of(plan, years.analysis))
