from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring import (
    Change,
    DifferenceKind,
    Rules,
    change,
    explain_difference,
    mean,
    round2,
    score,
)
from tests.assessments.rules import INSTRUMENTS, LETTERS, WORDS

D = Decimal
steady = settings(derandomize=True, max_examples=200, deadline=None)

OLD = Rules(2564, INSTRUMENTS, LETTERS, D(85))
NEW = Rules(2566, INSTRUMENTS, WORDS, D(85))

SEED_2563 = "86.96 78.11 83.07 78.23 79.14 74.03 66.66 71.11 60.82 31.25"
SEED_2564 = "87.54 79.61 81.97 74.84 77.31 78.17 77.55 77.42 29.24 25.00"

two_places = st.integers(0, 10000).map(lambda n: D(n).scaleb(-2))
ten_scores = st.lists(two_places, min_size=10, max_size=10)
ten_cells = st.lists(st.none() | two_places, min_size=10, max_size=10)


def numbered(cells):
    return dict(enumerate(cells, start=1))


def scores(text):
    return numbered(map(D, text.split()))


def by_instrument(iit, eit, oit):
    return numbered([D(iit)] * 5 + [D(eit)] * 3 + [D(oit)] * 2)


def slow_round(fraction):
    """Half up by looking at the exact rest, hundredth by hundredth."""
    hundredths, rest = divmod(fraction.numerator * 100, fraction.denominator)
    return hundredths + (2 * rest >= fraction.denominator)


def slow_total(cells):
    f = [Fraction(str(cell)) for cell in cells]
    iit, eit, oit = sum(f[:5]) / 5, sum(f[5:8]) / 3, sum(f[8:]) / 2
    return (iit, eit, oit), iit * 3 / 10 + eit * 3 / 10 + oit * 4 / 10


def slow_total_with_finer(cells, parts, announced):
    """Parts instead of indicators 6 to 8, and an announced score where an indicator is missing."""
    f = [None if cell is None else Fraction(str(cell)) for cell in cells]
    f[5:8] = [(Fraction(str(first)) + Fraction(str(second))) / 2 for first, second in parts]
    own = [f[:5], f[5:8], f[8:]]
    iit, eit, oit = (
        Fraction(str(told)) if None in scores else sum(scores) / len(scores)
        for scores, told in zip(own, announced, strict=True)
    )
    return (iit, eit, oit), iit * 3 / 10 + eit * 3 / 10 + oit * 4 / 10


def slow_letter(hundredths):
    bands = ((9500, "AA"), (8500, "A"), (7500, "B"), (6500, "C"), (5500, "D"), (5000, "E"))
    return next((letter for floor, letter in bands if hundredths >= floor), "F")


def slow_word(parts, hundredths):
    weakest = min(map(slow_round, parts))
    if hundredths >= 9500 and weakest >= 9500:
        return "excellent"
    if hundredths >= 8500:
        return "good" if weakest >= 8500 else "pass"
    return "improve" if hundredths >= 7000 else "urgent"


@pytest.mark.parametrize(
    ("text", "parts", "total"),
    [
        (SEED_2564, ("80.25", "77.71", "27.12"), "58.24"),
        (SEED_2563, ("81.10", "70.60", "46.04"), "63.92"),
    ],
)
def test_published_scores_give_the_published_total_and_level(text, parts, total):
    result = score(OLD, scores(text))
    assert tuple(map(result.instrument_printed, ("IIT", "EIT", "OIT"))) == tuple(map(D, parts))
    assert result.total_printed == D(total)
    assert result.level.code == "D"
    assert not result.passes
    assert result.missing == ()


def test_the_change_between_the_published_years_is_rounded_not_cut_off():
    assert change(D("63.92"), D("58.24")) == Change(D("-5.68"), D("-8.89"))


@steady
@given(ten_scores)
def test_total_and_instruments_agree_with_slow_fractions(cells):
    parts, total = slow_total(cells)
    result = score(OLD, numbered(cells))
    assert result.total == total
    assert result.total_printed == D(slow_round(total)).scaleb(-2)
    for code, part in zip(("IIT", "EIT", "OIT"), parts, strict=True):
        assert result.instrument_printed(code) == D(slow_round(part)).scaleb(-2)


@steady
@given(ten_scores)
def test_each_complete_result_has_the_level_its_printed_figures_explain(cells):
    parts, total = slow_total(cells)
    assert score(OLD, numbered(cells)).level.code == slow_letter(slow_round(total))
    assert score(NEW, numbered(cells)).level.code == slow_word(parts, slow_round(total))


@steady
@given(st.integers(-5, 5), st.sampled_from([70, 85, 95]), st.sampled_from([70, 85, 95]))
def test_levels_from_2566_have_no_gap_near_a_border(thousandths, floor, weakest):
    near = D(floor) + D(thousandths).scaleb(-3)
    cells = by_instrument(near, near, near)
    cells[1] = min(near, D(weakest))
    parts, total = slow_total(cells.values())
    assert score(NEW, cells).level.code == slow_word(parts, slow_round(total))


