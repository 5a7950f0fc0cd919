"""How a table lies: which rows and columns are about what, whichever way it was copied."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.exchange.clipboard import (
    Unreadable,
    bare,
    is_change,
    is_dash,
    is_figure,
    is_number,
    year_of,
    years_in,
)
from assessments.exchange.names import HEADING, Match, Names, is_indicator

_OTHER = "other"
#: Words in headings of columns of figures that are no scores.
_OTHERS = (
    *"เปลี่ยน เทียบ ต่าง เพิ่ม ลด น้ำหนัก เต็ม ระดับ ลำดับ อันดับ เป้าหมาย".split(),
    *"เฉลี่ยจังหวัด เฉลี่ยอำเภอ เฉลี่ยประเทศ change differ weight rank target".split(),
)
_RANKS = ("อันดับ", "rank")


@dataclass
class Line:
    """A row, its words matched; `text` is how it is called in a message, `at` where that stands."""

    cells: list[str]
    text: str = ""
    match: Match | None = None
    at: int = 0

    @property
    def key(self):
        return self.match.key if self.match else None

    @property
    def has_scores(self):
        """Also a row that says with a dash that there is none."""
        if any(map(is_number, self.cells)):
            return self.key != HEADING
        about = not self.text if self.key is None else is_indicator(self.key)
        return about and any(map(is_dash, self.cells))

    def cell(self, column):
        return self.cells[column] if column < len(self.cells) else ""


class Table:
    """`data` are the rows with figures; `columns` column → year or None, of those with scores.

    `years` are those that head something above the figures, from left to right; `mentioned` are
    all that the text speaks of. `has_gaps`: an empty row between the figures; `has_ranks`: a column
    of ranks; `has_left_out`: a column of figures was left out though no heading says why.
    `filled` are all rows that are not empty, `between` those from the first figures to the last.
    """

    def __init__(self, rows: list[list[str]], names: Names):
        self.names = names
        lines = [self._line(row) for row in self._upright(rows)]
        self.width = max((len(line.cells) for line in lines), default=0)
        _align(lines, self.width)
        filled = [at for at, line in enumerate(lines) if line.has_scores]
        first, last = (filled[0], filled[-1]) if filled else (0, -1)
        self.data = [lines[at] for at in filled]
        self.has_gaps = not all(any(line.cells) for line in lines[first : last + 1])
        self.filled = [line for line in lines if any(line.cells)]
        self.between = [line for line in lines[first : last + 1] if any(line.cells)]
        self.above = lines[:first]
        cells = [cell for line in self.above for cell in line.cells]
        self.years = [year for cell in cells if (year := year_of(cell))]
        self.mentioned = {year for line in lines for cell in line.cells for year in years_in(cell)}
        self.has_ranks = self.has_left_out = False
        self.columns = self._columns([line for line in lines if not line.has_scores])

    def heading(self, column):
        """The words nearest above the column."""
        return next(filter(None, (line.cell(column) for line in reversed(self.above))), "")

    def _upright(self, rows):
        """A table lying on its side is turned: names or numbers along a row, or only a long row."""
        for at, row in enumerate(rows):
            named = {c: match.key for c, cell in enumerate(row) if (match := self._named(cell))}
            heads = [c for c, key in named.items() if is_indicator(key)]
            if self._counts(row):
                heads = [c for c, cell in enumerate(row) if is_number(cell)]
            if len({row[c] for c in heads}) > 1:
                _check_below(row, heads, rows[at + 1 :])
                return _turned(rows)
        figures = [sum(is_number(cell) or is_dash(cell) for cell in row) for row in rows]
        named = any(
            is_indicator(match.key) for row in rows for cell in row if (match := self._named(cell))
        )
        if max(figures, default=0) > sum(map(bool, figures)) and not named:
            return _turned(rows)
        return rows

    def _named(self, cell):
        return None if not cell or is_figure(cell) or year_of(cell) else self.names.match(cell)

    def _counts(self, row):
        """Whether the numbers of all indicators stand in a row, as headings."""
        numbers = [bare(cell) for cell in row if is_number(cell)]
        return sorted(numbers) == sorted(map(str, self.names.numbers))

    def _line(self, cells):
        """The words of the row that name most closely what it is about."""
        words = [(at, c) for at, c in enumerate(cells) if c and not is_figure(c) and not year_of(c)]
        found = [(at, cell, match) for at, cell in words if (match := self.names.match(cell))]
        found.sort(key=lambda one: (not is_indicator(one[2].key), not one[2].by_name))
        if not found:
            return Line(cells, " ".join(cell for _at, cell in words))
        at, text, match = found[0]
        line = Line(cells, text, match, at)
        numbers = [match.number for _at, _cell, match in found if match.number]
        if numbers:
            self._number(line, numbers[0])
        return line

    def _number(self, line, number):
        """A number in another cell names the row too, or speaks against its name."""
        if line.match is None and not line.text:
            line.text = str(number)
        elif line.key and is_indicator(line.key) and line.match.number is None:
            line.text = f"{number}. {line.text}"
        else:
            return
        line.match = self.names.match(line.text)

    def _columns(self, heads):
        found = {}
        for column in range(self.width):
            cells = [line.cell(column) for line in self.data]
            words = [line.cell(column).casefold() for line in heads]
            if not any(map(is_number, cells)):
                continue
            year = next(filter(None, map(year_of, words)), None)
            if any(rank in word for word in words for rank in _RANKS):
                self.has_ranks = True
            elif any(map(is_change, cells)) and not year:
                self.has_left_out |= not any(words)
            else:
                others = [
                    line
                    for line, word in zip(heads, words, strict=True)
                    if any(other in word for other in _OTHERS)
                ]
                _check_above(others, self.width)
                found[column] = _OTHER if others else year
        numbering = self._numbering(found)
        filled = {c: sum(is_number(line.cell(c)) for line in self.data) for c in found}
        most = max((filled[c] for c in found if c != numbering), default=0)
        scores = {c: year for c, year in found.items() if year != _OTHER and c != numbering}
        # A column with a figure here and there is of the instruments.
        sparse = {c for c, year in scores.items() if not year and filled[c] * 2 <= most}
        self.has_left_out |= any(not any(line.cell(c) for line in heads) for c in sparse)
        return {c: year for c, year in scores.items() if c not in sparse}

    def _numbering(self, columns):
        """The column that counts the rows 1, 2, 3 …; its numbers name rows that have no name."""
        first = next(iter(columns), None)
        if len(columns) < 2 or isinstance(columns[first], int):
            return None
        numbered = [line for line in self.data if is_number(line.cell(first))]
        numbers = [bare(line.cell(first)).lstrip("0") for line in numbered]
        if not set(numbers) <= {str(number) for number in self.names.numbers}:
            return None
        # Counted anew within each instrument, the numbers say nothing against the names.
        anew = len(set(numbers)) < len(numbers)
        for line, number in zip(numbered, numbers, strict=True):
            if not (anew and line.match):
                self._number(line, number)
        return first


def _align(lines, width):
    """Where a cell reaches over several rows, a copied web page leaves it out of the others."""
    anchor = max((line.at for line in lines if line.key), default=0)
    for line in lines:
        missing = anchor - line.at
        empty = not any(line.cells[line.at + 1 : anchor + 1])
        if line.key and missing > 0 and not empty and len(line.cells) + missing <= width:
            line.cells[:0] = [""] * missing
            line.at = anchor


# Where a cell reaches over several rows or columns, a copied web page shifts those behind it.


def _check_above(headings, width):
    if any(1 < len(line.cells) < width for line in headings):
        raise Unreadable(
            _(
                "The headings do not stand above their columns, as one reaches over several. Copy "
                "only the names and the scores."
            )
        )


def _check_below(row, heads, rows):
    for values in rows:
        for column in heads if any(map(is_number, values)) else ():
            cell = values[column] if column < len(values) else ""
            if cell and not is_figure(cell):
                raise Unreadable(
                    _(
                        'Below "%(name)s" stands "%(text)s", which is no score. Copy the names '
                        "right above the values, or only the scores of one year."
                    )
                    % {"name": row[column][:60], "text": cell[:60]}
                )


def _turned(rows):
    width = max(map(len, rows))
    padded = (row + [""] * (width - len(row)) for row in rows)
    return [list(column) for column in zip(*padded, strict=True)]
