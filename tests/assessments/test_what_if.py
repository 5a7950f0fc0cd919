from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.models import Fact, Framework
from assessments.scoring import Rules, round2, score
from assessments.what_if import item_worths, lever_sentences, levers, next_steps, strongest
from tests.assessments.pages import text
from tests.assessments.rules import INSTRUMENTS, LETTERS, WORDS
from tests.cast import SCORES

D = Decimal
steady = settings(derandomize=True, max_examples=100, deadline=None)
sqlite, postgres = (pytest.mark.one_database(name) for name in ("sqlite", "postgres"))

OLD = Rules(2564, INSTRUMENTS, LETTERS, D(85))
NEW = Rules(2566, INSTRUMENTS, WORDS, D(85))


def numbered(cells):
    return {number: None if cell is None else D(cell) for number, cell in enumerate(cells, 1)}


def by_instrument(rules, iit, eit, oit):
    return score(rules, numbered([iit] * 5 + [eit] * 3 + [oit] * 2))


SEED = score(OLD, numbered(SCORES[2564]))


# --- to the next level ----------------------------------------------------------------------------


@postgres
def test_the_next_level_and_the_pass_mark_are_told_with_their_arithmetic():
    to_c, to_pass = next_steps(SEED)
    assert [gap.arithmetic for gap in to_c.gaps] == ["65.00 − 58.24 = 6.76"]
    assert to_c.sentence == "ต้องเพิ่มอีก 6.76 คะแนนจึงจะถึง 65 คะแนน (ระดับ C)"
    assert [gap.arithmetic for gap in to_pass.gaps] == ["85.00 − 58.24 = 26.76"]
    assert to_pass.sentence.startswith("ต้องเพิ่มอีก 26.76 คะแนนจึงจะถึง 85 คะแนน (เกณฑ์ผ่าน)")


@postgres
@pytest.mark.parametrize(
    ("points", "wanted"),
    [
        ("84.99", [("A", "0.01")]),
        ("85.00", [("AA", "10.00")]),
        ("94.99", [("AA", "0.01")]),
        ("95.00", []),
        ("75.00", [("A", "10.00")]),
        ("74.99", [("B", "0.01"), ("A", "10.01")]),
        ("0.00", [("E", "50.00"), ("A", "85.00")]),
    ],
)
def test_the_next_level_is_the_one_above_the_printed_total(points, wanted):
    steps = next_steps(by_instrument(OLD, points, points, points))
    assert [(step.level.code, str(step.gaps[0].missing)) for step in steps] == wanted


@postgres
def test_nothing_is_missing_to_a_total_that_only_prints_as_the_mark():
    (step,) = next_steps(by_instrument(OLD, "84.99", "84.99", "85.01"))  # 84.998 prints as 85.00
    assert step.level.code == "AA"


@postgres
def test_instruments_that_keep_a_better_level_away_are_told_apart_from_the_total():
    (step,) = next_steps(by_instrument(NEW, "95", "80", "95"))
    assert step.level.code == "good"
    assert [(gap.code, gap.arithmetic) for gap in step.gaps] == [("EIT", "85.00 − 80.00 = 5.00")]
    assert "คะแนนรวมถึงเกณฑ์ของระดับผ่านดีแล้ว" in step.sentence


@postgres
def test_total_and_instruments_may_both_be_missing():
    (step,) = next_steps(by_instrument(NEW, "90", "94.99", "95"))
    assert step.level.code == "excellent"
    assert [(gap.code, str(gap.missing)) for gap in step.gaps] == [
        ("", "1.50"),
        ("IIT", "5.00"),
        ("EIT", "0.01"),
    ]


@postgres
def test_the_pass_mark_from_2566_asks_only_the_total():
    (step,) = next_steps(by_instrument(NEW, "84.99", "84.99", "84.99"))
    assert (step.level.code, [gap.code for gap in step.gaps]) == ("pass", [""])
    assert step.is_pass_mark


@postgres
def test_a_result_without_a_total_has_no_next_level():
    assert next_steps(score(OLD, numbered(["80"] * 9 + [None]))) == ()


# --- what moves the total -------------------------------------------------------------------------


