"""How an issue begins that is made for a weak indicator."""

from decimal import Decimal

from assessments.analysis import Direction
from assessments.numbers import format_score, format_threshold
from measures.models import Issue

#: Points under the agency's threshold. Agencies set apart as points to fix what is far from
#: it, not what has merely fallen: a score of 74.84 is developed, one of 29.24 is fixed.
FAR_BELOW = Decimal(20)
#: The texts are of the document, which is Thai in either language of the interface.
_SHOULD = {Issue.Kind.FIX: "ควรปรับปรุงแก้ไข", Issue.Kind.DEVELOP: "ควรพัฒนา"}


def first_kind(row, threshold):
    """Of an indicator's row of the analysis."""
    return Issue.Kind.FIX if threshold - row.current >= FAR_BELOW else Issue.Kind.DEVELOP


def first_points(indicator, row, threshold):
    """What is weak about it, by its row of the analysis, then its sub-indicators where it has any.

    The description stands in a column of its own beside this text.
    """
    should = _SHOULD[first_kind(row, threshold)]
    score = f"ซึ่งได้ {format_score(row.current)} คะแนน {_standing(row, threshold)}"
    parts = (f"- {sub.name_th}" for sub in indicator.subindicators.all())
    return "\n".join([f"{should}เรื่อง{indicator.name_th} {score}", *parts])


def _standing(row, threshold):
    mark = f"เกณฑ์จุดแข็ง ({format_threshold(threshold)} คะแนน)"
    moved = f"{format_score(abs(row.change.points))} คะแนนจากปีก่อน" if row.change else ""
    match row.direction:
        case Direction.FALLEN if row.current >= threshold:
            return f"ยังถึง{mark} แต่ลดลง {moved}"
        case Direction.FALLEN:
            return f"ต่ำกว่า{mark} และลดลง {moved}"
        case Direction.RISEN:
            return f"แม้เพิ่มขึ้น {moved} แต่ยังต่ำกว่า{mark}"
        case Direction.UNCHANGED:
            return f"เท่ากับปีก่อน และต่ำกว่า{mark}"
    return f"ต่ำกว่า{mark}"
