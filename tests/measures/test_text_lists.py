import re
import unicodedata

import pytest
from django.template import Context, Template
from hypothesis import assume, example, given
from hypothesis import strategies as st

from measures.text_lists import BULLETS, Item, heading, normalise, one_line, parse


def drawn(text, **options):
    """The lines as a reader sees them, sub-items indented."""

    def lines(items, depth):
        for item in items:
            yield "  " * depth + f"{item.mark} {item.text}".strip()
            yield from lines(item.children, depth + 1)

    return list(lines(parse(text, **options), 0))


def test_several_lines_without_a_number_are_numbered():
    assert drawn("จัดตั้งศูนย์\nอบรมเจ้าหน้าที่") == ["1. จัดตั้งศูนย์", "2. อบรมเจ้าหน้าที่"]


def test_one_line_without_a_number_is_a_plain_text():
    assert parse("เผยแพร่คู่มือทางเว็บไซต์") == (Item("เผยแพร่คู่มือทางเว็บไซต์"),)


def test_lines_of_units_stay_without_numbers():
    assert drawn("สำนักปลัด\nกองคลัง", numbered=False) == ["สำนักปลัด", "กองคลัง"]


def test_a_dash_belongs_to_the_line_above():
    text = "1.แต่งตั้งคณะทำงาน เช่น\n- คณะทำงานติดตามผล\n-คณะทำงานพัฒนา\n2. จัดประชุม"
    assert drawn(text) == [
        "1. แต่งตั้งคณะทำงาน เช่น",
        "  - คณะทำงานติดตามผล",
        "  - คณะทำงานพัฒนา",
        "2. จัดประชุม",
    ]


@pytest.mark.parametrize(
    "pasted",
    [
        "1. ก\n2. ข\n3. ค",
        "1) ก\n2) ข",
        "(1) ก\n(2) ข",
        "๑. ก\n๒. ข",
        "3. ก\n4. ข",
        "1. ก",
        "2. ก\n1. ข",
        "1. ก\n1.1 ข\n1.2 ค\n2. ง\n2.1 จ",
        "1. ก\n1) ข\n2) ค\n2. ง",
        "ดังนี้\n1. ก\n2. ข",
        "- ก\n- ข",
        "• ก\n- ข\n• ค",
    ],
)
@pytest.mark.parametrize("numbered", [True, False])
def test_the_numbers_shown_are_the_numbers_pasted(pasted, numbered):
    stored = normalise(pasted, numbered=numbered)
    shown = [line.strip() for line in drawn(stored, numbered=numbered)]
    assert shown == pasted.split("\n")


def test_numbers_that_are_drawn_anyway_are_not_stored_so_that_a_new_step_needs_no_renumbering():
    assert normalise("1. ก\n2. ข") == "ก\nข"
    assert normalise("1. ก\n2. ข", numbered=False) == "1. ก\n2. ข"
    assert normalise("2. ก\n3. ข") == "2. ก\n3. ข"


@pytest.mark.parametrize(
    "text",
    ["งบประมาณ\n2.5 ล้านบาท", "ประชุม\n10.30 น. ถึง 12.00 น.", "ผล\n-5.68 คะแนน", "ปี\n2565. ผ่าน"],
)
def test_amounts_times_and_years_are_not_taken_for_marks(text):
    first, second = text.split("\n")
    assert drawn(text) == [f"1. {first}", f"2. {second}"]


def test_a_line_without_a_mark_goes_on_with_the_numbered_item_above():
    assert parse("1. อบรมเจ้าหน้าที่\n ให้รู้ทุกงาน\n2. จัดประชุม")[0].text == ("อบรมเจ้าหน้าที่\nให้รู้ทุกงาน")


def test_word_cells_come_out_clean():
    pasted = (
        "\ufeff1.\tจัด\u200bตั้งศูนย์\xa0 บริการ\v(ชั้น 2)\r\n\r\n2.\tอบรม\x07\r\uf0b7\tรุ่นแรก\no\tรุ่นสอง"
    )
    assert drawn(pasted) == [
        "1. จัดตั้งศูนย์ บริการ\n(ชั้น 2)",
        "2. อบรม",
        "  • รุ่นแรก",
        "    ◦ รุ่นสอง",
    ]


