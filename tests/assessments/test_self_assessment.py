"""A self-assessment stands beside the official result and never in its place."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Event
from accounts.permissions import State
from assessments.actions import ScoreChange, enter_scores, open_assessment
from assessments.models import Assessment
from assessments.results import official, two_years
from measures.models import Plan
from measures.report.build import build
from tests.assessments.pages import text

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = pytest.mark.one_database("postgres")

SELF = Assessment.Kind.SELF


@pytest.fixture
def as_staff(client, staff):
    client.force_login(staff)
    return client


def assess(agency, by, year=2564, **cells):
    changes = [ScoreChange(key, Decimal(value), 1) for key, value in cells.items()]
    return enter_scores(agency=agency, year=year, kind=SELF, by=by, changes=changes)


@pytest.fixture
def own(results, agency, staff):
    """Self-assessments of both years, far better than the official results."""
    for year in (2563, 2564):
        assess(agency, staff, year, **{f"i{number}": 99 for number in range(1, 11)})
    return two_years(agency, 2564, SELF).current


OFFICIAL_PAGES = {
    "overview": 2565,
    "measures:agencies": None,
    "measures:issues": 2565,
    "measures:measures": 2565,
    "measures:review": 2565,
    "measures:reports": 2565,
    "assessments:scores": 2564,
    "assessments:scores-items": 2564,
    "assessments:scores-questions": 2564,
    "assessments:analysis": 2564,
    "assessments:trend": None,
}


def said(client, name, year):
    args = [] if name == "measures:agencies" else ["nongkong"]
    return text(client.get(reverse(name, args=[*args, *([year] if year else [])])))


def test_it_changes_no_page_of_official_results(as_staff, plan, agency, staff):
    before = {name: said(as_staff, name, year) for name, year in OFFICIAL_PAGES.items()}
    export = reverse("assessments:scores-export", args=["nongkong", 2564, "csv"])
    exported = as_staff.get(export).content
    for year in (2563, 2564, 2565):
        assess(agency, staff, year, **{f"i{number}": 99 for number in range(1, 11)}, o42=100)
    assert {name: said(as_staff, name, year) for name, year in OFFICIAL_PAGES.items()} == before
    assert as_staff.get(export).content == exported


def test_it_is_compared_with_the_official_result_of_last_year(own, agency):
    years = two_years(agency, 2564, SELF)
    assert (years.analysis.total, str(years.analysis.previous_total)) == (99, "63.92")
    assert str(official(agency, 2564).values[9]) == "29.24"


def test_it_changes_no_report(plan, agency, staff):
    def report():
        return build(Plan.objects.get(pk=plan.pk), "full", date(2022, 3, 1))

    before = report()
    for year in (2563, 2564):
        assess(agency, staff, year, **{f"i{number}": 99 for number in range(1, 11)})
    assert report() == before


@pytest.mark.parametrize("name", ["scores", "scores-items", "scores-questions", "analysis"])
def test_every_page_of_it_says_what_it_is_and_leads_to_the_other_kind(as_staff, own, name):
    page = as_staff.get(reverse(f"assessments:{name}-self", args=["nongkong", 2564]))
    assert "ไม่ใช่ผลทางการ" in text(page)
    other = reverse(f"assessments:{name}", args=["nongkong", 2564])
    assert f'href="{other}">ผลทางการ</a>' in page.content.decode()
    assert "ไม่ใช่ผลทางการ" not in text(as_staff.get(other))


def test_its_analysis_stands_beside_the_official_result(as_staff, own):
    page = text(as_staff.get(reverse("assessments:analysis-self", args=["nongkong", 2564])))
    assert "9. การเปิดเผยข้อมูล 99.00 29.24 +69.76" in page
    assert "คะแนนรวม (ถ่วงน้ำหนัก) 99.00 58.24 +40.76" in page
    alone = text(as_staff.get(reverse("assessments:analysis", args=["nongkong", 2564])))
    assert "ผลประเมินตนเองเทียบกับผลทางการ" not in alone


def test_items_all_marked_decide_its_total(as_staff, agency, staff, results):
    scores = {f"i{number}": 80 for number in range(1, 11)}
    assess(agency, staff, **scores, **{f"o{number}": 100 for number in range(1, 44)})
    page = text(as_staff.get(reverse("assessments:analysis-self", args=["nongkong", 2564])))
    # 0.30 × 80 + 0.30 × 80 + 0.40 × 100
    assert "88.00" in page


def test_it_stays_open_while_the_plan_of_the_official_result_is_locked(
    as_staff, own, results, agency
):
    Assessment.objects.filter(pk=results.pk).update(state=State.APPROVED)
    cells = [{"key": "o42", "value": "100", "version": 1}]
    for suffix, status in (("", 409), ("-self", 200)):
        url = reverse(f"assessments:scores-cells{suffix}", args=["nongkong", 2564])
        answer = as_staff.post(
            url, {"cells": json.dumps(cells)}, headers={"accept": "application/json"}
        )
        assert answer.status_code == status
    assert own.subscores.get().value == 100


@pytest.mark.parametrize("count", [1, 43])
def test_marks_are_saved_as_they_are_made_in_few_queries(
    as_staff, agency, staff, results, django_assert_max_num_queries, count
):
    open_assessment(agency=agency, year=2564, by=staff, kind=SELF)
    url = reverse("assessments:scores-cells-self", args=["nongkong", 2564])
    for value, version in (("100", 1), ("0", 2)):
        cells = [
            {"key": f"o{number}", "value": value, "version": version}
            for number in range(1, count + 1)
        ]
        # Among them the two of a savepoint, which only a test needs.
        with django_assert_max_num_queries(13):
            answer = as_staff.post(
                url, {"cells": json.dumps(cells)}, headers={"accept": "application/json"}
            ).json()
        answers = {(cell["state"], cell["value"]) for cell in answer["cells"]}
        assert answers == {("saved", value)}
    assert two_years(agency, 2564, SELF).current.subscores.count() == count


def test_the_history_tells_the_two_kinds_apart(own, agency):
    labels = set(Event.objects.filter(verb="scores.saved").values_list("object_label", flat=True))
    assert labels == {f"{agency} · ITA {year} · ประเมินตนเอง" for year in (2563, 2564)}
