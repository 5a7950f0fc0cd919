"""A table of measures from the clipboard: its cells as text, and which column is which."""

import csv
import io
import re
from dataclasses import dataclass
from html.parser import HTMLParser

from django.utils.translation import gettext_lazy as _

MOST_ROWS = 50
MOST_COLUMNS = 12
#: Word adds far more of its own than there is text.
MOST_CHARACTERS = 1_500_000

#: Fields of a measure, in the order of the document's columns, and words of their headings.
COLUMNS = {
    "order": (_("No."), ("ลำดับ", "ที่", "no")),
    "title": (_("Measure"), ("มาตรการ", "แนวทาง", "โครงการ", "กิจกรรม")),
    "steps": (_("Steps"), ("วิธีดำเนินการ", "วิธีการ", "ขั้นตอน", "การดำเนินการ")),
    "period": (_("Period"), ("ระยะเวลา", "ช่วงเวลา", "กำหนดเวลา")),
    "budget": (_("Budget"), ("งบประมาณ",)),
    "follow_up": (_("Follow-up"), ("ติดตาม", "หลักฐาน", "รายงานผล")),
    "responsible": (_("Responsible units"), ("ผู้รับผิดชอบ", "รับผิดชอบ", "หน่วยงาน")),
}
#: Asked in this order: ระยะเวลาดำเนินการ and งบประมาณ are told before วิธีดำเนินการ and มาตรการ.
_ASKED = ("period", "budget", "responsible", "follow_up", "steps", "title", "order")
_FIVE = ("title", "steps", "period", "follow_up", "responsible")
_NUMBER = re.compile(r"[(]?[0-9๐-๙]{1,3}[.)]?")
_BUDGET = re.compile(r"(?:ไม่ใช้|ไม่มี)งบ.*|[0-9๐-๙][0-9๐-๙,. ]*(?:บาท|-)?|[-–]")
_BREAKING = {"p", "div", "br", "li", "h1", "h2", "h3"}
_UNSEEN = {"style", "script", "head", "title", "xml"}


class Unreadable(ValueError):
    """`code` says why the clipboard holds no table that can be taken."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass
class Row:
    """`number` is its place among the measures; `texts` are by field."""

    number: int
    texts: dict


class _Cells(HTMLParser):
    """The rows of all tables as lists of texts; nothing of the markup is kept."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.rows, self._row, self._cell = [], None, None
        self._unseen = self._inner = 0
        self._spans = {}

    def handle_starttag(self, tag, attrs):
        self._unseen = 0 if tag == "body" else self._unseen + (tag in _UNSEEN)
        if tag == "table" and self._cell is not None:
            self._inner += 1
        elif self._inner:
            # A table in a cell is lines of its text.
            self._break(tag, {*_BREAKING, "tr", "td", "th"})
        elif tag == "table":
            self._spans = {}
        elif tag == "tr":
            self._end_row()
            self._row = []
        elif tag in ("td", "th") and self._row is not None:
            self._end_cell()
            self._skip_spanned()
            self._cell, self._attrs = [], dict(attrs)
        else:
            self._break(tag, _BREAKING)

    def handle_endtag(self, tag):
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if self._inner:
            self._inner -= tag == "table"
            self._break(tag, {*_BREAKING, "table"})
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()
        else:
            self._break(tag, _BREAKING)

    def close(self):
        super().close()
        self._end_row()

    def _break(self, tag, breaking):
        if tag in breaking and self._cell is not None:
            self._cell.append("\n")

    def handle_data(self, data):
        if self._cell is not None and not self._unseen:
            self._cell.append(re.sub(r"\s+", " ", data))

    def _end_row(self):
        if self._row is None:
            return
        self._end_cell()
        self._skip_spanned()
        self.rows.append(self._row)
        self._row = None

    def _end_cell(self):
        if self._cell is None:
            return
        place, rows = len(self._row), _span(self._attrs, "rowspan")
        for offset in range(_span(self._attrs, "colspan")):
            self._row.append("" if offset else _lines("".join(self._cell)))
            if rows > 1:
                self._spans[place + offset] = rows - 1
        self._cell = None

    def _skip_spanned(self):
        while left := self._spans.get(len(self._row), 0):
            self._spans[len(self._row)] = left - 1
            self._row.append("")


