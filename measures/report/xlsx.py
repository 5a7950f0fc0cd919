"""All figures of a report as a workbook, a table a sheet; one of them can be imported again."""

from dataclasses import dataclass

from django.utils import translation
from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from assessments.fiscal import thai_date
from assessments.results import all_years
from assessments.spreadsheets import FIGURES_SHEET, entered_table, fill, saved
from measures.report.content import Report

FONT = "TH SarabunPSK"
TEXT, BOLD = Font(name=FONT, size=16), Font(name=FONT, size=16, bold=True)
HEADING = PatternFill("solid", fgColor="DDE3F0")
LINE = Side(style="thin", color="7D879C")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
#: What numbers look like; all others are points or per cent of two places.
WHOLE, BAHT = "0", "#,##0.00"


@dataclass(frozen=True)
class Column:
    """`width` in characters; `look` of its numbers where it is not two places."""

    heading: str
    width: int = 14
    look: str = ""


def xlsx_of(report: Report, agency) -> bytes:
    """`report` is the full one. Texts are Thai; the same figures give the same bytes.

    Years before those of the report are as they are now.
    """
    workbook = Workbook()
    workbook.remove(workbook.active)
    with translation.override("th"):
        _summary(workbook, report)
        _indicators(workbook, report)
        _instruments(workbook, report)
        _all_years(workbook, report, agency)
        _measures(workbook, report)
        for round in report.rounds:
            _round(workbook, round)
        _scores(workbook, report, agency)
    return saved(workbook)


def _sheet(workbook, title, columns, rows, *, freeze="A2"):
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = freeze
    _write(sheet, 1, [column.heading for column in columns], font=BOLD, fill=HEADING)
    for number, row in enumerate(rows, start=2):
        _write(sheet, number, row, font=TEXT)
    for index, column in enumerate(columns, start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = column.width
        for cell in sheet[letter][1:] if column.look else ():
            cell.number_format = column.look
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "&A  &P / &N"
    return sheet


def _write(sheet, number, values, **styles):
    wrapped = Alignment(vertical="top", wrap_text=True)
    for index, value in enumerate(values, start=1):
        fill(sheet.cell(number, index), value, border=BOX, alignment=wrapped, **styles)


def _summary(workbook, report):
    result = report.result
    analysis, change = result.analysis, result.total_change
    published = next((e for e in result.entered if e.year == report.result_year), None)
    rows = [
        ("หน่วยงาน", report.agency),
        ("ที่ตั้ง", report.place),
        ("ปีงบประมาณของผลการประเมิน (พ.ศ.)", report.result_year),
        ("ปีงบประมาณของมาตรการ (พ.ศ.)", report.year),
        ("คะแนนรวมที่คำนวณได้", analysis.total),
        ("ระดับตามคะแนนที่คำนวณได้", analysis.level and analysis.level.name),
        ("คะแนนรวมตามประกาศ", published and published.published_total),
        ("ระดับตามประกาศ", result.published_level),
        ("คะแนนรวมปีก่อน", analysis.previous_total),
        ("ระดับปีก่อน", analysis.previous_level and analysis.previous_level.name),
        ("ผลต่างจากปีก่อน (คะแนน)", change and change.points),
        ("ผลต่างจากปีก่อน (ร้อยละ)", change and change.percent),
        ("เกณฑ์จุดแข็ง (คะแนน)", report.threshold),
        ("จำนวนมาตรการ", len(report.measures)),
        *_standing(report),
    ]
    sheet = _sheet(workbook, "สรุป", [Column("รายการ", 42), Column("ค่า", 60)], rows)
    for cell in sheet["B"]:
        cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)


def _standing(report):
    seal = report.seal
    if seal is None:
        return [("สถานะ", f"ฉบับร่าง ณ วันที่ {thai_date(report.day)}")]
    dates = (("อนุมัติ", seal.approved_on), ("ลงนาม", seal.signed_on))
    standing = " ".join(f"{done}เมื่อวันที่ {thai_date(day)}" for done, day in dates if day)
    return [
        ("สถานะ", standing or "ฉบับร่าง"),
        ("ฉบับที่", seal.number),
        ("รหัสยืนยันเนื้อหา", seal.digest),
    ]


def _compared(report):
    before = report.previous_year or report.result_year - 1
    return [
        Column(f"คะแนน {before}"),
        Column(f"คะแนน {report.result_year}"),
        Column("ผลต่าง (คะแนน)"),
        Column("ผลต่าง (ร้อยละ)"),
        Column("ทิศทาง"),
    ]


def _change(row):
    change = row.change
    direction = str(row.direction.label) if change else None
    percent = change and change.percent
    return [row.previous, row.current, change and change.points, percent, direction]


