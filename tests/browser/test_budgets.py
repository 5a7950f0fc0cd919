"""What a journey may cost the one who makes it: real clicks and keys, counted by the browser."""

import re
from collections import Counter

import pytest
from playwright.sync_api import expect

from assessments.models import Assessment
from assessments.results import official
from measures import actions
from measures.models import Evidence, Issue, Measure, ProgressEntry
from tests.cast import SCORES
from tests.measures.files import pdf
from tests.measures.writing import url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database("postgres")]

#: Tells of each thing that a person does. Nothing is kept in the page, which clears its storage.
COUNT = """
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, (event) => { if (event.isTrusted) spent(kind); }, { capture: true });
  }
"""


@pytest.fixture
def journey(new_context, sign_in, staff):
    """A page, and what is spent in it: Counter of clicks and keys, cleared as a journey begins."""
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    spent = Counter()
    context.expose_binding("spent", lambda _page, kind: spent.update([kind]))
    context.add_init_script(COUNT)
    page = context.new_page()
    sign_in(page, staff)
    return page, spent


def begin(page, spent, path=""):
    page.goto(url(path))
    spent.clear()


def saved(page):
    expect(page.locator("#save-state")).to_contain_text("บันทึกแล้ว")


def type_scores(page):
    for number, value in enumerate(SCORES[2564]):
        if number:
            page.keyboard.press("Enter")
        page.keyboard.type(value)


def paste_scores(page):
    page.evaluate("text => navigator.clipboard.writeText(text)", "\r\n".join(SCORES[2564]))
    page.keyboard.press("Control+v")


def ten_scores_are_entered_in_two_clicks(page, spent, agency, enter, keys):
    begin(page, spent)
    page.get_by_role("link", name="ทำต่อ: คะแนนปี 2564").click()
    expect(page.locator("#id_i1")).to_be_focused()
    enter(page)
    rows = page.get_by_role("row", name=re.compile("คะแนนรวม|ระดับ"))
    expect(rows.nth(0)).to_contain_text("58.24 ▼ ลดลง 5.68 (−8.89 %)")
    expect(rows.nth(1)).to_contain_text("D")
    saved(page)
    page.get_by_role("button", name="เสร็จส่วนนี้แล้ว").click()
    expect(page).to_have_url(re.compile("/2564/analysis/$"))
    assert spent["pointerdown"] == 2
    assert spent["keydown"] == keys
    stored = official(agency, 2564).values
    assert [str(value) for value in stored.values()] == SCORES[2564]


def nine_weak_indicators_become_issues_in_five_clicks(page, spent):
    begin(page, spent)
    page.get_by_role("link", name="วิเคราะห์ผล", exact=True).first.click()
    page.get_by_role("button", name="สร้างประเด็นจากตัวชี้วัดที่อ่อนทั้งหมด").click()
    expect(page.locator(".messages")).to_contain_text("สร้างประเด็นแล้ว 9 ประเด็น")
    page.locator(".leave-out summary").first.click()
    expect(page.locator("textarea:focus")).to_have_count(1)
    page.keyboard.insert_text("ต่ำกว่าเกณฑ์จุดแข็งเพียง 0.39 คะแนน")
    page.get_by_role("button", name="บันทึกเหตุผล").first.click()
    expect(page.locator(".messages")).to_contain_text("ไม่ดำเนินการในปีนี้ 1 ประเด็น")
    page.get_by_role("link", name="เสร็จส่วนนี้แล้ว").click()
    page.wait_for_url(f"**{url('measures/')}")
    assert spent["pointerdown"] == 5
    assert Issue.objects.get(kind="left_out").points == "ต่ำกว่าเกณฑ์จุดแข็งเพียง 0.39 คะแนน"

    # Two are merged with no more clicks than one is left out with.
    begin(page, spent, "issues/")
    page.get_by_role("checkbox", name="ตัวชี้วัดที่ 6").click()
    page.get_by_role("checkbox", name="ตัวชี้วัดที่ 7").click()
    page.get_by_role("button", name="รวมเป็นประเด็นเดียว").click()
    expect(page.locator(".messages")).to_contain_text("รวม 2 ประเด็นเป็นประเด็นเดียวแล้ว")
    assert spent["pointerdown"] == 3


def a_measure_is_begun_from_an_issue_in_four_clicks(page, spent):
    begin(page, spent, "issues/")
    issue = page.locator(f"#issue-{Issue.objects.get(indicators__number=9).pk}")
    issue.get_by_role("link", name="เพิ่มมาตรการ").click()
    page.get_by_role("button", name="ใช้เป็นร่าง").first.click()
    page.wait_for_url(re.compile("/measures/[0-9]+/$"))
    page.get_by_role("checkbox", name="กองคลัง").click()
    page.get_by_role("checkbox", name="กองช่าง").click()
    saved(page)
    assert spent["pointerdown"] == 4
    measure = Measure.objects.get()
    assert {"กองคลัง", "กองช่าง"} <= set(measure.responsible.splitlines())
    assert (measure.period, measure.numbers) == ("ตลอดปีงบประมาณ พ.ศ. 2565", [9])
    return measure


