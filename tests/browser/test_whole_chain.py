"""A year's work, from two columns of scores to the signed report, as an office does it: by five
people without JavaScript, by fewer with the keyboard alone. Who comes first signs in and finds the
year; nobody else does it again. What the mouse costs is counted in test_budgets.py.
"""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.cast import PASSWORD, SCORES
from tests.pdf_readers import by_pdfium, squashed

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "ให้บริการตามขั้นตอน"
FIX, DEVELOP = "ประเด็นที่ควรปรับปรุงแก้ไข", "ประเด็นที่ควรพัฒนา"
CLASSES = {
    "จุดแข็ง: เพิ่มขึ้นและถึงเกณฑ์": "1",
    "จุดอ่อน: เพิ่มขึ้นแต่ยังไม่ถึงเกณฑ์": "2 6 7 8",
    "จุดอ่อน: ลดลง": "3 4 5 9 10",
}
#: The heading of each list and the numbers of what stands in it.
LISTS = """sections => sections.map((one) => [
  one.querySelector("h1, h2, h3, h4").innerText,
  [...one.querySelectorAll("li")].map((item) => item.innerText.split(".")[0]).join(" "),
])"""
#: A person who presses Tab more often than this for one thing has lost the page.
TABS = 120
#: The shortest way to the target: by the skip link, if nobody has been anywhere on the page yet,
#: or from where the focus is; forwards or backwards; past at least how many stops of the Tab key.
WAY = """target => {
  const lies = (one, after) =>
    after.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((one) => one.tabIndex >= 0 && one.type !== "radio" && one.checkVisibility());
  const way = (start, skips) => {
    const back = Boolean(lies(start, target));
    const [first, last] = back ? [target, start] : [start, target];
    const between = stops.filter((one) => lies(one, first) && lies(last, one)).length;
    return { skips, back, between, length: between + (skips ? 2 : 0) };
  };
  const here = way(document.activeElement, false);
  if (document.activeElement !== document.body || !document.querySelector(".skip-link"))
    return here;
  const skipping = way(document.getElementById("main"), true);
  return skipping.length < here.length ? skipping : here;
}"""
#: Whether the focus is on the target, or among its radio buttons, and can be seen there.
FOCUSED = """target => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const among = one.type === "radio" && target.type === "radio" && one.name === target.name;
  return [one === target || among, style.outlineStyle !== "none" || style.boxShadow !== "none"];
}"""


class Mouse:
    """Does what a person would with the things of the page, found by role and name."""

    context_options = {}
    # The full report is read in test_seed.py.
    part = "ตารางมาตรการ"

    def __init__(self, page):
        self.page = page

    def press(self, role, name):
        target = self.reach(self.page.get_by_role(role, name=name, exact=True).first)
        with self.page.expect_navigation():
            self.hit(target)

    def download(self, part):
        with self.page.expect_download() as download:
            name = re.compile(f"^เปิดเป็น PDF.*{part}$")
            self.activate(self.page.get_by_role("link", name=name))
        return Path(download.value.path()).read_bytes()

    def save(self, button):
        """What is typed here saves itself."""
        self.page.keyboard.press("Tab")
        expect(self.page.locator("#save-state")).to_contain_text("บันทึกแล้ว")

    def activate(self, target):
        self.hit(self.reach(target))

    def reach(self, target):
        return target

    def hit(self, target):
        target.click()

    def type(self, label, text):
        field = self.page.get_by_role("textbox", name=re.compile(f"^{label}"))
        self.fill(field, text)
        expect(field).to_have_value(text)

    def fill(self, field, text):
        field.fill(text)

    def choose(self, name):
        radio = self.page.get_by_role("radio", name=name, exact=True)
        self.check(radio)
        expect(radio).to_be_checked()

    def tick(self, name):
        box = self.page.get_by_role("checkbox", name=re.compile(f"^{name}"))
        self.activate(box)
        expect(box).to_be_checked()

    def check(self, radio):
        radio.check()


class MouseWithoutJavaScript(Mouse):
    context_options = {"java_script_enabled": False}

    def save(self, button):
        self.press("button", button)


