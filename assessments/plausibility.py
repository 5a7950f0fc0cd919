"""Figures that look as if they were mistyped. Warnings, never errors: each may be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import combinations

from django.utils.translation import gettext as _

from assessments.analysis import Analysis, Direction, IndicatorRow, difference_sentence
from assessments.cells import cell_name
from assessments.numbers import format_score
from assessments.scoring import (
    ROUNDING_TOLERANCE,
    DifferenceKind,
    LevelRule,
    explain_difference,
    mean,
    round2,
)

#: Points against last year from which on a score is doubted, up or down.
JUMP = Decimal(20)
#: Two scores look swapped when each is this far from its own last year …
FAR = Decimal(10)
#: … and this near to the other's.
NEAR = Decimal(3)
#: Fewer scores may well be the same as last year's by chance.
FEWEST_SAME = 5


class Code(Enum):
    SWAPPED = "swapped"
    JUMP = "jump"
    ZERO = "zero"
    ALL_EQUAL = "all_equal"
    SAME_AS_LAST_YEAR = "same_as_last_year"
    PARTS_DIFFER = "parts_differ"
    TOTAL_DIFFERS = "total_differs"
    LEVEL_DIFFERS = "level_differs"


@dataclass(frozen=True)
class ScoreWarning:
    """`keys` name the cells; `figures` is all it is about, so that any other figure warns anew."""

    code: Code
    keys: tuple[str, ...]
    figures: str
    text: str

    @property
    def cell(self) -> str:
        """The key of the cell to begin with, if any; a whole is hidden behind its parts."""
        behind = self.code is Code.PARTS_DIFFER and len(self.keys) > 1
        return self.keys[behind] if self.keys else ""


def findings(
    analysis: Analysis,
    entered: Mapping[str, Decimal | None],
    *,
    instruments: Mapping[str, Decimal | Fraction] | None = None,
    published_total: Decimal | None = None,
    published_level: LevelRule | None = None,
) -> tuple[ScoreWarning, ...]:
    """`entered` maps a cell's key (i9, i6_1, eit) to its points, `instruments` a code to those

    announced. All texts in the active language.
    """
    swapped = _swapped_pairs(analysis.rows)
    explained = {row.number for pair in swapped for row in pair}
    return (
        *(_swap(*pair) for pair in swapped),
        *(_jump(row) for row in analysis.rows if _jumps(row) and row.number not in explained),
        *(_zero(key) for key, value in entered.items() if value == 0),
        *_all_equal(analysis.rows),
        *_same_as_last_year(analysis),
        *_parts_that_differ(entered),
        *_instruments_that_differ(analysis, instruments or {}),
        *_total_differs(analysis, published_total),
        *_level_differs(analysis, published_level),
    )


def _jumps(row: IndicatorRow) -> bool:
    return row.change is not None and abs(row.change.points) >= JUMP


def _jump(row):
    if row.direction is Direction.RISEN:
        text = _(
            "Indicator %(number)s rose by %(points)s points from last year (%(before)s → %(now)s)."
        )
    else:
        text = _(
            "Indicator %(number)s fell by %(points)s points from last year (%(before)s → %(now)s)."
        )
    facts = {
        "number": row.number,
        "points": format_score(abs(row.change.points)),
        "before": format_score(row.previous),
        "now": format_score(row.current),
    }
    return ScoreWarning(Code.JUMP, (_key(row),), _both_years(row), text % facts)


def _swapped_pairs(rows: Iterable[IndicatorRow]) -> list[tuple[IndicatorRow, IndicatorRow]]:
    """The likeliest pairs; an indicator is in one at most."""
    far = [row for row in rows if row.change is not None and abs(row.change.points) >= FAR]
    likely = [
        (abs(one.current - other.previous) + abs(other.current - one.previous), one, other)
        for one, other in combinations(far, 2)
        if abs(one.current - other.previous) <= NEAR and abs(other.current - one.previous) <= NEAR
    ]
    pairs, taken = [], set()
    for _distance, one, other in sorted(likely, key=lambda found: found[0]):
        if not {one.number, other.number} & taken:
            taken |= {one.number, other.number}
            pairs.append((one, other))
    return pairs


def _swap(one, other):
    text = _(
        "The scores of indicators %(one)s and %(other)s may be swapped "
        "(last year %(one_before)s and %(other_before)s, this year %(one_now)s and %(other_now)s)."
    ) % {
        "one": one.number,
        "other": other.number,
        "one_before": format_score(one.previous),
        "other_before": format_score(other.previous),
        "one_now": format_score(one.current),
        "other_now": format_score(other.current),
    }
    figures = f"{_both_years(one)} {_both_years(other)}"
    return ScoreWarning(Code.SWAPPED, (_key(one), _key(other)), figures, text)


def _zero(key):
    text = _("%(score)s is 0. Is that right? Leave it empty where there is no result.")
    return ScoreWarning(Code.ZERO, (key,), key, text % {"score": cell_name(key)})


def _all_equal(rows) -> Iterator[ScoreWarning]:
    scores = {row.current for row in rows}
    if len(rows) > 1 and len(scores) == 1 and None not in scores:
        score = format_score(scores.pop())
        text = _("All %(count)s indicators have the same score, %(score)s.")
        yield ScoreWarning(
            Code.ALL_EQUAL,
            tuple(map(_key, rows)),
            score,
            text % {"count": len(rows), "score": score},
        )


def _same_as_last_year(analysis) -> Iterator[ScoreWarning]:
    rows = [row for row in analysis.rows if row.current is not None]
    if len(rows) >= FEWEST_SAME and all(row.current == row.previous for row in rows):
        text = _(
            "All %(count)s scores are the same as those of %(year)s. Check that they were not "
            "copied from the year before."
        )
        yield ScoreWarning(
            Code.SAME_AS_LAST_YEAR,
            tuple(map(_key, rows)),
            " ".join(f"{_key(row)} {format_score(row.current)}" for row in rows),
            text % {"count": len(rows), "year": analysis.previous_year},
        )


def _parts_that_differ(entered) -> Iterator[ScoreWarning]:
    text = _(
        "%(score)s was entered as %(whole)s, but the mean of its two parts is %(mean)s. "
        "The mean counts."
    )
    for key, whole in entered.items():
        parts = [entered.get(f"{key}_1"), entered.get(f"{key}_2")]
        if whole is None or None in parts:
            continue
        worked_out = round2(mean(parts))
        if abs(worked_out - whole) > ROUNDING_TOLERANCE:
            facts = {
                "score": cell_name(key),
                "whole": format_score(whole),
                "mean": format_score(worked_out),
            }
            figures = " ".join((key, *map(format_score, (whole, *parts))))
            keys = (key, f"{key}_1", f"{key}_2")
            yield ScoreWarning(Code.PARTS_DIFFER, keys, figures, text % facts)


def _instruments_that_differ(analysis, instruments) -> Iterator[ScoreWarning]:
    text = _(
        "%(code)s was announced as %(announced)s, but the mean of its indicators is %(mean)s. "
        "The mean counts."
    )
    for row in analysis.instruments:
        if row.code not in instruments or row.code in analysis.result.announced:
            continue
        announced = round2(instruments[row.code])
        if abs(row.current - announced) > ROUNDING_TOLERANCE:
            facts = {
                "code": row.code,
                "announced": format_score(announced),
                "mean": format_score(row.current),
            }
            key = row.code.casefold()
            figures = f"{key} {announced} {row.current}"
            yield ScoreWarning(Code.PARTS_DIFFER, (key,), figures, text % facts)


def _total_differs(analysis, published) -> Iterator[ScoreWarning]:
    difference = explain_difference(analysis.total, published)
    if difference is not None and difference.kind is DifferenceKind.LARGER:
        figures = f"{difference.computed} {difference.published}"
        yield ScoreWarning(Code.TOTAL_DIFFERS, (), figures, difference_sentence(difference))


def _level_differs(analysis, published) -> Iterator[ScoreWarning]:
    level = analysis.level
    if published is not None and level is not None and published.code != level.code:
        text = _(
            "The announced level is %(announced)s, but the scores entered give %(computed)s. "
            "Check the level and the scores."
        )
        yield ScoreWarning(
            Code.LEVEL_DIFFERS,
            (),
            f"{level.code} {published.code}",
            text % {"announced": published.name, "computed": level.name},
        )


def _key(row):
    return f"i{row.number}"


def _both_years(row):
    return f"{_key(row)} {format_score(row.previous)} {format_score(row.current)}"
