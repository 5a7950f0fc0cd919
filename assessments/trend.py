"""The results of all years side by side. A line never runs over a gap or a change of the scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.scoring import Change, Result, change, printed


@dataclass(frozen=True)
class Year:
    """One year (BE): `links` maps the numbers of its indicators to those of the year before.

    `result` is None where nothing was entered; `announced` is the published total.
    """

    year: int
    names: Mapping[int, str]
    links: Mapping[int, int]
    scale: frozenset[str]
    result: Result | None = None
    announced: Decimal | None = None
    announced_level: str = ""

    @property
    def has_figures(self) -> bool:
        entered = self.result and any(value is not None for value in self.result.values.values())
        return bool(
            entered or self.announced is not None or (self.result and self.result.announced)
        )


@dataclass(frozen=True)
class TotalPoint:
    """`levels` has more than one name where the announced total alone leaves several open."""

    year: int
    total: Decimal | None
    is_announced: bool
    levels: tuple[str, ...]
    change: Change | None
    new_scale: bool


@dataclass(frozen=True)
class Cell:
    """An indicator's score in a year, by its number there; `change` from the year before."""

    number: int | None
    value: Decimal | None
    change: Change | None


@dataclass(frozen=True)
class Series:
    """One indicator through the years that link it, under its newest number and name."""

    number: int
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class InstrumentSeries:
    code: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Trend:
    """`years` without a gap between the first and the last that is held."""

    years: tuple[int, ...]
    totals: tuple[TotalPoint, ...]
    instruments: tuple[InstrumentSeries, ...]
    series: tuple[Series, ...]


def trend(years: Sequence[Year]) -> Trend:
    """From the earliest year to the latest, one after the other."""
    totals = tuple(_total(one, before) for one, before in _with_earlier(years))
    codes = dict.fromkeys(code for one in years if one.result for code in one.result.instruments)
    instruments = tuple(
        InstrumentSeries(code, tuple(_instrument(one, code) for one in years)) for code in codes
    )
    numbers = tuple(one.year for one in years)
    return Trend(numbers, totals, instruments, tuple(_series(years)))


def runs(points: Iterable[tuple[Decimal | None, bool]]) -> list[list[tuple[int, Decimal]]]:
    """The stretches that may be drawn as one line: (position, value); `True` begins a new one."""
    found, before = [], None
    for position, (value, breaks) in enumerate(points):
        if value is None:
            before = None
            continue
        if before is None or breaks:
            before = []
            found.append(before)
        before.append((position, value))
    return found


def _with_earlier(years):
    return zip(years, [None, *years[:-1]], strict=True)


def _total(one, before):
    total, is_announced = _printed_total(one)
    earlier = _printed_total(before)[0] if before else None
    return TotalPoint(
        year=one.year,
        total=total,
        is_announced=is_announced,
        levels=_levels(one, total, is_announced),
        change=change(earlier, total),
        new_scale=before is not None and before.scale != one.scale,
    )


def _printed_total(one):
    computed = one.result.total_printed if one.result else None
    return (one.announced, True) if computed is None else (computed, False)


def _levels(one, total, is_announced):
    if not is_announced:
        return (one.result.level.name,) if one.result.level else ()
    if one.announced_level:
        return (one.announced_level,)
    if total is None or one.result is None:
        return ()
    return tuple(level.name for level in one.result.levels_open(total))


def _instrument(one, code):
    known = one.result and one.result.instruments.get(code) is not None
    return one.result.instrument_printed(code) if known else None


def _series(years):
    """Chains of linked indicators, each from its newest year backwards."""
    taken = set()
    for newest in range(len(years) - 1, -1, -1):
        for number, name in sorted(years[newest].names.items()):
            if (newest, number) in taken:
                continue
            chain = [None] * len(years)
            at, here = newest, number
            while at >= 0 and here is not None and (at, here) not in taken:
                taken.add((at, here))
                chain[at] = here
                here, at = years[at].links.get(here), at - 1
            cells = tuple(_cells(years, chain))
            if any(cell.value is not None for cell in cells):
                yield Series(number, name, cells)


def _cells(years, chain):
    earlier = None
    for one, number in zip(years, chain, strict=True):
        value = _score(one, number)
        yield Cell(number, value, change(earlier, value))
        earlier = value


def _score(one, number):
    value = one.result.values.get(number) if one.result and number is not None else None
    return printed(value)
