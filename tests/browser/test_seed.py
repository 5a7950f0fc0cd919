"""The report that the portal started from, entered again through the screens by pasting its tables.

Its figures and facts are the real ones; the sentences are the tests' own.
"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from measures.models import Issue, Measure
from tests.browser.test_scores import PASTE
from tests.browser.test_whole_chain import Mouse, the_result_is_analysed
from tests.cast import SCORES
from tests.pdf_readers import by_pdfium, squashed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database("postgres")]

#: As the table of the result names them, which is not always right.
NAMES = (
    "การปฏิบัติหน้าที่",
    "การใช้งบประมาณ",
    "การใช้อำนาจการ",
    "การใช้ทรัพย์สินของทางราชการ",
    "การแก้ไขปัญหาการทุจริต",
    "คุณภาพการดำเนินงาน",
    "ประสิทธิภาพการการสื่อสาร",
    "การปรับปรุงระบบการทำงาน",
    "การเปิดเผยข้อมูล",
    "การป้องกันการทุจริต",
)
UNITS = ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา", "กองสวัสดิการสังคม")
#: Title, steps, follow-up, number of units, indicators; result and suggestion.
MEASURES = (
    (
        "บริการและสื่อสารผ่านศูนย์ Smart Bannol",
        ("เปิดศูนย์บริการ", "แต่งตั้งเจ้าหน้าที่ประจำศูนย์", "อบรมเจ้าหน้าที่")
        + ("แต่งตั้งเจ้าหน้าที่ประชาสัมพันธ์", "แจ้งข่าวในที่ประชุมหมู่บ้าน", "สำรวจความพึงพอใจ"),
        ("คำสั่งเปิดศูนย์", "คำสั่งแต่งตั้ง", "สถิติการให้บริการ"),
        1,
        (6, 7, 8),
        ("เปิดศูนย์และแต่งตั้งเจ้าหน้าที่แล้ว\nอบรมแล้วหนึ่งรุ่น", "อบรมทบทวนสม่ำเสมอ"),
    ),
    (
        "เปิดโอกาสให้ประชาชนมีส่วนร่วม",
        ("แต่งตั้งประชาชนเป็นกรรมการ", "ประชุมคณะกรรมการร่วมกัน"),
        ("คำสั่งแต่งตั้งกรรมการ", "รายงานการประชุม"),
        5,
        (5, 10),
        ("แต่งตั้งกรรมการครบทุกคณะ", "เลือกผู้แทนที่รู้งานนั้น"),
    ),
    (
        "ยกระดับคุณภาพการปฏิบัติงาน",
        ("จัดทำคู่มือทุกภารกิจ", "เผยแพร่คู่มือบนเว็บไซต์", "ใช้กำหนดเวลาเป็นตัวชี้วัดรายบุคคล"),
        ("คู่มือการปฏิบัติงาน", "ผลการประเมินรายบุคคล"),
        5,
        (2, 4, 6),
        ("มีคู่มือครบทุกคน", "ปรับคู่มือทุกปี"),
    ),
    (
        "เผยแพร่ข้อมูลสำคัญให้ครบ",
        ("แต่งตั้งคณะทำงาน ITA", "เผยแพร่ข้อมูลครบทุกข้อ", "ติดตามผล"),
        ("คำสั่งแต่งตั้งคณะทำงาน", "ผลการประเมิน ITA"),
        5,
        (9, 10),
        ("เผยแพร่ข้อมูลแล้ว", "ตรวจลิงก์ทุกเดือน"),
    ),
)
POINTS = {
    6: "ให้บริการตรงเวลาที่ประกาศ",
    9: "รายงานผลรอบ 6 เดือนให้ครบองค์ประกอบ",
}
LEFT_OUT = "คะแนนยังสูงกว่าเกณฑ์จุดแข็ง จึงติดตามต่อ"
#: What stands in the hand-made report, as the portal's own words say it.
SECTIONS = (
    *("Open to Transparency", "เครื่องมือการประเมิน", "การประมวลผลคะแนน", "(0.30 × IIT)"),
    *("ระดับผลการประเมิน ปีงบประมาณ พ.ศ. 2564", "ค่าเป้าหมาย", "ผลการประเมินรายตัวชี้วัด"),
    *("ตัวชี้วัดที่ได้คะแนนสูงสุด", "4.2 จุดแข็ง", "4.3 จุดอ่อน", "5.1 ประเด็นที่ควรพัฒนา"),
    *("5.2 ประเด็นที่ควรปรับปรุงแก้ไข", "มาตรการ/แนวทาง", "วิธีดำเนินการ", "การติดตามผล"),
    *("ผู้รับผิดชอบ", "ผลการดำเนินการตามมาตรการ รอบ 6 เดือน", "ข้อเสนอแนะ"),
)


def table_of_results():
    rows = zip(range(1, 11), NAMES, SCORES[2563], SCORES[2564], strict=True)
    lines = [f"{number}. {name}\t{old}\t{new}\t" for number, name, old, new in rows]
    return "\n".join(["ตัวชี้วัด\t2563\t2564\tการเปลี่ยนแปลง", *lines])


def table_of_measures():
    def cell(lines):
        return '"' + "\n".join(f"{n}. {line}" for n, line in enumerate(lines, start=1)) + '"'

    period = "ตลอดปีงบประมาณ 2565"
    head = "มาตรการ/แนวทาง\tวิธีดำเนินการ\tระยะเวลาดำเนินการ\tการติดตามผล\tผู้รับผิดชอบ"
    rows = [
        "\t".join(
            (f"{number}. {title}", cell(steps), period, cell(follow_up))
            + ('"' + "\n".join(UNITS[:units]) + '"',)
        )
        for number, (title, steps, follow_up, units, *_rest) in enumerate(MEASURES, start=1)
    ]
    return "\n".join([head, *rows])


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def saved(page):
    page.keyboard.press("Tab")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")


def address(name, *args):
    return reverse(name, args=["nongkong", *args])


def paste_both_years(page):
    page.goto(address("assessments:scores", 2564))
    page.locator("#id_i1").evaluate(PASTE, table_of_results())
    page.wait_for_url("**/paste/")
    press(page, "บันทึก 20 คะแนน")


def write_issues(page):
    page.goto(address("measures:issues", 2565))
    press(page, "สร้างประเด็นจากตัวชี้วัดที่อ่อนทั้งหมด")
    of = {number: issue for issue in Issue.objects.numbered() for number in issue.numbers}
    assert sorted(of) == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    strong_still = page.locator(f"#issue-{of[3].pk} details.leave-out")
    strong_still.locator("summary").click()
    strong_still.get_by_role("textbox").fill(LEFT_OUT)
    with page.expect_navigation():
        strong_still.get_by_role("button").click()
    for number, points in POINTS.items():
        page.goto(address("measures:issue-edit", 2565, of[number].pk))
        page.get_by_role("textbox", name="ประเด็น หรือเหตุผล").fill(points)
        saved(page)


def paste_measures(page):
    page.goto(address("measures:measures-paste", 2565))
    page.get_by_label("ตาราง", exact=True).fill(table_of_measures())
    press(page, "ดูรายการ")
    for row, (_title, _steps, _follow_up, _units, numbers, _said) in enumerate(MEASURES, start=1):
        for number in numbers:
            page.locator(f"[name=row-{row}][value='{number}']").check()
    press(page, "บันทึกมาตรการเหล่านี้")


def report_progress(page):
    page.goto(address("measures:progress", 2565, 6))
    for measure, (*_planned, (result, suggestion)) in zip(
        Measure.objects.order_by("order"), MEASURES, strict=True
    ):
        row = page.locator(f"#progress-6-{measure.pk}")
        row.get_by_label("ดำเนินการแล้วเสร็จ").check()
        row.get_by_role("textbox", name=re.compile("^ผลการดำเนินการ")).fill(result)
        row.get_by_role("textbox", name=re.compile("^ข้อเสนอแนะ")).fill(suggestion)
    saved(page)


def report_of(page):
    """As a program gets it, which waits until it is made."""
    path = address("measures:report", 2565, "full")
    response = page.request.get(path, headers={"Accept": "application/pdf"})
    assert response.status == 200
    return squashed(by_pdfium(response.body()))


def in_list(text):
    """The numbers of the indicators whose scores are listed."""
    return re.findall("ตัวชี้วัดที่([0-9]{1,2})[^0-9]+[0-9.]+คะแนน[(]", text)


def test_the_report_that_all_began_with_comes_out_of_its_own_tables(
    page, sign_in, frameworks, agency, staff
):
    sign_in(page, staff)
    paste_both_years(page)
    page.goto(address("assessments:analysis", 2564))
    the_result_is_analysed(Mouse(page))
    write_issues(page)
    paste_measures(page)
    report_progress(page)

    text = report_of(page)
    for figure in ("58.24", "63.92", "−5.68", "−8.89", "80.25", "77.71", "27.12", *SCORES[2564]):
        assert figure in text
    typed = [LEFT_OUT, *POINTS.values(), *UNITS]
    for title, steps, follow_up, _units, _numbers, said in MEASURES:
        typed += [title, *steps, *follow_up, *"\n".join(said).split("\n")]
    missing = [said for said in (*SECTIONS, *typed) if squashed(said) not in text]
    assert not missing
    # The contents name the sections first.
    strong, _heading, weak = text.rpartition("4.2จุดแข็ง")[2].partition("4.3จุดอ่อน")
    assert in_list(strong) == ["1"]
    assert in_list(weak.partition("ส่วนที่5")[0]) == "2 6 7 8 3 4 5 9 10".split()
