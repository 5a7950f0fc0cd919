"""What a year's scores say: change, strengths, weaknesses. All texts in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.numbers import format_score, format_threshold
from assessments.scoring import (
    Change,
    Difference,
    DifferenceKind,
    LevelRule,
    Result,
    Rules,
    change,
    printed,
    score,
)


class Direction(TextChoices):
    RISEN = "risen", gettext_lazy("Risen")
    FALLEN = "fallen", gettext_lazy("Fallen")
    UNCHANGED = "unchanged", gettext_lazy("Unchanged")
    NONE = "none", gettext_lazy("Not compared")

    @classmethod
    def of(cls, difference: Change | None) -> Direction:
        if difference is None:
            return cls.NONE
        if not difference.points:
            return cls.UNCHANGED
        return cls.RISEN if difference.points > 0 else cls.FALLEN


class IndicatorClass(Enum):
    """A partition: each indicator is in exactly one. A score on the threshold has reached it."""

    RISEN_STRONG = (
        "risen-strong",
        gettext_lazy("Risen and at the threshold"),
        gettext_lazy("The score rose from last year and is %(threshold)s or more."),
    )
    UNCHANGED_STRONG = (
        "unchanged-strong",
        gettext_lazy("Unchanged and at the threshold"),
        gettext_lazy("The score is the same as last year and is %(threshold)s or more."),
    )
    NEW_STRONG = (
        "new-strong",
        gettext_lazy("At the threshold, no last year"),
        gettext_lazy(
            "No score of last year can be compared; this year's is %(threshold)s or more."
        ),
    )
    RISEN_WEAK = (
        "risen-weak",
        gettext_lazy("Risen but under the threshold"),
        gettext_lazy("The score rose from last year but is less than %(threshold)s."),
    )
    UNCHANGED_WEAK = (
        "unchanged-weak",
        gettext_lazy("Unchanged and under the threshold"),
        gettext_lazy("The score is the same as last year and is less than %(threshold)s."),
    )
    NEW_WEAK = (
        "new-weak",
        gettext_lazy("Under the threshold, no last year"),
        gettext_lazy(
            "No score of last year can be compared; this year's is less than %(threshold)s."
        ),
    )
    FALLEN = (
        "fallen",
        gettext_lazy("Fallen"),
        gettext_lazy("The score fell from last year, however high it is."),
    )
    MISSING = (
        "missing",
        gettext_lazy("No score yet"),
        gettext_lazy("This year's score has not been entered."),
    )

    def __new__(cls, value, label, rule_text):
        member = object.__new__(cls)
        member._value_ = value
        member.label = label
        member._rule_text = rule_text
        return member

    @property
    def is_strength(self) -> bool:
        return self in _STRENGTHS

    @property
    def is_weakness(self) -> bool:
        return not self.is_strength and self is not IndicatorClass.MISSING

    def rule(self, threshold: Decimal) -> str:
        """The rule as page and report print it."""
        return str(self._rule_text) % {"threshold": format_threshold(threshold)}

    @classmethod
    def of(cls, current: Decimal | None, direction: Direction, threshold: Decimal):
        if current is None:
            return cls.MISSING
        if direction is Direction.FALLEN:
            return cls.FALLEN
        strong, weak = _BY_DIRECTION[direction]
        return strong if current >= threshold else weak


_BY_DIRECTION = {
    Direction.RISEN: (IndicatorClass.RISEN_STRONG, IndicatorClass.RISEN_WEAK),
    Direction.UNCHANGED: (IndicatorClass.UNCHANGED_STRONG, IndicatorClass.UNCHANGED_WEAK),
    Direction.NONE: (IndicatorClass.NEW_STRONG, IndicatorClass.NEW_WEAK),
}
_STRENGTHS = frozenset(strong for strong, _weak in _BY_DIRECTION.values())


@dataclass(frozen=True)
class IndicatorRow:
    number: int
    instrument: str
    current: Decimal | None
    previous: Decimal | None
    change: Change | None
    direction: Direction
    cls: IndicatorClass
    is_highest: bool


@dataclass(frozen=True)
class InstrumentRow:
    """`weight` in per cent; scores as printed."""

    code: str
    weight: Decimal
    current: Decimal | None
    previous: Decimal | None
    change: Change | None
    direction: Direction
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True)
class Group:
    cls: IndicatorClass
    rule: str
    rows: tuple[IndicatorRow, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(row.number for row in self.rows)


@dataclass(frozen=True)
class Analysis:
    """Years and scores as printed; `previous_*` are None without a complete last year."""

    result: Result
    previous_result: Result | None
    threshold: Decimal
    rows: tuple[IndicatorRow, ...]
    instruments: tuple[InstrumentRow, ...]

    @property
    def year(self) -> int:
        return self.result.rules.year

    @property
    def previous_year(self) -> int | None:
        return self.previous_result.rules.year if self.previous_result else None

    @property
    def total(self) -> Decimal | None:
        return self.result.total_printed

    @property
    def previous_total(self) -> Decimal | None:
        return self.previous_result.total_printed if self.previous_result else None

    @property
    def change(self) -> Change | None:
        return change(self.previous_total, self.total)

    @property
    def direction(self) -> Direction:
        return Direction.of(self.change)

    @property
    def level(self) -> LevelRule | None:
        return self.result.level

    @property
    def previous_level(self) -> LevelRule | None:
        return self.previous_result.level if self.previous_result else None

    @property
    def levels_comparable(self) -> bool:
        """A letter of 2565 and a level of 2566 stand on different scales."""
        return self.previous_result is not None and (
            _scale(self.result.rules) == _scale(self.previous_result.rules)
        )

    @property
    def missing(self) -> tuple[int, ...]:
        return self.result.missing

    @property
    def highest_numbers(self) -> tuple[int, ...]:
        return tuple(row.number for row in self.rows if row.is_highest)

    @property
    def strong_numbers(self) -> tuple[int, ...]:
        return tuple(row.number for row in self.rows if row.cls.is_strength)

    @property
    def weak_numbers(self) -> tuple[int, ...]:
        return tuple(row.number for row in self.rows if row.cls.is_weakness)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The classes that occur, strengths first, in one order everywhere."""
        found = ((cls, tuple(r for r in self.rows if r.cls is cls)) for cls in IndicatorClass)
        return tuple(Group(cls, cls.rule(self.threshold), rows) for cls, rows in found if rows)


