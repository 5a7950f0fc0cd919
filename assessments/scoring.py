"""From indicator scores to instrument scores, the total and the level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

#: What recomputing from published two-place scores may differ by.
ROUNDING_TOLERANCE = Decimal("0.01")


@dataclass(frozen=True)
class InstrumentRule:
    """`weight` is in per cent of the total."""

    code: str
    weight: Decimal
    indicators: tuple[int, ...]


@dataclass(frozen=True)
class LevelRule:
    """`min_instrument` is what every single instrument must reach too, where a year asks for it."""

    code: str
    name: str
    min_total: Decimal
    min_instrument: Decimal | None
    passes: bool


@dataclass(frozen=True)
class Rules:
    """One fiscal year's way to score (`year` in Buddhist Era); `levels` from the highest down."""

    year: int
    instruments: tuple[InstrumentRule, ...]
    levels: tuple[LevelRule, ...]
    pass_mark: Decimal

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(sorted(n for rule in self.instruments for n in rule.indicators))


@dataclass(frozen=True)
class Result:
    """Exact figures; the `..._printed` ones are what a reader sees and what decides the level.

    `missing` are the indicators without a score, `announced` the instruments whose score was
    entered as announced because of that; the total may be known all the same.
    """

    rules: Rules
    values: Mapping[int, Decimal | Fraction | None]
    instruments: Mapping[str, Fraction | None]
    total: Fraction | None
    level: LevelRule | None
    missing: tuple[int, ...]
    announced: frozenset[str] = frozenset()

    @property
    def total_printed(self) -> Decimal | None:
        return printed(self.total)

    def instrument_printed(self, code: str) -> Decimal | None:
        return printed(self.instruments[code])

    def levels_open(self, total: Decimal) -> tuple[LevelRule, ...]:
        """The levels that an announced total leaves open beside the instruments known here."""
        known = {
            code: round2(value) for code, value in self.instruments.items() if value is not None
        }
        return possible_levels(self.rules, total, known)

    @property
    def passes(self) -> bool:
        return self.level is not None and self.level.passes


@dataclass(frozen=True)
class Change:
    """`points` between two printed scores; `percent` of the earlier one, None when that is 0."""

    points: Decimal
    percent: Decimal | None


class DifferenceKind(Enum):
    EQUAL = "equal"
    ROUNDING = "rounding"
    LARGER = "larger"


@dataclass(frozen=True)
class Difference:
    """`amount` is published less computed."""

    kind: DifferenceKind
    computed: Decimal
    published: Decimal
    amount: Decimal


def round2(exact: Decimal | Fraction | int) -> Decimal:
    """Two places, exact ties away from zero. The only rounding there is."""
    fraction = Fraction(exact)
    hundredths = int(abs(fraction) * 100 + Fraction(1, 2))
    return Decimal(hundredths if fraction >= 0 else -hundredths).scaleb(-2)


def printed(exact: Decimal | Fraction | None) -> Decimal | None:
    """As a reader sees it: two places, None where there is no figure."""
    return None if exact is None else round2(exact)


def score(
    rules: Rules,
    values: Mapping[int, Decimal | Fraction | None],
    instruments: Mapping[str, Decimal | Fraction] | None = None,
) -> Result:
    """A mean needs all of its indicators, the total every instrument: a gap is never a zero.

    `instruments` are scores as announced, for instruments of which an indicator is missing.
    """
    own = {number: values.get(number) for number in rules.numbers}
    missing = tuple(number for number, value in own.items() if value is None)
    means = {rule.code: mean([own[n] for n in rule.indicators]) for rule in rules.instruments}
    announced = {
        code: Fraction(value)
        for code, value in (instruments or {}).items()
        if means.get(code, 0) is None
    }
    means |= announced
    total = None
    if None not in means.values():
        total = sum(
            (Fraction(rule.weight) / 100 * means[rule.code] for rule in rules.instruments),
            Fraction(0),
        )
    level = level_of(rules, means, total)
    return Result(rules, own, means, total, level, missing, frozenset(announced))


def change(before: Decimal | None, after: Decimal | None) -> Change | None:
    """From two printed scores, so that a reader can check it; None when one is not there."""
    if before is None or after is None:
        return None
    points = after - before
    percent = round2(Fraction(points) / Fraction(before) * 100) if before else None
    return Change(points, percent)


def explain_difference(computed: Decimal | None, published: Decimal | None) -> Difference | None:
    if computed is None or published is None:
        return None
    amount = published - computed
    if not amount:
        kind = DifferenceKind.EQUAL
    elif abs(amount) <= ROUNDING_TOLERANCE:
        kind = DifferenceKind.ROUNDING
    else:
        kind = DifferenceKind.LARGER
    return Difference(kind, computed, published, amount)


def mean(values: Sequence[Decimal | Fraction | None]) -> Fraction | None:
    """Exact; None while one is missing."""
    if any(value is None for value in values):
        return None
    return sum(map(Fraction, values), Fraction(0)) / len(values)


def level_of(
    rules: Rules, means: Mapping[str, Fraction | None], total: Fraction | None
) -> LevelRule | None:
    """The highest level whose conditions the printed figures meet."""
    if total is None:
        return None
    printed_total = round2(total)
    weakest = min(round2(one) for one in means.values() if one is not None)
    for level in rules.levels:
        if printed_total >= level.min_total and (
            level.min_instrument is None or weakest >= level.min_instrument
        ):
            return level
    return None


def possible_levels(
    rules: Rules, total: Decimal, instruments: Mapping[str, Decimal] | None = None
) -> tuple[LevelRule, ...]:
    """The levels that an announced total leaves open, the best first.

    Where a level asks something of each instrument, a total alone does not decide it;
    `instruments` are the scores known. Empty where no scores come to this total.
    """
    known = {code: Fraction(value) for code, value in (instruments or {}).items()}
    weights = {rule.code: Fraction(rule.weight) / 100 for rule in rules.instruments}
    left = Fraction(total) - sum((weights[code] * value for code, value in known.items()), 0)
    unknown = {code: weight for code, weight in weights.items() if code not in known}
    room, slack = sum(unknown.values()), Fraction(ROUNDING_TOLERANCE) / 2
    if not -slack <= left <= 100 * room + slack:
        return ()
    # The weakest instrument is at its best when the unknown ones are equal, and at its worst when
    # all of them but one have full points.
    best = [*known.values(), *([(left + slack) / room] if room else [])]
    worst = [*known.values()]
    worst += [(left - slack - 100 * (room - weight)) / weight for weight in unknown.values()]
    highest, lowest = round2(min(best)), round2(min(worst))
    found = []
    for level in rules.levels:
        if total < level.min_total or (level.min_instrument or 0) > highest:
            continue
        found.append(level)
        if level.min_instrument is None or lowest >= level.min_instrument:
            break
    return tuple(found)