class Keyboard(Mouse):
    """Tab, Enter, the space bar and arrows; a text comes at once, as from an input method."""

    def reach(self, target):
        """Presses Tab until the focus, which must be visible, is there; returns its element."""
        # Found once: each look for a role costs more than ten presses of a key.
        element = target.element_handle()
        press = self.page.keyboard.press
        way = element.evaluate(WAY)
        if way["skips"]:
            press("Tab")
            press("Enter")
        key = "Shift+Tab" if way["back"] else "Tab"
        # So far it cannot be there: asking after each press takes as long as pressing.
        for _press in range(min(way["between"], TABS)):
            press(key)
        for _press in range(TABS):
            there, visible = element.evaluate(FOCUSED)
            if there:
                assert visible, f"the focus on {target} is not visible"
                return element
            press(key)
        raise AssertionError(f"Tab does not reach {target}")

    def hit(self, element):
        ticks = element.evaluate("target => target.type === 'checkbox'")
        self.page.keyboard.press("Space" if ticks else "Enter")

    def fill(self, field, text):
        self.reach(field)
        self.page.keyboard.insert_text(text)

    def check(self, radio):
        element = self.reach(radio)
        for _press in range(5):
            if element.is_checked():
                break
            self.page.keyboard.press("ArrowDown")


def move(person, name):
    """What is left to look at is shown before, and asks for a second press."""
    person.press("link", name)
    person.press("button", name)


def signed_in(hands, page, username):
    person = hands(page)
    page.goto("/")
    person.type("ชื่อผู้ใช้", username)
    person.type("รหัสผ่าน", PASSWORD)
    person.press("button", "เข้าสู่ระบบ")
    return person


def type_scores(person, year, leads_to, numbers=range(1, 11)):
    for number in numbers:
        person.type(f"ตัวชี้วัดที่ {number} ", SCORES[year][number - 1])
    person.press("button", "เสร็จส่วนนี้แล้ว")
    expect(person.page).to_have_url(re.compile(f"/{leads_to}/$"))


def done(person, message):
    expect(person.page.locator(".messages")).to_contain_text(message)


def the_result_is_analysed(person):
    facts = person.page.locator(".facts")
    for figure in ("58.24", "D", "−5.68", "−8.89"):
        expect(facts).to_contain_text(figure)
    means = person.page.locator(".instrument td:nth-of-type(2)").all_text_contents()
    assert means == ["80.25", "77.71", "27.12"]
    assert dict(person.page.locator(".class-list > section").evaluate_all(LISTS)) == CLASSES


def the_plan_is_written(staff):
    staff.press("link", "ไปที่ประเด็น ปี 2565")
    begin = staff.page.get_by_role("button", name="เริ่มจัดทำแผนมาตรการ ปี 2565")
    if begin.count():
        staff.press("button", "เริ่มจัดทำแผนมาตรการ ปี 2565")
    staff.press("link", "เพิ่มประเด็น 6 คุณภาพการดำเนินงาน")
    staff.choose(DEVELOP)
    staff.type("ประเด็น หรือเหตุผล", "การให้บริการตามกำหนดเวลา")
    staff.press("button", "บันทึก")
    done(staff, "บันทึกแล้ว")
    staff.press("link", "เพิ่มประเด็น")
    staff.tick("10 การป้องกันการทุจริต")
    staff.choose(FIX)
    staff.type("ประเด็น หรือเหตุผล", "การประเมินความเสี่ยงการทุจริต")
    staff.press("button", "บันทึก")
    staff.press("link", "มาตรการ")
    staff.press("link", "เขียนมาตรการเอง")
    staff.type("มาตรการ", TITLE)
    staff.tick("6 คุณภาพการดำเนินงาน")
    staff.tick("10 การป้องกันการทุจริต")
    staff.type("วิธีดำเนินการ", "ทบทวนคู่มือสำหรับประชาชน")
    staff.type("การติดตามผล", "คู่มือที่ทบทวนแล้ว")
    staff.type("ผู้รับผิดชอบ", "สำนักปลัด")
    staff.press("button", "บันทึก")
    done(staff, TITLE)
    staff.press("link", "ผลการดำเนินการ")
    staff.choose("อยู่ระหว่างดำเนินการ")
    staff.type("ผลการดำเนินการ", "ทบทวนคู่มือแล้ว 3 งาน")
    staff.type("ข้อเสนอแนะ", "ควรทบทวนให้ครบทุกงาน")
    staff.save(f"บันทึก {TITLE}")


