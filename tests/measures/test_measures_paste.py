import html
import json
import re

import pytest

from measures.models import Measure
from measures.pasting import MOST_ROWS, Unreadable, columns_of, indicators_named, rows_of, table_of
from tests.measures.writing import add_issue, add_measure, text_of, url

#: As Word puts it on the clipboard: paragraphs in cells, a repeated heading, a row that goes on.
WORD = """<html><head><style>p {margin: 0}</style></head><body><table>
<tr><td><p>ลำดับ</p></td><td><p>มาตรการ/<br>แนวทาง</p></td><td>วิธีดำเนินการ</td>
<td>ระยะเวลาดำเนินการ</td><td>งบประมาณ</td><td>การติดตามผล</td><td>ผู้รับผิดชอบ</td></tr>
<tr><td>๑</td><td><p>เปิดเผยข้อมูล
ให้ครบ</p></td><td><p>1. ตั้งคณะทำงาน</p><p>2. ตรวจลิงก์</p></td>
<td>ตลอดปีงบประมาณ 2565</td><td>๒๕,๐๐๐ บาท</td><td>คำสั่ง</td><td>สำนักปลัด<br>กองคลัง</td></tr>
<tr><td>ลำดับ</td><td>มาตรการ/<br>แนวทาง</td><td>วิธีดำเนินการ</td>
<td>ระยะเวลาดำเนินการ</td><td>งบประมาณ</td><td>การติดตามผล</td><td>ผู้รับผิดชอบ</td></tr>
<tr><td></td><td></td><td><p>3. รายงานผล</p></td><td></td><td></td><td>รายงาน</td><td></td></tr>
<tr><td>2</td><td>อบรม<script>alert(1)</script> &lt;b&gt;</td><td>จัดอบรมตามตัวชี้วัดที่ 10</td>
<td>มี.ค. 2565</td><td>ไม่ใช้งบประมาณ</td><td>ภาพถ่าย</td><td>กองการศึกษา</td></tr>
</table></body></html>"""
EXCEL = '"ศูนย์\nบริการ"\tจัดตั้งศูนย์\tปี 2565\tคำสั่ง\tสำนักปลัด\r\nอบรม\tจัดอบรม\tปี 2565\tภาพ\tกองช่าง'


@pytest.fixture
def paste(client, plan, staff):
    """paste(**data) as somchai; the page."""
    client.force_login(staff)
    return lambda **data: client.post(url("measures/paste/"), data)


def sent_on(page, **more):
    """What the page of the check sends when it is confirmed."""
    text = text_of(page)
    table = html.unescape(re.search("(?s)<textarea name=.table. hidden>(.*?)</textarea>", text)[1])
    columns = re.findall(r'(?s)name="(column-\d+)".*?<option value="(\w*)" selected', text)
    ticked = {}
    for name, number in re.findall(r'name="(row-\d+)" value="(\d+)" checked', text):
        ticked.setdefault(name, []).append(number)
    return {"table": table, "confirm": ""} | dict(columns) | ticked | more


@pytest.mark.one_database("sqlite")
def test_a_table_of_word_is_read_with_its_lines_and_over_its_pages():
    table = table_of("", WORD)
    columns = columns_of(table)
    assert columns == [*("order", "title", "steps", "period", "budget", "follow_up", "responsible")]
    first, second = rows_of(table, columns)
    assert first.texts["title"] == "เปิดเผยข้อมูล ให้ครบ"
    assert first.texts["steps"] == "1. ตั้งคณะทำงาน\n2. ตรวจลิงก์\n3. รายงานผล"
    assert first.texts["follow_up"] == "คำสั่ง\nรายงาน"
    assert first.texts["responsible"] == "สำนักปลัด\nกองคลัง"
    assert second.texts["title"] == "อบรม <b>"


