"""Saving as one types, by two people, without a network, and past the end of a session."""

import re
from decimal import Decimal

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.models import Event, Kept, Membership
from accounts.permissions import Role
from assessments.models import AnalysisText, Score
from tests.browser.checks import assert_accessible, assert_fits_phone
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
SCORES = "/a/nongkong/2564/scores/"
SAVED = "บันทึกแล้ว"


def cell(page, number):
    return page.locator(f"[data-key=i{number}]")


def state(page):
    return page.locator("#save-state")


def stored(number):
    return Score.objects.get(indicator__number=number, assessment__framework__year=2564).value


def type_score(page, number, value):
    cell(page, number).fill(value)
    cell(page, number).press("Enter")


@pytest.mark.one_database("postgres")
def test_two_people_in_one_cell_keep_both_values_until_one_is_chosen(
    new_context, sign_in, results, staff, admin
):
    Membership.objects.filter(user=admin).update(role=Role.STAFF)
    hers, his = (new_context().new_page() for _ in range(2))
    for page, person in ((hers, admin), (his, staff)):
        sign_in(page, person)
        page.goto(SCORES)
    type_score(hers, 9, "30")
    type_score(his, 10, "26")
    for page in (hers, his):
        expect(state(page)).to_contain_text(SAVED)
    type_score(his, 9, "31")
    box = his.get_by_role("group", name="ค่าที่จะใช้")
    expect(box).to_contain_text("ของคุณ 31")
    his.reload()
    expect(box).to_contain_text("ของคุณ 31")
    expect(box).to_contain_text("ของสมหญิง ใจดี")
    expect(box).to_contain_text("30.00")
    expect(state(his)).to_contain_text("1 ช่อง")
    assert_accessible(his, within="#grid", coloured="#box_i9")
    assert_fits_phone(his)
    other_tab = his.context.new_page()
    other_tab.goto(SCORES)
    expect(box.get_by_role("button", name="ใช้ของสมหญิง ใจดี 30.00")).to_be_visible()
    box.get_by_role("button", name="ใช้ของฉัน 31").click()
    expect(state(his)).to_contain_text(SAVED)
    expect(box).to_have_count(0)
    assert (stored(9), stored(10)) == (Decimal(31), Decimal(26))
    type_score(other_tab, 9, "32")
    again = other_tab.get_by_role("group", name="ค่าที่จะใช้")
    expect(again).to_contain_text("คุณเองจากอีกหน้าต่างหนึ่ง")
    expect(again.get_by_role("button", name="ใช้ค่านี้ 32")).to_be_visible()
    again.get_by_role("button", name="ใช้ค่าที่บันทึกไว้ 31.00").click()
    expect(state(other_tab)).to_contain_text(SAVED)
    expect(cell(other_tab, 9)).to_have_value("31.00")
    assert not Kept.objects.exists()


RECORD_STATES = """() => {
  window.states = [];
  new MutationObserver(() => states.push(document.getElementById("save-state").textContent))
    .observe(document.getElementById("save-state"), { childList: true, subtree: true });
}"""

RECONNECT = "dispatchEvent(new Event('online'))"


