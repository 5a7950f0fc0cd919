"""From sheets of text to results, or a list of what is wrong and where."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.cells import cell_name
from assessments.exchange import columns
from assessments.exchange.columns import (
    AGENCY,
    INDICATOR,
    KIND,
    LEVEL,
    NAME,
    SCORE,
    TOTAL,
    YEAR,
    Words,
)
from assessments.exchange.files import Sheet, UnreadableFile
from assessments.exchange.layouts import find_table
from assessments.exchange.places import Place, Problem, shown
from assessments.exchange.template import HELP_SHEET, year_of_template
from assessments.fiscal import YearError, parse_year
from assessments.models import Assessment
from assessments.numbers import ScoreError, parse_score

#: Nobody corrects more at a time, and a file of nonsense must not fill the memory.
MAX_PROBLEMS = 1000


@dataclass(frozen=True)
class Cell:
    """`value` is a Decimal or None for a score, text for a level."""

    value: Decimal | str | None
    place: Place


@dataclass
class Entry:
    """One agency's result of one year; only what the file gives, so an empty cell is not in it.

    `place` is where its agency stands, `year_place` where its year does. Cells are by column (i9,
    i6_1, published_total). `agency` is a code or a name.
    """

    agency: str
    agency_name: str
    year: int
    place: Place
    year_place: Place
    cells: dict[str, Cell] = field(default_factory=dict)


@dataclass
class Reading:
    """`notes` say what the file does not, and what was taken instead."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_entries(
    sheets: list[Sheet],
    words: Words,
    *,
    agency=None,
    year: int | None = None,
    kind=Assessment.Kind.OFFICIAL,
) -> Reading:
    """`agency` and `year` (BE) are those of the page, for sheets that do not name any.

    Raises UnreadableFile for the form of another year.
    """
    reading = Reading()
    found: dict[tuple[str, int], Entry] = {}
    for sheet in sheets:
        if sheet.name == HELP_SHEET:
            continue
        of = year_of_template(sheet.name)
        if year and of and of != year:
            raise UnreadableFile(
                _(
                    "This file is the form of %(of)s. Download the form of %(year)s and copy the "
                    "figures into it"
                )
                % {"of": of, "year": year}
            )
        _SheetReader(sheet, words, reading, found, agency, year, kind).read()
    reading.entries = list(found.values())
    if not reading.entries and not reading.problems:
        reading.problems.append(
            Problem(
                Place(sheets[0].name, 2, AGENCY),
                _("there is no row of scores below the headings"),
            )
        )
    return reading


