"""The reports as PDF, read back by readers. Each is rendered once and read by many tests."""

import io
import re
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise

import pypdf
import pypdfium2
import pytest
from PIL import Image

from accounts.models import Emblem
from measures.report.build import build
from measures.report.content import Part, Printing, PublishedCopy, Seal
from measures.report.digits import thai_digits
from measures.report.frozen import current_report
from measures.report.terms import TERMS
from tests.measures.conftest import MEASURES, pdf_of
from tests.pdf_checks import problems

# What a report says is read from both databases in test_report_content.py.
pytestmark = pytest.mark.one_database("postgres")

DAY = date(2021, 9, 15)
AGENCY = "องค์การบริหารส่วนตำบลหนองกง"


def folded(text):
    """One spelling of sara am, and no spaces: a reader's search is as forgiving."""
    return re.sub(r"\s", "", re.sub("\u0e4d([\u0e48-\u0e4b]?)\u0e32", "\\1\u0e33", text))


def reader(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


@cache
def pages_of(pdf):
    return [folded(page.extract_text()) for page in reader(pdf).pages]


def alternative_texts(pdf):
    def found(element):
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if isinstance(below := kid.get_object(), dict):
                yield from found(below)
        if "/Alt" in element:
            yield element["/Alt"]

    return list(found(reader(pdf).trailer["/Root"]["/StructTreeRoot"]))


@pytest.fixture(scope="module")
def rendered():
    return {}


@pytest.fixture(params=[part.value for part in Part])
def part(request):
    return request.param


@pytest.fixture
def pdf(part, rendered, request):
    """The draft report of the written plan."""
    if part not in rendered:
        rendered[part] = pdf_of(build(request.getfixturevalue("written_plan"), part, DAY))
    return rendered[part]


@pytest.fixture
def full_pdf(rendered, request):
    if "full" not in rendered:
        rendered["full"] = pdf_of(build(request.getfixturevalue("written_plan"), "full", DAY))
    return rendered["full"]


@pytest.mark.parametrize("part", ["measures", "progress"], indirect=True)
def test_drafts_pass_the_structural_checks_too(pdf):
    assert problems(pdf) == []


def test_thai_words_can_be_searched(pdf):
    text = "".join(pages_of(pdf))
    for word in ("การดำเนินการ", "น้ำ", "ที่", "ประจำปีงบประมาณ", AGENCY):
        assert folded(word) in text


def test_every_measure_is_in_every_report(pdf):
    text = "".join(pages_of(pdf))
    for title, *_ in MEASURES:
        assert folded(title) in text


def test_the_table_has_ten_indicators_the_total_and_the_level(full_pdf):
    text = "".join(pages_of(full_pdf))
    for row in (
        "1.การปฏิบัติหน้าที่86.9687.54+0.58+0.67เพิ่มขึ้น",
        "10.การป้องกันการทุจริต31.2525.00−6.25−20.00ลดลง",
    ):
        assert folded(row) in text
    assert folded("คะแนนรวม (ถ่วงน้ำหนัก) 63.92 58.24 −5.68 −8.89 ลดลง") in text
    assert len(set(re.findall(r"(?:เพิ่มขึ้น|ลดลง)(\d+)\.", text))) >= 7


def test_only_sarabun_is_embedded(pdf):
    names = set()
    for page in reader(pdf).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            names.add(font.get_object()["/BaseFont"].split("+")[-1].lstrip("/"))
    assert names
    assert all(name.startswith("Sarabun") for name in names)


def test_language_title_and_author_are_said(pdf):
    document = reader(pdf)
    assert document.trailer["/Root"]["/Lang"] == "th"
    assert document.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "2565" in document.metadata.title
    assert document.metadata.author == AGENCY


def test_every_page_but_the_cover_has_header_and_number(part, pdf):
    pages = pages_of(pdf)
    first = 2 if part == "full" else 1
    for number, text in enumerate(pages[first - 1 :], start=first):
        assert folded(AGENCY) in text
        assert f"หน้า{number}จาก{len(pages)}" in text
    if part == "full":
        assert "หน้า1จาก" not in pages[0]


def test_every_page_of_a_draft_says_so(pdf):
    assert all("ร่าง" in text for text in pages_of(pdf))


def test_no_page_of_an_approved_plan_says_draft(written_plan, approve):
    text = "".join(pages_of(pdf_of(current_report(approve(written_plan), "full"))))
    assert "ร่าง" not in text
    assert "อนุมัติเมื่อวันที่" in text
    assert "รายงานฉบับที่1รหัสยืนยันเนื้อหา" in text


def test_the_contents_lead_to_the_pages(full_pdf):
    pages = pages_of(full_pdf)
    parts = re.findall(r"ส่วนที่(\d)\D*?(?:พ.ศ.\d{4})?[. ]*?(\d+)(?=\d\.1|ส่วนที่|สารบัญ)", pages[1])
    assert [number for number, _ in parts] == list("1234567")
    for number, page in parts:
        assert f"ส่วนที่{number}" in pages[int(page) - 1]
    assert "ตารางที่3ผลการประเมินรายตัวชี้วัด" in pages[1]
    titles = [item.title for item in reader(full_pdf).outline if not isinstance(item, list)]
    assert len(titles) == 8


def test_pages_are_sheets_of_a4_and_wide_tables_lie(full_pdf):
    sizes = [tuple(round(float(n)) for n in page.mediabox[2:]) for page in reader(full_pdf).pages]
    assert set(sizes) == {(595, 842), (842, 595)}
    assert 11 <= len(sizes) <= 16
    assert sizes[-1] == (842, 595)


def test_no_line_breaks_a_term_of_the_field(full_pdf):
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(full_pdf))
    lines = [line.strip() for text in pages for line in text.splitlines()]
    assert len(lines) > 300
    cuts = [(term[:cut], term[cut:]) for term in TERMS for cut in range(1, len(term))]
    for above, below in pairwise(lines):
        assert not [cut for cut in cuts if above.endswith(cut[0]) and below.startswith(cut[1])]


