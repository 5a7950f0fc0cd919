"""The form to fill in: the scores of a year, beside those of the year before."""

import re

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from assessments.exchange.columns import (
    AGENCY,
    COMPUTED,
    KIND,
    LEVEL,
    NAME,
    PUBLISHED,
    TOTAL,
    YEAR,
    is_finer,
)
from assessments.exchange.exporting import blank, columns_of, frame_of, stored
from assessments.exchange.writing import fill, saved

SHEET = "แบบกรอกคะแนน %s"
HELP_SHEET = "คำอธิบาย"

_HEADINGS = {
    AGENCY: "รหัสหน่วยงาน",
    NAME: "ชื่อหน่วยงาน",
    YEAR: "ปีงบประมาณ",
    TOTAL: "คะแนนรวมที่ประกาศ",
    LEVEL: "ระดับที่ประกาศ",
}
_WIDTHS = {NAME: 34, AGENCY: 16, YEAR: 12}
_HELP = (
    "กรอกคะแนนปี %(year)s ในช่องสีเหลือง ช่องอื่นล็อกไว้ คะแนนปีก่อนมีไว้เทียบ ไม่ต้องแก้",
    "คะแนนมีค่า 0 ถึง 100 ทศนิยมไม่เกิน 2 ตำแหน่ง เช่น 87.54 พิมพ์เลขไทยได้",
    "ช่องที่เว้นว่างไม่เปลี่ยนคะแนนที่บันทึกไว้แล้ว ถ้าต้องการลบคะแนน พิมพ์ขีด (-)",
    "0 หมายถึงได้ศูนย์คะแนน ถ้ายังไม่มีผล ให้เว้นว่าง",
    "คะแนนรวมและระดับที่ประกาศ กรอกตามประกาศผลของสำนักงาน ป.ป.ช. จะเว้นว่างก็ได้ ระบบคำนวณให้เองจากตัวชี้วัด",
    "ระดับของปี %(year)s ได้แก่ %(levels)s",
    "บันทึกเป็น .xlsx แล้วนำเข้าที่หน้าคะแนนปี %(year)s ระบบแสดงทุกค่าที่จะเปลี่ยนให้ตรวจก่อนบันทึก",
)

HEAD_ROW = 2
INPUT = PatternFill("solid", fgColor="FFF6D6")
HEADING = PatternFill("solid", fgColor="E3E8F4")
LINE = Side(style="thin", color="9AA3B5")


def year_of_template(sheet: str) -> int | None:
    found = re.fullmatch(SHEET % "([0-9]{4})", sheet)
    return int(found[1]) if found else None


def template(years) -> bytes:
    """An XLSX of the `TwoYears`; the headings are those that the import knows."""
    current = years.current or blank(years.agency, years.framework)
    before = [years.last_year] if years.last_year else []
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = SHEET % current.year
    columns = [
        column
        for column in columns_of([current, *before])
        if column not in COMPUTED and column != KIND and not is_finer(column)
    ]
    fill(sheet["A1"], f"แบบกรอกคะแนน ITA ปีงบประมาณ พ.ศ. {current.year}", font=Font(bold=True))
    _head(sheet, columns, years.framework)
    for row, one in enumerate([*before, current], HEAD_ROW + 1):
        _row(sheet, row, one, columns, to_fill_in=one is current)
    _judge(sheet, row, columns, years.framework)
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 4)
    # Without a password: it keeps the headings from slips, and anybody can lift it.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    _explain(workbook.create_sheet(HELP_SHEET), years.framework)
    return saved(workbook)


def _heading(column, names):
    if column in _HEADINGS:
        return _HEADINGS[column]
    whole, _sign, part = column.removeprefix(PUBLISHED).partition("_")
    what = f"ตัวชี้วัดที่ {whole[1:]} {names[whole]}" if whole in names else whole.upper()
    of_part = f" ส่วนที่ {part}" if part else ""
    announced = " ที่ประกาศ" if column.startswith(PUBLISHED) else ""
    return f"{what}{of_part}{announced}"


def _head(sheet, columns, framework):
    names = {f"i{one.number}": one.name_th for one in framework.ordered_indicators()}
    look = {
        "font": Font(bold=True),
        "fill": HEADING,
        "alignment": Alignment(wrap_text=True, vertical="center", horizontal="center"),
        "border": Border(bottom=LINE, left=LINE, right=LINE, top=LINE),
    }
    for index, column in enumerate(columns, 1):
        fill(sheet.cell(HEAD_ROW, index), _heading(column, names), **look)
        sheet.column_dimensions[get_column_letter(index)].width = _WIDTHS.get(column, 18)
    sheet.row_dimensions[HEAD_ROW].height = 62


def _row(sheet, number, assessment, columns, *, to_fill_in):
    known = frame_of(assessment)
    for index, column in enumerate(columns, 1):
        value = known[column] if column in known else stored(assessment.cells, column)
        cell = fill(sheet.cell(number, index), value)
        cell.border = Border(bottom=LINE, left=LINE, right=LINE)
        if column not in (AGENCY, NAME, YEAR):
            cell.number_format = "@" if column == LEVEL else "0.00"
            if to_fill_in:
                cell.fill, cell.protection = INPUT, Protection(locked=False)


def _judge(sheet, row, columns, framework):
    """Excel asks about a figure out of range; it may be kept, as a dash clears a score."""
    points = DataValidation(
        type="decimal",
        operator="between",
        formula1="0",
        formula2="100",
        errorStyle="warning",
        errorTitle="คะแนน",
        error="คะแนนต้องอยู่ระหว่าง 0 ถึง 100 เช่น 87.54",
        showErrorMessage=True,
    )
    names = ",".join(level.name_th for level in framework.levels.all())
    levels = DataValidation(type="list", formula1=f'"{names}"', showErrorMessage=True)
    for index, column in enumerate(columns, 1):
        if column not in (AGENCY, NAME, YEAR):
            (levels if column == LEVEL else points).add(sheet.cell(row, index))
    sheet.add_data_validation(points)
    sheet.add_data_validation(levels)


def _explain(sheet, framework):
    levels = ", ".join(level.name_th for level in framework.levels.all())
    facts = {"year": framework.year, "levels": levels}
    sheet.column_dimensions["A"].width = 100
    for number, text in enumerate(_HELP, 1):
        fill(sheet.cell(number, 1), text % facts, alignment=Alignment(wrap_text=True))
    sheet.protection.sheet = True
