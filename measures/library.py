"""Measures that an office may begin with, by indicator: texts of our own, to be adapted."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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


def suggestions_for(number) -> list[Suggestion]:
    """Those that serve the indicator; what serves it alone comes first."""
    found = [one for one in suggestions() if number in one.indicators]
    return sorted(found, key=lambda one: len(one.indicators))
