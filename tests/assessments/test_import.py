import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.models import Agency, Event
from accounts.permissions import State
from assessments.actions import ScoreChange, enter_scores
from assessments.exchange import entries, files, workbooks
from assessments.exchange.columns import Words
from assessments.models import Assessment
from assessments.results import official
from tests.assessments.pages import fields, text
from tests.cast import SCORES

WIDE = "agency_code,agency_name,fiscal_year," + ",".join(f"i{n}" for n in range(1, 11))


def wide(*rows):
    return "\n".join([WIDE, *rows]).encode()


def row(year, values, code="nongkong", name=""):
    return ",".join([code, name, str(year), *values])


def workbook(*rows, title="คะแนน"):
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for values in rows:
        sheet.append(values)
    return saved(book)


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, capsys):
    """run(content, name, **options) imports a file; returns what the command printed."""

    def run(content, name="scores.csv", **options):
        file = tmp_path / name
        file.write_bytes(content)
        call_command("import_scores", file, **options)
        return capsys.readouterr().out

    return run


@pytest.fixture
def refused(run, capsys):
    """refused(content, name) → the lines about what was refused; nothing may have been written."""

    def refused(content, name="scores.csv", **options):
        events = Event.objects.count()
        with pytest.raises(CommandError, match="ยังไม่มีข้อมูลใดถูกนำเข้า"):
            run(content, name, **options)
        assert Event.objects.count() == events
        return capsys.readouterr().err

    return refused


def test_a_wide_csv_is_imported(frameworks, agency, run):
    printed = run(wide(row(2563, SCORES[2563]), row(2564, SCORES[2564])))
    assert "ค่าใหม่ 20 · ค่าที่เปลี่ยน 0 · ค่าเดิม 0 · ไม่รับ 0" in printed
    assert str(official(agency, 2564).years.analysis.total) == "58.24"


def test_a_dry_run_counts_and_writes_nothing(results, agency, run):
    events = Event.objects.count()
    values = ["99", *SCORES[2564][1:]]
    printed = run(wide(row(2564, values), row(2565, ["1"])), dry_run=True)
    assert "ทดลองนำเข้า" in printed
    assert "ค่าใหม่ 1 · ค่าที่เปลี่ยน 1 · ค่าเดิม 9 · ไม่รับ 0" in printed
    assert Event.objects.count() == events


def test_long_rows_with_thai_headings_and_digits_in_code_page_874(frameworks, agency, run):
    content = "รหัสหน่วยงาน;ปีงบประมาณ;ตัวชี้วัด;คะแนน\r\nnongkong;๒๕๖๔;ตัวชี้วัดที่ ๙ การเปิดเผยข้อมูล;๒๙.๒๔\r\n"
    run(content.encode("cp874"))
    assert str(official(agency, 2564).values[9]) == "29.24"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_other_encodings_of_spreadsheets_are_read(frameworks, agency, run, encoding):
    content = "รหัสหน่วยงาน\tปี\tตัวชี้วัดที่ 9\nnongkong\t2564\t29.24\n"
    run(content.encode(encoding))
    assert str(official(agency, 2564).values[9]) == "29.24"


def test_a_workbook_with_numbers_is_imported_as_typed(frameworks, agency, run):
    content = workbook(
        ["agency_code", "fiscal_year", "i1", "i2", "i3", "total"],
        ["nongkong", 2564, 79.61, 0.1 + 0.2, "๘๗.๕", "=SUM(C2:E2)"],
    )
    run(content, "scores.xlsx")
    values = official(agency, 2564).values
    assert [str(values[n]) for n in (1, 2, 3)] == ["79.61", "0.30", "87.50"]


def test_a_cell_that_reads_87_54_per_cent_is_87_54(frameworks, agency, run):
    book = load_workbook(io.BytesIO(workbook(WIDE.split(","), ["nongkong", "", 2564, 0.8754, 1])))
    book.active["D2"].number_format, book.active["E2"].number_format = "0.00%", "0%"
    run(saved(book), "scores.xlsx")
    assert [str(v) for v in list(official(agency, 2564).values.values())[:2]] == ["87.54", "100.00"]


def test_an_empty_cell_leaves_a_score_and_a_dash_clears_it(results, agency, run):
    run(wide(row(2564, ["", "-"])))
    values = official(agency, 2564).values
    assert (str(values[1]), values[2]) == ("87.54", None)


def test_the_announced_total_and_level_are_imported(results, agency, run):
    run(b"agency_code,fiscal_year,i1,published_total,published_level\nnongkong,2564,,58.25,D\n")
    result = official(agency, 2564)
    assert (str(result.published_total), result.published_level.name_th) == ("58.25", "D")


