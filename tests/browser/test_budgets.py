"""What a piece of work may cost at most in presses of mouse and keys, counted by a browser."""

import pytest
from playwright.sync_api import expect

from measures.models import Issue
from tests.measures.writing import url

pytestmark = pytest.mark.django_db(transaction=True)

#: Survives the way from page to page.
COUNT = """
for (const kind of ["pointerdown", "keydown"])
  addEventListener(kind, () => {
    sessionStorage[kind] = Number(sessionStorage[kind] ?? 0) + 1;
  }, true);
"""


class Spent:
    """Counts from now on; made before the first page is opened."""

    def __init__(self, page):
        self.page = page
        page.add_init_script(COUNT)

    def _count(self, kind):
        return int(self.page.evaluate(f"sessionStorage.{kind} ?? 0"))

    @property
    def clicks(self):
        return self._count("pointerdown")

    @property
    def keys(self):
        return self._count("keydown")

    def start(self):
        self.page.evaluate("sessionStorage.clear()")


@pytest.mark.one_database("sqlite")
def test_nine_weak_indicators_become_issues_in_five_clicks(page, sign_in, staff, results):
    spent = Spent(page)
    sign_in(page, staff)
    page.goto(url())
    spent.start()
    page.get_by_role("link", name="วิเคราะห์ผล", exact=True).first.click()
    page.get_by_role("button", name="สร้างประเด็นจากตัวชี้วัดที่อ่อนทั้งหมด").click()
    expect(page.locator(".messages")).to_contain_text("สร้างประเด็นแล้ว 9 ประเด็น")
    page.locator(".leave-out summary").first.click()
    page.keyboard.type("ต่ำกว่าเกณฑ์จุดแข็งเพียง 0.39 คะแนน")
    page.get_by_role("button", name="บันทึกเหตุผล").first.click()
    expect(page.locator(".messages")).to_contain_text("ไม่ดำเนินการในปีนี้ 1 ประเด็น")
    page.get_by_role("link", name="เสร็จส่วนนี้แล้ว").click()
    page.wait_for_url(f"**{url('measures/')}")
    assert spent.clicks == 5
    assert Issue.objects.get(kind="left_out").points == "ต่ำกว่าเกณฑ์จุดแข็งเพียง 0.39 คะแนน"

    # Instead of leaving one out: two are merged, with as many clicks.
    page.goto(url("issues/"))
    spent.start()
    page.get_by_role("checkbox", name="ตัวชี้วัดที่ 6").click()
    page.get_by_role("checkbox", name="ตัวชี้วัดที่ 7").click()
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("รวม 2 ประเด็นเป็นประเด็นเดียวแล้ว")
    assert spent.clicks == 2
    assert [i.number for i in Issue.objects.get(indicators__number=7).indicators.all()] == [6, 7]
