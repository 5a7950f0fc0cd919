"""What the marks of OIT items and the averages of questions come to, indicator by indicator."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments.scoring import mean


@dataclass(frozen=True)
class Group:
    """The items of a sub-indicator, or the questions of an indicator, with their points.

    `rows` are pairs of item or question and points, None where nobody has marked it.
    """

    of: object
    rows: tuple[tuple[object, Decimal | None], ...]

    @property
    def points(self) -> list[Decimal | None]:
        return [points for _row, points in self.rows]

    @property
    def marked(self) -> int:
        return sum(points is not None for points in self.points)

    @property
    def mean(self) -> Fraction | None:
        return mean(self.points) if self.rows else None


@dataclass(frozen=True)
class Finer:
    """An indicator by its finer marks; `groups` is empty where the year knows none."""

    indicator: object
    groups: tuple[Group, ...]
    value: Fraction | None

    @property
    def marked(self) -> int:
        return sum(group.marked for group in self.groups)

    @property
    def count(self) -> int:
        return sum(len(group.rows) for group in self.groups)


def derived_values(assessment) -> dict[int, Fraction]:
    """Number → points of the indicators whose items or questions are all marked.

    Reads `assessment.subscores` and the framework's structure; prefetch them.
    """
    marks = {(one.item_id, one.question_id): one.value for one in assessment.subscores.all()}
    indicators = assessment.framework.ordered_indicators()
    found = [*by_items(indicators, marks), *by_questions(indicators, marks)]
    return {one.indicator.number: one.value for one in found if one.value is not None}


def by_items(indicators: Iterable, marks: Mapping) -> list[Finer]:
    """The indicators that have OIT items; `marks` by (item's pk, question's pk)."""
    found = []
    for indicator in indicators:
        groups = tuple(
            Group(part, tuple((item, marks.get((item.pk, None))) for item in part.items.all()))
            for part in indicator.subindicators.all()
        )
        if any(group.rows for group in groups):
            value = indicator_of_items([group.points for group in groups])
            found.append(Finer(indicator, groups, value))
    return found


def by_questions(indicators: Iterable, marks: Mapping) -> list[Finer]:
    """The indicators that have questions, each the plain mean of them (not verified)."""
    found = []
    for indicator in indicators:
        rows = tuple((one, marks.get((None, one.pk))) for one in indicator.questions.all())
        if rows:
            group = Group(indicator, rows)
            found.append(Finer(indicator, (group,), group.mean))
    return found


def indicator_of_items(subindicators: Sequence[Sequence[Decimal | None]]) -> Fraction | None:
    """The mean of the means of the sub-indicators with items; None while a mark is missing.

    Derived from published results of 2563 and 2564 (domain.md, section 4).
    """
    means = [mean(marks) for marks in subindicators if marks]
    return mean(means) if means else None
