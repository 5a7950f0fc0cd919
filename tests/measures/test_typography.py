"""Where Thai lines may not break, as text and in the lines of a real page."""

import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from measures.report import worker
from measures.report.fetcher import FONT_DIR
from measures.report.terms import TERMS
from measures.report.typography import typeset

TEXT = (
    "หน่วยงานต่าง ๆ และงานอื่นๆ ของอำเภอนางรอง จังหวัดบุรีรัมย์ ได้คะแนนร้อยละ 58.24 (-5.68 คะแนน) "
    "ในปี พ.ศ. 2564 ตามแนวคิด “เปิด” ของภาครัฐ เมื่อวันที่ 30 กันยายน 2564 ให้ครบทุก ๆ ด้าน"
)
LONG_QUOTATIONS = (
    "ประกาศ “เจตนารมณ์ไม่รับของขวัญและของกำนัลทุกชนิดจากการปฏิบัติหน้าที่” ให้‘ประชาชนทุกหมู่บ้าน"
    "ในเขตรับผิดชอบ’ทราบทางเสียงตามสายฯลฯ "
    "รวม 12 ครั้ง ใช้เงิน 2,500 บาท"
)
WHOLE = (
    "อำเภอนางรอง",
    "จังหวัดบุรีรัมย์",
    "ร้อยละ 58.24",
    "(-5.68 คะแนน)",
    "พ.ศ. 2564",
    "“เปิด”",
    "30 กันยายน 2564",
)


@pytest.mark.parametrize("words", WHOLE)
def test_stays_on_one_line(words):
    kind = "nb date" if "กันยายน" in words else "nb"
    assert f'<span class="{kind}">{words}</span>' in typeset(TEXT)


def test_short_dates_stay_whole_too():
    assert typeset("1 ต.ค. 2564 – 30 ก.ย. 2565").count('<span class="nb date">') == 2


def test_long_quotations_and_ordinary_words_may_break():
    text = "“คำพูดยาวเกินกว่าจะอยู่ในบรรทัดเดียวกันของช่องตาราง” และจังหวัดที่มีผลการประเมินผ่านเกณฑ์ทั้งหมด"
    assert typeset(text) == text


def test_no_typed_sign_ends_a_line_or_turns_its_order():
    assert typeset("ก\u2028ข\u2029ค \u202eab\u202c \u2067c\u2069\u200f") == "ก ข ค ab c"


def test_what_a_person_typed_is_escaped():
    assert typeset('<b> & "ก" “<i>”') == (
        "&lt;b&gt; &amp; &quot;ก&quot; " + '<span class="nb">“&lt;i&gt;”</span>'
    )


def test_signs_pasted_from_word_become_signs_of_the_font():
    assert typeset("\uf0b7 ก\x0b● ข ✓ 25℃") == "• ก • ข √ 25°C"


def test_a_term_fits_the_narrowest_column():
    """As wide as it is, it would be broken anywhere. 85 pt are left of 13 % of a turned page, as of
    15 % for a list.
    """
    font = TTFont(FONT_DIR / "Sarabun-Regular.ttf")
    glyphs, widths = font.getBestCmap(), font["hmtx"]
    for term in TERMS:
        width = sum(widths[glyphs[ord(sign)]][0] for sign in term)
        assert width * 9.7 / font["head"].unitsPerEm < 85, term


def test_lines_of_a_page_break_where_a_reader_expects():
    boxes = "".join(
        f'<p style="width:{width}mm">{typeset(TEXT + LONG_QUOTATIONS)}</p>'
        for width in range(34, 110, 3)
    )
    pdf = worker.render(
        '<!doctype html><html lang="th"><title>ก</title><style>@page{size:A4;margin:1cm}'
        f".nb{{white-space:nowrap}}</style>{boxes}"
    )
    text = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    lines = [line.strip() for line in text.splitlines()]
    assert len(lines) > 80
    assert not [line for line in lines if line.startswith(("ครั้ง", "บาท"))]
    assert not [line for line in lines if line.startswith(("ๆ", "ะ", "า", "ล", "”", "’", ")"))]
    assert not [line for line in lines if line.endswith(("“", "‘", "(", "ต่าง", "ร้อยละ", "พ.ศ."))]
