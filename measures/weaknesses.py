"""How an issue begins that is made for a weak indicator."""

from decimal import Decimal

from measures.models import Issue

#: Points under the agency's threshold. Agencies set apart as points to fix what is far from
#: it, not what has merely fallen: a score of 74.84 is developed, one of 29.24 is fixed.
FAR_BELOW = Decimal(20)


def first_kind(row, threshold):
    """Of an indicator's row of the analysis."""
    return Issue.Kind.FIX if threshold - row.current >= FAR_BELOW else Issue.Kind.DEVELOP


def first_points(indicator):
    """What the rules of the year say that it assesses, with its sub-indicators where it has any."""
    lines = [indicator.description_th or indicator.name_th]
    return "\n".join([*lines, *(f"- {sub.name_th}" for sub in indicator.subindicators.all())])