def test_an_error_names_sheet_row_column_value_and_remedy(results, refused):
    content = workbook(
        ["agency_code", "ปี", "i1"],
        ["nongkong", 2563, 88],
        ["nongkong", 2564, "แปดสิบ"],
    )
    printed = refused(content, "scores.xlsx")
    assert 'แผ่น "คะแนน" แถว 3 คอลัมน์ "i1": "แปดสิบ"' in printed
    assert "ต้องเป็นตัวเลข เช่น 87.54" in printed


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nongkong,,2564,NaN", "ต้องเป็นตัวเลข"),
        ("nongkong,,2564,1e3", "ต้องเป็นตัวเลข"),
        ("nongkong,,2564,101", "ต้องอยู่ระหว่าง 0 ถึง 100"),
        ("nongkong,,2564,-3", "ต้องอยู่ระหว่าง 0 ถึง 100"),
        ("nongkong,,2564,87.545", "ทศนิยมได้ไม่เกิน 2 ตำแหน่ง"),
        ("nongkong,,2564,=5", "เป็นสูตร"),
        ('nongkong,,2564,"87,54"', "หมายถึง 87.54 ใช่ไหม"),
        ("nobody,,2564,80", "ไม่มีหน่วยงานรหัสหรือชื่อ nobody"),
        (",,2564,80", "ยังไม่มีรหัสหน่วยงาน"),
        ("nongkong,,2021,80", "กรอกไว้ 2021 หมายถึง 2564 ใช่ไหม"),
        ("nongkong,,2569,80", "ระบบยังไม่มีเกณฑ์การประเมินปี 2569"),
        ("nongkong,,2563,80", "nongkong ปี 2563 ซ้ำกับแถว 2"),
    ],
)
def test_one_bad_row_refuses_the_whole_file(results, agency, refused, line, expected):
    printed = refused(wide(row(2563, ["99"]), line))
    assert expected in printed
    assert "แถว 3" in printed
    assert str(official(agency, 2563).values[1]) == "86.96"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("agency_code,fiscal_year,i1,ฝ่าย\nnongkong,2564,1,ก", 'คอลัมน์ "ฝ่าย": ไม่รู้จักคอลัมน์นี้'),
        ("agency_code,fiscal_year,i1,ตัวชี้วัดที่ 1\nnongkong,2564,1,2", "มีคอลัมน์นี้ซ้ำ"),
        ("fiscal_year,i1\n2564,1", 'คอลัมน์ "รหัสหน่วยงาน (agency_code)": ไม่มีคอลัมน์นี้'),
        ("agency_code,fiscal_year\nnongkong,2564", 'คอลัมน์ "คะแนน (score)": ไม่มีคอลัมน์นี้'),
        ("agency_code,fiscal_year,i1,score\nnongkong,2564,1,2", "อย่างใดอย่างหนึ่ง"),
        ("agency_code,fiscal_year,i11\nnongkong,2564,1", "ปี 2564 ไม่มีตัวชี้วัดที่ 11"),
        ("agency_code,fiscal_year,i1\n", "ไม่มีแถวคะแนนใต้หัวตาราง"),
        ("agency_code,fiscal_year,indicator,score\nnongkong,2564,เก้า,1", "ไม่ใช่หมายเลขตัวชี้วัด"),
        (
            "agency_code,fiscal_year,indicator,score\nnongkong,2564,i9,1\nnongkong,2564,9,2",
            "มีค่าของตัวชี้วัดที่ 9 ซ้ำ",
        ),
        (
            "agency_code,fiscal_year,i1,published_total,published_level\nnongkong,2564,1,580,Z",
            '"580" – คะแนนรวมที่ประกาศ ต้องอยู่ระหว่าง 0 ถึง 100',
        ),
        (
            "agency_code,fiscal_year,i1,published_level\nnongkong,2564,1,Z",
            '"Z" ไม่ใช่ระดับผลการประเมินของปี 2564',
        ),
    ],
)
def test_a_file_of_another_shape_is_refused(results, refused, content, expected):
    assert expected in refused(content.encode())


def test_many_errors_are_listed_up_to_a_limit(frameworks, agency, refused):
    header = "agency_code,fiscal_year,indicator,score\n"
    lines = "".join(f"nongkong,2564,{n},x\n" for n in range(1, 61))
    printed = refused((header + lines).encode())
    assert printed.count("แผ่น") == 50
    assert "และอีก 10 จุด" in printed


def test_unknown_agencies_are_created_only_when_asked(frameworks, run, refused):
    content = wide(row(2563, ["80"], "newtown", "เทศบาลตำบลใหม่"), row(2564, ["81"], "newtown"))
    refused(content)
    run(content, dry_run=True, create_agencies=True)
    assert not Agency.objects.exists()
    run(content, create_agencies=True)
    assert Agency.objects.get().name == "เทศบาลตำบลใหม่"
    assert Assessment.objects.count() == 2


