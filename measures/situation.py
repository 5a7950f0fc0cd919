"""Where a plan stands: its analysis, coverage and findings, worked out once a page."""

from dataclasses import dataclass

from assessments.analysis import Analysis
from assessments.results import years_of
from assessments.warnings import warnings_of
from measures.checks import Finding, Severity, findings
from measures.coverage import Coverage, coverage_of
from measures.models import Plan


@dataclass(frozen=True)
class Situation:
    plan: Plan
    analysis: Analysis
    coverage: Coverage
    findings: tuple[Finding, ...]

    @property
    def holds_up(self):
        """The findings that a submission is refused for."""
        return [finding for finding in self.findings if finding.severity == Severity.MUST]


def situation_of(plan: Plan) -> Situation:
    """Of a plan read with `with_measures()`; eight more queries at most."""
    plan.assessment.agency = plan.agency
    years = years_of(plan.assessment)
    analysis, warnings = years.analysis, warnings_of(years)
    coverage = coverage_of(plan, analysis)
    found = findings(plan, analysis, coverage, len(warnings.open))
    return Situation(plan, analysis, coverage, tuple(found))
