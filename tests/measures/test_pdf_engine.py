"""What comes out of the report engine, read back from the PDF's bytes."""

import io
import re
import subprocess
import sys

import pypdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from measures.report import terms
from measures.report.fetcher import STATIC_DIR, PackagedFiles, Refused
from measures.report.worker import RenderFailed, render
from tests.pdf_checks import problems
from tests.pdf_readers import READERS, squashed

FACES = "".join(
    f"@font-face{{font-family:Sarabun;font-weight:{weight};src:url(/fonts/Sarabun-{face}.ttf)}}"
    for face, weight in (("Regular", 400), ("Bold", 700))
)
WORDS = """
การดำเนินการ น้ำ ที่ การประเมิน คำ ทั่วถึง น้ำ ผู้ ปู่ ญี่ ฐู กู้ ป้า ฝี่ ฟื้น ซ้ำ
ตำแหน่ง เจ้าหน้าที่ อำนาจ ชำระ ค่ำ ช่ำชอง ซึ่ง ทั้งนี้ ปฏิบัติหน้าที่ ไม่น้อยกว่า
ก๊าซ จ๋า ๒๕๖๔ สำนักปลัด ฎู ปำ ฝำ ฬำ ป้ำ ป่ำ ฝ้ำ ฟ้ำ ฟ้า ปั้น ฬ่ำ ฤๅษี ๆ ฯลฯ สิ้น ทั้ง ษั๋น office
"""
# Whole, in two weights, inside a list, in a small cell beside other letters.
MARKED_UP = (
    "<p>{} <b>{}</b> {}<b>{}</b>{}</p><ul class=plain><li>ก{}</ul>"
    "<table><tr><th>ข{}<td>{}ITA{}<td><i>{} {}</i></table>"
)
PLAIN = """
import sys
from script.benchmark.pdf import naive
sys.stdout.buffer.write(naive(sys.stdin.buffer.read().decode()))
"""
WAYS = ("{0}{0}{0}{0}{0}", "ก{0}", "ข{0}", "{0}ITA{0}", "{0}{0}")


def page(body, head=""):
    return (
        f'<!doctype html><html lang="th"><head><title>รายงานคำทดสอบ</title>{head}'
        f"<style>{FACES}@page{{size:A4}}html{{font-family:Sarabun}}.nb{{white-space:nowrap}}"
        f".plain{{list-style:none}}td{{font-size:7pt}}li{{font-weight:600}}"
        f"</style></head><body>{body}</body></html>"
    )


@pytest.fixture(scope="module")
def pdf():
    words = "".join(MARKED_UP.replace("{}", word) for word in WORDS.split())
    return render(page(f"<h1>การดำเนินการ</h1>{words}<table><tr><th>ก<td>ต่าง\u00a0ๆ ข</table>"))


@pytest.mark.parametrize("name", READERS)
def test_every_word_is_found_by_readers(pdf, name):
    text = squashed(READERS[name](pdf))
    for word in WORDS.split():
        for form in WAYS:
            assert squashed(form.format(word)) in text, (name, word)
    assert "ต่างๆข" in text


def test_text_layer_has_plain_spaces_where_the_page_does_not_break(pdf):
    assert "\u00a0" not in READERS["pypdf"](pdf)


def test_invisible_signs_pasted_with_a_text_do_not_get_in_the_way():
    pdf = render(page("<p>การ\u200bดำ\u200bเนินการ น้ำ\u00adใจ\ufeff ค่า\u2060งาน</p>"))
    for read in READERS.values():
        assert "การดำเนินการน้ำใจค่างาน" in squashed(read(pdf)).translate({0x2060: None})


