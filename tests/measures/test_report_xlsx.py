"""All figures of a report as a workbook: numbers, harmless texts, and scores to import again."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from assessments.actions import import_scores
from assessments.exchange.reading import read_file
from assessments.models import Assessment
from measures.actions import create_measure
from measures.models import Plan
from measures.report.build import build
from measures.report.content import Part
from measures.report.frozen import current_report
from measures.report.xlsx import xlsx_of
from tests.measures.test_report_docx import CANARIES, DAY

pytestmark = pytest.mark.one_database("postgres")

SHEETS = "สรุป ตัวชี้วัด เครื่องมือ ทุกปี มาตรการ|ผลรอบ 6 เดือน|ผลรอบ 12 เดือน|คะแนนสำหรับนำเข้า"


@pytest.fixture
def content(written_plan, staff):
    create_measure(
        plan=written_plan,
        indicators=[written_plan.assessment.framework.indicators.first()],
        by=staff,
        title=CANARIES[0],
        steps="\n".join(CANARIES),
        period="ตลอดปี",
        follow_up="+cmd|' /C calc'!A0",
        responsible="กองคลัง",
        budget=Decimal("12500.50"),
    )
    plan = Plan.objects.get(pk=written_plan.pk)
    return xlsx_of(build(plan, Part.FULL, DAY), plan.agency)


@pytest.fixture
def workbook(content):
    return load_workbook(io.BytesIO(content))


def rows(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_every_figure_has_its_sheet_with_a_heading_that_stays(workbook):
    first, *others = SHEETS.split("|")
    assert workbook.sheetnames == [*first.split(), *others]
    for sheet in workbook:
        assert sheet.freeze_panes
        assert sheet.print_title_rows == "$1:$1"
        assert all(dimension.width > 8 for dimension in sheet.column_dimensions.values())


def test_numbers_are_numbers_of_two_places(workbook):
    sheet = workbook["ตัวชี้วัด"]
    assert rows(sheet)[1][:7] == [1, "การปฏิบัติหน้าที่", "IIT", 86.96, 87.54, 0.58, 0.67]
    assert {sheet.cell(2, column).number_format for column in (4, 5, 6, 7)} == {"0.00"}
    assert ["คะแนนรวมที่คำนวณได้", 58.24] in rows(workbook["สรุป"])
    assert rows(workbook["ทุกปี"])[:2] == [
        ["รายการ", "พ.ศ. 2563", "พ.ศ. 2564"],
        ["คะแนนรวม", 63.92, 58.24],
    ]
    assert rows(workbook["เครื่องมือ"])[1][2:5] == [30, 81.1, 80.25]
    assert workbook["มาตรการ"]["E5"].value == 12500.5


def test_progress_stands_in_the_sheet_of_its_round(workbook):
    first, second, *_ = rows(workbook["ผลรอบ 6 เดือน"])[1:]
    assert first[2] == "ดำเนินการแล้วเสร็จ"
    assert "15 พฤศจิกายน 2564" in first[4]
    assert second[2:5] == ["ยังไม่มีรายงานผล", None, None]


def test_what_people_typed_is_never_a_formula(workbook):
    sheet = workbook["มาตรการ"]
    assert [sheet[f"{column}5"].value for column in "BF"] == ["=1+1", "+cmd|' /C calc'!A0"]
    assert sheet["B5"].quotePrefix
    assert not any(cell.data_type == "f" for sheet in workbook for row in sheet for cell in row)
    assert "{{ 7*7 }}" in sheet["C5"].value


def test_its_scores_are_imported_again_unchanged(content, agency, staff):
    def stored():
        found = Assessment.objects.filter(agency=agency).prefetch_related("scores")
        return {(a.year, s.indicator_id): s.value for a in found for s in a.scores.all()}

    before = stored()
    Assessment.objects.get(framework__year=2564).scores.update(value=None)
    reading = read_file("figures.xlsx", content)
    assert not reading.problems
    assert {entry.year for entry in reading.entries} == {2563, 2564}
    import_scores(entries=reading.entries, by=staff)
    assert stored() == before


def test_the_same_report_gives_the_same_bytes(written_plan, approve):
    plan = approve(written_plan)
    first, second = (xlsx_of(current_report(plan, Part.FULL), plan.agency) for _ in range(2))
    assert first == second
    summary = dict(rows(load_workbook(io.BytesIO(first))["สรุป"]))
    assert summary["ฉบับที่"] == 1
    assert summary["สถานะ"].startswith("อนุมัติเมื่อวันที่")
