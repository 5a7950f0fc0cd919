"""Where in a sheet the headings stand, and what each column is: wide, long and sideways tables.

Every value needs an agency, a year and what it is of; each of the three stands over its column or
in its row, or is said for the whole sheet.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from assessments.exchange.columns import AGENCY, IGNORED, INDICATOR, KIND, NAME, SCORE, YEAR, Words
from assessments.exchange.files import Sheet
from assessments.exchange.places import Place, Problem, shown
from assessments.fiscal import YearError, parse_year
from assessments.numbers import ScoreError, numeric_text, parse_score

#: Rows at the top among which the headings are looked for: titles may stand above them.
HEAD_ROWS = 20

#: Columns that say something about the whole row.
FIXED = (AGENCY, NAME, YEAR, KIND)
#: They never stand in a row of values, as a year or the name of an indicator may.
NEVER_VALUES = {*FIXED, INDICATOR, SCORE}

_YEAR = re.compile("(?<![0-9.])((?:25|20|19)[0-9]{2})(?![0-9.])")
_WITH_YEAR = re.compile(r"(?:ประจำ)?(?:ปีงบประมาณ|ปี)?\s*(?:พ\.ศ\.)?\s*" + _YEAR.pattern)
_AROUND_YEAR = re.compile(r"ปีงบประมาณ|พ\.ศ\.|ปี|ผลการประเมิน|ผล|คะแนน|ita|[\s()\[\]:–-]", re.I)
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+%?")


@dataclass(frozen=True)
class ValueColumn:
    """`column` (i9), `agency` and `year` are as typed, None where its rows or the sheet say it."""

    index: int
    heading: str
    column: str | None = None
    agency: str | None = None
    year: str | None = None


@dataclass
class Table:
    """`head_row` is the number of the row of headings, from 1; values start at `first_row`."""

    sheet: Sheet
    head_row: int
    first_row: int
    headings: list[str]
    fixed: dict[str, int] = field(default_factory=dict)
    labels: list[int] = field(default_factory=list)
    values: list[ValueColumn] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def place(self, index, row=None):
        heading = self.headings[index].strip() or get_column_letter(index + 1)
        return Place(self.sheet.name, row or self.head_row, heading)

    @property
    def rows(self):
        """Number and texts of each row below the headings, as wide as these."""
        width = len(self.headings)
        for number, row in enumerate(self.sheet.rows[self.first_row - 1 :], self.first_row):
            if any(text.strip() for text in row):
                yield number, [*row, *[""] * (width - len(row))]

    @property
    def named_years(self) -> set[str]:
        """The years that the sheet's name and its titles name."""
        titles = (text for row in self.sheet.rows[: self.head_row - 1] for text in row)
        return {year for text in (self.sheet.name, *titles) for year in years_in(text)}


def years_in(text) -> list[str]:
    return [year for year in _YEAR.findall(numeric_text(text)) if _is_year(year)]


def split_year(text) -> tuple[str | None, str]:
    """("2564", "") from "ปี 2564"; ("2564", "อบต.หนองกง") from "อบต.หนองกง 2564"."""
    plain = numeric_text(text)
    found = _YEAR.findall(plain)
    if len(found) != 1:
        return None, text.strip()
    rest = _WITH_YEAR.sub(" ", plain).strip(" -–:·()")
    return found[0], rest if _AROUND_YEAR.sub("", rest) else ""


def _is_year(text):
    try:
        return bool(parse_year(text))
    except YearError:
        return False


def find_table(sheet: Sheet, words: Words) -> Table:
    return _Finder(sheet, words).table()


