"""Results as CSV or XLSX that opens harmlessly in a spreadsheet and can be imported again."""

import csv
import io
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

Row = Sequence[str | int | Decimal | None]


def write(format: str, headings: Sequence[str], rows: Iterable[Row], sheet: str) -> bytes:
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
    sheet.append(_cells(sheet, headings, bold=True))
    for row in rows:
        sheet.append(_cells(sheet, row))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _cells(sheet, values, bold=False):
    for value in values:
        if isinstance(value, str):
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
            # openpyxl would make a formula of any text that begins with "=".
            cell.data_type = "s"
        else:
            cell = WriteOnlyCell(sheet, value)
            if isinstance(value, Decimal):
                cell.number_format = "0.00"
        if bold:
            cell.font = Font(bold=True)
        yield cell
