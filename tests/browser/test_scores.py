from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Membership
from accounts.permissions import Role
from assessments.actions import ScoreChange, enter_scores
from tests.browser.checks import assert_accessible, assert_fits_phone
from tests.cast import SCORES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grid(page, sign_in, frameworks, agency, staff):
    sign_in(page, staff)
    page.goto(reverse("assessments:scores", args=[agency.code, 2564]))
    return page


def cell(page, number):
    return page.locator(f"#id_i{number}")


def test_ten_scores_are_typed_with_enter_and_saved_by_keyboard_alone(grid):
    cell(grid, 1).focus()
    for value in SCORES[2564]:
        grid.keyboard.type(value)
        grid.keyboard.press("Enter")
    expect(grid.get_by_role("button", name="บันทึกคะแนน")).to_be_focused()
    grid.keyboard.press("Enter")
    expect(grid.get_by_text("บันทึกคะแนนแล้ว 10 ค่า")).to_be_visible()
    expect(grid.get_by_role("row", name="คะแนนรวม (ถ่วงน้ำหนัก)")).to_contain_text("58.24")
    expect(grid.get_by_role("row", name="ระดับผลการประเมิน")).to_contain_text("D")


def test_arrows_move_between_rows_and_escape_puts_the_saved_value_back(grid):
    cell(grid, 2).focus()
    grid.keyboard.press("ArrowDown")
    expect(cell(grid, 3)).to_be_focused()
    grid.keyboard.press("Shift+Enter")
    grid.keyboard.press("ArrowUp")
    expect(cell(grid, 1)).to_be_focused()
    grid.keyboard.type("12")
    grid.keyboard.press("Escape")
    expect(cell(grid, 1)).to_have_value("")


PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text", text);
  cell.focus();
  cell.dispatchEvent(new ClipboardEvent("paste", {
    clipboardData: data, bubbles: true, cancelable: true,
  }));
}"""


def test_a_column_of_ten_lines_is_pasted_into_the_cells(grid):
    cell(grid, 1).evaluate(PASTE, "\r\n".join(SCORES[2564]) + "\r\n")
    assert [cell(grid, n).input_value() for n in range(1, 11)] == SCORES[2564]
    expect(grid.get_by_role("status").last).to_contain_text("วางแล้ว 10 ค่า")


def test_more_lines_than_cells_are_not_pasted(grid):
    cell(grid, 5).evaluate(PASTE, "\n".join(SCORES[2564]))
    expect(cell(grid, 5)).to_have_value("")
    expect(grid.get_by_role("status").last).to_contain_text("มี 10 ค่า แต่นับจากช่องนี้มีเพียง 6 ช่อง")


def test_two_years_side_by_side_are_not_pasted(grid):
    cell(grid, 1).evaluate(PASTE, "86.96\t87.54\r\n78.11\t79.61")
    expect(cell(grid, 1)).to_have_value("")
    expect(grid.get_by_role("status").last).to_contain_text("หลายคอลัมน์")


def test_after_a_refusal_the_summary_is_read_first_and_leads_to_the_cell(grid):
    cell(grid, 9).fill("875.4")
    grid.get_by_role("button", name="บันทึกคะแนน").click()
    expect(grid.locator("#error-summary")).to_be_focused()
    expect(grid).to_have_title("มีข้อผิดพลาด: คะแนนปี 2564 · องค์การบริหารส่วนตำบลหนองกง · ระบบ ITA")
    grid.keyboard.press("Tab")
    grid.keyboard.press("Enter")
    expect(cell(grid, 9)).to_be_focused()
    assert_accessible(grid)
    assert_fits_phone(grid)


def test_a_conflict_is_settled_by_choosing_a_value(page, sign_in, results, agency, staff, admin):
    Membership.objects.filter(user=admin).update(role=Role.STAFF)
    sign_in(page, staff)
    page.goto(reverse("assessments:scores", args=[agency.code, 2564]))
    change = ScoreChange("i9", Decimal("30"), 2)
    enter_scores(agency=agency, year=2564, changes=[change], by=admin)
    cell(page, 9).fill("31")
    page.get_by_role("button", name="บันทึกคะแนน").click()
    expect(page.get_by_label("ของคุณ 31")).to_be_visible()
    assert_accessible(page)
    assert_fits_phone(page)
    page.get_by_label("ของสมหญิง ใจดี 30.00").check()
    page.get_by_role("button", name="บันทึกคะแนน").click()
    expect(page.get_by_text("ไม่มีค่าใดเปลี่ยน")).to_be_visible()
    expect(cell(page, 9)).to_have_value("30.00")


def test_without_javascript_scores_are_entered_too(new_context, sign_in, frameworks, agency, staff):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, staff)
    page.goto(reverse("assessments:scores", args=[agency.code, 2564]))
    for number, value in enumerate(SCORES[2564], start=1):
        cell(page, number).fill(value)
    cell(page, 10).press("Enter")
    expect(page.get_by_role("row", name="คะแนนรวม (ถ่วงน้ำหนัก)")).to_contain_text("58.24")


def test_a_file_is_checked_and_imported(grid, tmp_path):
    file = tmp_path / "scores.csv"
    file.write_text("รหัสหน่วยงาน,ปี,ตัวชี้วัดที่ 9\nnongkong,2564,๒๙.๒๔\n", encoding="utf-8")
    grid.get_by_role("link", name="นำเข้าจากไฟล์").click()
    assert_accessible(grid)
    assert_fits_phone(grid)
    grid.get_by_label("ไฟล์คะแนน").set_input_files(file)
    grid.get_by_role("button", name="ตรวจไฟล์").click()
    expect(grid.get_by_role("row", name="ตัวชี้วัดที่ 9")).to_contain_text("29.24")
    assert_accessible(grid)
    assert_fits_phone(grid)
    grid.get_by_role("button", name="ยืนยันการนำเข้า").click()
    expect(cell(grid, 9)).to_have_value("29.24")
