from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.analysis import (
    Direction,
    IndicatorClass,
    analyse,
    difference_sentence,
    missing_sentence,
)
from assessments.scoring import (
    Change,
    LevelRule,
    Rules,
    explain_difference,
)
from tests.assessments.rules import INSTRUMENTS, LETTERS

D = Decimal
steady = settings(derandomize=True, max_examples=200, deadline=None)

WORDS = (
    LevelRule("pass", "ผ่าน", D(85), None, True),
    LevelRule("improve", "ต้องปรับปรุง", D(0), None, False),
)


def rules(year, levels=LETTERS):
    return Rules(year, INSTRUMENTS, levels, D(85))


def scores(text):
    cells = (None if cell == "-" else D(cell) for cell in text.split())
    return dict(enumerate(cells, start=1))


SEED_2563 = scores("86.96 78.11 83.07 78.23 79.14 74.03 66.66 71.11 60.82 31.25")
SEED_2564 = scores("87.54 79.61 81.97 74.84 77.31 78.17 77.55 77.42 29.24 25.00")


def seed(**overrides):
    facts = {
        "rules": rules(2564),
        "current": SEED_2564,
        "previous_rules": rules(2563),
        "previous": SEED_2563,
        "threshold": D(80),
    }
    return analyse(**(facts | overrides))


def alone(current, previous, threshold="80"):
    """The class of one indicator with these two scores."""
    cell, before = (None if text is None else D(text) for text in (current, previous))
    found = seed(
        current=SEED_2564 | {1: cell}, previous=SEED_2563 | {1: before}, threshold=D(threshold)
    )
    return found.rows[0].cls


def test_the_published_years_fall_into_their_classes():
    groups = {group.cls: group.numbers for group in seed().groups}
    assert groups == {
        IndicatorClass.RISEN_STRONG: (1,),
        IndicatorClass.RISEN_WEAK: (2, 6, 7, 8),
        IndicatorClass.FALLEN: (3, 4, 5, 9, 10),
    }
    assert seed().strong_numbers == (1,)
    assert seed().weak_numbers == (2, 3, 4, 5, 6, 7, 8, 9, 10)
    assert seed().highest_numbers == (1,)


def test_the_published_years_compare_by_indicator_instrument_and_total():
    found = seed()
    points = scores("0.58 1.50 -1.10 -3.39 -1.83 4.14 10.89 6.31 -31.58 -6.25")
    assert {row.number: row.change.points for row in found.rows} == points
    assert [(row.code, row.current, row.previous) for row in found.instruments] == [
        ("IIT", D("80.25"), D("81.10")),
        ("EIT", D("77.71"), D("70.60")),
        ("OIT", D("27.12"), D("46.04")),
    ]
    assert [len(row.rows) for row in found.instruments] == [5, 3, 2]
    assert found.change == Change(D("-5.68"), D("-8.89"))
    assert (found.total, found.previous_total) == (D("58.24"), D("63.92"))
    assert (found.level.code, found.previous_level.code) == ("D", "D")
    assert (found.year, found.previous_year) == (2564, 2563)


@pytest.mark.parametrize(
    ("current", "previous", "cls"),
    [
        ("80.00", "79.99", IndicatorClass.RISEN_STRONG),
        ("79.99", "79.98", IndicatorClass.RISEN_WEAK),
        ("80.00", "80.00", IndicatorClass.UNCHANGED_STRONG),
        ("79.99", "79.99", IndicatorClass.UNCHANGED_WEAK),
        ("80.00", None, IndicatorClass.NEW_STRONG),
        ("79.99", None, IndicatorClass.NEW_WEAK),
        ("99.99", "100.00", IndicatorClass.FALLEN),
        ("0.00", "0.00", IndicatorClass.UNCHANGED_WEAK),
        (None, "80.00", IndicatorClass.MISSING),
        (None, None, IndicatorClass.MISSING),
    ],
)
def test_the_border_cases_have_a_class(current, previous, cls):
    assert alone(current, previous) is cls


def test_the_threshold_is_the_agencys():
    assert alone("84.99", "80.00", threshold="85") is IndicatorClass.RISEN_WEAK
    assert alone("85.00", "80.00", threshold="85") is IndicatorClass.RISEN_STRONG


# Few distinct scores, so that ties, the threshold itself and gaps come up all the time.
cell = st.none() | st.sampled_from([D("0.00"), D("79.99"), D("80.00"), D("80.01"), D("100.00")])
year_of_cells = st.lists(cell, min_size=10, max_size=10).map(
    lambda cells: dict(enumerate(cells, start=1))
)


