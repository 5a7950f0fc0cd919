"""The report as DOCX: the words of the printed one, in styles, lists and tables of Word."""

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pypdf
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from lxml import etree, html

from measures.models import Plan
from measures.report.build import build
from measures.report.content import Part, Printing, PublishedCopy, Seal
from measures.report.docx.converting import Converter
from measures.report.docx.reports import docx_of
from measures.report.docx.writing import Writer
from measures.report.fetcher import FONT_DIR
from measures.report.frozen import current_report
from measures.report.html import plain_html
from measures.templatetags.measures import text_list
from tests.measures.conftest import add_measure

# What a report says is read from both databases in test_report_content.py.
pytestmark = pytest.mark.one_database("sqlite")

DAY = date(2021, 9, 15)
AGENCY = "องค์การบริหารส่วนตำบลหนองกง"
CANARIES = (
    "=1+1",
    "{{ 7*7 }} {% now 'Y' %}",
    "${7*7}",
    "MERGEFIELD x \\* MERGEFORMAT",
    "{ INCLUDETEXT http://example.org/x }",
    "<script>alert(1)</script>",
    "<w:p/> & ]]> &amp; \x07ปิด",
)
#: All that a field of ours may be.
FIELDS = re.compile(
    r'PAGE|NUMPAGES|PAGEREF _Toc_[a-z0-9_]+ \\h|SEQ (ตารางที่|แผนภูมิที่)|TOC \\o "1-2" \\h \\z \\u'
    r"|TOC \\h \\z \\c (ตารางที่|แผนภูมิที่)"
)
SWITCH = re.compile(r" \\\* (THAI)?ARABIC$")


@pytest.fixture(scope="module")
def kept():
    return {}


@pytest.fixture
def report(kept, request):
    """The draft of a plan in which a measure is full of canaries; read once."""
    if "report" not in kept:
        plan, staff = map(request.getfixturevalue, ("written_plan", "staff"))
        add_measure(plan, staff, CANARIES[0], "\n".join(CANARIES))
        kept["report"] = build(Plan.objects.get(pk=plan.pk), Part.FULL, DAY)
    return kept["report"]


@pytest.fixture
def content(kept, report):
    if "content" not in kept:
        kept["content"] = docx_of(report)
    return kept["content"]


@pytest.fixture
def document(content):
    return docx.Document(io.BytesIO(content))


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def bare(text):
    """Without white space, and without what Word draws by itself."""
    return re.sub(r"[\s•–]", "", text)


def text_of(document):
    texts = (node.text or "\n" for node in document.element.body.iter(qn("w:t"), qn("w:br")))
    return "".join(texts)


def paragraphs(document, style):
    found = document.element.body.iter(qn("w:p"))
    return ["".join(t.text for t in p.iter(qn("w:t"))) for p in found if p.style == style]


@pytest.mark.parametrize("part", Part)
def test_every_word_of_the_printed_report_is_there(report, part):
    one = replace(report, part=part)
    there = bare(text_of(docx.Document(io.BytesIO(docx_of(one)))))
    root = html.document_fromstring(plain_html(one).replace("\x07", "")).body
    for node in root.xpath("//body//*[not(self::svg) and not(ancestor::svg)]"):
        css = node.get("class", "")
        drawn = node.tag == "h1" or "item-mark" in css or "ita-radar-" in css
        if not isinstance(node.tag, str) or drawn or node.tag in ("h2", "h3", "caption"):
            continue
        if "ita-bars" in (node.getparent().get("class") or "") and node.tag == "caption":
            continue
        assert bare(node.text or "") in there, (node.tag, node.text)
        assert bare(node.tail or "") in there, (node.tag, node.tail)


def test_headings_are_headings_that_word_numbers(document):
    assert "หลักการและเครื่องมือการประเมิน" in paragraphs(document, "Heading1")
    assert "ผลการประเมินรายตัวชี้วัด" in paragraphs(document, "Heading2")
    assert len(paragraphs(document, "Heading1")) == 7
    styles = document.styles
    for level in (1, 2, 3):
        assert styles[f"Heading {level}"].element.xpath("./w:pPr/w:numPr/w:numId/@w:val") == ["1"]
    numbering = document.part.numbering_part.element
    texts = numbering.xpath("./w:abstractNum[1]/w:lvl/w:lvlText/@w:val")
    assert texts == ["ส่วนที่ %1", "%1.%2", "(%3)"]