class _SheetReader:
    def __init__(self, sheet, words, reading, found, agency, year, kind):
        self.sheet, self.words = sheet, words
        self.reading, self.problems, self.found = reading, reading.problems, found
        self.own, self.page_year, self.kind = agency, year, kind

    def read(self):
        self.table = find_table(self.sheet, self.words)
        before = len(self.problems)
        self.problems.extend(self.table.problems)
        if len(self.problems) == before:
            self._ask_for_the_missing()
        if len(self.problems) > before:
            return
        if self.table.ignored:
            self._note(
                _("Columns not imported: %(columns)s.") % {"columns": ", ".join(self.table.ignored)}
            )
        for number, row in self.table.rows:
            if len(self.problems) >= MAX_PROBLEMS:
                return
            self._read_row(number, row)

    def _ask_for_the_missing(self):
        """Every value needs an agency, a year and what it is of."""
        table, values = self.table, self.table.values
        labelled = [value for value in values if value.column is None]
        if labelled and len(labelled) < len(values):
            self._refuse(
                labelled[0].heading,
                _("a sheet has either columns i1 … i10 or indicator and score. Remove one kind"),
            )
        needed = []
        if not {AGENCY, NAME} & {*table.fixed} and not _all_say(values, "agency"):
            needed += self._take_own_agency()
        if YEAR not in table.fixed and not _all_say(values, "year"):
            needed += self._take_one_year()
        if not table.labels and len(labelled) == len(values):
            needed.append(INDICATOR)
        if not values:
            needed.append(SCORE)
        for column in needed:
            self._refuse(columns.titled(column), _("the column is missing. Add it"))

    def _take_own_agency(self):
        if self.own is None:
            return [AGENCY]
        self._note(
            _("It names no agency: the values are taken as those of %(agency)s.")
            % {"agency": self.own.name}
        )
        return []

    def _take_one_year(self):
        named = self.table.named_years
        if len(named) > 1:
            self._refuse(
                columns.titled(YEAR), _("titles name several years. Add a column with the year")
            )
            return []
        if named:
            (self.year,) = named
            said = _("Its name or title says the year: the values are taken as those of %(year)s.")
        elif self.page_year:
            self.year = str(self.page_year)
            said = _("It names no year: the values are taken as those of %(year)s, as this page.")
        else:
            return [YEAR]
        self._note(said % {"year": self.year})
        return []

    def _read_row(self, number, row):
        if not self._is_of_the_kind(number, row):
            return
        given = [value for value in self.table.values if row[value.index].strip()]
        if not given:
            return
        wide = any(value.column for value in self.table.values)
        if wide:
            self._read_wide(number, row, given)
        else:
            self._read_labelled(number, row, given)

    def _read_wide(self, number, row, given):
        entry = self._entry(number, row, self.table.values[0])
        if entry is None:
            return
        if entry.place.row != number or entry.place.sheet != self.sheet.name:
            self._refuse(
                entry.place.column,
                _("%(code)s of %(year)s occurs twice, first in row %(row)s. Remove one")
                % {"code": entry.agency, "year": entry.year, "row": entry.place.row},
                number,
            )
            return
        for value in given:
            self._keep(entry, value.column, row[value.index], self.table.place(value.index, number))

    def _read_labelled(self, number, row, given):
        texts = [row[index] for index in self.table.labels]
        if not any(text.strip() for text in texts):
            # The name of a total stands before the indicators' column, in a cell over several.
            before = {*range(self.table.values[0].index)} - {*self.table.fixed.values()}
            texts = [row[index] for index in sorted(before)]
        label = " ".join(text.strip() for text in texts if text.strip())
        meaning = self.words.meaning(label)
        if meaning is not None and meaning.sure and not meaning.holds_values:
            # A total, or the headings once more on a further page.
            return
        for value in given:
            entry = self._entry(number, row, value)
            if entry is None:
                return
            column = self._meant(number, label, entry.year)
            if column is None:
                return
            self._keep(entry, column, row[value.index], self.table.place(value.index, number))

    def _meant(self, number, label, year):
        """The column that the row is of; None after a refusal, and for what is computed anyway."""
        meaning = self.words.meaning(label, year)
        if meaning is not None and meaning.sure:
            return meaning.column if meaning.holds_values else None
        place = self.table.place(self.table.labels[0], number)
        if meaning is None:
            message = _("not the number or the name of an indicator, such as 9")
        else:
            message = _("not clear which indicator. Write its number alone, such as 9")
        self.problems.append(Problem(place, shown(label) + message))
        return None

    def _entry(self, number, row, value):
        agency, name, place = self._agency(number, row, value)
        if not agency:
            self.problems.append(Problem(place, _("the agency's code is missing. Enter it")))
            return None
        typed, year_place = self._year(number, row, value)
        try:
            year = parse_year(typed)
        except YearError as error:
            self.problems.append(Problem(year_place, shown(typed) + error.message))
            return None
        entry = Entry(agency, name, year, place, year_place)
        return self.found.setdefault((agency, year), entry)

    def _agency(self, number, row, value):
        """Code or name, name, and where it stands."""
        fixed, place = self.table.fixed, self.table.place
        name = row[fixed[NAME]].strip() if NAME in fixed else ""
        if value.agency:
            return value.agency, "", place(value.index)
        if AGENCY in fixed:
            return row[fixed[AGENCY]].strip(), name, place(fixed[AGENCY], number)
        if NAME in fixed:
            return name, name, place(fixed[NAME], number)
        return self.own.code, "", place(0, number)

    def _year(self, number, row, value):
        fixed = self.table.fixed
        if value.year:
            return value.year, self.table.place(value.index)
        if YEAR in fixed:
            return row[fixed[YEAR]], self.table.place(fixed[YEAR], number)
        return self.year, self.table.place(value.index, number)

    def _is_of_the_kind(self, number, row):
        """A self-assessment never becomes an official result, nor the other way round."""
        index = self.table.fixed.get(KIND)
        typed = row[index].strip() if index is not None else ""
        if not typed or columns.KINDS.get(typed.casefold()) == self.kind:
            return True
        message = _("only rows of the kind %(kind)s are imported here. Remove the row") % {
            "kind": self.kind.label
        }
        self.problems.append(Problem(self.table.place(index, number), shown(typed) + message))
        return False

    def _keep(self, entry, column, text, place):
        cell = Cell(text.strip(), place) if column == LEVEL else self._score(column, text, place)
        if cell is None:
            return
        if column in entry.cells:
            message = _("the value of %(column)s occurs twice. Remove one") % {
                "column": columns.spoken(column)
            }
            self.problems.append(Problem(place, message))
        else:
            entry.cells[column] = cell

    def _score(self, column, text, place):
        """A cell of None says that there is no score; None after a refusal."""
        try:
            return Cell(parse_score(text), place)
        except ScoreError as error:
            if text.lstrip().startswith("="):
                message = _("a formula is not taken. Paste its value instead")
            else:
                total = column == TOTAL
                message = error.message(
                    columns.spoken(column) if total else cell_name(columns.cell_key(column))
                )
        self.problems.append(Problem(place, shown(text) + message))
        return None

    def _refuse(self, column, message, row=None):
        place = Place(self.sheet.name, row or self.table.head_row, column)
        self.problems.append(Problem(place, message))

    def _note(self, message):
        self.reading.notes.append(
            _('Sheet "%(sheet)s": %(note)s') % {"sheet": self.sheet.name, "note": message}
        )


def _all_say(values, what):
    return bool(values) and all(getattr(value, what) for value in values)