def the_report_is_read(person, *, draft, signer=""):
    person.press("link", "รายงาน")
    text = squashed(by_pdfium(person.download(person.part)))
    assert TITLE in text
    assert ("ร่าง" in text) == draft
    assert squashed(signer) in text


def the_plan_is_signed(person):
    """By who has read the figures, and shows with her password that it is she."""
    person.press("link", "ลงนาม")
    expect(person.page.locator(".facts")).to_contain_text("58.24")
    person.press("link", "ลงนาม")
    person.type("ตำแหน่งผู้ลงนาม", "นายกองค์การบริหารส่วนตำบล")
    person.type("รหัสผ่าน", PASSWORD)
    person.press("button", "ยืนยันการลงนาม")
    done(person, "ลงนาม")


@pytest.mark.parametrize(
    "hands",
    [
        # Each database sees a whole year; by which hands is no matter of it.
        pytest.param(Keyboard, marks=pytest.mark.one_database("sqlite")),
        pytest.param(MouseWithoutJavaScript, marks=pytest.mark.one_database("postgres")),
    ],
)
def test_a_year_is_worked_through_to_the_signed_report(
    hands,
    new_context,
    sign_in,
    enter_scores,
    staff,
    coordinator,
    admin,
    executive,
    viewer,
    agency,
    monkeypatch,
):
    def come_back(user):
        """Signed in, and led to the year by a bookmark: the first to come has shown both."""
        person = hands(new_context(**hands.context_options).new_page())
        sign_in(person.page, user)
        person.page.goto(reverse("overview", args=[agency.code, 2565]))
        return person

    by_five = hands is MouseWithoutJavaScript
    # In the year after, so that there is a way to go, and one step of it in whatever year it runs.
    monkeypatch.setattr("ita_portal.home.current_fiscal_year", lambda: 2566)
    somying = signed_in(hands, new_context(**hands.context_options).new_page(), "somying")
    somying.press("link", "ปีก่อนหน้า")
    if by_five:
        somying.press("link", "เปิดปี 2565")
        somying.press("button", "เปิดปี 2565")
        somying.press("link", "ภาพรวม")
    pranee = come_back(coordinator)
    somchai = come_back(staff) if by_five else pranee
    # What is left out would be entered as those of 2564 are.
    enter_scores(agency, 2563, [*SCORES[2563][:9], None if by_five else SCORES[2563][9]])
    if by_five:
        somchai.press("link", "คะแนนปี 2563 (ใช้เปรียบเทียบ)")
        # Only compared with: then the tasks of the same plan go on.
        type_scores(somchai, 2563, "a/nongkong/2565", numbers=[10])
    somchai.press("link", "คะแนนปี 2564")
    type_scores(somchai, 2564, "2564/analysis")
    the_result_is_analysed(somchai)
    the_plan_is_written(somchai)
    if by_five:
        the_report_is_read(somchai, draft=True)
    pranee.press("link", "ตรวจสอบ")
    move(pranee, "ส่งให้ตรวจ")

    somying.press("link", "ตรวจสอบ")
    somying.press("link", "ส่งกลับแก้ไข")
    somying.type("เหตุผลโดยรวม", "ระบุระยะเวลาให้ชัดเจน")
    somying.press("button", "ส่งกลับแก้ไข")

    somchai.press("link", "ภาพรวม")
    expect(somchai.page.locator("main")).to_contain_text("ระบุระยะเวลาให้ชัดเจน")
    somchai.press("link", "มาตรการ")
    somchai.press("link", f"แก้ไข {TITLE}")
    somchai.choose("ข้อความอื่น")
    somchai.type("ระยะเวลาเป็นข้อความ", "ไตรมาสที่ 1 และ 2")
    somchai.save("บันทึก")
    pranee.press("link", "ตรวจสอบ")
    move(pranee, "ส่งให้ตรวจ")

    somying.press("link", "ตรวจสอบ")
    move(somying, "อนุมัติ")
    done(somying, "อนุมัติแผนแล้ว")
    prasit = come_back(executive)
    the_plan_is_signed(prasit)
    reader = prasit
    if by_five:
        reader = come_back(viewer)
    the_report_is_read(reader, draft=False, signer="ประสิทธิ์ นายก")