def test_tables_repeat_their_headings_and_have_their_widths(document):
    tables = {
        table._tbl.xpath("string(./w:tblPr/w:tblCaption/@w:val)"): table
        for table in document.tables
    }
    measures = next(table for name, table in tables.items() if name.startswith("มาตรการ"))
    assert [cell.text for cell in measures.rows[0].cells][0] == "มาตรการ/แนวทาง"
    assert len(measures.rows) == 5
    for table in document.tables:
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
        assert not table.rows[-1]._tr.xpath("./w:trPr/w:tblHeader")
        assert all(int(w) > 300 for w in table._tbl.xpath("./w:tblGrid/w:gridCol/@w:w"))
    scores = next(table for name, table in tables.items() if "ผลการประเมินรายตัวชี้วัด" in name)
    assert [cell.text for cell in scores.rows[2].cells][1:5] == ["86.96", "87.54", "+0.58", "+0.67"]


def test_what_leads_to_a_table_stays_with_it(document):
    """So that no heading of a round, with its sentence, ends a page."""
    before = None
    for paragraph in document.paragraphs:
        if paragraph.style.name == "caption" and paragraph.text.startswith("ตารางที่"):
            assert before.paragraph_format.keep_with_next or before.style.name.startswith("heading")
        before = paragraph


@pytest.mark.parametrize(("lines", "held"), [(8, True), (12, False)])
def test_the_signature_stays_with_a_last_row_that_is_not_long(written_plan, lines, held):
    report = build(written_plan, Part.MEASURES, DAY)
    seal = Seal(1, "19b2", "นางตรวจ", "ปลัด", DAY, "", "นายลง", "นายก", DAY, False, None)
    row = replace(report.measures[0], steps="จัดทำแผน\n" * lines)
    content = docx_of(replace(report, measures=(row,), seal=seal))
    *_, last = docx.Document(io.BytesIO(content)).tables[-1].rows
    rows = [line for cell in last.cells for line in cell.paragraphs]
    assert all(bool(line.paragraph_format.keep_with_next) == held for line in rows)