def test_an_indent_that_all_lines_share_means_nothing():
    assert normalise("\tสำนักปลัด\n\tกองคลัง") == "สำนักปลัด\nกองคลัง"


def test_a_soft_break_stays_inside_its_item():
    assert normalise("ก\vข\nค") == "ก\n  ข\nค"
    assert parse("ก\n  ข\nค")[0].text == "ก\nข"


def test_a_hostile_text_does_not_nest_without_end():
    text = "\n".join("1" + ".1" * depth for depth in range(700))
    assert normalise(text)


def test_nothing_typed_is_no_item():
    assert parse(" \r\n\t\n") == () == parse("")
    assert normalise(" \n ") == ""


def test_a_title_is_one_line():
    assert one_line(" การเปิดเผย\r\n ข้อมูล\xa0สำคัญ ") == "การเปิดเผย ข้อมูล สำคัญ"


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("1. การเปิดเผย\r\nข้อมูล", "การเปิดเผย ข้อมูล"),
        ("๒) เว็บไซต์", "เว็บไซต์"),
        ("3.การสื่อสาร", "การสื่อสาร"),
        ("5 ส ในสำนักงาน", "5 ส ในสำนักงาน"),
        ("4.0 ราชการ", "4.0 ราชการ"),
        ("12.", "12."),
    ],
)
def test_a_heading_leaves_the_number_that_it_was_pasted_with(pasted, kept):
    assert heading(pasted) == kept == heading(kept)


MARKS = ["", "1. ", "2.", "1) ", "(1)", "๒. ", "1.1 ", "1.2", "- ", "•\t", "–"]
LINES = st.lists(
    st.tuples(
        st.sampled_from(["", " ", "  ", "\t", "\xa0"]),
        st.sampled_from(MARKS),
        st.text(alphabet="กข 1.-)\t<&\"'\v", max_size=6),
    ),
    max_size=8,
)
TEXTS = st.one_of(
    LINES.map(lambda lines: "\n".join("".join(line) for line in lines)), st.text(max_size=60)
)


def visible(text):
    """All that leaves ink, with each bullet as one character."""
    text = unicodedata.normalize("NFC", text)
    kept = (c for c in text if not c.isspace() and unicodedata.category(c) != "Cc")
    return "".join(BULLETS.get(c, "•" if c == "*" else c) for c in kept if c not in "\u200b\ufeff")


def inked(items):
    return "".join(item.mark + item.text + inked(item.children) for item in items)


@given(TEXTS)
def test_nothing_but_white_space_is_lost(text):
    assume("o\t" not in text)
    assert visible(inked(parse(text, numbered=False))) == visible(text)


@given(TEXTS, st.booleans())
@example("1. ก\n  2.5 ข", True)
def test_storing_changes_nothing_that_is_shown_and_storing_twice_changes_nothing(text, numbered):
    stored = normalise(text, numbered=numbered)
    assert parse(stored, numbered=numbered) == parse(text, numbered=numbered)
    assert normalise(stored, numbered=numbered) == stored


def html(text, name="text_list"):
    return Template("{% load measures %}{{ text|" + name + " }}").render(Context({"text": text}))


@given(st.text(alphabet="<>&\"'ก1.- \n/ab", max_size=40))
def test_html_holds_no_tag_but_its_own(text):
    rest = re.sub(r'</?(ol|ul|li|p|span|br)( class="[a-z -]+")?>', "", html(text))
    assert not set("<>\"'") & set(rest)


def test_html_of_a_numbered_list_with_sub_items():
    assert html("ก <b>\n- ข\nค") == (
        '<ol class="text-list"><li><span class="item-mark">1.</span> ก &lt;b&gt;'
        '<ul class="text-list"><li><span class="item-mark">–</span> ข</li></ul></li>'
        '<li><span class="item-mark">2.</span> ค</li></ol>'
    )


def test_html_of_a_plain_line_and_of_units():
    assert html("ก") == '<p class="text-line">ก</p>'
    assert html("ก\nข", "text_lines") == (
        '<ul class="text-list unmarked"><li>ก</li><li>ข</li></ul>'
    )
    assert html("") == ""