@dataclass(frozen=True)
class Announced:
    """The announced total of a year while none can be worked out.

    `levels` is the announced level, or all that the total leaves open.
    """

    total: Decimal
    levels: tuple[LevelRule, ...]
    level_is_announced: bool
    change: Change | None

    @property
    def direction(self) -> Direction:
        return Direction.of(self.change)


def analyse(
    rules: Rules,
    current: Mapping[int, Decimal | None],
    previous_rules: Rules | None,
    previous: Mapping[int, Decimal | None] | None,
    threshold: Decimal,
    *,
    predecessors: Mapping[int, int] | None = None,
    instruments: Mapping[str, Decimal] | None = None,
    previous_instruments: Mapping[str, Decimal] | None = None,
) -> Analysis:
    """`previous` by last year's own numbers; `predecessors` maps this year's numbers to them.

    Without `predecessors` the numbers are the same; an indicator missing from it is not compared.
    `instruments` are scores of instruments as announced, where indicators are missing.
    """
    result = score(rules, current, instruments)
    before = dict(previous or {})
    known = previous_instruments or any(value is not None for value in before.values())
    previous_result = (
        score(previous_rules, before, previous_instruments) if previous_rules and known else None
    )
    links = {n: n for n in rules.numbers} if predecessors is None else predecessors
    current_printed = {n: printed(value) for n, value in result.values.items()}
    best = max((value for value in current_printed.values() if value is not None), default=None)

    def indicator_row(number: int, instrument: str) -> IndicatorRow:
        now, then = current_printed[number], printed(before.get(links.get(number)))
        difference = change(then, now)
        direction = Direction.of(difference)
        return IndicatorRow(
            number=number,
            instrument=instrument,
            current=now,
            previous=then,
            change=difference,
            direction=direction,
            cls=IndicatorClass.of(now, direction, threshold),
            is_highest=now is not None and now == best,
        )

    instrument_rows = []
    for rule in rules.instruments:
        now = result.instrument_printed(rule.code)
        then = None
        if previous_result and rule.code in previous_result.instruments:
            then = previous_result.instrument_printed(rule.code)
        difference = change(then, now)
        instrument_rows.append(
            InstrumentRow(
                code=rule.code,
                weight=rule.weight,
                current=now,
                previous=then,
                change=difference,
                direction=Direction.of(difference),
                rows=tuple(indicator_row(n, rule.code) for n in sorted(rule.indicators)),
            )
        )
    rows = sorted((row for i in instrument_rows for row in i.rows), key=lambda row: row.number)
    return Analysis(result, previous_result, threshold, tuple(rows), tuple(instrument_rows))


def missing_sentence(analysis: Analysis) -> str:
    text = _(
        "All %(count)s indicators need a score before strengths and weaknesses are all known "
        "(missing: indicator %(numbers)s)"
    )
    return text % {
        "count": len(analysis.rows),
        "numbers": ", ".join(map(str, analysis.missing)),
    }


def difference_sentence(difference: Difference | None) -> str:
    """Empty when the announced total is the computed one or is not known."""
    if difference is None or difference.kind is DifferenceKind.EQUAL:
        return ""
    if difference.kind is DifferenceKind.ROUNDING:
        text = _(
            "The computed total %(computed)s differs from the announced %(published)s "
            "by %(amount)s. Rounding may be the cause; both are shown."
        )
    else:
        text = _(
            "The computed total %(computed)s differs from the announced %(published)s "
            "by %(amount)s. That is more than rounding: check the scores entered; both are shown."
        )
    return text % {
        "computed": format_score(difference.computed),
        "published": format_score(difference.published),
        "amount": format_score(abs(difference.amount)),
    }


def _scale(rules: Rules) -> set[str]:
    return {level.code for level in rules.levels}
