"""Which weak indicators are answered by an issue, and which issues by a measure."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.analysis import Analysis


@dataclass(frozen=True)
class Coverage:
    """Numbers of indicators, in order. An indicator that is left out with a reason is answered."""

    weak: tuple[int, ...]
    without_issue: tuple[int, ...]
    without_measure: tuple[int, ...]

    @property
    def covered(self) -> tuple[int, ...]:
        """Weak indicators that are left out with a reason, or have an issue and a measure."""
        open_numbers = {*self.without_issue, *self.without_measure}
        return tuple(number for number in self.weak if number not in open_numbers)


def cover(
    weak: Iterable[int], taken_up: Iterable[int], left_out: Iterable[int], served: Iterable[int]
) -> Coverage:
    """From the numbers of indicators: weak, with an issue, left out, served by a measure."""
    weak, taken_up, served = tuple(sorted(set(weak))), set(taken_up), set(served)
    answered = taken_up | set(left_out)
    return Coverage(
        weak=weak,
        without_issue=tuple(number for number in weak if number not in answered),
        without_measure=tuple(sorted(taken_up - served)),
    )


def coverage_of(plan, analysis: Analysis) -> Coverage:
    """Reads `plan.issues` and `plan.measures` with their indicators; prefetch them."""
    issues = plan.issues.all()
    return cover(
        analysis.weak_numbers,
        (issue.indicator.number for issue in issues if issue.is_taken_up),
        (issue.indicator.number for issue in issues if not issue.is_taken_up),
        (i.number for measure in plan.measures.all() for i in measure.indicators.all()),
    )
