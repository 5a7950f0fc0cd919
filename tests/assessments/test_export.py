import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Event
from assessments.exchange.files import read_sheets
from assessments.exchange.formulas import escape, unescape
from assessments.exchange.reading import read_file
from assessments.exchange.writing import write
from assessments.models import Assessment
from tests.cast import SCORES

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
