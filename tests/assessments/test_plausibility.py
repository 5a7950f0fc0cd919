from decimal import Decimal
from fractions import Fraction

import pytest

from assessments.analysis import analyse
from assessments.plausibility import Code, findings
from assessments.scoring import Rules
from tests.assessments.rules import INSTRUMENTS, LETTERS
from tests.cast import SCORES

D = Decimal
pytestmark = pytest.mark.one_database("sqlite")
STEADY = ["80.10", "80.20", "80.30", "80.40", "80.50", "80.60", "80.70", "80.80", "80.90", "81.00"]


def scores(cells):
    return {number: None if cell is None else D(cell) for number, cell in enumerate(cells, 1)}


def with_cells(cells, **changed):
    """The row with i4="0" and the like put in."""
    return [changed.get(f"i{number}", cell) for number, cell in enumerate(cells, 1)]


def found(now=STEADY, before=None, *, parts=None, **facts):
    """The warnings of ten scores, in order."""
    current = scores(now)
    entered = {f"i{number}": value for number, value in current.items()}
    entered |= {key: D(value) for key, value in (parts or {}).items()}
    analysis = analyse(
        Rules(2564, INSTRUMENTS, LETTERS, D(85)),
        current,
        Rules(2563, INSTRUMENTS, LETTERS, D(85)) if before else None,
        scores(before) if before else None,
        D(80),
        predecessors=facts.pop("predecessors", None),
        instruments=facts.get("instruments"),
    )
    return findings(analysis, entered, **facts)


def codes(*arguments, **facts):
    return [one.code for one in found(*arguments, **facts)]


# --- against last year ----------------------------------------------------------------------------


def test_of_the_published_years_only_the_fall_of_indicator_9_is_doubted():
    (warning,) = found(SCORES[2564], SCORES[2563])
    assert warning.code is Code.JUMP
    assert warning.keys == ("i9",)
    assert warning.figures == "i9 60.82 29.24"
    assert warning.text == "ตัวชี้วัดที่ 9 ลดลง 31.58 คะแนนจากปีก่อน (60.82 → 29.24)"


@pytest.mark.parametrize(
    ("now", "warns"),
    [
        ("60.41", False),
        ("60.40", True),
        ("60.39", True),
        ("100.00", False),
        ("80.40", False),
    ],
)
def test_20_points_down_are_doubted_and_19_99_are_not(now, warns):
    assert (Code.JUMP in codes(with_cells(STEADY, i4=now), STEADY)) is warns


@pytest.mark.parametrize(("before", "warns"), [("60.41", False), ("60.40", True), ("60.39", True)])
def test_20_points_up_are_doubted_and_19_99_are_not(before, warns):
    warnings = found(STEADY, with_cells(STEADY, i4=before))
    assert bool(warnings) is warns
    if warns:
        assert "ตัวชี้วัดที่ 4 เพิ่มขึ้น 20.0" in warnings[0].text


def test_an_indicator_without_a_score_or_a_last_year_is_not_doubted():
    assert codes(with_cells(STEADY, i4=None, i5="80.40"), STEADY) == []
    assert codes(with_cells(STEADY, i4="10"), with_cells(STEADY, i4=None)) == []
    assert codes(with_cells(STEADY, i4="10")) == []


def test_a_jump_is_against_the_indicator_that_the_framework_links():
    before = with_cells(STEADY, i9="30")
    links = {number: number for number in range(1, 9)}
    assert codes(STEADY, before, predecessors=links) == []
    assert [one.figures for one in found(STEADY, before, predecessors=links | {10: 9})] == [
        "i10 30.00 81.00"
    ]


# --- swapped --------------------------------------------------------------------------------------

FAR = with_cells(STEADY, i3="85.00", i4="60.00")


