"""How far each weak indicator is answered: by an issue and a measure, or by a reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from assessments.analysis import Analysis


class Grade(TextChoices):
    """Of an indicator; in the order in which an office has to look at them."""

    OPEN = "open", _("Missing: neither an issue nor a reason")
    PARTLY = "partly", _("In part: an issue, but no measure")
    COVERED = "covered", _("Complete: an issue and a measure, or a reason")


@dataclass(frozen=True)
class Coverage:
    """Numbers of indicators, in order. An indicator that is left out with a reason is answered."""

    weak: tuple[int, ...]
    without_issue: tuple[int, ...]
    without_measure: tuple[int, ...]
    left_out: tuple[int, ...]

    @property
    def covered(self) -> tuple[int, ...]:
        """Weak indicators that are left out with a reason, or have an issue and a measure."""
        return tuple(number for number in self.weak if self.grade(number) is Grade.COVERED)

    def grade(self, number: int) -> Grade:
        if number in self.without_issue:
            return Grade.OPEN
        return Grade.PARTLY if number in self.without_measure else Grade.COVERED

    @property
    def groups(self) -> tuple[tuple[Grade, tuple[int, ...]], ...]:
        """The grades that occur; a strong indicator only where its issue waits for a measure."""
        shown = sorted({*self.weak, *self.without_measure})
        found = ((g, tuple(n for n in shown if self.grade(n) is g)) for g in Grade)
        return tuple((grade, numbers) for grade, numbers in found if numbers)


def cover(
    weak: Iterable[int], taken_up: Iterable[int], left_out: Iterable[int], served: Iterable[int]
) -> Coverage:
    """From the numbers of indicators: weak, with an issue, left out, served by a measure."""
    weak, taken_up, served = tuple(sorted(set(weak))), set(taken_up), set(served)
    left_out = tuple(sorted(set(left_out)))
    answered = taken_up.union(left_out)
    return Coverage(
        weak=weak,
        without_issue=tuple(number for number in weak if number not in answered),
        without_measure=tuple(sorted(taken_up - served)),
        left_out=left_out,
    )


def coverage_of(issues, measures, analysis: Analysis) -> Coverage:
    """Of a plan's issues and measures, read with their indicators or `numbered`."""
    return cover(
        analysis.weak_numbers,
        (number for issue in issues if issue.is_taken_up for number in issue.numbers),
        (number for issue in issues if not issue.is_taken_up for number in issue.numbers),
        (number for measure in measures for number in measure.numbers),
    )


@dataclass(frozen=True)
class Panel:
    """What the panel of a page shows.

    `groups` is grade → [(indicator, its row of the analysis, left out)].
    """

    coverage: Coverage
    analysis: Analysis
    groups: tuple


def panel_of(coverage: Coverage, analysis: Analysis, indicators) -> Panel:
    """`indicators` of the framework that the analysis is of."""
    indicators = {indicator.number: indicator for indicator in indicators}
    rows = {row.number: row for row in analysis.rows}
    groups = tuple(
        (grade, [(indicators[n], rows[n], n in coverage.left_out) for n in numbers])
        for grade, numbers in coverage.groups
    )
    return Panel(coverage, analysis, groups)