@sqlite
def test_the_lowest_indicators_of_the_heaviest_instrument_move_the_total_most():
    first, second, *_rest = found = levers(SEED)
    assert (first.number, first.worth, first.room, first.gain) == (10, Fraction(1, 5), 75, 15)
    assert (second.number, round2(second.gain)) == (9, D("14.15"))
    assert [lever.number for lever in strongest(found)] == [10]
    assert lever_sentences(SEED) == [
        "ตัวชี้วัดที่ 10 เพิ่มคะแนนรวมได้มากที่สุด หากได้ 100 คะแนน คะแนนรวมเพิ่มขึ้น 15.00 คะแนน",
        "ตัวชี้วัดที่ 9 และ 10 รวมกันมีน้ำหนัก 40",
    ]


@sqlite
def test_indicators_that_can_add_the_same_are_all_named():
    result = by_instrument(OLD, "40", "100", "82")
    assert [lever.number for lever in strongest(levers(result))] == [1, 2, 3, 4, 5, 9, 10]
    assert lever_sentences(result)[0].startswith("ตัวชี้วัดที่ 1, 2, 3, 4, 5, 9 และ 10 เพิ่มคะแนนรวม")


@sqlite
def test_a_full_score_leaves_nothing_to_move():
    assert lever_sentences(by_instrument(OLD, "100", "100", "100")) == []


@sqlite
def test_an_indicator_without_a_score_is_no_lever():
    result = score(OLD, numbered(["80"] * 9 + [None]))
    assert 10 not in {lever.number for lever in levers(result)}


@sqlite
def test_nothing_moves_an_instrument_that_counts_as_announced():
    result = score(OLD, numbered(["80"] * 9 + [None]), {"OIT": D("27.12")})
    assert result.total is not None
    assert {lever.number for lever in levers(result)} == set(range(1, 9))


two_places = st.integers(0, 10000).map(lambda n: D(n).scaleb(-2))


@sqlite
@steady
@given(st.lists(two_places, min_size=10, max_size=10), st.integers(1, 10), two_places)
def test_a_lever_moves_the_total_by_what_it_says(cells, number, value):
    values = numbered(cells)
    before = score(OLD, values)
    (lever,) = (one for one in levers(before) if one.number == number)
    after = score(OLD, values | {number: value})
    assert after.total - before.total == lever.worth * (Fraction(value) - Fraction(values[number]))
    assert score(OLD, values | {number: D(100)}).total - before.total == lever.gain


# --- worth of the OIT items -----------------------------------------------------------------------

STRUCTURE = [
    (9, [("9.1", "", tuple(range(1, 10))), ("9.2", "", tuple(range(10, 18)))]),
    (10, [("10.1", "", (34,)), ("10.2", "", ()), ("10.3", "", (42, 44))]),
]


@postgres
def test_items_are_worth_what_the_means_of_the_structure_leave_them():
    worths = item_worths(OLD, STRUCTURE)
    assert [(one.code, one.points, one.span) for one in worths] == [
        ("9.1", Fraction(10, 9), "O1–O9"),
        ("9.2", Fraction(10, 8), "O10–O17"),
        ("10.1", 10, "O34"),
        ("10.3", 5, "O42, O44"),
    ]
    assert sum(one.points * len(one.numbers) for one in worths) == 40


# --- page -----------------------------------------------------------------------------------------


@pytest.fixture
def analysis(client, staff, agency):
    """analysis(year, **query) opens the analysis as staff."""
    client.force_login(staff)

    def get(year=2564, **query):
        return client.get(reverse("assessments:analysis", args=[agency.code, year]), query)

    return get