def all_of_a_measure_is_saved_by_itself(page, measure, other):
    """A choice with what belongs to it, and what is typed."""
    page.get_by_role("radio", name="กำหนดวันที่").check()
    page.get_by_label("วันเริ่มต้น").fill("๑ มี.ค. ๒๕๖๕")
    page.get_by_label("วันสิ้นสุด").fill("30/04/2565")
    saved(page)
    page.get_by_label("มาตรการ/แนวทาง").fill("เปิดเผยข้อมูลของของกอง")
    expect(page.locator(".hints li")).to_have_text("อาจเป็นคำซ้ำ: ของของ")
    measure.refresh_from_db()
    assert measure.period == "1 มีนาคม 2565 ถึง 30 เมษายน 2565"

    # Another has been in the same field: what both chose is told in words.
    whole_year = "ตลอดปีงบประมาณ พ.ศ. 2565"
    actions.change_measure(measure=measure, version=measure.version, by=other, period=whole_year)
    page.get_by_role("radio", name="ข้อความอื่น").check()
    page.get_by_label("ระยะเวลาเป็นข้อความ").fill("ไตรมาสที่ 2")
    box = page.get_by_role("group", name="ค่าที่จะใช้")
    expect(box).to_contain_text("ข้อความอื่น · ไตรมาสที่ 2")
    expect(box).to_contain_text(whole_year)
    box.get_by_role("button", name="ใช้ของปราณี ประสานงาน").click()
    saved(page)
    expect(page.get_by_role("radio", name="ตลอดปีงบประมาณ")).to_be_checked()
    page.get_by_role("link", name="เสร็จแล้ว").click()
    expect(page.get_by_role("row", name=re.compile("เปิดเผยข้อมูลของของกอง"))).to_be_visible()


def a_measure_is_reported_in_two_clicks_and_its_result(page, spent, measure):
    """The state and a file; what was done is typed, or taken from the follow-up with a press."""
    begin(page, spent)
    page.get_by_role("link", name="ผลการดำเนินการ รอบ 6 เดือน").click()
    card = page.locator(f"#progress-6-{measure.pk}")
    expect(page.locator("#save-state")).to_have_text("ระบบบันทึกสิ่งที่กรอกให้เอง")
    assert spent["pointerdown"] == 1

    card.get_by_label("ดำเนินการแล้วเสร็จ", exact=True).click()
    expect(card.get_by_label("ร้อยละความก้าวหน้า")).to_have_value("100")
    with page.expect_file_chooser() as chooser:
        card.locator("input[type=file]").click()
    picked = {"name": "ภาพ.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    chooser.value.set_files(picked)
    expect(card.locator(".evidence-files")).to_contain_text("ภาพ.pdf")
    assert spent["pointerdown"] == 1 + 2

    card.get_by_role("button", name="คำสั่งจัดตั้งศูนย์").click()
    expect(card.get_by_role("button", name="คำสั่งจัดตั้งศูนย์")).to_be_disabled()
    expect(card.get_by_label("ผลการดำเนินการ", exact=False).last).to_be_focused()
    page.keyboard.insert_text(" ครบถ้วน")
    page.keyboard.press("Control+s")
    saved(page)
    entry = ProgressEntry.objects.get()
    assert (entry.state, entry.percent) == ("done", 100)
    assert entry.result == "คำสั่งจัดตั้งศูนย์ ครบถ้วน"
    assert Evidence.objects.get().months == 6


def test_the_journeys_of_an_officers_year_keep_their_budgets(
    journey, agency, enter_scores, coordinator
):
    page, spent = journey
    enter_scores(agency, 2563, SCORES[2563])
    ten_scores_are_entered_in_two_clicks(page, spent, agency, paste_scores, keys=2)
    Assessment.objects.get(framework__year=2564).delete()
    ten_scores_are_entered_in_two_clicks(page, spent, agency, type_scores, keys=59)
    nine_weak_indicators_become_issues_in_five_clicks(page, spent)
    for order, name in enumerate(("สำนักปลัด", "กองคลัง", "กองช่าง")):
        agency.units.create(name=name, order=order)
    measure = a_measure_is_begun_from_an_issue_in_four_clicks(page, spent)
    all_of_a_measure_is_saved_by_itself(page, measure, other=coordinator)
    measure.refresh_from_db()
    follow_up = "คำสั่งจัดตั้งศูนย์\nภาพการอบรม"
    version = measure.version
    actions.change_measure(measure=measure, version=version, by=coordinator, follow_up=follow_up)
    a_measure_is_reported_in_two_clicks_and_its_result(page, spent, measure)