@pytest.mark.one_database("postgres")
def test_a_table_of_excel_is_read_by_place_where_it_has_no_headings():
    table = table_of(EXCEL)
    assert columns_of(table) == ["title", "steps", "period", "follow_up", "responsible"]
    assert table[0][0] == "ศูนย์\nบริการ"
    with_budget = table_of("1.\tก\tข\tปี 2565\t5,000\tค\tง\n2.\tก\tข\tปี 2565\t-\tค\tง")
    assert columns_of(with_budget)[4] == "budget"
    for nothing in ("", "ข้อความเดียว", "ก\nข\nค"):
        with pytest.raises(Unreadable):
            table_of(nothing)


@pytest.mark.one_database("sqlite")
def test_indicators_are_told_by_their_number_and_by_their_name():
    names = {9: "การเปิดเผยข้อมูล", 10: "การป้องกันการทุจริต", 6: "คุณภาพการดำเนินงาน"}
    assert indicators_named({"title": "ตามตัวชี้วัดที่ ๑๐ และการเปิดเผยข้อมูล"}, names) == [9, 10]


def test_nothing_is_saved_before_it_was_looked_at_and_then_all(paste, plan, staff):
    page = paste(text="", html=WORD)
    assert "พบ 2 มาตรการ" in text_of(page)
    assert "<script>alert" not in text_of(page)
    assert not Measure.objects.exists()
    answer = paste(**sent_on(page, **{"row-1": ["9"]}))
    assert answer["Location"] == url("measures/")
    first, second = Measure.objects.order_by("order")
    assert (first.title, first.budget, first.numbers) == ("เปิดเผยข้อมูล ให้ครบ", 25000, [9])
    assert first.period == "ตลอดปีงบประมาณ พ.ศ. 2565"
    assert (second.title, second.budget, second.numbers) == ("อบรม <b>", 0, [10])
    assert second.period == "มี.ค. 2565"


def test_a_wrong_row_is_named_and_then_none_is_saved(paste, plan, staff):
    table = [["ศูนย์", "ก" * 5001, "ปี 2565", "คำสั่ง", ""], ["อบรม", "จัด", "ปี 2565", "ภาพ", "กองช่าง"]]
    names = ("title", "steps", "period", "follow_up", "responsible")
    columns = {f"column-{place}": name for place, name in enumerate(names)}
    answer = paste(table=json.dumps(table), confirm="", **columns | {"row-1": ["9"]})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "แถวที่ 1 · วิธีดำเนินการ" in page
    assert "5,001" in page
    assert "กรอกผู้รับผิดชอบ" in page
    assert "แถวที่ 2 · ตัวชี้วัด: เลือกตัวชี้วัด" in page
    assert not Measure.objects.exists()
    answer = paste(table=json.dumps(table), confirm="", **columns | {"column-4": ""})
    assert "เลือกว่าเป็นคอลัมน์ใดของตาราง" in text_of(answer)


def test_the_one_weak_indicator_without_a_measure_is_ticked(paste, plan, staff):
    add_issue(plan, staff, 9)
    assert re.search('name="row-1" value="9" checked', text_of(paste(text=EXCEL)))
    add_measure(plan, staff, (9,))
    assert " checked" not in text_of(paste(text=EXCEL))


def test_what_is_no_table_or_too_much_is_refused(paste, plan):
    assert paste(text="ไม่มีตาราง").status_code == 422
    many = "\n".join([EXCEL.split("\r\n")[1]] * (MOST_ROWS + 1))
    assert "แบ่งวางเป็นส่วน" in text_of(paste(text=many))
    for forged in ("no json", "[]", "[[1]]", '[["a"], ["b", "c"]]', "{}", r'[["\ud800"]]'):
        assert paste(table=forged, confirm="").status_code == 422
    assert not Measure.objects.exists()


HEAD = "<tr><td>ลำดับ<td>มาตรการ<td>วิธีดำเนินการ<td>ติดตามผล<td>ผู้รับผิดชอบ"