@sqlite
def test_the_page_tells_what_is_missing_and_what_an_item_is_worth(results, analysis):
    words = text(analysis())
    assert "ต้องเพิ่มอีก 26.76 คะแนนจึงจะถึง 85 คะแนน (เกณฑ์ผ่าน)" in words
    assert "85.00 − 58.24 = 26.76" in words
    assert "ตัวชี้วัดที่ 9 และ 10 รวมกันมีน้ำหนัก 40" in words
    for row in (
        "9.1 ข้อมูลพื้นฐาน O1–O9 (9) 0.44",
        "9.2 การบริหารงาน O10–O17 (8) 0.50",
        "9.3 การบริหารเงินงบประมาณ O18–O24 (7) 0.57",
        "9.4 การบริหารและพัฒนาทรัพยากรบุคคล O25–O28 (4) 1.00",
        "9.5 การส่งเสริมความโปร่งใส O29–O33 (5) 0.80",
        "10.1 การดำเนินการเพื่อป้องกันการทุจริต O34–O41 (8) 1.25",
        "O42, O43 (2) O42, O43 คือเอกสารที่จัดทำในระบบนี้ 5.00",
    ):
        assert row in words
    assert f"คะแนนของรายการ OIT แต่ละข้อ {Fact.Status.DERIVED.label}" in words


@postgres
def test_a_worth_that_no_source_supports_says_so(agency, enter_scores, analysis):
    enter_scores(agency, 2567, SCORES[2564])
    assert f"คะแนนของรายการ OIT แต่ละข้อ {Fact.Status.UNVERIFIED.label}" in text(analysis(2567))


@sqlite
def test_a_worth_is_as_sure_as_the_least_sure_fact_that_it_rests_on(results, analysis):
    weights = Fact.objects.filter(framework__year=2564, group=Fact.Group.WEIGHTS)
    weights.update(status=Fact.Status.SECONDARY)
    assert f"คะแนนของรายการ OIT แต่ละข้อ {Fact.Status.SECONDARY.label}" in text(analysis())
    weights.delete()
    assert f"คะแนนของรายการ OIT แต่ละข้อ {Fact.Status.UNVERIFIED.label}" in text(analysis())


@sqlite
def test_a_year_without_items_shows_no_worths(results, analysis):
    for indicator in Framework.objects.get(year=2564).indicators.all():
        indicator.subindicators.all().delete()
    assert "คะแนนของรายการ OIT แต่ละข้อ" not in text(analysis())


@postgres
def test_scores_can_be_tried_without_being_kept(results, analysis):
    words = text(analysis(i9="80", i10="๘๐"))
    assert "หากได้คะแนนตามนี้ คะแนนรวมเป็น 79.39 ระดับผลการประเมิน B (+21.15 คะแนน)" in words
    assert "ลองคำนวณ ไม่ได้บันทึก" in words
    assert results.scores.get(indicator__number=9).value == D("29.24")
    assert "คะแนนรวม 58.24 คะแนน อยู่ในระดับ D" in words


@sqlite
def test_the_form_holds_the_scores_as_they_are_and_then_those_tried(results, analysis):
    sent = {"i9": "80.5"}
    assert "หากได้คะแนนตามนี้" not in text(analysis())
    html = analysis(**sent).content.decode()
    assert 'name="i9" value="80.5"' in html
    assert 'name="i10" value="25.00"' in html


@postgres
def test_scores_that_are_left_alone_or_emptied_stay_as_they_are(results, analysis):
    untouched = {f"i{number}": cell for number, cell in enumerate(SCORES[2564], 1)}
    assert "คะแนนรวมเป็น 58.24 ระดับผลการประเมิน D (0.00 คะแนน)" in text(analysis(**untouched))
    assert "คะแนนรวมเป็น 58.24" in text(analysis(i9=""))


@sqlite
def test_a_score_that_is_none_is_explained_and_kept_in_its_field(results, analysis):
    answer = analysis(i9="875.4", i10="80")
    words = text(answer)
    assert "คะแนนตัวชี้วัดที่ 9 ต้องอยู่ระหว่าง 0 ถึง 100" in words
    assert "หากได้คะแนนตามนี้" not in words
    assert 'value="875.4"' in answer.content.decode()


@postgres
def test_missing_scores_can_be_tried_out(agency, enter_scores, analysis):
    enter_scores(agency, 2564, ["80"] * 8 + [None, None])
    assert "ยังไม่มีคะแนนรวม กรอกคะแนนให้ครบทุกตัวชี้วัด" in text(analysis(i9="90"))
    assert "คะแนนรวมเป็น 84.00 ระดับผลการประเมิน B" in text(analysis(i9="90", i10="90"))


@sqlite
def test_trying_needs_few_queries(results, analysis, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        analysis(i9="80")
