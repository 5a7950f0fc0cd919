"""From the bytes of a CSV or XLSX file to sheets of text, with limits on what a file may hold."""

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import PurePath

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from assessments.exchange.formulas import unescape
from assessments.exchange.workbooks import (
    MAX_COLUMNS,
    MAX_ROWS,
    UnreadableFile,
    check_workbook,
    not_really,
    too_many_columns,
    too_many_rows,
)
from assessments.exchange.writing import FIGURES_SHEET

MAX_BYTES = 2 * 1024 * 1024
MAX_SHEETS = 20
MAX_CHARACTERS = 500


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: list[list[str]]


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """Every sheet with anything in it; raises UnreadableFile."""
    if len(content) > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than 2 MB. Split it and import the parts."))
    kind = PurePath(name).suffix.casefold()
    if kind == ".csv":
        sheets = [_read_csv(PurePath(name).name, content)]
    elif kind == ".xlsx":
        sheets = _read_xlsx(content)
    else:
        raise UnreadableFile(
            _("Files of type %(kind)s are not taken. Save it as CSV or Excel workbook (.xlsx).")
            % {"kind": kind or _("(none)")}
        )
    filled = [sheet for sheet in sheets if any(any(row) for row in sheet.rows)]
    if not filled:
        raise UnreadableFile(_("The file is empty. Choose a file with scores."))
    return filled


def _read_csv(name, content):
    text = _decode(content)
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        # Two megabytes of empty lines would fill the memory.
        rows = list(islice(reader, MAX_ROWS))
        if any(map(any, reader)):
            raise too_many_rows()
    except csv.Error as error:
        raise not_really("CSV") from error
    return Sheet(name, [[unescape(value) for value in row] for row in _limited(rows)])


def _decode(content):
    """UTF-8, or what Excel writes on a Thai Windows: its "Unicode text" and code page 874."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp874"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise not_really("CSV")


def _read_xlsx(content):
    last_column = check_workbook(content)
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except Exception as error:  # A broken workbook may raise anything from deep inside.
        raise not_really("Excel") from error
    try:
        return list(_sheets(workbook, last_column))
    except UnreadableFile:
        raise
    except Exception as error:
        raise not_really("Excel") from error
    finally:
        workbook.close()


def _sheets(workbook, last_column):
    if len(workbook.worksheets) > MAX_SHEETS:
        raise UnreadableFile(
            _("The workbook has more than %(count)s sheets. Copy the scores into a new one.")
            % {"count": MAX_SHEETS}
        )
    left = MAX_ROWS
    own = [sheet for sheet in workbook.worksheets if sheet.title == FIGURES_SHEET]
    for sheet in own or workbook.worksheets:
        # The size that a workbook claims may be wrong or a trap: read what is there, and no more.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=left + 1, max_col=last_column or 1)
        rows = _limited([[_as_text(cell) for cell in row] for row in rows], left)
        left -= len(rows)
        yield Sheet(sheet.title, rows)


def _limited(rows, most=MAX_ROWS):
    while rows and not any(rows[-1]):
        rows.pop()
    if any(any(row[MAX_COLUMNS:]) for row in rows):
        raise too_many_columns()
    if len(rows) > most:
        raise too_many_rows()
    if any(len(value) > MAX_CHARACTERS for row in rows for value in row):
        raise UnreadableFile(
            _("A cell has more than %(count)s characters. Keep only scores in the file.")
            % {"count": MAX_CHARACTERS}
        )
    return [row[:MAX_COLUMNS] for row in rows]


def _as_text(cell):
    """A number as it was typed: a spreadsheet keeps 79.61 as 79.60999999999999, 87% as 0.87."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, (int, float)) and "%" in cell.number_format:
        return f"{_plain(Decimal(value) * 100)}%"
    return _plain(Decimal(value)) if isinstance(value, float) else str(value)


def _plain(number):
    return f"{number:.9f}".rstrip("0").rstrip(".")