def _indicators(workbook, report):
    result = report.result
    columns = [Column("ตัวชี้วัดที่", 11, WHOLE), Column("ชื่อตัวชี้วัด", 36), Column("เครื่องมือ", 12)]
    columns += [*_compared(report), Column("กลุ่ม", 34), Column("คะแนนสูงสุด", 13)]
    rows = [
        (
            row.number,
            result.names[row.number],
            row.instrument,
            *_change(row),
            str(row.cls.label),
            "สูงสุด" if row.is_highest else None,
        )
        for row in result.analysis.rows
    ]
    sheet = _sheet(workbook, "ตัวชี้วัด", columns, rows, freeze="C2")
    chart = BarChart()
    chart.type, chart.title, chart.style = "bar", "คะแนนรายตัวชี้วัด", 10
    chart.add_data(
        Reference(sheet, min_col=4, max_col=5, min_row=1, max_row=len(rows) + 1),
        titles_from_data=True,
    )
    chart.set_categories(Reference(sheet, min_col=2, min_row=2, max_row=len(rows) + 1))
    # Excel draws the first row at the bottom.
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 100
    _put(sheet, chart, len(rows) + 4)


def _put(sheet, chart, row):
    chart.height, chart.width = 12, 26
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, f"A{row}")


def _instruments(workbook, report):
    names = {one.code: one.name for one in report.criteria.instruments}
    columns = [Column("เครื่องมือ", 12), Column("ชื่อเครื่องมือ", 48), Column("น้ำหนัก (ร้อยละ)", 14)]
    rows = [
        (row.code, names[row.code], row.weight, *_change(row))
        for row in report.result.analysis.instruments
    ]
    _sheet(workbook, "เครื่องมือ", [*columns, *_compared(report)], rows, freeze="C2")


def _all_years(workbook, report, agency):
    """Figures that are not of the report are in the state of now."""
    trend = all_years(agency)
    if trend is None:
        return
    shown = [place for place, year in enumerate(trend.years) if year <= report.result_year]
    totals = [trend.totals[place] for place in shown]

    def row(name, values):
        return [name, *(values[place] for place in shown)]

    rows = [
        ["คะแนนรวม", *(point.total for point in totals)],
        ["ระดับ", *(" / ".join(point.levels) or None for point in totals)],
        ["ที่มาของคะแนนรวม", *(_origin(point) for point in totals)],
        *(row(one.code, one.values) for one in trend.instruments),
        *(row(f"ตัวชี้วัด {one.name}", [cell.value for cell in one.cells]) for one in trend.series),
    ]
    columns = [Column("รายการ", 44), *(Column(f"พ.ศ. {point.year}") for point in totals)]
    sheet = _sheet(workbook, "ทุกปี", columns, rows, freeze="B2")
    if len(totals) > 1:
        chart = LineChart()
        chart.title, chart.y_axis.scaling.min, chart.y_axis.scaling.max = "คะแนนรวม", 0, 100
        data = Reference(sheet, min_col=1, max_col=len(totals) + 1, min_row=2)
        chart.add_data(data, from_rows=True, titles_from_data=True)
        chart.set_categories(Reference(sheet, min_col=2, max_col=len(totals) + 1, min_row=1))
        _put(sheet, chart, len(rows) + 4)


def _origin(point):
    if point.total is None:
        return None
    return "ตามประกาศ" if point.is_announced else "คำนวณจากตัวชี้วัด"


def _measures(workbook, report):
    columns = [
        Column("มาตรการที่", 12, WHOLE),
        Column("มาตรการ/แนวทาง", 40),
        Column("วิธีดำเนินการ", 60),
        Column("ระยะเวลาดำเนินการ", 24),
        Column("งบประมาณ (บาท)", 18, BAHT),
        Column("การติดตามผล", 40),
        Column("ผู้รับผิดชอบ", 26),
        Column("รองรับตัวชี้วัดที่", 20),
    ]
    rows = [
        (
            one.number,
            one.title,
            one.steps,
            one.period,
            one.budget,
            one.follow_up,
            one.responsible,
            ", ".join(map(str, one.indicators)),
        )
        for one in report.measures
    ]
    _sheet(workbook, "มาตรการ", columns, rows, freeze="C2")


def _round(workbook, round):
    columns = [
        Column("มาตรการที่", 12, WHOLE),
        Column("มาตรการ/แนวทาง", 40),
        Column("สถานะ", 18),
        Column("ความสำเร็จ (ร้อยละ)", 14, WHOLE),
        Column("ผลการดำเนินการ", 60),
        Column("ข้อเสนอแนะ", 40),
    ]
    rows = [
        (
            one.measure.number,
            one.measure.title,
            one.state_label or "ยังไม่มีรายงานผล",
            one.percent,
            one.result,
            one.suggestion,
        )
        for one in round.entries
    ]
    _sheet(workbook, f"ผลรอบ {round.months} เดือน", columns, rows, freeze="C2")


def _scores(workbook, report, agency):
    """As they were entered, under the headings of the portal's own files."""
    results = [vars(one) for one in report.result.entered]
    headings, rows = entered_table(agency.code, report.agency, results)
    columns = [Column(heading, 34 if place == 1 else 13) for place, heading in enumerate(headings)]
    _sheet(workbook, FIGURES_SHEET, columns, rows, freeze="D2")