def test_two_swapped_scores_are_named_once_and_explain_their_jumps():
    (warning,) = found(with_cells(FAR, i3="60.10", i4="84.90"), FAR)
    assert warning.code is Code.SWAPPED
    assert warning.keys == ("i3", "i4")
    assert warning.figures == "i3 85.00 60.10 i4 60.00 84.90"
    assert "ตัวชี้วัดที่ 3 และ 4 อาจกรอกสลับกัน" in warning.text
    assert "ปีก่อน 85.00 และ 60.00 ปีนี้ 60.10 และ 84.90" in warning.text


@pytest.mark.parametrize(
    ("three", "four", "swapped"),
    [
        ("63.00", "82.00", True),
        ("63.01", "82.00", False),
        ("63.00", "81.99", False),
        ("57.00", "88.00", True),
        ("56.99", "88.00", False),
    ],
)
def test_a_swap_brings_both_within_3_points_of_last_year(three, four, swapped):
    assert (Code.SWAPPED in codes(with_cells(FAR, i3=three, i4=four), FAR)) is swapped


@pytest.mark.parametrize(
    ("three", "four", "swapped"),
    [("70.00", "80.00", True), ("70.01", "80.00", False), ("70.00", "79.99", False)],
)
def test_scores_that_are_within_10_points_of_their_own_last_year_are_not_swapped(
    three, four, swapped
):
    before = with_cells(STEADY, i3="80.00", i4="70.00")
    assert (Code.SWAPPED in codes(with_cells(before, i3=three, i4=four), before)) is swapped


def test_an_indicator_is_swapped_with_the_likeliest_one_only():
    before = with_cells(FAR, i5="61.00")
    (swap,) = found(with_cells(before, i3="61.00", i5="85.00"), before)
    assert swap.keys == ("i3", "i5")
    two = with_cells(before, i3="60.00", i4="85.00", i5="85.00")
    assert [(one.code, one.keys) for one in found(two, before)] == [
        (Code.SWAPPED, ("i3", "i4")),
        (Code.JUMP, ("i5",)),
    ]


# --- within the year ------------------------------------------------------------------------------


def test_all_equal_scores_are_doubted_together():
    (warning,) = found(["85"] * 10)
    assert (warning.code, warning.figures) == (Code.ALL_EQUAL, "85.00")
    assert len(warning.keys) == 10
    assert "ตัวชี้วัดทั้ง 10 ตัวมีคะแนนเท่ากันคือ 85.00" in warning.text


def test_nine_equal_scores_and_an_empty_or_another_one_are_not():
    assert codes(["85"] * 9 + [None]) == []
    assert codes(["85"] * 9 + ["85.01"]) == []
    assert codes([None] * 10) == []


def test_a_zero_is_asked_about_but_an_empty_cell_is_not():
    (warning,) = found(with_cells(STEADY, i4="0", i5=None))
    assert (warning.code, warning.figures) == (Code.ZERO, "i4")
    assert "ตัวชี้วัดที่ 4 เป็น 0 คะแนน ถูกต้องหรือไม่ ถ้าไม่มีผลให้เว้นว่าง" in warning.text
    assert codes(with_cells(STEADY, i4="0.01")) == []


def test_a_zero_is_asked_about_in_parts_and_instruments_too():
    assert [one.keys for one in found(parts={"i6_1": "0", "eit": "0"})] == [("i6_1",), ("eit",)]


@pytest.mark.parametrize(
    ("second", "warns"),
    [
        ("81.20", False),  # mean 80.60, as entered
        ("81.22", False),  # 80.61
        ("81.21", False),  # 80.605 prints as 80.61
        ("81.23", True),  # 80.615 prints as 80.62
        ("81.17", False),  # 80.585 prints as 80.59
        ("81.16", True),  # 80.58
    ],
)
def test_a_score_beside_its_two_parts_may_differ_from_their_mean_by_a_hundredth(second, warns):
    assert bool(found(parts={"i6_1": "80.00", "i6_2": second})) is warns


def test_one_part_alone_is_compared_with_nothing():
    assert codes(parts={"i6_1": "10"}) == []


