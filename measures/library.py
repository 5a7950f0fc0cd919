"""Measures that an office may begin with, by indicator: texts of our own, to be adapted."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assessments.models import Indicator
from measures.models import Measure

_FILE = Path(__file__).parent / "suggestions.toml"


@dataclass(frozen=True)
class Suggestion:
    """Texts as a measure holds them: an item a line. `key` names it, `indicators` are numbers."""

    key: str
    title: str
    steps: str
    follow_up: str
    responsible: str
    indicators: tuple[int, ...]


@cache
def suggestions() -> tuple[Suggestion, ...]:
    """All, in the order of the file, which is that of the indicators."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))["suggestion"]
    return tuple(
        Suggestion(
            key=row["key"],
            title=row["title"],
            indicators=tuple(row["indicators"]),
            **{name: row[name].strip() for name in ("steps", "follow_up", "responsible")},
        )
        for row in rows
    )


def suggestions_for(*numbers) -> list[Suggestion]:
    """Those that serve one of the indicators: what serves most of them, and little else, first."""
    wanted = set(numbers)
    found = [one for one in suggestions() if wanted.intersection(one.indicators)]
    return sorted(found, key=lambda one: len(wanted.symmetric_difference(one.indicators)))


def past_measures(agency, year, indicators):
    """The agency's measures of earlier years that served these indicators, the newest first."""
    origin = dict(Indicator.objects.values_list("pk", "predecessor"))
    served = {indicator.pk for indicator in indicators}
    while found := {origin[pk] for pk in served} - served - {None}:
        served |= found
    measures = Measure.objects.filter(plan__agency=agency, plan__year__lt=year)
    measures = measures.filter(indicators__in=served).select_related("plan").distinct()
    return list(measures.order_by("-plan__year", "order", "pk"))
