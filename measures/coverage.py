"""Whether every weak indicator has an answer, and every issue a measure."""

from dataclasses import dataclass

from assessments.analysis import Analysis


@dataclass(frozen=True)
class Coverage:
    """Indicator numbers: those weak, those of them without an issue or a reason for none,

    and those whose issue no measure serves.
    """

    weak: tuple[int, ...]
    without_issue: tuple[int, ...]
    without_measure: tuple[int, ...]

    @property
    def answered(self) -> int:
        return len(self.weak) - len(self.without_issue)


def coverage_of(plan, analysis: Analysis) -> Coverage:
    """Of a plan read with `with_texts()`, without a query."""
    issues = plan.issues.all()
    answered = {issue.indicator.number for issue in issues}
    taken_up = {i.indicator.number for i in issues if i.kind != type(i).Kind.LEFT_OUT}
    served = {i.number for measure in plan.measures.all() for i in measure.indicators.all()}
    return Coverage(
        weak=analysis.weak_numbers,
        without_issue=tuple(n for n in analysis.weak_numbers if n not in answered),
        without_measure=tuple(sorted(taken_up - served)),
    )
