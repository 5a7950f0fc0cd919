"""Results as CSV or XLSX that opens harmlessly in a spreadsheet and can be imported again."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from assessments.exchange.formulas import escape

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: The sheet of a larger workbook that an import reads, and no other of it.
FIGURES_SHEET = "คะแนนสำหรับนำเข้า"
#: The first moment that a ZIP archive knows.
NO_TIME = (1980, 1, 1, 0, 0, 0)
_STAMPS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")

Value = str | int | Decimal | None


def write(format: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], sheet: str):
    return _csv(headings, rows) if format == "csv" else _xlsx(headings, rows, sheet)


def _csv(headings, rows):
    """With a byte-order mark, without which Excel takes Thai for code page 874."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow(
            escape(value) if isinstance(value, str) else "" if value is None else value
            for value in row
        )
    return text.getvalue().encode("utf-8-sig")


def _xlsx(headings, rows, title):
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "D2"
    for index in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 30 if index == 2 else 14
    sheet.append([fill(WriteOnlyCell(sheet), text, font=Font(bold=True)) for text in headings])
    for row in rows:
        sheet.append([fill(WriteOnlyCell(sheet), value) for value in row])
    return saved(workbook)


def fill(cell, value: Value, **styles):
    """Puts a value into a cell; text stays text, whatever it begins with."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        # openpyxl would make a formula of any text that begins with "=", Excel on the next editing.
        cell.data_type = "s"
        cell.quotePrefix = escape(value) != value
    else:
        cell.value = value
        if isinstance(value, Decimal):
            cell.number_format = "0.00"
    for name, style in styles.items():
        setattr(cell, name, style)
    return cell


def saved(workbook) -> bytes:
    """The same cells give the same bytes, whenever they are saved."""
    content, timeless = io.BytesIO(), io.BytesIO()
    workbook.save(content)
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(timeless, "w") as target:
        for name in sorted(source.namelist()):
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _STAMPS.sub(rb"\g<1>2000-01-01T00:00:00Z", part)
            target.writestr(zipfile.ZipInfo(name, NO_TIME), part, zipfile.ZIP_DEFLATED)
    return timeless.getvalue()
