"""A year's plan beside the result it is based on, read in a fixed number of queries."""

from dataclasses import dataclass
from functools import cached_property

from accounts.permissions import Permission, State, allowed
from assessments.models import Indicator
from assessments.results import TwoYears, two_years
from measures.carrying import with_unfinished
from measures.coverage import Coverage, Panel, coverage_of, panel_of
from measures.models import Plan
from measures.report.frozen import frozen_analysis


@dataclass(frozen=True)
class PlanYear:
    """What a page of the plan's year (BE) stands on; `plan` is None until somebody begins it."""

    user: object
    agency: object
    year: int
    results: TwoYears
    plan: Plan | None
    texts: str = ""

    @property
    def has_framework(self) -> bool:
        return self.results.framework is not None

    @cached_property
    def indicators(self) -> dict[int, Indicator]:
        return {i.number: i for i in self.results.framework.ordered_indicators()}

    @cached_property
    def analysis(self):
        """Frozen once the plan is submitted."""
        return self.plan and frozen_analysis(self.plan) or self.results.analysis

    @cached_property
    def coverage(self) -> Coverage:
        return coverage_of(self._rows("issues"), self._rows("measures"), self.analysis)

    def _rows(self, name):
        rows = getattr(self.plan, name)
        return rows.all() if name == self.texts else rows.numbered()

    @property
    def panel(self) -> Panel:
        return panel_of(self.coverage, self.analysis, self.indicators.values())

    def may(self, permission: Permission) -> bool:
        state = self.plan.state if self.plan else State.DRAFT
        closed = self.plan.closed if self.plan else ""
        return allowed(self.user, permission, self.agency, state, closed)


def plan_year(user, agency, year, *, texts="") -> PlanYear:
    """Seven queries; two more with the `texts` of all "issues" or "measures" and their indicators,
    and one for the coverage.
    """
    plans = Plan.objects.visible_to(user).for_year(year).filter(agency=agency)
    plans = plans.select_related("submitted_by", "reviewed_by")
    if texts == "measures":
        plans = with_unfinished(plans)
    if texts:
        plans = plans.with_basis().prefetch_related(f"{texts}__indicators")
    results, plan = two_years(agency, year - 1), plans.first()
    if plan is not None:
        plan.agency = agency
        if results.current is not None and results.current.pk == plan.assessment_id:
            plan.assessment = results.current
    return PlanYear(user, agency, year, results, plan, texts)
