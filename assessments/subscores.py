"""What the marks of OIT items and the averages of questions come to, indicator by indicator."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from assessments.scoring import mean


def derived_values(assessment) -> dict[int, Fraction]:
    """Number → points of the indicators whose items or questions are all marked.

    Reads `assessment.subscores` and the framework's structure; prefetch them.
    """
    return {}


def indicator_of_items(subindicators: Sequence[Sequence[Decimal | None]]) -> Fraction | None:
    """The mean of the means of the sub-indicators; None while a mark is missing.

    Derived from published results of 2563 and 2564 (domain.md, section 4).
    """
    return mean([mean(marks) for marks in subindicators])