def _span(attrs, name):
    found = re.fullmatch("[0-9]{1,2}", attrs.get(name) or "1")
    return max(1, min(int(found[0]), MOST_ROWS)) if found else 1


def _lines(text):
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def table_of(text, html=""):
    """Rows of cells, of equal length; raises Unreadable. Cells keep their lines."""
    if len(text) + len(html) > MOST_CHARACTERS:
        raise Unreadable("large")
    rows = _of_html(html) if "<td" in html.lower() else _of_tabs(text)
    rows = [row for row in rows if any(row)]
    width = max(map(len, rows), default=0)
    if width < 2:
        raise Unreadable("no table")
    if width > MOST_COLUMNS:
        raise Unreadable("columns")
    return [row + [""] * (width - len(row)) for row in rows]


def _of_html(html):
    parser = _Cells()
    parser.feed(html)
    parser.close()
    return parser.rows


def _of_tabs(text):
    """As Excel and LibreOffice copy: tabs, and quotes around a cell of several lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    return [[_lines(cell) for cell in row] for row in rows]


def heading_of(cell):
    """The field that a column's heading names, or an empty text."""
    plain = re.sub(r"\s", "", cell).casefold()
    # A cell of a measure may have such a word too, as ตลอดปีงบประมาณ has.
    plain = plain.replace("ปีงบประมาณ", "")
    if len(plain) > 40 or re.search("[0-9๐-๙]", plain):
        return ""
    return next((name for name in _ASKED if any(word in plain for word in COLUMNS[name][1])), "")


def _head(table):
    """The row of headings, if it has one; Word repeats it on each page."""
    for row in table[:3]:
        cells = [cell for cell in row if cell]
        named = [heading_of(cell) for cell in cells]
        if len(set(filter(None, named))) >= 3 and named.count("") <= 1:
            return row
    return None


def columns_of(table):
    """The field of each column: by its heading, else by its place and what stands there."""
    head = _head(table)
    if head is not None:
        named = [heading_of(cell) for cell in head]
        return [name if name not in named[:place] else "" for place, name in enumerate(named)]
    by_column = [[cell for cell in column if cell] for column in zip(*table, strict=True)]
    numbered = all(_NUMBER.fullmatch(cell) for cell in by_column[0])
    found = ["order"] if numbered else []
    rest = list(_FIVE)
    for cells in by_column[len(found) :]:
        is_budget = bool(cells) and all(_BUDGET.fullmatch(cell) for cell in cells)
        found.append("budget" if is_budget else rest.pop(0) if rest else "")
    return found


def rows_of(table, columns):
    """The measures of the table; what stands above its headings, and headings, also repeated
    ones, or of a group of rows are none of them.

    A row without a number and a title goes on with the one above, as Word prints it on a new page.
    """
    found, head = [], _head(table)
    for cells in table[table.index(head) + 1 :] if head else table:
        texts = {name: cell for name, cell in zip(columns, cells, strict=True) if name}
        if cells == head or _is_of_group(texts):
            continue
        if found and not texts.get("title") and not texts.pop("order", ""):
            for name, cell in texts.items():
                found[-1].texts[name] = "\n".join(filter(None, [found[-1].texts[name], cell]))
            continue
        texts.pop("order", "")
        found.append(Row(len(found) + 1, texts))
    return found


def _is_of_group(texts):
    """One text over all columns, such as the name of a group of measures."""
    filled = [name for name, cell in texts.items() if cell]
    return filled == ["order"] and not _NUMBER.fullmatch(texts["order"])


def indicators_named(texts, names):
    """Numbers of the indicators that the row speaks of; `names` is number → name."""
    text = " ".join(texts.values())
    numbers = {
        int(found.translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")))
        for found in re.findall(r"ตัวชี้วัด(?:ที่)? ?([0-9๐-๙]{1,2})", text)
    }
    return sorted(n for n, name in names.items() if n in numbers or name in text)