def slow_classes(now, before, threshold):
    """Every class whose own words hold, each asked by itself."""
    there = now is not None
    compared = there and before is not None
    strong = there and now >= threshold
    claims = {
        IndicatorClass.MISSING: not there,
        IndicatorClass.FALLEN: compared and now < before,
        IndicatorClass.RISEN_STRONG: compared and now > before and strong,
        IndicatorClass.RISEN_WEAK: compared and now > before and not strong,
        IndicatorClass.UNCHANGED_STRONG: compared and now == before and strong,
        IndicatorClass.UNCHANGED_WEAK: compared and now == before and not strong,
        IndicatorClass.NEW_STRONG: there and before is None and strong,
        IndicatorClass.NEW_WEAK: there and before is None and not strong,
    }
    return [cls for cls, holds in claims.items() if holds]


@steady
@given(
    year_of_cells,
    st.none() | year_of_cells,
    st.sampled_from([D(80), D(85), D("80.01")]),
    st.sets(st.integers(1, 10)),
)
def test_each_indicator_is_in_exactly_one_class(current, previous, threshold, linked):
    found = seed(
        current=current,
        previous=previous,
        threshold=threshold,
        predecessors={number: number for number in linked},
    )
    shown = [row.number for group in found.groups for row in group.rows]
    assert sorted(shown) == list(range(1, 11))
    for row in found.rows:
        before = (previous or {}).get(row.number) if row.number in linked else None
        assert [row.cls] == slow_classes(current[row.number], before, threshold)
        assert row.cls.is_strength + row.cls.is_weakness + (row.current is None) == 1
    assert set(found.strong_numbers) | set(found.weak_numbers) | set(found.missing) == set(shown)


@steady
@given(year_of_cells)
def test_all_that_share_the_highest_score_are_marked(current):
    given_scores = {n: value for n, value in current.items() if value is not None}
    best = [n for n, value in given_scores.items() if value == max(given_scores.values())]
    assert list(seed(current=current).highest_numbers) == best


def test_the_highest_indicator_may_have_fallen():
    row = seed(previous=SEED_2563 | {1: D("90.00")}).rows[0]
    assert (row.cls, row.is_highest) == (IndicatorClass.FALLEN, True)


def test_an_indicator_is_compared_with_its_predecessor_whatever_its_number():
    swapped = {number: number for number in range(1, 9)} | {9: 10}
    found = seed(predecessors=swapped)
    assert found.rows[8].previous == D("31.25")
    assert found.rows[9].direction is Direction.NONE
    assert found.rows[9].cls is IndicatorClass.NEW_WEAK
    assert found.previous_total == D("63.92")


def test_missing_scores_leave_the_rest_to_be_seen():
    found = seed(current=SEED_2564 | {4: None, 9: None})
    assert found.missing == (4, 9)
    assert (found.total, found.level, found.change) == (None, None, None)
    assert [row.current for row in found.instruments] == [None, D("77.71"), None]
    with translation.override("th"):
        assert missing_sentence(found) == (
            "ต้องกรอกคะแนนให้ครบ 10 ตัวชี้วัดก่อน จึงจะวิเคราะห์จุดแข็งและจุดอ่อนได้ครบ (ขาดตัวชี้วัดที่ 4, 9)"
        )


@pytest.mark.parametrize("previous", [None, {}, dict.fromkeys(range(1, 11))])
def test_a_first_year_has_nothing_to_compare(previous):
    found = seed(previous=previous)
    assert (found.previous_year, found.previous_total, found.change) == (None, None, None)
    assert not found.levels_comparable
    assert {row.direction for row in found.rows} == {Direction.NONE}


def test_levels_compare_on_one_scale_alone():
    assert seed().levels_comparable
    assert not seed(rules=rules(2566, WORDS), previous_rules=rules(2565)).levels_comparable


@pytest.mark.parametrize("language", ["th", "en"])
def test_each_class_prints_its_own_rule(language):
    with translation.override(language):
        rules_printed = [cls.rule(D("82.50")) for cls in IndicatorClass]
        labels = [str(cls.label) for cls in IndicatorClass]
    assert len(set(rules_printed)) == len(set(labels)) == len(IndicatorClass)
    named = [
        cls for cls, text in zip(IndicatorClass, rules_printed, strict=True) if "82.50" in text
    ]
    assert set(IndicatorClass) - set(named) == {IndicatorClass.FALLEN, IndicatorClass.MISSING}


def test_a_published_total_that_differs_is_explained_in_words():
    with translation.override("th"):
        assert difference_sentence(explain_difference(D("67.53"), D("67.54"))) == (
            "คะแนนรวมที่คำนวณได้ 67.53 ต่างจากที่ ป.ป.ช. ประกาศ 67.54 อยู่ 0.01 "
            "อาจเกิดจากการปัดเศษ ระบบแสดงทั้งสองค่า"
        )
        assert "มากกว่าที่จะเกิด" in difference_sentence(explain_difference(D("67.53"), D("68.53")))
        assert difference_sentence(explain_difference(D("67.53"), D("67.53"))) == ""
        assert difference_sentence(None) == ""