class _Finder:
    def __init__(self, sheet, words):
        self.rows, self.words = sheet.rows, words
        weights = [self._weight(row) for row in self.rows[:HEAD_ROWS]]
        head = weights.index(max(weights))
        width = max(map(len, self.rows))
        self.above, self.head, self.below = (
            [*row, *[""] * (width - len(row))]
            for row in (
                self.rows[head - 1] if head else [],
                self.rows[head],
                self.rows[head + 1] if head + 1 < len(self.rows) else [],
            )
        )
        texts = self.head
        if sum(bool(text.strip()) for text in self.above) > 1:
            # A heading that spans two rows stands in the upper one.
            texts = [
                above if not text.strip() and self.words.meaning(above) else text
                for text, above in zip(self.head, self.above, strict=True)
            ]
        self.result = Table(sheet, head + 1, head + 2, list(texts))
        self.found = max(weights) > 0

    def _weight(self, row):
        """How many different things the row names as headings would."""
        texts = [text for text in row if text.strip()]
        if len(texts) < 2 or any(_DECIMAL.fullmatch(numeric_text(text)) for text in texts):
            return 0
        met = set()
        for text in texts:
            year, rest = split_year(text)
            if year:
                met.add((year, rest))
            elif meaning := self.words.meaning(text):
                met.add(meaning.column)
        return len(met) + len(met & NEVER_VALUES)

    def table(self) -> Table:
        if not self.found:
            self._refuse(0, _("no headings found. Name the columns as in the form to fill in"))
            return self.result
        meanings = [self.words.meaning(text) for text in self.result.headings]
        for index, meaning in enumerate(meanings):
            if meaning is not None:
                self._understand(index, meaning)
        others = [
            index
            for index, meaning in enumerate(meanings)
            if meaning is None and self.result.headings[index].strip()
        ]
        if self.result.values:
            for index in others:
                year, rest = split_year(self.result.headings[index])
                if self.result.labels and year and not rest:
                    self._value(index, year=year)
                else:
                    self._unknown(index)
        elif others:
            self._sideways(others, meanings)
        self._without_heading()
        return self.result

    def _without_heading(self):
        """Values that would be left out without a word."""
        table = self.result
        blank = [i for i, text in enumerate(table.headings) if not text.strip()]
        blank = set(blank) - {*table.labels, *(value.index for value in table.values)}
        for number, row in table.rows if blank else ():
            for index in sorted(index for index in blank if row[index].strip()):
                blank.remove(index)
                self._refuse(
                    index,
                    shown(row[index])
                    + _("the column has no heading. Enter one or empty the column"),
                    number,
                )

    def _understand(self, index, meaning):
        table, column = self.result, meaning.column
        heading = table.headings[index]
        if not meaning.sure:
            self._refuse(
                index,
                shown(heading)
                + _("not clear which indicator. Write the heading as in the form to fill in"),
            )
        elif column == INDICATOR:
            table.labels.append(index)
        elif column in FIXED:
            if column in table.fixed:
                self._refuse(index, _("the column occurs twice. Remove one"))
            table.fixed[column] = index
        elif column == SCORE:
            self._value(index)
        elif meaning.holds_values:
            if column in (value.column for value in table.values):
                self._refuse(index, _("the column occurs twice. Remove one"))
            else:
                self._value(index, column=column)
        elif column == IGNORED:
            table.ignored.append(heading.strip())

    def _sideways(self, others, meanings):
        """Indicators in rows: the other columns are years, agencies, or both over one another."""
        first = others[0]
        blank = [i for i in range(first) if not self.result.headings[i].strip()]
        if not self.result.labels:
            self.result.labels = blank
        if not self.result.labels:
            for index in others:
                self._unknown(index)
            return
        spread = range(first, len(self.result.headings))
        columns = [i for i in spread if i not in self.result.labels and meanings[i] is None]
        if self._heads(self.below, columns):
            self.result.first_row += 1
            upper, lower = self.head, self.below
        else:
            upper, lower = self.above, self.head
        over, pairs = "", {}
        for index in columns:
            # A merged cell has its text in the first of the cells that it covers.
            over = upper[index].strip() or over
            if upper is self.above and self.words.meaning(over):
                over = ""
            own = lower[index].strip()
            if own or upper[index].strip():
                pairs[index] = _year_and_agency(over, own)
                self.result.headings[index] = f"{over} {own}".strip()
        years = any(year and not agency for year, agency in pairs.values())
        for index, (year, agency) in pairs.items():
            if years and not year:
                self._unknown(index)
            else:
                self._value(index, year=year, agency=agency or None)

    def _heads(self, row, columns):
        """Whether the row belongs to the headings: it names no indicator and holds no score."""
        texts = [row[index] for index in columns if row[index].strip()]
        if not texts or any(row[index].strip() for index in self.result.labels):
            return False
        return not any(_is_score(text) for text in texts)

    def _value(self, index, **what):
        heading = self.result.place(index).column
        self.result.values.append(ValueColumn(index, heading, **what))

    def _unknown(self, index):
        self._refuse(index, _("unknown column. Remove it or use a heading of the export file"))

    def _refuse(self, index, message, row=None):
        self.result.problems.append(Problem(self.result.place(index, row), message))


def _year_and_agency(upper, lower):
    """From the two lines of a heading, whichever of them says what."""
    (year, agency), (over_year, over_agency) = split_year(lower), split_year(upper)
    return year or over_year, agency or over_agency


def _is_score(text):
    try:
        parse_score(text)
    except ScoreError:
        return False
    return True
