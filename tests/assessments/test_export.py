import csv
import io
import zipfile
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Agency, Event
from accounts.permissions import State
from assessments.actions import ScoreChange, save_scores
from assessments.actions import enter_scores as enter
from assessments.exchange.files import read_sheets
from assessments.exchange.formulas import escape, unescape
from assessments.exchange.reading import read_file
from assessments.exchange.writing import write
from assessments.models import Assessment, Indicator, Level
from assessments.results import official
from tests.cast import SCORES

pytestmark = pytest.mark.one_database("sqlite")

HEADINGS = (
    "agency_code agency_name fiscal_year i1 i2 i3 i4 i5 i6 i7 i8 i9 i10 "
    "iit eit oit total level published_total published_level"
).split()


@pytest.fixture
def download(client, viewer, agency):
    client.force_login(viewer)

    def get(year, format):
        return client.get(reverse("assessments:scores-export", args=[agency.code, year, format]))

    return get


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_csv_has_both_years_and_what_follows_from_the_scores(results, download):
    response = download(2564, "csv")
    assert response.content.startswith(b"\xef\xbb\xbf"), "without it Excel garbles Thai"
    assert 'filename="ita-scores-nongkong-2564.csv"' in response["Content-Disposition"]
    before, now = rows_of(response.content)
    assert list(now) == HEADINGS
    assert [now[f"i{n}"] for n in range(1, 11)] == SCORES[2564]
    assert (now["iit"], now["eit"], now["oit"]) == ("80.25", "77.71", "27.12")
    assert (now["total"], now["level"], before["total"]) == ("58.24", "D", "63.92")


def test_an_incomplete_year_has_blanks_and_no_total(agency, enter_scores, download):
    enter_scores(agency, 2564, [None, *SCORES[2564][1:]])
    (row,) = rows_of(download(2564, "csv").content)
    assert (row["i1"], row["iit"], row["total"], row["level"]) == ("", "", "", "")
    assert row["eit"] == "77.71"


def test_a_year_not_opened_is_exported_as_a_form_to_fill_in(frameworks, agency, download):
    (row,) = rows_of(download(2564, "csv").content)
    assert (row["agency_code"], row["fiscal_year"], row["i1"]) == ("nongkong", "2564", "")
    assert not Assessment.objects.exists()


def test_a_workbook_has_numbers_as_numbers_and_names_as_text(results, agency, download):
    agency.name = '=HYPERLINK("http://example.org")'
    agency.save()
    sheet = load_workbook(io.BytesIO(download(2564, "xlsx").content)).active
    name, score = sheet["B2"], sheet["D3"]
    assert (name.data_type, name.value) == ("s", agency.name)
    assert (score.data_type, f"{score.value:.2f}") == ("n", "87.54")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "'=1", "'x", "ปกติ", "", "''-"])
def test_text_in_a_csv_cannot_run_and_comes_back_as_it_was(text):
    written = write("csv", ["agency_name"], [[text]], "ITA")
    (cell,) = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))[1] or [""]
    assert cell[:1] not in list("=+-@\t\r") or not cell
    assert unescape(cell) == text
    assert unescape(escape(text)) == text


def test_a_download_leaves_an_event(results, download):
    download(2564, "xlsx")
    event = Event.objects.get(verb="scores.exported")
    assert (event.actor_name, event.after) == (
        "วิชัย มองดู",
        {"years": [2563, 2564], "format": "xlsx"},
    )