def test_the_figures_of_parts_name_all_three():
    (warning,) = found(parts={"i6_1": "80", "i6_2": "70"})
    assert (warning.code, warning.figures) == (Code.PARTS_DIFFER, "i6 80.60 80.00 70.00")
    assert warning.keys == ("i6", "i6_1", "i6_2")
    assert "กรอกไว้ 80.60 แต่ค่าเฉลี่ยของสองส่วนคือ 75.00" in warning.text


@pytest.mark.parametrize(
    ("announced", "warns"),
    [("80.71", False), ("80.70", False), ("80.69", False), ("80.72", True), ("80.68", True)],
)
def test_an_announced_instrument_may_differ_from_its_mean_by_a_hundredth(announced, warns):
    warnings = found(instruments={"EIT": D(announced)})
    assert bool(warnings) is warns
    if warns:
        assert warnings[0].figures == f"eit {announced} 80.70"
        assert f"คะแนน EIT ที่ประกาศคือ {announced} แต่ค่าเฉลี่ยของตัวชี้วัดคือ 80.70" in warnings[0].text


def test_an_announced_instrument_may_be_the_exact_mean_of_its_parts():
    assert codes(instruments={"EIT": Fraction(16141, 200)}) == []


def test_an_announced_instrument_stands_in_where_an_indicator_is_missing():
    assert codes(with_cells(STEADY, i7=None), instruments={"EIT": D("20")}) == []


# --- as announced ---------------------------------------------------------------------------------

TOTAL = D("80.68")


@pytest.mark.parametrize(
    ("amount", "warns"),
    [("0", False), ("0.01", False), ("-0.01", False), ("0.02", True), ("-0.02", True)],
)
def test_an_announced_total_may_differ_by_a_hundredth(amount, warns):
    warnings = found(published_total=TOTAL + D(amount))
    assert [one.code for one in warnings] == [Code.TOTAL_DIFFERS] * warns
    if warns:
        assert warnings[0].figures == f"80.68 {TOTAL + D(amount)}"
        assert "มากกว่า" in warnings[0].text


def test_no_total_is_compared_while_scores_are_missing():
    assert codes(with_cells(STEADY, i4=None), published_total=D(10)) == []


def test_an_announced_level_that_the_scores_do_not_give_is_doubted():
    by_code = {level.code: level for level in LETTERS}
    (warning,) = found(published_level=by_code["A"])
    assert (warning.code, warning.figures) == (Code.LEVEL_DIFFERS, "B A")
    assert codes(published_level=by_code["B"]) == []
    assert codes(with_cells(STEADY, i4=None), published_level=by_code["A"]) == []


def test_warnings_of_several_kinds_stand_side_by_side():
    fallen = with_cells(STEADY, i4="0")
    assert codes(fallen, STEADY, published_total=D("80.68")) == [
        Code.JUMP,
        Code.ZERO,
        Code.TOTAL_DIFFERS,
    ]


# --- copied from last year ------------------------------------------------------------------------


def test_scores_that_are_all_those_of_last_year_are_doubted():
    (warning,) = found(SCORES[2563], SCORES[2563])
    assert warning.code is Code.SAME_AS_LAST_YEAR
    assert warning.keys == tuple(f"i{number}" for number in range(1, 11))
    assert warning.text == ("คะแนนทั้ง 10 ตัวชี้วัดเท่ากับปี 2563 ทุกค่า ตรวจว่ามิได้คัดลอกคะแนนของปีก่อนมา")
    assert len(warning.figures) <= 250


@pytest.mark.parametrize(("entered", "warns"), [(4, False), (5, True)])
def test_from_five_entered_scores_on_the_same_ones_are_doubted(entered, warns):
    now = STEADY[:entered] + [None] * (10 - entered)
    assert (Code.SAME_AS_LAST_YEAR in codes(now, STEADY)) is warns
    assert Code.SAME_AS_LAST_YEAR not in codes(with_cells(now, i1="80.11"), STEADY)
