"""What is missing to a better level, and what moves the total. All texts in the active language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from assessments.findings import space_before
from assessments.numbers import format_score, format_threshold
from assessments.scoring import LevelRule, Result, Rules, round2


@dataclass(frozen=True)
class Gap:
    """`code` is an instrument's, empty for the total; figures as printed."""

    code: str
    value: Decimal
    wanted: Decimal

    @property
    def missing(self) -> Decimal:
        return self.wanted - self.value

    @property
    def arithmetic(self) -> str:
        """85.00 − 58.24 = 26.76, so that a reader can check it."""
        figures = map(format_score, (self.wanted, self.value, self.missing))
        return "{} − {} = {}".format(*figures)


@dataclass(frozen=True)
class Step:
    """What separates a result from a better level: never empty, the total first."""

    level: LevelRule
    gaps: tuple[Gap, ...]
    is_pass_mark: bool

    @property
    def sentence(self) -> str:
        name = self.level.name
        facts = {"level": name, "mark": format_threshold(self.level.min_total)}
        total = next((gap for gap in self.gaps if not gap.code), None)
        if total is None:
            text = _("The total is enough for the level %(level)s, but not every instrument is.")
        elif self.is_pass_mark:
            text = _("%(missing)s more points of the total reach %(mark)s, the pass mark.")
        else:
            text = _(
                "%(missing)s more points of the total reach %(mark)s, as the level %(level)s asks."
            )
        sentence = text % (facts | {"missing": format_score(total.missing) if total else ""})
        if not space_before(name):
            sentence = sentence.replace(f" {name} ", name).replace(f" {name}", name)
        return sentence


@dataclass(frozen=True)
class Lever:
    """An indicator: `worth` of one of its points, and `gain` at 100, in points of the total.

    `room` is in its own points. All exact.
    """

    number: int
    instrument: str
    value: Decimal | Fraction
    worth: Fraction

    @property
    def room(self) -> Fraction:
        return 100 - Fraction(self.value)

    @property
    def gain(self) -> Fraction:
        return self.worth * self.room


@dataclass(frozen=True)
class ItemWorth:
    """`points` of the total that each of the items of a sub-indicator is worth."""

    code: str
    name: str
    numbers: tuple[int, ...]
    points: Fraction

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(f"O{number}" for number in self.numbers)

    @property
    def span(self) -> str:
        """O1–O9, or all of them where one between is not there."""
        first, last = min(self.numbers), max(self.numbers)
        if last - first + 1 == len(self.numbers) > 2:
            return f"O{first}–O{last}"
        return ", ".join(self.codes)


def next_steps(result: Result) -> tuple[Step, ...]:
    """To the next better level, and to the pass mark where that is another one."""
    if result.total is None:
        return ()
    levels = result.rules.levels
    better = levels[: levels.index(result.level)] if result.level else levels
    if not better:
        return ()
    passing = [level for level in better if level.passes]
    wanted = [better[-1]]
    if not result.passes and passing and passing[-1] not in wanted:
        wanted.append(passing[-1])
    return tuple(_step(result, level) for level in wanted)


def _step(result, level):
    gaps = []
    if result.total_printed < level.min_total:
        gaps.append(Gap("", result.total_printed, level.min_total))
    if level.min_instrument is not None:
        gaps += [
            Gap(code, result.instrument_printed(code), level.min_instrument)
            for code in result.instruments
            if result.instrument_printed(code) < level.min_instrument
        ]
    return Step(level, tuple(gaps), level.passes and not result.passes)


def levers(result: Result) -> tuple[Lever, ...]:
    """The indicators that have a score, the one that moves the total most first.

    None of an instrument that counts as announced: there an indicator moves nothing.
    """
    found = [
        Lever(number, rule.code, result.values[number], worth_of_a_point(rule))
        for rule in result.rules.instruments
        if rule.code not in result.announced
        for number in rule.indicators
        if result.values[number] is not None
    ]
    return tuple(sorted(found, key=lambda lever: (-lever.gain, lever.number)))


def strongest(found: Iterable[Lever]) -> tuple[Lever, ...]:
    """Those that can add most; more than one where they add the same as printed."""
    found = tuple(found)
    most = max((round2(lever.gain) for lever in found), default=Decimal(0))
    return tuple(lever for lever in found if most and round2(lever.gain) == most)


def worth_of_a_point(rule) -> Fraction:
    """In points of the total, for an indicator of this instrument."""
    return Fraction(rule.weight) / 100 / len(rule.indicators)


def lever_sentences(result: Result) -> list[str]:
    """Which indicators move the total most, and what their instruments weigh."""
    best = strongest(levers(result))
    if not best:
        return []
    sentences = [
        _("Indicator %(numbers)s can add most to the total: %(gain)s points at 100.")
        % {
            "numbers": listed(lever.number for lever in best),
            "gain": format_score(round2(best[0].gain)),
        }
    ]
    for rule in result.rules.instruments:
        if rule.code in {lever.instrument for lever in best}:
            sentences.append(
                _("Indicators %(numbers)s together weigh %(weight)s.")
                % {"numbers": listed(rule.indicators), "weight": format_threshold(rule.weight)}
            )
    return sentences


def item_worths(
    rules: Rules, structure: Iterable[tuple[int, Iterable[tuple[str, str, tuple[int, ...]]]]]
) -> tuple[ItemWorth, ...]:
    """`structure`: indicator number and its sub-indicators as (code, name, item numbers).

    Means of means, as published results of 2563 and 2564 show (domain.md, section 4).
    """
    worth = {
        number: 100 * worth_of_a_point(rule)
        for rule in rules.instruments
        for number in rule.indicators
    }
    found = []
    for number, subindicators in structure:
        filled = [one for one in subindicators if one[2]]
        found += [
            ItemWorth(code, name, numbers, worth[number] / len(filled) / len(numbers))
            for code, name, numbers in filled
        ]
    return tuple(found)


def listed(numbers):
    *others, last = map(str, sorted(numbers))
    if not others:
        return last
    return _("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}