@pytest.mark.one_database("sqlite")
def test_without_a_network_nothing_is_called_saved_and_all_is_saved_once_afterwards(
    new_context, sign_in, results, staff
):
    page = new_context().new_page()
    sign_in(page, staff)
    page.goto(SCORES)
    page.evaluate(RECORD_STATES)
    page.context.set_offline(True)
    type_score(page, 9, "30")
    expect(state(page)).to_contain_text("ออฟไลน์")
    type_score(page, 10, "26")
    assert not any(SAVED in text for text in page.evaluate("states"))
    assert stored(9) == Decimal("29.24")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text(SAVED)
    assert (stored(9), stored(10)) == (Decimal(30), Decimal(26))

    def lose_answer(route):
        route.fetch()
        route.abort()

    page.route("**/cells/", lose_answer, times=1)
    type_score(page, 9, "31")
    expect(state(page)).to_contain_text("ออฟไลน์")
    page.evaluate(RECONNECT)
    expect(state(page)).to_contain_text(SAVED)
    assert stored(9) == Decimal(31)
    assert Event.objects.filter(verb="scores.saved").count() == 2
    # The former value is not what the server has once an answer was lost.
    page.route("**/cells/", lose_answer, times=1)
    cell(page, 9).fill("32")
    page.keyboard.press("Control+s")
    expect(state(page)).to_contain_text("ออฟไลน์")
    page.keyboard.press("Escape")
    expect(cell(page, 9)).to_have_value("31.00")
    page.evaluate(RECONNECT)
    page.get_by_role("button", name="ใช้ค่านี้ 31").click()
    expect(state(page)).to_contain_text(SAVED)
    assert stored(9) == Decimal(31)

    type_score(page, 8, "875.4")
    expect(cell(page, 8)).to_have_accessible_description(re.compile("ต้องอยู่ระหว่าง 0 ถึง 100"))
    expect(state(page)).to_contain_text("ยังไม่ได้บันทึก 1 ช่อง")
    type_score(page, 8, "77.42")
    expect(state(page)).to_contain_text(SAVED)
    expect(cell(page, 8)).not_to_have_attribute("aria-invalid", "true")

    page.route("**/cells/", lambda route: route.abort())
    type_score(page, 9, "33")
    expect(state(page)).to_contain_text("ออฟไลน์")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/agencies/")
    page.unroute_all()
    page.goto(SCORES)
    expect(state(page)).to_contain_text(SAVED)
    expect(cell(page, 9)).to_have_value("33.00")
    assert stored(9) == Decimal(33)

    type_score(page, 8, "875.4")
    expect(state(page)).to_contain_text("ยังไม่ได้บันทึก 1 ช่อง")
    assert "875.4" in page.evaluate("JSON.stringify(sessionStorage)")
    page.get_by_text(staff.name).click()
    page.get_by_role("button", name="ออกจากระบบ", exact=True).click()
    page.wait_for_url("**/login/")
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.one_database("postgres")
def test_a_session_that_ends_while_writing_takes_no_letter_along(
    new_context, sign_in, results, staff, admin
):
    page = new_context().new_page()
    sign_in(page, staff)
    page.goto("/a/nongkong/2564/analysis/")
    page.locator(".text summary").first.click()
    text = page.locator(".text textarea").first
    section = text.get_attribute("data-key")
    text.fill("")
    for part in range(20):
        page.keyboard.insert_text(f"{part:03} " + "ข้อ" * 32)
        if part == 9:
            Session.objects.all().delete()
    dialog = page.get_by_role("dialog", name="หมดเวลาเข้าใช้งาน")
    expect(dialog).to_be_visible()
    assert_accessible(page, within="#sign-in-again")
    dialog.get_by_label("รหัสผ่าน").fill("another pass phrase")
    dialog.get_by_role("button", name="เข้าสู่ระบบและบันทึก").click()
    expect(dialog.get_by_role("alert")).to_contain_text("ไม่ตรงกัน")
    dialog.get_by_label("รหัสผ่าน").fill(PASSWORD)
    dialog.get_by_role("button", name="เข้าสู่ระบบและบันทึก").click()
    expect(dialog).to_be_hidden()
    expect(state(page)).to_contain_text(SAVED)
    assert len(text.input_value()) == 2000
    assert AnalysisText.objects.get(section=section).text == text.input_value()
    # Somebody else in the same browser.
    Membership.objects.filter(user=admin).update(role=Role.STAFF)
    sign_in(page, admin)
    text.fill("ข้อความใหม่")
    expect(state(page)).to_contain_text("ผู้อื่นเข้าสู่ระบบ")
    assert len(AnalysisText.objects.get(section=section).text) == 2000


@pytest.mark.one_database("sqlite")
def test_a_form_that_is_sent_again_after_going_back_is_taken_once(page, sign_in, plan, staff):
    sign_in(page, staff)
    page.goto("/a/nongkong/2565/measures/new/")
    for name in ("title", "steps", "follow_up", "responsible"):
        page.locator(f"[name={name}]").fill("สำนักปลัด")
    page.locator("[name=indicators]").first.check()
    save = page.locator("main form button").last
    save.click()
    page.wait_for_url("**/measures/")
    page.go_back()
    expect(page.locator("[name=title]")).to_have_value("สำนักปลัด")
    save.click()
    page.wait_for_url("**/measures/")
    assert plan.measures.count() == 1