def test_other_formats_and_other_agencies_are_not_found(
    results, agency, download, client, outsider
):
    assert download(2564, "exe").status_code == 404
    client.force_login(outsider)
    url = reverse("assessments:scores-export", args=[agency.code, 2564, "csv"])
    assert client.get(url).status_code == 404
    assert not Event.objects.filter(verb="scores.exported").exists()


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_the_command_exports_imports_as_the_same(results, agency, format, tmp_path, capsys):
    level = results.framework.levels.get(code="D")
    Assessment.objects.filter(pk=results.pk).update(published_total="58.24", published_level=level)
    agency.name = "-เทศบาล"
    agency.save()
    file = tmp_path / f"all.{format}"
    call_command("export_scores", format=format, output=file, verbosity=0)
    reading = read_file(file.name, file.read_bytes())
    assert [entry.agency_name for entry in reading.entries] == ["-เทศบาล", "-เทศบาล"]

    call_command("import_scores", file, dry_run=True)
    assert "ค่าใหม่ 0 · ค่าที่เปลี่ยน 0 · ค่าเดิม 22 · ไม่รับ 0" in capsys.readouterr().out

    Assessment.objects.all().delete()
    call_command("import_scores", file)
    again = tmp_path / f"again.{format}"
    call_command("export_scores", format=format, output=again)
    assert read_sheets(again.name, again.read_bytes())[0].rows == (
        read_sheets(file.name, file.read_bytes())[0].rows
    )


def test_the_command_takes_one_year_or_agency(results, other_agency, enter_scores, capfdbinary):
    enter_scores(other_agency, 2564, SCORES[2563])
    call_command("export_scores", year=2564, agency="other")
    (row,) = rows_of(capfdbinary.readouterr().out)
    assert (row["agency_code"], row["fiscal_year"]) == ("other", "2564")


def test_an_export_of_nothing_says_so(frameworks, tmp_path):
    with pytest.raises(CommandError, match="ไม่มีคะแนนให้ส่งออก"):
        call_command("export_scores", output=tmp_path / "none.csv")
    assert not list(tmp_path.iterdir())


#: Texts that a spreadsheet program would run.
CANARIES = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://example.org")',
]


@pytest.mark.parametrize("canary", CANARIES)
def test_no_name_runs_in_any_file(results, agency, download, client, canary):
    # Straight into the tables: the forms would not let all of them pass.
    Agency.objects.filter(pk=agency.pk).update(name=canary)
    Level.objects.filter(framework=results.framework, code="D").update(name_th=canary)
    Assessment.objects.update(published_level=results.framework.levels.get(code="D"))
    Indicator.objects.filter(framework=results.framework, number=1).update(name_th=canary)
    url = reverse("assessments:scores-template", args=[agency.code, 2564])
    for workbook in (download(2564, "xlsx").content, client.get(url).content):
        with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
            for name in archive.namelist():
                assert b"<f>" not in archive.read(name), name
        for sheet in load_workbook(io.BytesIO(workbook)):
            assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    rows = rows_of(download(2564, "csv").content)
    for cell in (rows[1]["agency_name"], rows[1]["level"], rows[1]["published_level"]):
        assert cell == f"'{canary}"


def test_what_was_exported_is_exported_again_byte_for_byte(
    results, agency, other_agency, enter_scores, tmp_path
):
    """After an import into a portal without scores: no part, mark or announced score is lost."""
    finer = enter_scores(other_agency, 2566, ["80.00"] * 5 + [None] * 3 + ["90.10", "0.00"])
    changes = {"i6_1": "80.01", "i6_2": "80.02", "eit": "81.00", "eit_1": "82.00", "oit": "45.05"}
    changes = [ScoreChange(key, Decimal(value), 1) for key, value in changes.items()]
    save_scores(assessment=finer, changes=changes, by=None)
    level = finer.framework.levels.last()
    Assessment.objects.filter(pk=finer.pk).update(published_total="70.00", published_level=level)
    changes = {"o2": 100, "o10": 0, "q_e1": Decimal("77.70"), "q_i12": Decimal("88.80")}
    changes = [ScoreChange(key, Decimal(value), 1) for key, value in changes.items()]
    save_scores(assessment=results, changes=changes, by=None)
    # Opened and left: there is nothing in it to bring back.
    enter_scores(agency, 2566, [None] * 10)

    first = {format: exported(tmp_path, format) for format in ("csv", "xlsx")}
    header = first["csv"].decode("utf-8-sig").partition("\r\n")[0].split(",")
    finer = ["published_eit", "published_eit_1", "published_oit"]
    assert header == [
        *(*HEADINGS[:9], "i6_1", "i6_2", *HEADINGS[9:18]),
        *(*finer, "published_total", "published_level", "o2", "o10", "q_e1", "q_i12"),
    ]
    for format in first:
        Assessment.objects.all().delete()
        Agency.objects.filter(pk=other_agency.pk).update(code=f"gone-{format}", is_active=False)
        call_command("import_scores", tmp_path / f"all.{format}", create_agencies=True)
        assert {format: exported(tmp_path, format) for format in first} == first
        Assessment.objects.all().delete()
        other_agency = Agency.objects.get(code="other")


