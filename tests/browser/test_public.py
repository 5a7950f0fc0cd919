"""What a browser makes of the public page: on paper, and as a folder on another site."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from tests.measures.public import PDF, document, published

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database("sqlite")]


def test_the_public_page_prints_well_and_its_copy_works_from_any_folder(
    new_context, live_server, plan, staff, client, tmp_path, complaints
):
    data = document()
    data["measures"] = [one | {"steps": "PDPA"} for one in data["measures"]] * 4
    publication = published(plan, staff, data=data)
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(publication.get_newest_url())
    assert page.get_by_text("58.24").first.is_visible()
    steps = page.locator("dt", has_text="วิธีดำเนินการ").first
    assert not steps.is_visible()
    page.locator("#measures ~ details summary").first.click()
    assert steps.is_visible()
    assert context.cookies() == []
    page.emulate_media(media="print")
    assert page.locator(".parts").is_hidden()
    assert page.locator("table.scores").is_visible()
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert [round(side) for side in sheets[0].mediabox[2:]] == [595, 842]
    assert len(sheets) <= 6
    printed = "".join(sheet.extract_text() for sheet in sheets)
    # What is folded on the screen, too.
    assert printed.count("PDPA") == len(data["measures"])

    folder = tmp_path / "สำเนา ปี #65"
    zipped = client.get(f"{publication.get_absolute_url()}site.zip").content
    ZipFile(BytesIO(zipped)).extractall(folder)
    copy = new_context().new_page()
    copy.on("requestfailed", lambda request: complaints.append(f"No {request.url}"))
    copy.on("console", lambda message: complaints.append(message.text))
    copy.goto((folder / "ita-nongkong-2565-v1" / "index.html").as_uri())
    assert copy.get_by_text("58.24").first.is_visible()
    header = copy.locator("header").evaluate("one => getComputedStyle(one).backgroundColor")
    assert header == "rgb(28, 47, 92)"
    link = copy.get_by_role("link", name="เปิดรายงานฉบับเต็ม").get_attribute("href")
    assert (folder / "ita-nongkong-2565-v1" / link).read_bytes() == PDF