def test_only_sarabun_is_embedded(pdf):
    fonts = {
        str(font.get_object()["/BaseFont"])
        for found in pypdf.PdfReader(io.BytesIO(pdf)).pages
        for font in found["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("Sarabun" in font for font in fonts), fonts


def test_document_is_tagged_thai_titled_a4_and_says_it_is_pdf_ua(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "th"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata.title == "รายงานคำทดสอบ"
    width, height = reader.pages[0].mediabox.upper_right
    assert (round(width), round(height)) == (595, 842)


def test_bookmarks_keep_the_usual_spelling(pdf):
    assert [mark.title for mark in pypdf.PdfReader(io.BytesIO(pdf)).outline] == ["การดำเนินการ"]


def test_title_of_the_caller_wins():
    pdf = render(page("<p>ก</p>"), title="ชื่อที่ผู้เรียกกำหนด")
    assert pypdf.PdfReader(io.BytesIO(pdf)).metadata.title == "ชื่อที่ผู้เรียกกำหนด"


def test_same_html_gives_the_same_bytes():
    head = (
        '<meta name="dcterms.created" content="2021-09-30">'
        '<link rel="stylesheet" href="/static/css/report.css">'
    )
    html = page("<h1>คำ</h1><table><tr><th>น้ำ<td>ที่</table>", head)
    first = render(html)
    render(page("<p>อีกฉบับ</p>"))
    assert render(html) == first


def test_links_keep_their_target():
    pdf = render(page('<a href="https://example.go.th/ก">เว็บไซต์</a> <a href="#x">ข</a><p id=x>ค'))
    assert b"example.go.th" in b"".join(
        str(note.get_object()).encode()
        for note in pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Annots"]
    )


@pytest.fixture
def canary(tmp_path):
    path = tmp_path / "canary.css"
    path.write_text("/* canary-4711 */ p::before { content: 'canary-4711' }")
    return path


@pytest.mark.parametrize(
    "template",
    [
        '<link rel="stylesheet" href="file://{path}">',
        '<link rel="stylesheet" href="{path}">',
        '<link rel="stylesheet" href="/static/../../../../../../../../..{path}">',
        '<link rel="stylesheet" href="/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2f..{path}">',
        '<link rel="stylesheet" href="/fonts//{path}">',
        '<link rel="stylesheet" href="http://localhost/canary.css">',
        '<link rel="stylesheet" href="//localhost/canary.css">',
        '<base href="file:///"><link rel="stylesheet" href="{path}">',
        "<style>@import 'file://{path}';</style>",
        "<style>@font-face{{font-family:x;src:url(file://{path})}}</style>",
        "<style>p{{background:url(file://{path})}}</style>",
        '<img alt="ก" src="file://{path}">',
        '<img alt="ก" src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22/>">',
        '<object data="file://{path}"></object>',
        '<embed src="file://{path}">',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{path}"/></svg>',
        '<link rel="attachment" href="file://{path}">',
        '<link rel="attachment" href="/fonts/Sarabun-Regular.ttf">',
        '<a rel="attachment" href="file://{path}">ก</a>',
        '<a rel="attachment" href="https://localhost/canary.css">ก</a>',
        '<a href="file://{path}">ก</a>',
        '<a href="javascript:alert(1)">ก</a>',
        '<a href="/a/agency/">ก</a>',
        '<link rel="stylesheet" href="/static/missing.css">',
    ],
)
def test_only_packaged_files_come_into_a_report(template, canary):
    with pytest.raises(RenderFailed, match="not a packaged file|refused") as failure:
        render(page("<p>ก</p>", template.format(path=canary)))
    assert "canary-4711" not in str(failure.value)


def test_a_link_out_of_the_static_directory_is_refused(tmp_path, canary):
    static = tmp_path / "static"
    static.mkdir()
    (static / "inside.css").write_text("p{}")
    (static / "outside.css").symlink_to(canary)
    files = PackagedFiles(static=static)
    assert files.read("https://report.invalid/static/inside.css") == (b"p{}", "text/css")
    with pytest.raises(Refused):
        files.read("https://report.invalid/static/outside.css")


def png():
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), "navy").save(picture, "PNG")
    return picture.getvalue()


def test_a_picture_handed_over_is_shown_by_its_name():
    pdf = render(page('<h1>ตรา</h1><img alt="ตรา" src="/given/a.png">'), images={"a.png": png()})
    assert [image.image.size for image in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images] == [
        (9, 9)
    ]
    assert problems(pdf) == []


@pytest.mark.parametrize("name", ["b.png", "../a.png", "..%2fa.png", ""])
def test_no_other_picture_is_shown(name):
    with pytest.raises(RenderFailed, match="not a packaged file"):
        render(page(f'<img alt="ก" src="/given/{name}">'), images={"a.png": png()})


def test_a_picture_of_an_earlier_report_is_gone():
    with pytest.raises(RenderFailed, match="not a packaged file"):
        render(page('<img alt="ก" src="/given/a.png">'))


def test_a_picture_is_a_png():
    with pytest.raises(RenderFailed, match="no PNG: a.png"):
        render(page('<img alt="ก" src="/given/a.png">'), images={"a.png": b"<svg/>"})


def test_packaged_stylesheets_are_used():
    sheet = next(STATIC_DIR.rglob("*.css")).relative_to(STATIC_DIR)
    body, media_type = PackagedFiles().read(f"https://report.invalid/static/{sheet}")
    assert body
    assert media_type == "text/css"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('<p style="colour: red">ก</p>', "colour"),
        ('<img src="/static/none.png">', "none.png"),
        ("<p>ไม่มีในแบบอักษร \u6c34</p>", "U+6C34"),
    ],
)
def test_a_warning_is_an_error_that_names_it(body, complaint):
    with pytest.raises(RenderFailed, match=re.escape(complaint)):
        render(page(body))


def test_the_next_report_does_not_suffer_from_a_refused_one():
    with pytest.raises(RenderFailed):
        render(page('<p style="colour: red">ก</p>'))
    assert "น้ำ" in READERS["pypdf"](render(page("<p>น้ำ</p>")))


def test_a_request_that_cannot_be_read_ends_the_process_with_its_reason():
    pytest.importorskip("weasyprint")
    from measures.report.engine import answer
    from measures.report.frames import ENDING

    kind, reason = answer(None, b"[" * 100_000)
    assert (kind, b"RecursionError" in reason) == (ENDING, True)


def test_patches_refuse_another_version_of_weasyprint(monkeypatch):
    weasyprint = pytest.importorskip("weasyprint")
    from measures.report import patches

    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with pytest.raises(RuntimeError, match="71.0"):
        patches.install()


def test_pages_look_as_plain_weasyprint_draws_them():
    from script.benchmark.pdf import sample_report

    # Only the headings of rows come again on the next page.
    html = sample_report(rows=1).replace('scope="row"', "")
    with terms.known():
        # In a process that has broken no Thai line yet: libthai reads its dictionary only once.
        plain = subprocess.run(
            [sys.executable, "-c", PLAIN], input=html.encode(), stdout=subprocess.PIPE, check=True
        )
    ours, plain = map(pypdfium2.PdfDocument, (render(html), plain.stdout))
    assert len(ours) == len(plain) > 8
    for mine, stock in zip(ours, plain, strict=True):
        pictures = [found.render(scale=1).to_pil().convert("L") for found in (mine, stock)]
        differing = ImageChops.difference(*pictures).histogram()
        # Marks moved by a hair for the text layer: a few pixels, none of them by half a shade.
        assert sum(differing[64:]) < 100
        assert sum(differing[128:]) == 0
