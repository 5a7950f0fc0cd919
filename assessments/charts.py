"""Bar, radar and line charts, as coordinates for text-free SVG with HTML labels.

SVG text would be drawn with wrong Thai marks in the PDF, and `style=` is barred on pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import cos, pi, sin

from django.utils.translation import gettext as _

from assessments.analysis import Analysis
from assessments.fiscal import fiscal_year_label
from assessments.numbers import format_score, format_threshold
from assessments.trend import TotalPoint, runs

#: charts.css places the labels of this many axes.
RADAR_AXES = 10
#: The radar's view box is 200 × 200.
RADAR_CENTRE = 100
RADAR_RADIUS = 92
RADAR_RINGS = (20, 40, 60, 80, 100)


@dataclass(frozen=True)
class Point:
    """One indicator's scores of this year and the year before, 0 to 100 or None."""

    number: int
    name: str
    current: Decimal | None
    previous: Decimal | None


@dataclass(frozen=True)
class Bar:
    """Widths in per cent of the drawing, None where there is no score."""

    number: int
    name: str
    title: str
    current: str
    previous: str
    current_width: str | None
    previous_width: str | None


@dataclass(frozen=True)
class BarChart:
    """`previous_year` and its label are None when there is nothing to compare."""

    year: int
    previous_year: int | None
    year_label: str
    previous_label: str | None
    threshold_label: str
    threshold_x: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Outline:
    """`path` leaves a gap where a score is missing; only a closed one may be filled."""

    path: str
    closed: bool
    dots: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RadarLabel:
    """`place` counts the axes clockwise from 1 at the top."""

    place: int
    number: int
    name: str


@dataclass(frozen=True)
class RadarChart:
    title: str
    year_label: str
    previous_label: str | None
    rings: tuple[str, ...]
    spokes: tuple[tuple[str, str], ...]
    labels: tuple[RadarLabel, ...]
    current: Outline
    previous: Outline | None


@dataclass(frozen=True)
class LineChart:
    """Places in per cent of the drawing: a column a year, so that labels stand in a grid below.

    `breaks` are the borders before the years that begin another scale of levels.
    """

    title: str
    segments: tuple[tuple[str, str, str, str], ...]
    dots: tuple[tuple[str, str, bool], ...]
    breaks: tuple[str, ...]
    rings: tuple[tuple[int, str], ...]


def chart_points(analysis: Analysis, names: Mapping[int, str]) -> tuple[Point, ...]:
    return tuple(
        Point(row.number, names[row.number], row.current, row.previous) for row in analysis.rows
    )


def bar_chart(
    points: Sequence[Point], *, year: int, previous_year: int | None, threshold: Decimal
) -> BarChart:
    def bar(point: Point) -> Bar:
        scores = f"{year} {format_score(point.current)}"
        if previous_year:
            scores += f", {previous_year} {format_score(point.previous)}"
        return Bar(
            number=point.number,
            name=point.name,
            title=_("Indicator %(number)s: %(scores)s")
            % {"number": point.number, "scores": scores},
            current=format_score(point.current),
            previous=format_score(point.previous),
            current_width=_width(point.current),
            previous_width=_width(point.previous) if previous_year else None,
        )

    return BarChart(
        year=year,
        previous_year=previous_year,
        year_label=fiscal_year_label(year),
        previous_label=fiscal_year_label(previous_year) if previous_year else None,
        threshold_label=_("Threshold %(threshold)s") % {"threshold": format_threshold(threshold)},
        threshold_x=_width(threshold),
        bars=tuple(map(bar, points)),
    )


def radar_chart(
    points: Sequence[Point], *, year: int, previous_year: int | None
) -> RadarChart | None:
    """None when there are not ten indicators, for which alone labels have places."""
    if len(points) != RADAR_AXES:
        return None
    years = f"{year}, {previous_year}" if previous_year else str(year)
    return RadarChart(
        title=_("Radar of the indicator scores of %(years)s") % {"years": years},
        year_label=fiscal_year_label(year),
        previous_label=fiscal_year_label(previous_year) if previous_year else None,
        rings=tuple(
            " ".join(",".join(_spot(axis, Decimal(ring))) for axis in range(RADAR_AXES))
            for ring in RADAR_RINGS
        ),
        spokes=tuple(_spot(axis, Decimal(100)) for axis in range(RADAR_AXES)),
        labels=tuple(RadarLabel(i, p.number, p.name) for i, p in enumerate(points, start=1)),
        current=_outline([point.current for point in points]),
        previous=_outline([point.previous for point in points]) if previous_year else None,
    )


def line_chart(totals: Sequence[TotalPoint]) -> LineChart:
    """The totals through the years; announced ones, which stand alone, are hollow."""

    def place(position, value):
        return f"{Decimal(100) * (2 * position + 1) / (2 * len(totals)):.2f}%", _height(value)

    segments = [
        (*place(*before), *place(*after))
        for run in runs((point.total, point.new_scale) for point in totals)
        for before, after in pairwise(run)
    ]
    spoken = ", ".join(f"{point.year} {format_score(point.total)}" for point in totals)
    return LineChart(
        title=_("Total score by year: %(scores)s") % {"scores": spoken},
        segments=tuple(segments),
        dots=tuple(
            (*place(position, point.total), point.is_announced)
            for position, point in enumerate(totals)
            if point.total is not None
        ),
        breaks=tuple(
            f"{Decimal(100) * position / len(totals):.2f}%"
            for position, point in enumerate(totals)
            if point.new_scale
        ),
        rings=tuple((ring, _height(Decimal(ring))) for ring in (0, *RADAR_RINGS)),
    )


def _height(value: Decimal) -> str:
    return f"{100 - value:.2f}%"


def _width(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}%"


def _spot(axis: int, value: Decimal) -> tuple[str, str]:
    angle = 2 * pi * axis / RADAR_AXES
    reach = RADAR_RADIUS * float(value) / 100
    return (
        f"{RADAR_CENTRE + reach * sin(angle):.2f}",
        f"{RADAR_CENTRE - reach * cos(angle):.2f}",
    )


def _outline(values: Sequence[Decimal | None]) -> Outline:
    spots = [None if v is None else _spot(axis, v) for axis, v in enumerate(values)]
    closed = None not in spots
    # Seen from a gap the axes are a line, so that no run is cut where the circle begins.
    start = 0 if closed else spots.index(None)
    steps, pen_down = [], False
    for spot in spots[start:] + spots[:start]:
        if spot:
            steps.append(f"{'L' if pen_down else 'M'}{spot[0]} {spot[1]}")
        pen_down = spot is not None
    path = " ".join(steps) + (" Z" if closed else "")
    return Outline(path, closed, tuple(spot for spot in spots if spot))
