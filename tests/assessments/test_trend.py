from dataclasses import replace
from decimal import Decimal as D
from itertools import product

import pytest
from django.urls import reverse

from assessments.actions import ScoreChange, enter_published
from assessments.actions import enter_scores as save_cells
from assessments.charts import line_chart
from assessments.models import Framework, Indicator
from assessments.results import all_years, two_years
from assessments.scoring import Rules, possible_levels, score
from assessments.trend import Year, runs, trend
from tests.assessments.rules import INSTRUMENTS, LETTERS, WORDS
from tests.cast import SCORES

NEW_RULES = Rules(2566, INSTRUMENTS, WORDS, D(85))
OLD_RULES = Rules(2564, INSTRUMENTS, LETTERS, D(85))


@pytest.mark.parametrize(
    ("total", "known", "codes"),
    [
        ("86.50", {}, "good pass"),
        ("95.81", {}, "excellent good"),
        ("97.00", {}, "excellent good"),
        ("95.00", {}, "excellent good pass"),
        ("100.00", {}, "excellent"),
        ("84.99", {}, "improve"),
        ("69.99", {}, "urgent"),
        ("94.64", {"EIT": "84.99"}, "pass"),
        ("94.25", {"IIT": "92.24", "EIT": "94.15", "OIT": "95.84"}, "good"),
        ("90.00", {"IIT": "100", "EIT": "100"}, "pass"),
        ("90.00", {"IIT": "0"}, ""),
    ],
)
def test_a_total_alone_leaves_open_the_levels_that_some_scores_would_give(total, known, codes):
    known = {code: D(value) for code, value in known.items()}
    found = possible_levels(NEW_RULES, D(total), known)
    assert " ".join(level.code for level in found) == codes


def test_a_scale_of_totals_leaves_one_level():
    assert [level.code for level in possible_levels(OLD_RULES, D("58.24"))] == ["D"]


def test_the_level_of_any_scores_is_among_those_that_their_total_leaves_open():
    for points in product((0, 40, 70, 84, 85, 94, 95, 96, 100), repeat=3):
        result = score(NEW_RULES, {}, dict(zip(("IIT", "EIT", "OIT"), map(D, points), strict=True)))
        assert result.level in possible_levels(NEW_RULES, result.total_printed), points


def year(number, values, *, rules=OLD_RULES, links=None, **more):
    numbers = rules.numbers
    values = dict(zip(numbers, map(D, values), strict=True)) if values else {}
    return Year(
        year=number,
        names={n: f"ตัวชี้วัด {n}" for n in numbers},
        links={n: n for n in numbers} if links is None else links,
        scale=frozenset(level.code for level in rules.levels),
        result=score(replace(rules, year=number), values) if values else None,
        **more,
    )


def test_changes_are_between_neighbouring_years_only():
    found = trend([year(2563, SCORES[2563]), year(2564, SCORES[2564]), year(2565, None)])
    assert [point.total for point in found.totals] == [D("63.92"), D("58.24"), None]
    assert [point.change and point.change.points for point in found.totals] == [
        None,
        D("-5.68"),
        None,
    ]
    nine = found.series[8]
    assert [cell.value for cell in nine.cells] == [D("60.82"), D("29.24"), None]
    assert nine.cells[1].change.points == D("-31.58")


def test_an_indicator_is_followed_by_its_links_and_not_by_its_number():
    links = {n: n for n in range(1, 9)} | {9: 10}
    found = trend([year(2563, SCORES[2563]), year(2564, SCORES[2564], links=links)])
    rows = {(s.number, s.cells[0].number): [c.value for c in s.cells] for s in found.series}
    assert rows[9, 10] == [D("31.25"), D("29.24")]
    assert rows[10, None] == [None, D("25.00")]
    # The old indicator 9 has ended: a row of its own, compared with nothing.
    assert rows[9, 9] == [D("60.82"), None]


