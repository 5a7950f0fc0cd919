"""Entries as plain lists, for a signed round trip through the browser."""

from dataclasses import astuple
from decimal import Decimal

from assessments.exchange.columns import LEVEL
from assessments.exchange.entries import Cell, Entry
from assessments.exchange.places import Place


def to_plain(entries: list[Entry]) -> list:
    return [
        [
            *(entry.agency, entry.agency_name, entry.year),
            *(astuple(entry.place), astuple(entry.year_place)),
            {
                column: [None if cell.value is None else str(cell.value), *astuple(cell.place)]
                for column, cell in entry.cells.items()
            },
        ]
        for entry in entries
    ]


def from_plain(entries: list) -> list[Entry]:
    return [
        Entry(
            *(agency, name, year),
            *(Place(*place), Place(*year_place)),
            {column: _cell(column, *plain) for column, plain in cells.items()},
        )
        for agency, name, year, place, year_place, cells in entries
    ]


def _cell(column, value, *place):
    is_text = column == LEVEL or value is None
    return Cell(value if is_text else Decimal(value), Place(*place))
