"""Attaching files as people do: dropped on the box and pasted, while something is being typed."""

import base64

import pytest
from playwright.sync_api import expect

from measures.models import Evidence
from tests.measures.files import pdf, picture
from tests.measures.writing import add_measure, url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database("postgres")]

#: Fires an event that carries files, as a mouse or the clipboard would.
CARRY = """(box, [kind, files]) => {
  const carried = new DataTransfer();
  for (const [name, type, content] of files) {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    carried.items.add(new File([bytes], name, { type }));
  }
  const options = { bubbles: true, cancelable: true };
  box.dispatchEvent(kind === "paste"
    ? new ClipboardEvent(kind, { ...options, clipboardData: carried })
    : new DragEvent(kind, { ...options, dataTransfer: carried }));
}"""


def carry(box, kind, *files):
    coded = [[name, media, base64.b64encode(content).decode()] for name, media, content in files]
    box.evaluate(CARRY, [kind, coded])


def test_files_are_dropped_pasted_and_tried_again_and_what_is_typed_stays(
    page, sign_in, staff, plan
):
    measure = add_measure(plan, staff)
    sign_in(page, staff)
    page.goto(url(f"measures/{measure.pk}/"))
    steps = page.get_by_label("วิธีดำเนินการ")
    steps.fill("กำลังพิมพ์อยู่")
    box = page.locator("[data-evidence]")
    carry(
        box,
        "drop",
        ("คำสั่งแต่งตั้งคณะทำงาน ITA.pdf", "application/pdf", pdf()),
        ("คำสั่ง.pdf", "application/pdf", b"MZ"),
    )
    expect(box.get_by_role("link", name="คำสั่งแต่งตั้งคณะทำงาน ITA.pdf").first).to_be_visible()
    failed = box.locator(".failed")
    expect(failed).to_contain_text('ไฟล์ "คำสั่ง.pdf" ไม่ใช่ PDF จริง')
    failed.get_by_role("button", name="ปิด").click()
    expect(failed).to_have_count(0)

    page.route("**/evidence/add/", lambda route: route.abort())
    carry(box, "paste", ("image.png", "image/png", picture("PNG")))
    expect(failed).to_contain_text("อินเทอร์เน็ตขาด")
    page.unroute("**/evidence/add/")
    failed.get_by_role("button", name="ลองอีกครั้ง").click()
    expect(box.locator(".evidence-files")).to_contain_text("รูปที่วาง")
    expect(steps).to_have_value("กำลังพิมพ์อยู่")
    assert {name.split()[0] for name in Evidence.objects.values_list("name", flat=True)} == {
        "คำสั่งแต่งตั้งคณะทำงาน",
        "รูปที่วาง",
    }
