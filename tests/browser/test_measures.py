"""Writing the plan as people do it: by keyboard, mouse and pasting, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from measures.models import Measure, ProgressEntry
from tests.browser.checks import assert_accessible, assert_fits_phone
from tests.browser.test_whole_chain import Keyboard
from tests.measures.writing import add_issue, add_measure, url

# The forms' writes are tried on both databases by the client tests.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database("sqlite")]


@pytest.fixture
def writer(page, sign_in, staff, plan):
    sign_in(page, staff)
    return page


@pytest.fixture
def three(plan, staff):
    return [add_measure(plan, staff, title=f"มาตรการ {letter}") for letter in "กขค"]


def tab_to(page, target):
    Keyboard(page).reach(target)


def titles(page):
    return page.locator(".measure-list tbody strong").all_text_contents()


def test_a_plan_is_written_by_keyboard_and_pasting_and_two_people_lose_nothing(
    writer, plan, staff, admin
):
    pasted_lines_keep_their_numbers(writer)
    measure = Measure.objects.get()
    a_measure_is_changed_by_keyboard_alone(writer, measure)
    both_steps_are_kept(writer, measure, admin)
    progress_is_reported_by_keyboard_alone(writer)


PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", { clipboardData, cancelable: true });
  if (document.activeElement.dispatchEvent(paste))
    document.execCommand("insertText", false, text);
}"""


def pasted_lines_keep_their_numbers(writer):
    writer.goto(url("measures/new/"))
    writer.get_by_label("มาตรการ/แนวทาง").fill("ศูนย์บริการ")
    writer.get_by_label("9 การเปิดเผยข้อมูล").check()
    writer.get_by_label("วิธีดำเนินการ").focus()
    writer.evaluate(PASTE, "3. จัดตั้งศูนย์\r\n- ศูนย์หลัก\r\n4. อบรม")
    writer.get_by_label("การติดตามผล").fill("คำสั่ง")
    writer.get_by_label("ผู้รับผิดชอบ").fill("สำนักปลัด")
    writer.get_by_role("button", name="บันทึก").click()
    cell = writer.locator(".measure-list tbody td").nth(1)
    expect(cell.locator(".item-mark")).to_have_text(["3.", "–", "4."])
    expect(cell).to_contain_text("ศูนย์หลัก")


def a_measure_is_changed_by_keyboard_alone(writer, measure):
    """It is written so in test_whole_chain.py."""
    state = writer.locator("#save-state")
    writer.goto(measure.get_absolute_url())
    writer.get_by_label("จำนวนเงิน (บาท)").check()
    amount = writer.get_by_label("งบประมาณ (บาท)")
    amount.fill("๒๕,๐๐๐ บาท")
    tab_to(writer, writer.get_by_label("การติดตามผล"))
    expect(amount).to_have_value("25,000")
    expect(state).to_contain_text("บันทึกแล้ว")
    writer.get_by_label("กำหนดวันที่").check()
    tab_to(writer, writer.get_by_label("การติดตามผล"))
    expect(state).to_contain_text("ยังไม่ได้บันทึก 1 ช่อง")
    writer.get_by_label("ตลอดปีงบประมาณ").check()
    expect(state).to_contain_text("บันทึกแล้ว")
    measure.refresh_from_db()
    assert measure.budget == 25000


def both_steps_are_kept(writer, measure, admin):
    """Where another has written in the same field while the page was open."""
    mine, theirs = (f"จัดตั้งศูนย์\n{whose}" for whose in ("ของฉัน", "ของเพื่อน"))
    Measure.objects.update(version=measure.version + 1, steps=theirs, updated_by=admin)
    steps = writer.get_by_label("วิธีดำเนินการ")
    steps.fill(mine)
    box = writer.get_by_role("group", name="ค่าที่จะใช้")
    expect(box).to_contain_text("ของเพื่อน")
    expect(steps).to_have_value(mine)
    place = f"#{steps.get_attribute('data-conflict')}"
    assert_accessible(writer, within="main", coloured=place)
    assert_fits_phone(writer)
    box.get_by_role("button", name="เก็บทั้งสอง").click()
    expect(writer.locator("#save-state")).to_contain_text("บันทึกแล้ว")
    writer.get_by_role("link", name="เสร็จแล้ว").click()
    expect(writer.get_by_text("3. ของเพื่อน")).to_be_visible()
    measure.refresh_from_db()
    assert measure.steps == "จัดตั้งศูนย์\nของฉัน\nของเพื่อน"