def test_with_a_user_the_import_has_that_users_rights(
    results, staff, viewer, other_agency, run, refused
):
    content = wide(row(2564, ["99"]))
    assert "บัญชีของคุณ" in refused(content, user="wichai")
    refused(wide(row(2564, ["99"], "other")), user="somchai")
    refused(wide(row(2564, ["99"], "newtown", "ใหม่")), user="somchai", create_agencies=True)
    run(content, user="somchai")
    assert Event.objects.latest("id").actor_name == "สมชาย ตั้งใจ"


@pytest.mark.parametrize("user", [None, "somchai"])
def test_a_locked_year_is_refused_unless_nothing_changes(results, staff, run, refused, user):
    Assessment.objects.filter(pk=results.pk).update(state=State.APPROVED)
    refused(wide(row(2564, ["99"])), user=user)
    assert "ค่าเดิม 10" in run(wide(row(2564, SCORES[2564])), user=user)


# --- what a file may be ---------------------------------------------------------------------------


def unreadable(name, content):
    with pytest.raises(workbooks.UnreadableFile) as refusal:
        files.read_sheets(name, content)
    return str(refusal.value)


def packed(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def test_files_that_are_not_what_they_say_are_refused():
    assert "เป็น Excel ไม่ได้" in unreadable("a.xlsx", b"agency_code,fiscal_year")
    assert "เป็น Excel ไม่ได้" in unreadable("a.xlsx", packed(readme="x"))
    assert "เป็น CSV ไม่ได้" in unreadable("a.csv", workbook(["agency_code"]))
    assert "ชนิด .xlsm ไม่ได้" in unreadable("a.xlsm", workbook(["agency_code"]))
    assert "ไม่มีข้อมูล" in unreadable("a.csv", b"\n,,\n")
    assert "ไม่มีข้อมูล" in unreadable("a.xlsx", workbook([None]))
    assert "เกิน 2 MB" in unreadable("a.csv", b"x" * (files.MAX_BYTES + 1))


def test_a_file_of_nonsense_is_refused_before_it_fills_the_memory():
    assert "เกิน 500 ตัวอักษร" in unreadable("a.csv", b"agency_code\n" + b"x" * 501)
    assert "เกิน 20000 แถว" in unreadable("a.csv", b"x\n" * (workbooks.MAX_ROWS + 1))
    assert files.read_sheets("a.csv", b"x\n" + b"\n" * workbooks.MAX_ROWS)[0].rows == [["x"]]
    header = ["agency_code,fiscal_year,indicator,score"]
    content = "\n".join(header + ["a,x,y,z"] * 2000).encode()
    reading = entries.read_entries(files.read_sheets("a.csv", content), Words({}))
    assert len(reading.problems) == entries.MAX_PROBLEMS


def test_a_small_workbook_that_claims_a_lot_is_refused():
    book = Workbook()
    for _number in range(3):
        book.create_sheet()["A1"] = "agency_code"
        book.worksheets[-1][f"A{workbooks.MAX_ROWS}"] = "x"
    assert "เกิน 20000 แถว" in unreadable("a.xlsx", saved(book))
    for _number in range(files.MAX_SHEETS):
        book.create_sheet()
    assert "เกิน 20 แผ่นงาน" in unreadable("a.xlsx", saved(book))


def test_more_columns_than_are_read_are_refused_not_left_out():
    row = ["x"] * (workbooks.MAX_COLUMNS + 1)
    assert "เกิน 400 คอลัมน์" in unreadable("a.xlsx", workbook(row))
    assert "เกิน 400 คอลัมน์" in unreadable("a.csv", b"x" + b",x" * 100_000)
    assert files.read_sheets("a.csv", b"agency_code" + b"," * 1000)[0].rows[0][0] == "agency_code"


def test_a_workbook_that_unpacks_too_large_or_holds_macros_is_refused():
    bomb = packed(**{"xl/worksheets/sheet1.xml": b" " * (workbooks.MAX_UNPACKED + 1)})
    assert len(bomb) < files.MAX_BYTES
    assert "เมื่อคลายการบีบอัด" in unreadable("a.xlsx", bomb)
    assert "แมโคร" in unreadable("a.xlsx", packed(**{"xl/vbaProject.bin": b"x"}))


# --- the page -------------------------------------------------------------------------------------


@pytest.fixture
def url(agency):
    return reverse("assessments:scores-import", args=[agency.code, 2564])


@pytest.fixture
def upload(client, staff, results, url):
    client.force_login(staff)

    def upload(content, name="scores.csv"):
        return client.post(url, {"file": SimpleUploadedFile(name, content)})

    return upload


def test_the_page_shows_every_change_before_anything_is_written(upload, client, url, agency):
    page = upload(wide(row(2564, ["99", *SCORES[2564][1:]])))
    assert "ค่าใหม่ 0 ค่าที่เปลี่ยน 1 ค่าเดิม 9 ไม่รับ 0" in text(page)
    assert "2564 ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ 87.54 99.00 +11.46" in text(page)
    assert str(official(agency, 2564).values[1]) == "87.54"

    response = client.post(url, fields(page))
    assert response.status_code == 302
    assert "นำเข้าแล้ว" in text(client.get(response.url))
    assert official(agency, 2564).values[1] == 99


def test_errors_are_listed_and_nothing_can_be_confirmed(upload, agency):
    page = upload(wide(row(2564, ["x"]), row(2564, ["99"], "other")))
    assert "พบ 2 จุดที่ต้องแก้ ยังไม่มีข้อมูลใดถูกนำเข้า" in text(page)
    assert "other เป็นหน่วยงานอื่น" in text(page)
    assert "confirmed" not in fields(page)
    assert str(official(agency, 2564).values[1]) == "87.54"


def test_a_file_that_cannot_be_read_is_explained_at_the_field(upload, client, url):
    page = upload(b"x", "scores.pdf")
    assert text(page).count("นำเข้าไฟล์ชนิด .pdf ไม่ได้") == 2
    assert text(client.post(url)).count("เลือกไฟล์ที่จะนำเข้า") == 2


def test_a_file_of_stored_values_needs_no_import(upload):
    page = upload(wide(row(2564, SCORES[2564])))
    assert "ไม่มีค่าใดต้องนำเข้า" in text(page)


def test_a_change_by_another_between_look_and_confirmation_is_shown_again(
    upload, client, url, agency, staff
):
    page = upload(wide(row(2564, ["99"])))
    enter_scores(agency=agency, year=2564, changes=[ScoreChange("i1", 50, 2)], by=staff)
    again = client.post(url, fields(page))
    assert again.status_code == 409
    assert "มีผู้แก้คะแนนระหว่างที่คุณตรวจ" in text(again)
    assert "การปฏิบัติหน้าที่ 50.00 99.00 +49.00" in text(again)
    assert official(agency, 2564).values[1] == 50
    client.post(url, fields(again))
    assert official(agency, 2564).values[1] == 99


def test_a_year_locked_between_look_and_confirmation_is_refused(upload, client, url, results):
    page = upload(wide(row(2564, ["99"])))
    Assessment.objects.filter(pk=results.pk).update(state=State.SUBMITTED)
    refused = client.post(url, fields(page))
    assert "ยังไม่มีข้อมูลใดถูกนำเข้า" in text(refused)
    assert str(official(results.agency, 2564).values[1]) == "87.54"


@pytest.mark.one_database("sqlite")
def test_a_locked_year_is_said_to_be_locked_instead_of_asking_for_a_file(
    client, staff, url, results
):
    Assessment.objects.filter(pk=results.pk).update(state=State.APPROVED)
    client.force_login(staff)
    page = client.get(url)
    assert "อนุมัติแล้ว" in text(page)
    assert 'type="file"' not in page.content.decode()


def test_what_was_confirmed_cannot_be_altered_or_used_by_another(
    upload, client, url, results, agency, staff, django_user_model
):
    confirmed = fields(upload(wide(row(2564, ["99"]))))
    response = client.post(url, {"confirmed": confirmed["confirmed"][:-1] + "_"})
    assert "เลือกไฟล์อีกครั้ง" in text(client.get(response.url))
    other = django_user_model.objects.create_user("somsri", name="สมศรี")
    other.memberships.create(agency=agency, role="staff")
    client.force_login(other)
    client.post(url, confirmed)
    assert str(official(agency, 2564).values[1]) == "87.54"


@pytest.mark.parametrize("person", ["viewer", "admin"])
def test_only_staff_import(client, request, results, url, person):
    client.force_login(request.getfixturevalue(person))
    assert client.get(url).status_code == 403
    file = SimpleUploadedFile("scores.csv", wide(row(2564, ["99"])))
    assert client.post(url, {"file": file}).status_code == 403


def test_an_outsider_finds_no_import(client, outsider, results, url):
    client.force_login(outsider)
    assert client.get(url).status_code == 404


def test_looking_at_a_large_file_needs_few_queries(upload, django_assert_max_num_queries):
    header = "agency_code,fiscal_year,indicator,score\n"
    lines = [f"nongkong,{year},{n},1\n" for year in range(2562, 2569) for n in range(1, 11)]
    with django_assert_max_num_queries(15):
        page = upload((header + "".join(lines)).encode())
    assert "ค่าใหม่ 50 ค่าที่เปลี่ยน 20" in text(page)
