"""What a journey may cost the one who makes it: real clicks and keys, counted by the browser."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.results import official
from tests.cast import SCORES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database("sqlite")]

#: Counts what a person does, across the pages of the journey.
COUNT = """
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, (event) => {
      if (event.isTrusted) sessionStorage[kind] = Number(sessionStorage[kind] ?? 0) + 1;
    }, { capture: true });
  }
"""


@pytest.fixture
def journey(new_context, sign_in, staff, agency):
    """A page that counts, and a function for what has been counted: (clicks, keys)."""
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    context.add_init_script(COUNT)
    page = context.new_page()
    sign_in(page, staff)

    def counted():
        names = ("pointerdown", "keydown")
        return tuple(page.evaluate(f"Number(sessionStorage.{name} ?? 0)") for name in names)

    return page, counted


def type_scores(page):
    for number, value in enumerate(SCORES[2564]):
        if number:
            page.keyboard.press("Enter")
        page.keyboard.type(value)


def paste_scores(page):
    page.evaluate("text => navigator.clipboard.writeText(text)", "\r\n".join(SCORES[2564]))
    page.keyboard.press("Control+v")


@pytest.mark.parametrize(("enter", "keys"), [(type_scores, 59), (paste_scores, 2)])
def test_ten_scores_are_entered_in_two_clicks(agency, enter_scores, journey, enter, keys):
    enter_scores(agency, 2563, SCORES[2563])
    page, counted = journey
    page.goto(reverse("overview", args=[agency.code, 2565]))
    page.get_by_role("link", name="ทำต่อ: คะแนนปี 2564").click()
    expect(page.locator("#id_i1")).to_be_focused()
    enter(page)
    rows = page.get_by_role("row", name=re.compile("คะแนนรวม|ระดับ"))
    expect(rows.nth(0)).to_contain_text("58.24 ▼ ลดลง −5.68 (−8.89 %)")
    expect(rows.nth(1)).to_contain_text("D")
    expect(page.locator("#save-state")).to_contain_text("บันทึกแล้ว")
    page.get_by_role("button", name="เสร็จส่วนนี้แล้ว").click()
    expect(page).to_have_url(re.compile("/2564/analysis/$"))
    assert counted() <= (2, keys)
    stored = official(agency, 2564).values
    assert [str(value) for value in stored.values()] == SCORES[2564]
