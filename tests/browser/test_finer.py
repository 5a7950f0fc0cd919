import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_scores import PASTE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database("postgres")]


def test_items_are_marked_by_keyboard_and_by_pasting_a_column(page, sign_in, results, staff):
    sign_in(page, staff)
    page.goto(reverse("assessments:scores-items-self", args=["nongkong", 2564]))
    table = page.get_by_role("table", name="10. การป้องกันการทุจริต")
    page.locator("#id_o42").focus()
    for key in ("1", "Enter", "0"):
        page.keyboard.press(key)
    expect(page.locator("#id_o43")).to_be_focused()
    page.keyboard.press("Control+s")
    expect(page.locator("#save-state")).to_contain_text("บันทึกแล้ว")
    expect(table.get_by_role("row", name="10.2")).to_contain_text("ตรวจแล้ว 2/2")
    expect(table.get_by_role("row", name="10.2")).to_contain_text("50.00")
    page.locator("#id_o34").evaluate(PASTE, "1\r\n๐\r\n0\nไม่มี\n0\n0\n0\n0\r\n")
    computed = table.get_by_role("row", name="คะแนนตัวชี้วัดที่คำนวณจากรายข้อ")
    expect(computed).to_contain_text("31.25")
    expect(table.get_by_role("row", name="ต่างจากผลทางการ")).to_contain_text("+6.25")
    page.reload()
    expect(computed).to_contain_text("31.25")
    expect(page.locator("#id_o34")).to_have_value("100")