@pytest.mark.parametrize("floor", [95, 85, 75, 65, 55, 50])
@pytest.mark.parametrize(
    ("offset", "reached"),
    [("0", True), ("0.001", True), ("-0.001", True), ("-0.005", True), ("-0.006", False)],
)
def test_a_border_is_judged_on_the_printed_total(floor, offset, reached):
    total = D(floor) + D(offset)
    result = score(OLD, by_instrument(total, total, total))
    assert result.level.code == slow_letter(floor * 100 - (not reached))
    assert (result.total_printed >= floor) is reached


def test_a_total_of_84_995_prints_as_85_and_passes():
    result = score(OLD, by_instrument("84.98", "85.00", "85.0025"))
    assert result.total == Fraction(84995, 1000)
    assert result.total_printed == D("85.00")
    assert result.level.code == "A"
    assert result.passes


@pytest.mark.parametrize(
    ("iit", "eit", "oit", "level"),
    [
        ("95", "95", "95", "excellent"),
        ("95", "94.995", "95.01", "excellent"),
        ("90", "100", "100", "good"),
        ("84.995", "100", "100", "good"),
        ("84.99", "100", "100", "pass"),
        ("70", "70", "70", "improve"),
        ("69.995", "69.995", "69.995", "improve"),
        ("69.994", "69.994", "69.994", "urgent"),
    ],
)
def test_levels_from_2566_ask_every_instrument_by_its_printed_score(iit, eit, oit, level):
    assert score(NEW, by_instrument(iit, eit, oit)).level.code == level


@steady
@given(ten_cells)
def test_a_missing_score_leaves_its_instrument_and_the_total_open(cells):
    result = score(OLD, numbered(cells))
    assert result.missing == tuple(n for n, cell in numbered(cells).items() if cell is None)
    assert (result.total is None) == bool(result.missing)
    assert (result.level is None) == bool(result.missing)
    for rule in INSTRUMENTS:
        complete = not set(rule.indicators) & set(result.missing)
        assert (result.instruments[rule.code] is not None) == complete


@steady
@given(
    ten_cells,
    st.lists(st.tuples(two_places, two_places), min_size=3, max_size=3),
    st.lists(two_places, min_size=3, max_size=3),
)
def test_parts_and_announced_instruments_agree_with_slow_fractions(cells, parts, announced):
    means, total = slow_total_with_finer(cells, parts, announced)
    values = numbered(cells) | dict(zip((6, 7, 8), map(mean, parts), strict=True))
    told = dict(zip(("IIT", "EIT", "OIT"), announced, strict=True))
    result = score(NEW, values, told)
    assert (tuple(result.instruments.values()), result.total) == (means, total)
    assert result.level.code == slow_word(means, slow_round(total))
    missing = set(result.missing)
    assert result.announced == {rule.code for rule in INSTRUMENTS if missing & set(rule.indicators)}


def test_zero_is_a_score():
    result = score(OLD, by_instrument(0, 0, 0))
    assert result.total_printed == D("0.00")
    assert result.level.code == "F"


@pytest.mark.parametrize(
    ("exact", "printed"),
    [
        (D("86.685"), "86.69"),
        (D("86.6849999"), "86.68"),
        (Fraction(2, 3), "0.67"),
        (D("-8.885"), "-8.89"),
        (D("-0.004"), "0.00"),
        (100, "100.00"),
    ],
)
def test_rounding_is_half_up_to_two_places(exact, printed):
    assert str(round2(exact)) == printed


@steady
@given(st.decimals(-200, 200, places=5))
def test_rounding_agrees_with_decimals_own_half_up(value):
    assert round2(value) == value.quantize(D("0.01"), ROUND_HALF_UP)


@steady
@given(two_places, two_places)
def test_change_is_taken_from_printed_scores(before, after):
    found = change(before, after)
    assert found.points == after - before
    if before:
        exact = Fraction(abs(after - before)) / Fraction(before) * 100
        assert abs(found.percent) == D(slow_round(exact)).scaleb(-2)
        assert found.percent * found.points >= 0
    else:
        assert found.percent is None


def test_no_change_without_both_scores():
    assert change(None, D(1)) is None
    assert change(D(1), None) is None


@pytest.mark.parametrize(
    ("computed", "published", "kind", "amount"),
    [
        ("67.53", "67.53", DifferenceKind.EQUAL, "0"),
        ("67.53", "67.54", DifferenceKind.ROUNDING, "0.01"),
        ("67.54", "67.53", DifferenceKind.ROUNDING, "-0.01"),
        ("67.53", "67.55", DifferenceKind.LARGER, "0.02"),
    ],
)
def test_a_published_total_that_differs_is_explained(computed, published, kind, amount):
    found = explain_difference(D(computed), D(published))
    assert (found.kind, found.amount) == (kind, D(amount))


def test_nothing_to_explain_without_both_totals():
    assert explain_difference(None, D(50)) is None
    assert explain_difference(D(50), None) is None