def test_a_line_runs_neither_over_a_gap_nor_into_another_scale():
    assert runs([(D(1), False), (None, False), (D(2), False), (D(3), False), (D(4), True)]) == [
        [(0, 1)],
        [(2, 2), (3, 3)],
        [(4, 4)],
    ]
    found = trend(
        [
            year(2564, SCORES[2563]),
            year(2565, SCORES[2564]),
            year(2566, SCORES[2564], rules=NEW_RULES),
        ]
    )
    assert [point.new_scale for point in found.totals] == [False, False, True]
    chart = line_chart(found.totals)
    assert len(chart.dots) == 3
    assert chart.segments == (("16.67%", "36.08%", "50.00%", "41.76%"),)
    assert chart.breaks == ("66.67%",)


def test_an_announced_total_stands_where_scores_are_missing():
    found = trend([year(2566, None, rules=NEW_RULES, announced=D("86.50"), announced_level="ผ่าน")])
    assert (found.totals[0].total, found.totals[0].is_announced) == (D("86.50"), True)
    assert found.totals[0].levels == ("ผ่าน",)


# --- with records ---------------------------------------------------------------------------------


def announce(agency, staff, year, total):
    enter_published(agency=agency, year=year, total=D(total), level=None, version=1, by=staff)


def page(client, user, agency):
    client.force_login(user)
    return client.get(reverse("assessments:trend", args=[agency.code]))


def test_all_years_from_the_first_to_the_last_in_few_queries(
    results, agency, staff, enter_scores, django_assert_max_num_queries
):
    announce(agency, staff, 2566, "86.50")
    enter_scores(agency, 2567, SCORES[2564])
    with django_assert_max_num_queries(8):
        found = all_years(agency)
    assert found.years == (2563, 2564, 2565, 2566, 2567)
    assert [len(point.levels) for point in found.totals] == [1, 1, 0, 2, 1]
    assert len(found.series) == 10


def test_an_indicator_without_a_link_is_not_compared(results, agency):
    Indicator.objects.filter(framework__year=2564, number=9).update(predecessor=None)
    found = all_years(agency)
    assert len(found.series) == 11
    assert two_years(agency, 2564).analysis.rows[8].previous is None


def test_a_self_assessment_is_no_year_of_the_trend(results, agency, staff):
    change = ScoreChange("i9", D(99), 1)
    save_cells(agency=agency, year=2565, changes=[change], by=staff, kind="self")
    assert all_years(agency).years == (2563, 2564)


def test_the_page_shows_years_levels_and_where_the_scale_changes(
    client, results, agency, staff, viewer
):
    announce(agency, staff, 2566, "86.50")
    text = page(client, viewer, agency).text
    for shown in ("63.92", "58.24", "−5.68", "−31.58", "ผ่านดี / ผ่าน", "ตามประกาศ"):
        assert shown in text
    assert "ใช้เกณฑ์ระดับใหม่ตั้งแต่ปีนี้" in text


def test_without_scores_the_page_says_so(client, frameworks, agency, viewer):
    assert "ยังไม่มีคะแนนของปีใด" in page(client, viewer, agency).text


def test_a_year_known_by_its_announced_total_gives_a_range_of_levels(frameworks, agency, staff):
    announce(agency, staff, 2566, "95.81")
    names = [level.name for level in two_years(agency, 2566).possible_levels]
    assert names == ["ผ่านดีเยี่ยม", "ผ่านดี"]
    assert Framework.objects.get(year=2566).levels.first().name_th == names[0]


def test_the_analysis_shows_the_levels_that_an_announced_total_leaves_open(
    client, frameworks, agency, staff, viewer
):
    announce(agency, staff, 2566, "86.50")
    client.force_login(viewer)
    text = client.get(reverse("assessments:analysis", args=[agency.code, 2566])).text
    assert "ผ่านดี หรือ ผ่าน" in text
    assert "จากคะแนนรวมที่ประกาศเพียงอย่างเดียว" in text
