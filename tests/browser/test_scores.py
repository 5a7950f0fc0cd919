import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.results import official
from tests.browser.checks import assert_accessible, assert_fits_phone
from tests.cast import SCORES

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text", text);
  cell.focus();
  cell.dispatchEvent(new ClipboardEvent("paste", {
    clipboardData: data, bubbles: true, cancelable: true,
  }));
}"""


@pytest.fixture
def grid(page, sign_in, frameworks, agency, staff):
    sign_in(page, staff)
    page.goto(reverse("assessments:scores", args=[agency.code, 2566]))
    return page


def cell(page, key):
    return page.locator(f"#id_{key}")


def values(page):
    return [cell(page, f"i{number}").input_value() for number in range(1, 11)]


def shows(page, row, text):
    figure = page.get_by_role("row", name=row).locator("td").nth(1)
    expect(figure).to_have_text(text, use_inner_text=True)


def saved(page):
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")


def stored(agency, year=2566):
    return {key: str(score.value) for key, score in official(agency, year).cells.items()}


@pytest.mark.one_database("sqlite")
def test_the_grid_is_worked_by_keyboard(grid, agency):
    press, focused = grid.keyboard.press, grid.locator(":focus")
    expect(cell(grid, "i1")).to_be_focused()
    for value in SCORES[2564][:5]:
        grid.keyboard.type(value)
        press("Enter")
    expect(cell(grid, "i6")).to_be_focused()
    shows(grid, "ค่าเฉลี่ย IIT", "80.25")
    saved(grid)

    cell(grid, "i2").focus()
    press("ArrowDown")
    expect(cell(grid, "i3")).to_be_focused()
    press("Shift+Enter")
    press("ArrowUp")
    expect(cell(grid, "i1")).to_be_focused()
    grid.keyboard.type("12")
    press("Escape")
    expect(cell(grid, "i1")).to_have_value("87.54")
    grid.keyboard.type("12")
    press("Enter")
    grid.keyboard.type("13")
    shows(grid, "ค่าเฉลี่ย IIT", "51.82")
    press("Control+z")
    expect(cell(grid, "i2")).to_have_value("79.61")
    press("Control+z")
    expect(cell(grid, "i1")).to_have_value("87.54")
    expect(cell(grid, "i1")).to_be_focused()
    shows(grid, "ค่าเฉลี่ย IIT", "80.25")
    press("Control+s")
    saved(grid)
    assert stored(agency)["i1"] == "87.54"

    grid.keyboard.type("99")
    # As a keyboard in Thai sends it.
    cell(grid, "i1").dispatch_event("keydown", {"key": "ผ", "code": "KeyZ", "ctrlKey": True})
    expect(cell(grid, "i1")).to_have_value("87.54")

    press("Control+/")
    expect(grid.get_by_role("dialog")).to_contain_text("Ctrl+Z")
    press("Escape")
    expect(cell(grid, "i1")).to_be_focused()

    # The parts stand side by side: there the arrows go sideways, at the end of the text.
    grid.get_by_text("กรอกแยกสองส่วน คุณภาพ").click()
    cell(grid, "i6_1").focus()
    grid.keyboard.type("80")
    press("ArrowRight")
    expect(cell(grid, "i6_2")).to_be_focused()
    grid.keyboard.type("80.01")
    expect(cell(grid, "i6")).to_be_hidden()
    expect(grid.locator("#figure_i6")).to_contain_text("80.01")
    press("ArrowUp")
    press("ArrowUp")
    expect(cell(grid, "i5")).to_be_focused()
    press("Tab")
    expect(focused).to_have_text(re.compile("ประเด็นการประเมิน"))
    assert_accessible(grid, within="#grid", coloured=".parts[open]")
    assert_fits_phone(grid)

    done = grid.get_by_role("button", name="เสร็จส่วนนี้แล้ว")
    cell(grid, "i10").focus()
    grid.keyboard.type("302.5")
    press("Enter")
    expect(done).to_be_focused()
    expect(grid.get_by_text("หมายถึง 30.25 ใช่ไหม")).to_be_visible()
    press("Enter")
    expect(cell(grid, "i10")).to_be_focused()
    grid.get_by_role("button", name="ใช้ 30.25").click()
    expect(cell(grid, "i10")).to_be_focused()
    expect(cell(grid, "i10")).to_have_value("30.25")
    # However often it was refused meanwhile, it is one number that is taken back.
    press("Control+z")
    expect(cell(grid, "i10")).to_have_value("")
    grid.keyboard.type("30")
    press("Control+Enter")
    expect(grid).to_have_url(re.compile("/2566/analysis/$"))
    kept = stored(agency)
    assert (kept["i6_1"], kept["i6_2"], kept["i10"]) == ("80.00", "80.01", "30.00")


@pytest.mark.one_database("postgres")
def test_a_column_is_pasted_at_once_and_all_else_is_shown_first(grid, agency, results):
    cell(grid, "i2").fill("50")
    cell(grid, "i1").evaluate(PASTE, "\r\n".join(SCORES[2564]) + "\r\n")
    assert values(grid) == SCORES[2564]
    expect(grid.locator("#grid-status")).to_contain_text("วางแล้ว 10 ค่า")
    saved(grid)
    grid.keyboard.press("Control+z")
    assert values(grid) == ["", "50", *[""] * 8]
    saved(grid)
    shows(grid, "ค่าเฉลี่ย IIT", "–")
    cell(grid, "i1").evaluate(PASTE, "\t".join(SCORES[2563]))
    assert values(grid) == SCORES[2563]
    saved(grid)
    assert stored(agency)["i10"] == "31.25"
    nine = "\n".join(SCORES[2564][:9])
    cell(grid, "i1").evaluate(PASTE, nine)
    expect(grid).to_have_url(re.compile("/scores/paste/$"))
    expect(grid.get_by_role("textbox", name=re.compile("ตาราง"))).to_have_value(nine)
    assert stored(agency)["i10"] == "31.25"

    items_are_marked_by_keyboard_and_by_pasting_a_column(grid, agency)


def items_are_marked_by_keyboard_and_by_pasting_a_column(page, agency):
    page.goto(reverse("assessments:scores-items-self", args=[agency.code, 2564]))
    table = page.get_by_role("table", name="10. การป้องกันการทุจริต")
    cell(page, "o42").focus()
    for key in ("1", "Enter", "0"):
        page.keyboard.press(key)
    expect(cell(page, "o43")).to_be_focused()
    page.keyboard.press("Control+s")
    expect(page.locator("#save-state")).to_contain_text("บันทึกแล้ว")
    expect(table.get_by_role("row", name="10.2")).to_contain_text("ตรวจแล้ว 2/2")
    expect(table.get_by_role("row", name="10.2")).to_contain_text("50.00")
    cell(page, "o34").evaluate(PASTE, "1\r\n๐\r\n0\nไม่มี\n0\n0\n0\n0\r\n")
    computed = table.get_by_role("row", name="คะแนนตัวชี้วัดที่คำนวณจากรายข้อ")
    expect(computed).to_contain_text("31.25")
    expect(table.get_by_role("row", name="ต่างจากผลทางการ")).to_contain_text("+6.25")
    page.reload()
    expect(computed).to_contain_text("31.25")
    expect(cell(page, "o34")).to_have_value("100")


@pytest.mark.one_database("sqlite")
def test_without_javascript_scores_are_entered_and_imported_too(
    new_context, sign_in, enter_scores, agency, staff, tmp_path
):
    """All ten are entered so in test_whole_chain.py."""
    enter_scores(agency, 2564, [*SCORES[2564][:8], None, SCORES[2564][9]])
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, staff)
    page.goto(reverse("assessments:scores", args=[agency.code, 2564]))
    cell(page, "i9").fill(SCORES[2564][8])
    cell(page, "i9").press("Enter")
    shows(page, "คะแนนรวม (ถ่วงน้ำหนัก)", "58.24")
    file = tmp_path / "scores.csv"
    file.write_text("รหัสหน่วยงาน,ปี,ตัวชี้วัดที่ 9\nnongkong,2564,๓๐.๕\n", encoding="utf-8")
    page.get_by_text("นำเข้าและส่งออก").click()
    page.get_by_role("link", name="นำเข้าจากไฟล์").click()
    page.get_by_label("ไฟล์คะแนน").set_input_files(file)
    page.get_by_role("button", name="ตรวจไฟล์").click()
    expect(page.get_by_role("row", name="ตัวชี้วัดที่ 9")).to_contain_text("30.50")
    page.get_by_role("button", name="ยืนยันการนำเข้า").click()
    expect(cell(page, "i9")).to_have_value("30.50")
