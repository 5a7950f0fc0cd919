from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.numbers import (
    ScoreError,
    ScoreProblem,
    format_change,
    format_score,
    format_threshold,
    parse_score,
)

D = Decimal
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
steady = settings(derandomize=True, max_examples=200, deadline=None)
two_places = st.integers(0, 10000).map(lambda n: D(n).scaleb(-2))


def refused(text):
    with pytest.raises(ScoreError) as caught:
        parse_score(text)
    return caught.value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("87.54", "87.54"),
        ("87.5", "87.50"),
        ("87", "87.00"),
        ("๘๗.๕๔", "87.54"),
        (" 87.54 ", "87.54"),
        ("\u00a087.54\u00a0", "87.54"),
        ("\u200b87\u200b.54\u200b", "87.54"),
        ("\ufeff87.54", "87.54"),
        ("87.54\t\r\n", "87.54"),
        ("87.54 %", "87.54"),
        ("87.54%", "87.54"),
        ("๑๐๐", "100.00"),
        ("100.00", "100.00"),
        ("0", "0.00"),
    ],
)
def test_a_score_is_taken_as_officers_type_and_paste_it(typed, value):
    assert str(parse_score(typed)) == value


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "-", "–", "—", "ไม่มี", " ไม่มี "])
def test_an_empty_cell_is_no_score_rather_than_zero(typed):
    assert parse_score(typed) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((text, ScoreProblem.NUMBER) for text in ("NaN", "Infinity", "1e3", "1_00", "+5", "=5")),
        *(
            (text, ScoreProblem.NUMBER)
            for text in ("= 5", "แปดสิบ", "%", ".5", "5.", "8 7", "8.7.5")
        ),
        # Full-width, Arabic and superscript digits would pass under NFKC or str.isdigit.
        *((text, ScoreProblem.NUMBER) for text in ("８７", "٨٧", "5²", "½", "87，54", "1,000")),
        *((text, ScoreProblem.RANGE) for text in ("101", "-3", "−3", "100.01", "100.001", "๑๐๑")),
        *((text, ScoreProblem.DECIMALS) for text in ("87.545", "0.001", "๘๗.๕๔๕")),
        *((text, ScoreProblem.COMMA) for text in ("87,54", "๘๗,๕", "100,00")),
    ],
)
def test_what_is_no_published_score_is_refused(typed, code):
    assert refused(typed).code is code


def test_a_very_long_text_is_refused_like_any_other():
    assert refused("9" * 100_000).code is ScoreProblem.RANGE


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("แปดสิบ", "คะแนนตัวชี้วัดที่ 4 ต้องเป็นตัวเลข เช่น 87.54"),
        ("101", "คะแนนตัวชี้วัดที่ 4 ต้องอยู่ระหว่าง 0 ถึง 100"),
        (
            "875.4",
            "คะแนนตัวชี้วัดที่ 4 ต้องอยู่ระหว่าง 0 ถึง 100 (กรอกไว้ 875.4 หมายถึง 87.54 ใช่ไหม)",
        ),
        ("87.545", "คะแนนตัวชี้วัดที่ 4 ใส่ทศนิยมได้ไม่เกิน 2 ตำแหน่ง"),
        (
            "87,54",
            "คะแนนตัวชี้วัดที่ 4: ใช้จุด (.) คั่นทศนิยม ไม่ใช้จุลภาค (,) (กรอกไว้ 87,54 หมายถึง 87.54 ใช่ไหม)",
        ),
    ],
)
def test_a_refusal_names_the_indicator_and_what_to_do(typed, message):
    with translation.override("th"):
        assert refused(typed).message(4) == message


def test_a_refusal_speaks_english_too():
    with translation.override("en"):
        assert refused("101").message(4) == "The score of indicator 4 must be between 0 and 100"


@steady
@given(two_places)
def test_a_printed_score_reads_back_as_itself_in_both_digits(value):
    printed = format_score(value)
    assert parse_score(printed) == value
    in_thai = printed.translate(THAI_DIGITS)
    assert parse_score(in_thai) == value
    assert parse_score(f"\ufeff\u00a0{in_thai} %") == value


@steady
@given(st.text(alphabet="0123456789๐๕๙.,-+%eE_ \u200b\u00a0–", max_size=8) | st.text(max_size=8))
def test_any_text_is_a_score_in_range_or_nothing_or_refused(text):
    try:
        value = parse_score(text)
    except ScoreError as error:
        assert str(error.code.value)
    else:
        assert value is None or (0 <= value <= 100 and value == value.quantize(D("0.01")))


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.58", "+0.58"), ("-31.58", "−31.58"), ("0.00", "0.00"), ("-0.00", "0.00"), ("6", "+6.00")],
)
def test_a_change_prints_with_its_sign(value, text):
    assert format_change(D(value)) == text


def test_what_is_not_there_prints_as_a_dash():
    assert format_score(None) == "–"
    assert format_change(None) == "–"


def test_a_threshold_prints_as_it_is_spoken():
    assert format_threshold(D("80.00")) == "80"
    assert format_threshold(D("82.50")) == "82.50"