def test_wide_tables_lie(document):
    ways = [section.orientation for section in document.sections]
    assert ways == [WD_ORIENT.PORTRAIT, WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    assert document.sections[2].page_width > document.sections[2].page_height


def test_the_contents_are_fields_with_entries_that_lead_to_the_headings(document):
    body = document.element.body
    names = set(body.xpath(".//w:bookmarkStart/@w:name"))
    links = body.xpath(".//w:hyperlink/@w:anchor")
    assert len(links) > 25
    assert set(links) <= names
    assert "ส่วนที่ 4 จุดแข็งและจุดอ่อน" in paragraphs(document, "TOC1")
    begun = [field.get(qn("w:fldCharType")) for field in body.iter(qn("w:fldChar"))]
    assert begun.count("begin") == begun.count("end") == begun.count("separate")


def test_fonts_and_sizes_hold_for_thai_too(content):
    styles = etree.fromstring(parts_of(content)["word/styles.xml"])
    fonts = styles.find(f".//{qn('w:docDefaults')}//{qn('w:rFonts')}")
    assert {fonts.get(qn(f"w:{name}")) for name in ("ascii", "hAnsi", "cs")} == {"TH SarabunPSK"}
    for looks in styles.iter(qn("w:rPr")):
        for plain, thai in (("w:sz", "w:szCs"), ("w:b", "w:bCs")):
            assert (looks.find(qn(plain)) is None) == (looks.find(qn(thai)) is None)


def test_what_people_typed_is_text_and_nothing_else(content, document):
    there = text_of(document)
    for canary in CANARIES:
        assert canary.replace("\x07", "") in there
    for name, part in parts_of(content).items():
        if not name.endswith((".xml", ".rels")):
            continue
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
        assert root.getroottree().docinfo.doctype == ""
        for code in root.iter(qn("w:instrText")):
            assert FIELDS.fullmatch(SWITCH.sub("", code.text.strip())), code.text
        assert not list(root.iter(qn("w:fldSimple"), qn("w:object"), qn("w:attachedTemplate")))
        assert not root.xpath("//*[@TargetMode='External']")


def test_the_same_report_gives_the_same_bytes_and_another_digit_others(report, content):
    assert docx_of(report) == content
    assert docx_of(report, Printing(thai_digits=True)) != content


def test_thai_digits_are_everywhere_but_in_codes(report):
    document = docx.Document(io.BytesIO(docx_of(report, Printing(thai_digits=True))))
    text = text_of(document)
    assert "๕๘.๒๔" in text
    assert not re.search(r"พ\.ศ\. ?[0-9]", text)
    numbering = document.part.numbering_part.element
    assert set(numbering.xpath(".//w:numFmt/@w:val")) == {"thaiNumbers", "bullet"}


def test_a_draft_says_so_on_its_pages_and_a_published_copy_what_it_is(
    document, written_plan, approve
):
    def running(one):
        return [paragraph.text for paragraph in one.sections[1].header.paragraphs]

    assert "ร่าง" in running(document)
    report = current_report(approve(written_plan), Part.FULL)
    url = "https://ita.example.go.th/p/nongkong/2565/"
    copy = PublishedCopy(number=3, day=DAY, url=url, digest=report.seal.digest)
    published = docx.Document(io.BytesIO(docx_of(report, Printing(published=copy))))
    assert "ร่าง" not in running(published)
    footer = published.sections[1].footer.paragraphs[0].text
    assert "3" in footer
    assert report.seal.digest in footer
    assert url in text_of(published)
    assert len(published.inline_shapes) == len(document.inline_shapes) + 1
    assert all(shape._inline.docPr.get("descr") for shape in published.inline_shapes)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("ก\nข", [("decimal", "%1.", "1")] * 2),
        ("๓) ก\n๔) ข", [("thaiNumbers", "%1)", "3")] * 2),
        ("- ก\n- ข", [("bullet", "–", "1")] * 2),
        ("1. ก\n1.1 ข\n1.2 ค", [("decimal", "%1.", "1"), *[("decimal", "1.%1", "1")] * 2]),
        ("1. ก\n3. ข", [None, None]),
    ],
)
def test_typed_lists_are_lists_of_word_where_word_can_count_like_that(typed, shown):
    writer = Writer(title="", author="", day=DAY)
    Converter(writer, running=lambda body: None).convert(text_list(typed))
    numbering = writer.document.part.numbering_part.element

    def look(paragraph):
        found = paragraph._p.xpath("./w:pPr/w:numPr/w:numId/@w:val")
        if not found:
            return None
        [kind] = numbering.xpath(f"./w:num[@w:numId={found[0]}]/w:abstractNumId/@w:val")
        [start] = numbering.xpath(f"./w:num[@w:numId={found[0]}]//w:startOverride/@w:val")
        level = f"./w:abstractNum[@w:abstractNumId={kind}]/w:lvl"
        looks = (numbering.xpath(f"{level}/w:{name}/@w:val")[0] for name in ("numFmt", "lvlText"))
        return *looks, start

    assert [look(paragraph) for paragraph in writer.document.paragraphs] == shown


def test_it_opens_clean_in_libreoffice(content, tmp_path, monkeypatch):
    (tmp_path / "report.docx").write_bytes(content)
    fonts = f"<fontconfig><dir>{FONT_DIR}</dir><cachedir>{tmp_path}</cachedir></fontconfig>"
    (tmp_path / "fonts.conf").write_text(fonts)
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        + ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "report.docx")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pages = pypdf.PdfReader(tmp_path / "report.pdf").pages
    texts = [bare(page.extract_text()) for page in pages]
    lying = [page.mediabox.width > page.mediabox.height for page in pages]
    assert (lying[0], lying[-1]) == (False, True)
    assert holds(texts[0], "รายงานการวิเคราะห์ผลการประเมิน")
    for number, text in enumerate(texts[1:], start=2):
        assert holds(text, f"หน้า {number} จาก {len(pages)}")
    whole = "".join(texts)
    for expected in ("87.54", "58.24", "<script>alert(1)</script>", "=1+1", "${7*7}"):
        assert expected in whole
    # The headings get their numbers from their styles.
    assert holds("".join(texts[3:]), "ส่วนที่ 3 ผลการประเมิน")
    # Two tables have this heading, and more pages.
    assert sum(holds(text, "มาตรการ/แนวทาง") for text in texts) > 2


def holds(text, expected):
    """LibreOffice's PDF gives no sara aa back."""
    return re.search(re.escape(bare(expected)).replace("า", "."), text) is not None