def test_a_long_table_says_on_each_page_what_it_is_about(written_plan):
    report = build(written_plan, "measures", DAY)
    rows = [
        replace(
            report.measures[0],
            number=n,
            title=f"มาตรการลำดับ <i>{n}</i> & อื่น ๆ",
            steps="จัดทำแผน\n" * 6,
        )
        for n in range(1, 21)
    ]
    rows[1] = replace(rows[1], steps="\n".join(f"ขั้นตอน [{n}]" for n in range(90)))
    pages = pages_of(pdf_of(replace(report, measures=tuple(rows))))
    assert len(pages) > 5
    assert all("มาตรการ/แนวทาง" in text for text in pages)
    whole = "".join(pages)
    for n in range(1, 21):
        assert f"{n}.มาตรการลำดับ<i>{n}</i>&อื่นๆ" in whole
    # A cell longer than two pages, whole, and on each further page with the row it belongs to.
    assert [whole.count(f"[{n}]") for n in range(90)] == [1] * 90
    assert sum("2.มาตรการลำดับ<i>2</i>&อื่นๆ(ต่อ)" in text for text in pages) >= 3


def test_a_published_copy_says_which_it_is_and_where_it_stands(written_plan, agency, staff):
    report = current_report(written_plan, "measures")
    picture = io.BytesIO()
    Image.new("RGB", (40, 40)).save(picture, "PNG")
    Emblem.objects.create(agency=agency, digest="e" * 64, image=picture.getvalue(), added_by=staff)
    published = PublishedCopy(1, DAY, "https://a1.go.th/p/nongkong/2565/", "19b2 8870 00ce 7f31")
    printing = Printing(thai_digits=True, published=published)
    pdf = pdf_of(replace(report, emblem="e" * 64), printing)
    pages = pages_of(pdf)
    assert "https://a1.go.th/p/nongkong/2565/" in pages[0]
    for number, text in enumerate(pages, start=1):
        assert "ฉบับเผยแพร่ที่๑·รหัสยืนยันเนื้อหา19b2887000ce7f31" in text
        assert thai_digits(f"หน้า{number}จาก{len(pages)}") in text
        assert "พ.ศ.๒๕๖๕" in text
    assert "คิวอาร์โค้ดของ https://a1.go.th/p/nongkong/2565/" in alternative_texts(pdf)
    assert f"ตราสัญลักษณ์ของ{AGENCY}" in alternative_texts(pdf)


SEAL = Seal(1, "19b2", "นางตรวจ", "ปลัด", DAY, "", "นายลง", "นายก", DAY, False, None)


def test_a_signed_plan_of_one_measure_keeps_it_under_its_heading(written_plan):
    report = build(written_plan, "full", DAY)
    pages = pages_of(pdf_of(replace(report, measures=report.measures[:1], rounds=(), seal=SEAL)))
    (page,) = (text for text in pages[2:] if "ส่วนที่6" in text)
    assert folded(MEASURES[0][0]) in page


def with_rows(report, *lines):
    """As many measures, with as many lines each; the last one is called so."""
    rows = [
        replace(report.measures[0], number=n, title="มาตรการ", steps="จัดทำแผน\n" * count)
        for n, count in enumerate(lines, start=1)
    ]
    rows[-1] = replace(rows[-1], title="สุดท้าย", indicators=())
    told = [replace(report.rounds[0].entries[0], measure=row) for row in rows if report.rounds]
    rounds = tuple(replace(round, entries=tuple(told)) for round in report.rounds[:1])
    return replace(report, measures=tuple(rows), rounds=rounds, seal=SEAL)


@pytest.mark.parametrize(
    ("part", "lines", "name"),
    [
        ("measures", (9, 7), "2.สุดท้าย"),
        ("measures", (9, 12), "2.สุดท้าย(ต่อ)"),
        # Its heading, which would stay alone, keeps a part of the only row.
        ("progress", (9,), "1.สุดท้าย(ต่อ)"),
    ],
)
def test_the_signature_is_never_alone_on_its_page(written_plan, part, lines, name):
    report = with_rows(build(written_plan, part, DAY), *lines)
    *_, above, page = pages_of(pdf_of(report))
    assert "การลงนาม" in page
    assert "การลงนาม" not in above
    assert name in page
    assert "มาตรการ/แนวทาง" in above
    # Alone in a drawer, too, its sheet says what it belongs to.
    assert folded(f"{AGENCY} รายงานฉบับที่ 1 รหัสยืนยันเนื้อหา 19b2") in page


@pytest.mark.parametrize("part", ["measures", "progress"])
def test_a_plan_without_texts_still_gives_a_report(plan, part):
    assert "ยังไม่มีมาตรการ" in "".join(pages_of(pdf_of(build(plan, part, DAY))))
