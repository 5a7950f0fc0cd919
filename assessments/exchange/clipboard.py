"""A table as the clipboard gives it: from text to rows of cells."""

import csv
import io
import re

from django.utils.translation import gettext as _

from assessments.exchange.names import HEADING, LEVEL, TOTAL, Doubt, Names, is_indicator
from assessments.fiscal import ERA, FIRST_YEAR, LAST_YEAR
from assessments.numbers import numeric_text

MAX_BYTES = 100 * 1024
MAX_CELLS = 10_000

_NUMBER = re.compile(r"[0-9][0-9.,]*")
_UNIT = re.compile(r"\s*(?:%|คะแนน|เปอร์เซ็นต์|points?)$")
_DASH = {"-", "–", "—", "ไม่มี"}
_DIRECTION = r"(?:เพิ่ม(?:ขึ้น)?|ลด(?:ลง)?|คงที่|คงเดิม|เท่าเดิม|up|down|unchanged|[▲▼△▽↑↓])"
_CHANGE = re.compile(
    rf"(?:{_DIRECTION}|[+\-−–(]+ *(?=[0-9]))+[ :]*(?:[0-9][0-9.,]*)?[ %)]*(?:คะแนน)?"
    rf"|[0-9][0-9.,]* *\(?{_DIRECTION}\)?"
)
_YEAR = re.compile(r"[^0-9]*([0-9]{4})[^0-9]*")
#: A heading with a year in it that is not the heading of that year's scores.
_NO_YEAR = re.compile("เปลี่ยน|เทียบ|ต่าง|เพิ่ม|ลด|น้ำหนัก|เต็ม|change|differ|weight")
_BEFORE_YEAR = re.compile(r"(?:ปี\S{0,20}\s+)?(?:พ\.?\s?ศ\.?\s*)?(?:ปี)?([0-9๐-๙]{4})(?!\S)")
_COMMON_ERA = re.compile(r"(?<![\d,])(?<!\d\.)(199[7-9]|20[0-5]\d)(?!\d|[.,]\d)")
#: ปี 64, พ.ศ. 64 and ปีงบฯ 64, but not ปีที่ 64.
_SHORT_YEAR = re.compile(r"((?:ปี(?:งบประมาณ|งบฯ)?|พ\.?ศ\.?) {0,2})'?([4-9๔-๙]\d)(?!\d|[.,]\d|%)")
_NUMBERED = re.compile(r"(?:ตัวชี้วัด|ส่วน|ข้อ)?(?:ที่)?|indicator|part|no\.?", re.IGNORECASE)


class Unreadable(ValueError):
    """Says in `str()` why the text is not taken."""


def is_number(cell):
    """A plain number, right or wrong as a score; no year."""
    return _NUMBER.fullmatch(bare(cell)) is not None and year_of(cell) is None


def is_dash(cell):
    return numeric_text(cell) in _DASH


def is_change(cell):
    """+0.58, ลดลง, ▼ 1.10: a comparison with another year."""
    plain = numeric_text(cell).casefold()
    return bool(plain) and _CHANGE.fullmatch(plain) is not None


def is_figure(cell):
    return is_number(cell) or is_dash(cell) or is_change(cell)


def year_of(cell):
    """The one year (BE) that a heading names, or None."""
    found = _YEAR.fullmatch(numeric_text(cell).casefold())
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR or _NO_YEAR.search(cell):
        return None
    return int(found[1])


def years_in(cell):
    """All years (BE) that a text speaks of."""
    numbers = map(int, re.findall(r"(?<![0-9])[0-9]{4}(?![0-9])", numeric_text(cell)))
    return {number for number in numbers if FIRST_YEAR <= number <= LAST_YEAR}


def bare(cell):
    """A figure without the unit written behind it."""
    return _UNIT.sub("", numeric_text(cell))


def rows_of(text: str, names: Names) -> list[list[str]]:
    """Cells between tabs (Excel, a web page), between spaces, or one a line (Word).

    Empty rows stay, as what follows them may be counted wrongly. Raises Unreadable.
    """
    if len(text.encode()) > MAX_BYTES:
        raise Unreadable(_("The text is larger than 100 KB. Copy only the table of scores."))
    text = _in_buddhist_era(text.replace("\r\n", "\n").replace("\r", "\n"))
    # Tabs that part nothing are only there to indent.
    tabs = any("\t" in line.strip() for line in text.split("\n"))
    if tabs:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    else:
        rows = (_split(line) for line in text.split("\n"))
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    if sum(map(len, rows)) > MAX_CELLS:
        raise Unreadable(_("The text has more than 10,000 cells. Copy only the table of scores."))
    return rows if tabs else _without_gaps(_records(rows, names), names)


