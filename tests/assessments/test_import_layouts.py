"""Tables as agencies have them: whatever its shape, each value goes where its names say."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.models import Agency
from assessments.cells import key_of
from assessments.exchange import workbooks
from assessments.exchange.reading import read_file
from assessments.models import Assessment
from assessments.results import official
from tests.cast import SCORES

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = pytest.mark.one_database("sqlite")

NAMES = (
    "การปฏิบัติหน้าที่ การใช้งบประมาณ การใช้อำนาจ การใช้ทรัพย์สินของราชการ การแก้ไขปัญหาการทุจริต "
    "คุณภาพการดำเนินงาน ประสิทธิภาพการสื่อสาร การปรับปรุงระบบการทำงาน การเปิดเผยข้อมูล การป้องกันการทุจริต"
).split()
BOTH = [[2563, "nongkong"], [2564, "nongkong"]]


def workbook(sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture
def read(frameworks):
    """read(rows, title=..., **page) → the reading of a workbook with one sheet of these rows."""

    def read(rows, title="คะแนน", **page):
        return read_file("scores.xlsx", workbook({title: rows}), **page)

    return read


def values(reading):
    """{(agency, year): {column: value}} of a file that has nothing to refuse."""
    assert [str(problem) for problem in reading.problems] == []
    return {
        (entry.agency, entry.year): {
            column: cell.value if cell.value is None else str(cell.value)
            for column, cell in entry.cells.items()
        }
        for entry in reading.entries
    }


def problems(reading):
    return "\n".join(map(str, reading.problems))


def scores(year):
    return dict(zip((f"i{n}" for n in range(1, 11)), SCORES[year], strict=True))


def figures(year):
    return [float(value) for value in SCORES[year]]


EXPECTED = {("nongkong", 2563): scores(2563), ("nongkong", 2564): scores(2564)}
CODES = [f"i{n}" for n in range(1, 11)]
NUMBERED = [f"{n}. {name}" for n, name in enumerate(NAMES, 1)]
ROWS = list(zip(NAMES, figures(2563), figures(2564), strict=True))

LAYOUTS = {
    "wide": [
        ["agency_code", "fiscal_year", *CODES],
        *(["nongkong", year, *figures(year)] for year in SCORES),
    ],
    "wide, by names, sorted otherwise": [
        ["ผลการประเมิน ITA"],
        [],
        [*reversed(NAMES), "ปีงบประมาณ พ.ศ.", "รหัสหน่วยงาน", "หมายเหตุ"],
        *([*reversed(figures(year)), year, "nongkong", "ตรวจแล้ว"] for year in SCORES),
    ],
    "wide, with instruments in a row above": [
        ["รหัสหน่วยงาน", "ปี", "IIT", *[None] * 4, "EIT", None, None, "OIT", None, "คะแนนรวม"],
        [None, None, *range(1, 11), None],
        *(["nongkong", year, *figures(year), 70.5] for year in SCORES),
    ],
    "long": [
        ["fiscal_year", "agency_code", "indicator", "score"],
        *([year, "nongkong", n, v] for year in SCORES for n, v in enumerate(figures(year), 1)),
    ],
    "long, by number and name, with totals": [
        ["รหัสหน่วยงาน", "ปี", "ที่", "ตัวชี้วัด", "คะแนน"],
        *(
            ["nongkong", year, n, name, value]
            for year in SCORES
            for n, name, value in (
                *zip(range(1, 11), NAMES, figures(year), strict=True),
                (None, "รวม", 60),
            )
        ),
    ],
    "sideways, years": [
        ["รหัสหน่วยงาน", "ตัวชี้วัด", "ปี 2564", "ปี ๒๕๖๓"],
        *(["nongkong", name, now, before] for name, before, now in reversed(ROWS)),
    ],
    "sideways, agency and year in one heading": [
        ["", "nongkong 2563", "nongkong ปี 2564"],
        *([name, before, now] for name, before, now in ROWS),
    ],
    "sideways, agencies over years": [
        ["เครื่องมือ", "ตัวชี้วัด", "องค์การบริหารส่วนตำบลหนองกง", None],
        [None, None, 2563, 2564],
        ["IIT"],
        *([None, name, before, now] for name, before, now in ROWS),
        ["คะแนนรวม", None, 63.92, 58.24],
        ["ระดับผลการประเมิน", None, "C", "D"],
    ],
    "sideways, years over agencies": [
        ["ผลการประเมินคุณธรรมและความโปร่งใส ปี 2563 และ 2564"],
        ["ตัวชี้วัด", 2563, 2564],
        [None, "nongkong", "nongkong"],
        *(
            [name, before, now]
            for name, before, now in zip(NUMBERED, *map(figures, SCORES), strict=True)
        ),
    ],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.one_database("sqlite")
def test_a_table_is_read_by_its_headings(read, layout):
    found = values(read(LAYOUTS[layout]))
    by_code = {("nongkong", year): cells for (_agency, year), cells in found.items()}
    assert by_code == EXPECTED


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_result_is_stored_whatever_the_shape(frameworks, agency, layout, tmp_path):
    file = tmp_path / "scores.xlsx"
    file.write_bytes(workbook({"คะแนน": LAYOUTS[layout]}))
    call_command("import_scores", file, verbosity=0)
    for year in SCORES:
        assert [str(v) for v in official(agency, year).values.values()] == SCORES[year]


@pytest.mark.one_database("postgres")
class TestWhatASheetLeavesOut:
    """An agency or a year that no cell names."""

    def test_on_an_agencys_page_a_table_without_agency_is_of_that_agency(self, read, agency):
        rows = [["ตัวชี้วัด", 2563, 2564], *ROWS]
        reading = read(rows, agency=agency, year=2564)
        assert values(reading) == EXPECTED
        assert "ระบบถือว่าเป็นคะแนนขององค์การบริหารส่วนตำบลหนองกง" in reading.notes[0]

    def test_elsewhere_it_is_refused(self, read):
        assert 'คอลัมน์ "รหัสหน่วยงาน (agency_code)": ไม่มีคอลัมน์นี้' in problems(
            read([["ตัวชี้วัด", 2563, 2564], *ROWS])
        )

    @pytest.mark.parametrize("title", ["2563", "ปี ๒๕๖๓", "คะแนน ปี 2563"])
    def test_the_year_may_be_the_name_of_the_sheet(self, read, agency, title):
        rows = [["ตัวชี้วัด", "คะแนน"], *zip(NAMES, figures(2563), strict=True)]
        reading = read(rows, title, agency=agency, year=2564)
        assert values(reading) == {("nongkong", 2563): scores(2563)}
        assert "คะแนนปี 2563 ตามชื่อแผ่นหรือชื่อเรื่อง" in "".join(reading.notes)

    def test_the_year_may_stand_in_a_title(self, read, agency):
        rows = [["ผลคะแนน ปีงบประมาณ พ.ศ. 2563"], ["ตัวชี้วัด", "คะแนน"], [NAMES[8], 60.82]]
        assert values(read(rows, agency=agency, year=2564)) == {("nongkong", 2563): {"i9": "60.82"}}

    def test_the_year_of_the_page_is_taken_only_with_a_word_about_it(self, read, agency):
        reading = read([["ตัวชี้วัด", "คะแนน"], [NAMES[8], 29.24]], agency=agency, year=2564)
        assert values(reading) == {("nongkong", 2564): {"i9": "29.24"}}
        assert "ไม่ได้ระบุปี ระบบถือว่าเป็นคะแนนปี 2564 ตามหน้านี้" in "".join(reading.notes)

    def test_several_years_in_the_titles_are_not_guessed_between(self, read, agency):
        rows = [["เทียบปี 2563 กับ 2564"], ["ตัวชี้วัด", "คะแนน"], [NAMES[8], 29.24]]
        assert "ระบุไว้หลายปี" in problems(read(rows, agency=agency, year=2564))

    def test_each_sheet_may_be_a_year(self, frameworks, agency):
        sheets = {
            f"ปี {year}": [["ตัวชี้วัด", "คะแนน"], *zip(NAMES, figures(year), strict=True)]
            for year in SCORES
        }
        reading = read_file("scores.xlsx", workbook(sheets), agency=agency, year=2564)
        assert values(reading) == EXPECTED


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [["agency_code", "fiscal_year", "9 การป้องกันการทุจริต"], ["a", 2564, 1]],
            'แถว 1 คอลัมน์ "9 การป้องกันการทุจริต": "9 การป้องกันการทุจริต" – ไม่แน่ชัดว่าเป็นตัวชี้วัดใด',
        ),
        (
            [["agency_code", "ที่", "ตัวชี้วัด", "2564"], ["a", 9, "ขวัญกำลังใจ", 87.5]],
            'แถว 2 คอลัมน์ "ตัวชี้วัด": "ขวัญกำลังใจ" – ไม่ใช่หมายเลขตัวชี้วัดหรือชื่อตัวชี้วัด',
        ),
        (
            [["ตัวชี้วัด", "อบต. ก ปี 2021"], ["i9", 87.5]],
            'แถว 1 คอลัมน์ "อบต. ก ปี 2021": "2021" – ปีต้องเป็นปี พ.ศ.',
        ),
        (
            [["agency_code", "ตัวชี้วัด", "ปี 2564"], ["a", "i9", "แปดสิบ"]],
            'แถว 2 คอลัมน์ "ปี 2564": "แปดสิบ" – คะแนนตัวชี้วัดที่ 9 ต้องเป็นตัวเลข',
        ),
        (
            [["agency_code", "ตัวชี้วัด", "2564", "จังหวัด"], ["a", "i9", 1, 2]],
            'คอลัมน์ "จังหวัด": ไม่รู้จักคอลัมน์นี้',
        ),
        (
            [["agency_code", "fiscal_year", "i1", None], ["a", 2564, 1, 2]],
            'แถว 2 คอลัมน์ "D": "2" – คอลัมน์นี้มีข้อมูลแต่ไม่มีหัวคอลัมน์',
        ),
        (
            [["agency_code", "fiscal_year", "i1"], ["a", 2564, 87], ["a", 2563, 87, 54]],
            'แถว 3 คอลัมน์ "D": "54" – คอลัมน์นี้มีข้อมูลแต่ไม่มีหัวคอลัมน์',
        ),
        (
            [["agency_code", "ตัวชี้วัด", 2564], ["a", "i9", 1], ["a", "การเปิดเผยข้อมูล", 2]],
            "แถว 3",
        ),
        (
            [["agency_code", "fiscal_year", "i6_3"], ["a", 2566, 1]],
            'คอลัมน์ "i6_3": ไม่รู้จักคอลัมน์นี้',
        ),
    ],
)
def test_what_is_not_sure_is_refused_where_it_stands(read, rows, expected):
    assert expected in problems(read(rows))


def test_agencies_are_found_by_their_full_name_if_that_is_clear(
    frameworks, agency, other_agency, tmp_path, capsys
):
    file = tmp_path / "scores.xlsx"
    rows = [["หน่วยงาน", "ปี", "i9"], [agency.name, 2564, 29.24], ["เทศบาลตำบลอื่น ", 2564, 50]]
    file.write_bytes(workbook({"คะแนน": rows}))
    Agency.objects.create(code="twin", name=other_agency.name)
    with pytest.raises(CommandError):
        call_command("import_scores", file)
    assert 'แถว 3 คอลัมน์ "หน่วยงาน": มีหน่วยงานชื่อ' in capsys.readouterr().err
    Agency.objects.filter(code="twin").update(name="เทศบาลตำบลแฝด")
    call_command("import_scores", file)
    assert official(other_agency, 2564).values[9] == 50


def test_one_result_under_two_names_of_an_agency_is_refused(frameworks, agency, tmp_path, capsys):
    file = tmp_path / "scores.xlsx"
    sheets = {
        "ก": [["agency_code", "ปี", "i9"], ["nongkong", 2564, 29.24]],
        "ข": [["หน่วยงาน", "ปี", "i9"], [agency.name, 2564, 92.24]],
    }
    file.write_bytes(workbook(sheets))
    with pytest.raises(CommandError):
        call_command("import_scores", file)
    assert "nongkong ปี 2564 ซ้ำกับแถว 2" in capsys.readouterr().err


def test_parts_and_announced_scores_are_read_and_only_where_the_year_has_them(
    frameworks, agency, tmp_path, capsys
):
    file = tmp_path / "scores.xlsx"
    head = ["agency_code", "ปี", "i6_1", "ตัวชี้วัดที่ 6 ส่วนที่ 2", "EIT ที่ประกาศ", "published_eit_1", "OIT"]
    file.write_bytes(workbook({"ก": [head, ["nongkong", 2566, 80, 81, 82.5, 83, 99]]}))
    call_command("import_scores", file)
    cells = {
        key: str(cell.value) for key, cell in official(agency, 2566).cells.items() if cell.value
    }
    assert cells == {"i6_1": "80.00", "i6_2": "81.00", "eit": "82.50", "eit_1": "83.00"}

    file.write_bytes(workbook({"ก": [head, ["nongkong", 2565, 80, 81, 82.5, 83, 99]]}))
    with pytest.raises(CommandError):
        call_command("import_scores", file)
    assert "ปี 2565 ไม่มีตัวชี้วัดที่ 6 ส่วนที่ 1" in capsys.readouterr().err


def test_marks_of_items_are_taken_as_the_year_knows_them(results, agency, tmp_path, capsys):
    file = tmp_path / "scores.csv"
    file.write_text("agency_code,fiscal_year,o1,o2,q_i1\nnongkong,2564,100,0,88.8\n")
    call_command("import_scores", file)
    marks = {key_of(one): str(one.value) for one in results.subscores.all()}
    assert marks == {"o1": "100.00", "o2": "0.00", "q_i1": "88.80"}
    file.write_text("agency_code,fiscal_year,o1,o2\nnongkong,2564,-,50\nnongkong,2563,100,\n")
    with pytest.raises(CommandError):
        call_command("import_scores", file)
    assert 'แถว 2 คอลัมน์ "o2": "50" – คะแนนข้อ O2' in capsys.readouterr().err
    file.write_text("agency_code,fiscal_year,o1,o99\nnongkong,2564,-,100\n")
    with pytest.raises(CommandError):
        call_command("import_scores", file)
    assert "ปี 2564 ไม่มี" in capsys.readouterr().err
    file.write_text("agency_code,fiscal_year,o1\nnongkong,2564,-\n")
    call_command("import_scores", file)
    assert results.subscores.get(item__number=1).value is None


def test_self_assessed_and_official_rows_never_mix(results, agency, tmp_path, capsys):
    file = tmp_path / "scores.csv"
    file.write_text("agency_code,fiscal_year,kind,i9\nnongkong,2564,ประเมินตนเอง,75\n")
    with pytest.raises(CommandError):
        call_command("import_scores", file)
    assert '"ประเมินตนเอง" – ที่นี่นำเข้าได้เฉพาะผลทางการ' in capsys.readouterr().err
    call_command("import_scores", file, kind="self")
    assert official(agency, 2564).values[9] == results.values[9]
    own = Assessment.objects.get(kind=Assessment.Kind.SELF)
    assert own.cells["i9"].value == 75


@pytest.mark.parametrize("year", range(2562, 2569))
@pytest.mark.one_database("postgres")
def test_the_form_of_every_year_is_read_again(client, staff, agency, frameworks, read, year):
    client.force_login(staff)
    response = client.get(reverse("assessments:scores-template", args=[agency.code, year]))
    empty = read_file("form.xlsx", response.content, agency=agency, year=year)
    assert "ไม่มีแถวคะแนนใต้หัวตาราง" in problems(empty)
    book = load_workbook(io.BytesIO(response.content))
    for number in range(1, 12):
        book.worksheets[0].cell(3, 3 + number).value = number
    content = io.BytesIO()
    book.save(content)
    filled = read_file("form.xlsx", content.getvalue(), agency=agency, year=year)
    columns = [*CODES, "published_total"]
    expected = {column: f"{number}.00" for number, column in enumerate(columns, 1)}
    assert values(filled) == {("nongkong", year): expected}
    assert not filled.notes


@pytest.mark.one_database("sqlite")
def test_the_form_of_another_year_is_refused(client, staff, agency, results):
    client.force_login(staff)
    url = reverse("assessments:scores-template", args=[agency.code, 2563])
    with pytest.raises(workbooks.UnreadableFile, match="ไฟล์นี้เป็นแบบของปี 2563 ดาวน์โหลดแบบของปี 2564"):
        read_file("form.xlsx", client.get(url).content, agency=agency, year=2564)