def exported(tmp_path, format, **options):
    file = tmp_path / f"all.{format}"
    call_command("export_scores", format=format, output=file, verbosity=0, **options)
    return file.read_bytes()


def test_self_assessments_are_exported_apart_and_say_so(results, agency, staff, tmp_path):
    changes = [ScoreChange("i9", Decimal("75"), 1)]
    enter(agency=agency, year=2564, changes=changes, by=staff, kind=Assessment.Kind.SELF)
    (row,) = rows_of(exported(tmp_path, "csv", kind="self"))
    assert (row["kind"], row["i9"], row["i1"]) == ("self", "75.00", "")
    assert "kind" not in rows_of(exported(tmp_path, "csv"))[0]
    first = exported(tmp_path, "csv", kind="self")
    Assessment.objects.filter(kind=Assessment.Kind.SELF).delete()
    with pytest.raises(CommandError):
        call_command("import_scores", tmp_path / "all.csv")
    call_command("import_scores", tmp_path / "all.csv", kind="self")
    assert exported(tmp_path, "csv", kind="self") == first


# --- the form to fill in --------------------------------------------------------------------------


@pytest.fixture
def form(client, staff, agency):
    """form(year): the workbook as downloaded by the staff."""
    client.force_login(staff)

    def form(year):
        url = reverse("assessments:scores-template", args=[agency.code, year])
        return load_workbook(io.BytesIO(client.get(url).content))

    return form


def test_the_form_has_last_years_scores_and_unlocks_only_this_years_cells(results, form):
    sheet = form(2565).worksheets[0]
    head, before, now = sheet[2], sheet[3], sheet[4]
    assert head[11].value == "ตัวชี้วัดที่ 9 การเปิดเผยข้อมูล"
    assert [f"{cell.value:.2f}" for cell in before[3:13]] == SCORES[2564]
    assert [cell.value for cell in now] == ["nongkong", before[1].value, 2565, *[None] * 12]
    unlocked = {cell.coordinate for row in sheet for cell in row if not cell.protection.locked}
    assert sheet.protection.sheet
    assert unlocked == {cell.coordinate for cell in now[3:]}
    assert {cell.number_format for cell in now[3:14]} == {"0.00"}
    points, levels = sheet.data_validations.dataValidation
    assert (points.formula1, points.formula2, "M4" in points.sqref) == ("0", "100", True)
    assert levels.formula1 == '"AA,A,B,C,D,E,F"'


def test_a_filled_form_brings_the_new_scores_and_finds_last_years_the_same(
    results, agency, form, tmp_path, capsys
):
    book = form(2565)
    for index, value in enumerate(SCORES[2563]):
        book.worksheets[0].cell(4, 4 + index).value = float(value)
    book.save(tmp_path / "form.xlsx")
    # Locked or not, what does not change is no reason to refuse.
    Assessment.objects.update(state=State.APPROVED)
    call_command("import_scores", tmp_path / "form.xlsx", user="somchai")
    assert "ค่าใหม่ 10 · ค่าที่เปลี่ยน 0 · ค่าเดิม 10 · ไม่รับ 0" in capsys.readouterr().out
    assert [str(v) for v in official(agency, 2565).values.values()] == SCORES[2563]