@pytest.mark.one_database("postgres")
def test_captions_groups_and_tables_in_cells_are_no_measures():
    caption = "<tr><td colspan=5>ตารางมาตรการส่งเสริมคุณธรรม"
    group = "<tr><td colspan=5>ด้านการเปิดเผยข้อมูล"
    inner = "<table><tr><td>หนึ่ง</td><td>สอง</td></tr></table>"
    row = f"<tr><td>1<td>ก<td>ข{inner}ค<td>ง<td>จ"
    table = table_of("", f"<head><body><table>{caption}{HEAD}{group}{row}</table>")
    [found] = rows_of(table, columns_of(table))
    assert found.texts["title"] == "ก"
    assert found.texts["steps"] == "ข\nหนึ่ง\nสอง\nค"
    assert found.texts["responsible"] == "จ"


@pytest.mark.one_database("sqlite")
def test_a_row_that_speaks_of_the_fiscal_year_is_no_heading():
    row = "แนวทางป้องกันทุจริต\tจัดประชุม\tตลอดปีงบประมาณ\tรายงานผล\tทุกหน่วยงาน"
    table = table_of(f"{row}\nก\tข\tค\tง\tจ")
    assert len(rows_of(table, columns_of(table))) == 2


def test_a_wrong_cell_is_mended_there_and_a_row_left_out(paste, plan):
    page = paste(text=f"{EXCEL}\r\nรวม\t\t\t\t")
    for row in ("row-1", "row-2"):
        assert f'name="{row}-responsible"' not in text_of(page)
    assert 'name="row-3-responsible"' in text_of(page)
    chosen = {"row-1": "9", "row-2": "10", "row-3-responsible": "กองช่าง"}
    page = paste(**sent_on(page, **chosen))
    assert page.status_code == 422
    assert "กองช่าง</textarea>" in text_of(page)
    mended = {f"row-3-{name}": "ข้อความ" for name in ("steps", "follow_up", "responsible")}
    answer = paste(**sent_on(page, **chosen | mended | {"row-3": "9", "leave-1": "on"}))
    assert answer["Location"] == url("measures/")
    second, third = Measure.objects.order_by("order")
    assert (second.title, third.title, third.responsible) == ("อบรม", "รวม", "ข้อความ")


def test_columns_chosen_anew_are_read_anew_and_no_row_at_all_is_refused(paste, plan):
    page = paste(text=EXCEL)
    sent = sent_on(page, **{"row-1-title": "ของเดิม", "row-2-title": "ของเดิม"})
    del sent["confirm"]
    assert "ของเดิม" not in text_of(paste(**sent, again=""))
    none = paste(**sent_on(page, **{"leave-1": "on", "leave-2": "on"}))
    assert none.status_code == 422
    assert not Measure.objects.exists()


def test_a_row_is_shown_as_it_will_be_saved_with_what_a_reader_would_ask(paste, plan, agency):
    for order, name in enumerate(("สำนักปลัด", "กองคลัง", "กองการศึกษา ศาสนาและวัฒนธรรม")):
        agency.units.create(name=name, order=order)
    row = "1. อบรม\t1. จัดอบรม\tตลอดปีงบประมาณ 2563\t1. ภาพถ่าย 2. รายงาน\t{}"
    first, second = "1. สำนักปลัด กองการศึกษา", "กองคลังร่วมกับผู้ใหญ่บ้าน"
    page = paste(text=f"{row.format(first)}\n{row.format(second)}")
    assert text_of(page).count("มีปี 2563 ในแผนปี 2565") == 2
    paste(**sent_on(page, **{"row-1": "9", "row-2": "9"}))
    first, second = Measure.objects.order_by("order")
    assert (first.steps, first.follow_up) == ("จัดอบรม", "1. ภาพถ่าย 2. รายงาน")
    assert first.responsible == "สำนักปลัด\nกองการศึกษา"
    assert second.responsible == "กองคลังร่วมกับผู้ใหญ่บ้าน"