def _in_buddhist_era(text):
    """2021 and ปี 64 as 2564."""
    text = _COMMON_ERA.sub(lambda found: str(int(found[1]) + ERA), text)
    return _SHORT_YEAR.sub(lambda found: f"{found[1]}{2500 + int(found[2])}", text)


def _split(line):
    """The cells of a line without tabs; a single space parts figures, but not words."""
    line = re.sub(r"(?<=[0-9๐-๙])\s+(?=%|คะแนน)", "", line.strip())
    line = re.sub(r"(?<=[0-9๐-๙])[,;](?!\S)", " ", line)
    line = _BEFORE_YEAR.sub(r"\1", line)
    cells = []
    for cell in re.split(r"\s{2,}|\s*\|\s*", line):
        words, figures = cell.split(), []
        while words and (is_figure(words[-1]) or year_of(words[-1])):
            # The 9 of "ตัวชี้วัดที่ 9" is no score.
            if len(words[-1]) < 3 and len(words) > 1 and _NUMBERED.fullmatch(words[-2]):
                break
            figures.append(words.pop())
        cells += [" ".join(words)] * bool(words) + figures[::-1]
    return cells


def _records(rows, names):
    """Rows again, where every cell of a table has come on a line of its own."""
    cells = [cell for row in rows for cell in row]
    together = any(
        sum(map(is_figure, row)) > 1 or (any(map(is_figure, row)) and _labels(row, names))
        for row in rows
    )
    if together or not _labels(cells, names) - {TOTAL, LEVEL}:
        return rows
    return _sideways(cells, names) or _one_below_the_other(cells, names)


def _labels(cells, names):
    return {
        match.key
        for cell in cells
        if not is_figure(cell) and (match := names.match(cell)) and match.key != HEADING
    }


def _sideways(cells, names):
    """First all the names, then a row of figures a year."""
    first = next(
        (at for at, cell in enumerate(cells) if is_figure(cell) or year_of(cell)), len(cells)
    )
    if len(_labels(cells[:first], names)) < 2 or first < len(names.numbers):
        return None
    for width in (first, first + 1):
        rest = cells[first:]
        if rest and len(rest) % width == 0:
            heads = [""] * (width - first) + cells[:first]
            return [heads, *(rest[at : at + width] for at in range(0, len(rest), width))]
    return None


def _one_below_the_other(cells, names):
    """A name, then its figures; the years stand before the first name."""
    head, rows, words = [""], [], []
    for at, cell in enumerate(cells):
        number_of_next = bare(cell) in map(str, names.numbers) and _named(cells[at + 1 :], names)
        if year_of(cell) and not rows:
            head.append(cell)
            words = []
        elif is_figure(cell) and not number_of_next:
            if words or not rows:
                rows.append([_label(words, names)])
                words = []
            rows[-1].append(cell)
        elif len(head) > 1 and not rows and not words and _is_heading(cell, names):
            # The heading of a further column, such as การเปลี่ยนแปลง.
            head.append(cell)
        else:
            words.append(cell)
    if rows and not rows[0][0] and _labels(words, names):
        raise Unreadable(
            _(
                "The first value stands above the first name and the last name has no value. Copy "
                "the table from Excel, or put the name before its values."
            )
        )
    return [head, *rows]


def _is_heading(cell, names):
    match = names.match(cell)
    return match is not None and match.key == HEADING


def _named(cells, names):
    return bool(cells) and bool(_labels(cells[:1], names))


def _label(words, names):
    """The last words that name something: a name may be broken over lines, or follow others."""
    for start in range(max(len(words) - 3, 0), len(words)):
        text = " ".join(words[start:])
        match = names.match(text)
        if match and match.by_name and match.doubt is not Doubt.SIMILAR:
            return text
    return words[-1] if words else ""


def _without_gaps(rows, names):
    """Empty cells leave no trace without tabs, so a row with fewer figures cannot be placed."""
    years = max((sum(year_of(cell) is not None for cell in row) for row in rows), default=0)
    counted = [
        (row, sum(map(is_figure, row)))
        for row in rows
        if any(map(is_figure, row)) and any(map(is_indicator, _labels(row, names)))
    ]
    most = max([years, *(count for _row, count in counted)])
    for row, count in counted:
        if count < most:
            raise Unreadable(
                _(
                    'The row "%(row)s" has %(count)s values; other rows or the years above have '
                    "%(most)s. Copy the table from Excel, or put a dash (-) in the empty cells."
                )
                % {"row": " ".join(row)[:60], "count": count, "most": most}
            )
    return rows
