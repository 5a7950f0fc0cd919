"""From sheets of text to results, or a list of what is wrong and where."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.exchange import columns
from assessments.exchange.files import Sheet
from assessments.fiscal import YearError, parse_year
from assessments.numbers import ScoreError, parse_score

#: Nobody corrects more at a time, and a file of nonsense must not fill the memory.
MAX_PROBLEMS = 1000


@dataclass(frozen=True)
class Place:
    """Where a value stands; `row` from 1, as the spreadsheet shows it."""

    sheet: str
    row: int
    column: str

    def __str__(self):
        return _('Sheet "%(sheet)s" row %(row)s column "%(column)s"') % {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
        }


@dataclass(frozen=True)
class Problem:
    place: Place
    message: str

    def __str__(self):
        return f"{self.place}: {self.message}"


@dataclass(frozen=True)
class Cell:
    """`value` is a Decimal or None for a score, text for a level."""

    value: Decimal | str | None
    place: Place


@dataclass
class Entry:
    """One agency's result of one year; only what the file gives, so an empty cell is not in it.

    `place` is where its agency stands, `year_place` where its year does.
    """

    agency_code: str
    agency_name: str
    year: int
    place: Place
    year_place: Place
    scores: dict[int, Cell] = field(default_factory=dict)
    published_total: Cell | None = None
    published_level: Cell | None = None


@dataclass
class Reading:
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_entries(sheets: list[Sheet]) -> Reading:
    """Sheets may be wide (i1 … i10) or long (indicator, score: a row a score)."""
    reading = Reading()
    found: dict[tuple[str, int], Entry] = {}
    for sheet in sheets:
        _SheetReader(sheet, reading.problems, found).read()
    reading.entries = list(found.values())
    if not reading.entries and not reading.problems:
        reading.problems.append(
            Problem(
                Place(sheets[0].name, 2, columns.AGENCY),
                _("there is no row of scores below the headings"),
            )
        )
    return reading


class _SheetReader:
    def __init__(self, sheet, problems, found):
        self.sheet, self.problems, self.found = sheet, problems, found

    def read(self):
        rows = enumerate(self.sheet.rows, start=1)
        self.head_row, headings = next((n, row) for n, row in rows if any(row))
        if not self._understand(headings):
            return
        for number, row in rows:
            if len(self.problems) >= MAX_PROBLEMS:
                return
            if any(value.strip() for value in row):
                self._read_row(number, dict(zip(self.columns, row, strict=False)))

    def _understand(self, headings):
        """Maps the headings; without the needed ones the rows cannot be read."""
        before = len(self.problems)
        self.columns, self.headings = [], {}
        for heading in headings:
            column = columns.column_of(heading)
            self.columns.append(column)
            if column in self.headings:
                self._refuse(self.head_row, heading, _("the column occurs twice. Remove one"))
            elif column is not None:
                self.headings[column] = heading
            elif heading.strip():
                self._refuse(
                    self.head_row,
                    heading,
                    _("unknown column. Remove it or use a heading of the export file"),
                )
        self.wide = any(isinstance(column, int) for column in self.headings)
        needed = [columns.AGENCY, columns.YEAR]
        if not self.wide:
            needed += [columns.INDICATOR, columns.SCORE]
        for column in needed:
            if column not in self.headings:
                self._refuse(self.head_row, column, _("the column is missing. Add it"))
        if self.wide and columns.SCORE in self.headings:
            self._refuse(
                self.head_row,
                self.headings[columns.SCORE],
                _("a sheet has either columns i1 … i10 or indicator and score. Remove one kind"),
            )
        return len(self.problems) == before

    def _read_row(self, row_number, row):
        entry = self._entry(row_number, row)
        if entry is None:
            return
        for number, heading, text in self._scores(row_number, row):
            cell = self._score(row_number, heading, number, text)
            if number in entry.scores:
                self._refuse(
                    row_number,
                    heading,
                    _("indicator %(number)s occurs twice. Remove one") % {"number": number},
                )
            elif cell:
                entry.scores[number] = cell
        heading = self.headings.get(columns.TOTAL, "")
        total = self._score(row_number, heading, columns.TOTAL, row.get(columns.TOTAL, ""))
        level = row.get(columns.LEVEL, "").strip()
        if total:
            entry.published_total = total
        if level:
            place = Place(self.sheet.name, row_number, self.headings[columns.LEVEL])
            entry.published_level = Cell(level, place)

    def _entry(self, row_number, row):
        code = row[columns.AGENCY].strip()
        if not code:
            heading = self.headings[columns.AGENCY]
            self._refuse(row_number, heading, _("the agency's code is missing. Enter it"))
            return None
        place = Place(self.sheet.name, row_number, self.headings[columns.AGENCY])
        heading = self.headings[columns.YEAR]
        typed = row.get(columns.YEAR, "")
        try:
            year = parse_year(typed)
        except YearError as error:
            self._refuse(row_number, heading, _shown(typed) + error.message)
            return None
        known = self.found.get((code, year))
        if known and self.wide:
            self._refuse(
                row_number,
                heading,
                _("%(code)s of %(year)s occurs twice, first in row %(row)s. Remove one")
                % {"code": code, "year": year, "row": known.place.row},
            )
            return None
        name = row.get(columns.NAME, "").strip()
        year_place = Place(self.sheet.name, row_number, heading)
        entry = Entry(code, name, year, place, year_place)
        return self.found.setdefault((code, year), entry)

    def _scores(self, row_number, row) -> Iterator[tuple[int, str, str]]:
        """Number of the indicator, heading and text of each score in the row."""
        if self.wide:
            for column, text in row.items():
                if isinstance(column, int):
                    yield column, self.headings[column], text
            return
        typed = row.get(columns.INDICATOR, "")
        number = columns.indicator_number(typed)
        if number is None:
            self._refuse(
                row_number,
                self.headings[columns.INDICATOR],
                _shown(typed) + _("not the number of an indicator, such as 9"),
            )
        else:
            yield number, self.headings[columns.SCORE], row.get(columns.SCORE, "")

    def _score(self, row_number, heading, column, text):
        """None where the file gives nothing; a cell of None where it says there is no score."""
        if not text.strip():
            return None
        try:
            return Cell(parse_score(text), Place(self.sheet.name, row_number, heading))
        except ScoreError as error:
            if text.lstrip().startswith("="):
                message = _("a formula is not taken. Paste its value instead")
            elif column == columns.TOTAL:
                message = _("the announced total must be 0 to 100, with at most 2 decimals")
            else:
                message = error.message(column)
            self._refuse(row_number, heading, _shown(text) + message)
            return None

    def _refuse(self, row_number, heading, message):
        self.problems.append(Problem(Place(self.sheet.name, row_number, heading), message))


def _shown(text):
    return f'"{text.strip()[:60]}" – '


def to_plain(entries):
    """For a signed round trip through the browser; `from_plain` is the way back."""

    def plain(cell):
        value = str(cell.value) if isinstance(cell.value, Decimal) else cell.value
        return [value, *astuple(cell.place)]

    return [
        {
            "head": [entry.agency_code, entry.agency_name, entry.year],
            "places": [astuple(entry.place), astuple(entry.year_place)],
            "scores": {number: plain(cell) for number, cell in entry.scores.items()},
            "total": entry.published_total and plain(entry.published_total),
            "level": entry.published_level and plain(entry.published_level),
        }
        for entry in entries
    ]


def from_plain(entries):
    def cell(plain, text=False):
        value, *place = plain
        return Cell(value if text or value is None else Decimal(value), Place(*place))

    return [
        Entry(
            *entry["head"],
            *(Place(*place) for place in entry["places"]),
            scores={int(number): cell(plain) for number, plain in entry["scores"].items()},
            published_total=entry["total"] and cell(entry["total"]),
            published_level=entry["level"] and cell(entry["level"], text=True),
        )
        for entry in entries
    ]