def progress_is_reported_by_keyboard_alone(writer):
    writer.goto(url("progress/6/"))
    tab_to(writer, writer.get_by_label("ยังไม่เริ่มดำเนินการ"))
    writer.keyboard.press("ArrowDown")
    tab_to(writer, writer.locator("[data-key$='.result']"))
    writer.keyboard.insert_text("ออกคำสั่งแล้ว")
    writer.keyboard.press("Control+s")
    expect(writer.locator("#save-state")).to_contain_text("บันทึกแล้ว")
    expect(writer.locator("#reported")).to_have_text("รายงานแล้ว 1 จาก 1 มาตรการ")
    expect(writer.locator("#tally-box")).to_contain_text("อยู่ระหว่างดำเนินการ 1")
    expect(writer.locator(".progress-row h2")).not_to_contain_text("รอรายงาน")
    expect(writer.locator("[data-key$='.result']")).to_be_focused()
    entry = ProgressEntry.objects.get()
    assert (entry.state, entry.result) == ("under_way", "ออกคำสั่งแล้ว")


def test_rows_move_by_keyboard_and_mouse_keep_the_focus_and_are_announced(
    writer, plan, staff, three
):
    writer.goto(url("measures/"))
    row = three[0].pk
    tab_to(writer, writer.locator(f"#move-{row}-down"))
    writer.keyboard.press("Enter")
    live = writer.locator(".order-help ~ p[role=status], #order + p[role=status]").first
    expect(live).to_contain_text("ลำดับที่ 2 จาก 3")
    expect(writer.locator(f"#move-{row}-down")).to_be_focused()
    writer.keyboard.press("Alt+ArrowDown")
    expect(live).to_contain_text("ลำดับที่ 3 จาก 3")
    expect(writer.locator(f"#move-{row}-up")).to_be_focused()
    assert titles(writer) == ["1. มาตรการ ข", "2. มาตรการ ค", "3. มาตรการ ก"]
    writer.keyboard.press("Alt+ArrowUp")
    expect(live).to_contain_text("ลำดับที่ 2 จาก 3")
    writer.reload()
    assert titles(writer) == ["1. มาตรการ ข", "2. มาตรการ ก", "3. มาตรการ ค"]

    rows = writer.locator(".measure-list tbody tr")
    rows.nth(2).locator(".grip").drag_to(rows.nth(0), target_position={"x": 40, "y": 3})
    expect(rows.nth(0)).to_contain_text("1. มาตรการ ค")
    writer.reload()
    assert titles(writer) == ["1. มาตรการ ค", "2. มาตรการ ข", "3. มาตรการ ก"]

    issues_move_inside_their_own_table(writer, plan, staff)


def issues_move_inside_their_own_table(writer, plan, staff):
    for number in (6, 7):
        add_issue(plan, staff, number, kind="develop")
    issue = add_issue(plan, staff, 9)
    add_issue(plan, staff, 10)
    writer.goto(url("issues/"))
    writer.locator(f"#move-{issue.pk}-down").click()
    fix = writer.locator(".issue-list .table-frame").nth(1)
    expect(fix.locator("tbody tr").nth(1)).to_contain_text("ตัวชี้วัดที่ 9")
    expect(writer.locator(f"#move-{issue.pk}-up")).to_be_focused()


def test_without_javascript_everything_is_moved_and_deleted(
    new_context, sign_in, staff, plan, three
):
    """What is written so is in test_whole_chain.py."""
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, staff)
    page.goto(url("measures/"))
    row = three[0].pk
    page.locator(f"#move-{row}-down").click()
    expect(page.get_by_text("ไปลำดับที่ 2 จาก 3")).to_be_visible()
    expect(page.locator(f"#move-{row}-down")).to_be_focused()
    page.get_by_role("link", name="ลบ มาตรการ ก").click()
    page.get_by_role("button", name="ลบ").click()
    expect(page.get_by_text("ลบแล้ว: มาตรการ ก")).to_be_visible()
    assert Measure.objects.count() == 2
