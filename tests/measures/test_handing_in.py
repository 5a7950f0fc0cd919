"""Whether the report holds what the items of the year ask for, point by point."""

from datetime import date

import pytest

from assessments.models import Fact, Framework
from measures.actions import add_evidence
from measures.handing_in import Standing, asked_items, entries_of, evidenced, handing_in
from measures.models import Measure, Plan
from measures.situation import situation_of
from tests.measures.files import pdf, upload
from tests.measures.writing import add_issue, add_measure, report, text_of, url

DONE, MISSING, NOT_YET = Standing.DONE, Standing.MISSING, Standing.NOT_YET
PAGE = url("handing-in/")
WAY = ("การลงนามของ", "ที่อยู่เว็บ")


def checked(plan, today=date(2022, 4, 1)):
    """The points of the two documents, by heading and text; `today` is after the first half."""
    plan = Plan.objects.with_basis().get(pk=plan.pk)
    items, entries = asked_items(plan.year), list(entries_of(plan))
    found = handing_in(situation_of(plan), items, entries, evidenced(plan), today)
    return [
        {
            f"{section.heading}: {one.text}": one
            for section in document.sections
            for one in section.points
        }
        for document in found
    ]


def standings(points, *texts):
    """Of the points whose names hold these, in that order."""
    return [next(p.standing for name, p in points.items() if text in name) for text in texts]


def lacking(points, text):
    [found] = [point for name, point in points.items() if text in name]
    return {gap.label: gap.url for gap in found.gaps}


def test_a_plan_just_begun_has_its_scores_and_lacks_all_that_is_written(plan):
    measures, progress = checked(plan)
    asked = ("คะแนนปี 2564", "กับผลการประเมินปี 2563", "ปรับปรุงแก้ไข", "ควรพัฒนา", "จุดอ่อนทุก")
    assert standings(measures, *asked) == [DONE, DONE, MISSING, MISSING, MISSING]
    assert standings(measures, "มีมาตรการ", "วิธีดำเนินการ", *WAY) == [
        MISSING,
        MISSING,
        NOT_YET,
        NOT_YET,
    ]
    assert (
        standings(progress, "สถานะ", "ผลการดำเนินการ", "หลักฐาน", *WAY)
        == [MISSING] * 3 + [NOT_YET] * 2
    )


def test_what_the_analysis_of_a_half_entered_year_lacks_is_said(plan):
    plan.assessment.scores.filter(indicator__number=9).update(value=None)
    measures, _progress = checked(plan)
    [scores] = [point for name, point in measures.items() if "คะแนนปี 2564" in name]
    assert scores.standing == MISSING
    assert "9" in scores.note
    assert scores.url == "/a/nongkong/2564/scores/"


def test_measures_that_lack_a_column_are_named_and_lead_to_their_rows(plan, staff):
    add_measure(plan, staff, title="ครบทุกช่อง")
    bare = add_measure(plan, staff, title="ขาดผู้รับผิดชอบ")
    # The forms refuse it; what came before them may be so.
    Measure.objects.filter(pk=bare.pk).update(responsible="")
    measures, _progress = checked(plan)
    assert lacking(measures, "ผู้รับผิดชอบ") == {
        "ขาดผู้รับผิดชอบ": f"/a/nongkong/2565/measures/#measure-{bare.pk}"
    }
    texts = ("วิธีดำเนินการ", "ผู้รับผิดชอบ", "ระยะเวลา", "การติดตามผล")
    assert standings(measures, *texts) == [DONE, MISSING, DONE, DONE]


def test_each_weak_indicator_is_asked_for_until_it_is_answered(plan, staff):
    add_issue(plan, staff, 9, 10, kind="fix")
    add_issue(plan, staff, 2, 4, 6, 7, 8, kind="develop")
    measures, _progress = checked(plan)
    [weak] = [point for name, point in measures.items() if "จุดอ่อนทุก" in name]
    assert (weak.standing, weak.note) == (MISSING, "ตัวชี้วัดที่ยังไม่มี: 3, 5")
    add_issue(plan, staff, 3, 5, kind="left_out")
    add_measure(plan, staff, (2, 4, 6, 7, 8, 9, 10))
    measures, _progress = checked(plan)
    asked = ("จุดอ่อนทุก", "ปรับปรุงแก้ไข", "ควรพัฒนา", "ทุกประเด็น")
    assert standings(measures, *asked) == [DONE] * 4


def test_one_weak_indicator_need_not_be_both_fixed_and_developed(plan, staff):
    plan.assessment.scores.filter(indicator__number__lt=10).update(value=95)
    add_issue(plan, staff, 10, kind="fix")
    assert standings(checked(plan)[0], "ปรับปรุงแก้ไข", "ควรพัฒนา") == [DONE, DONE]


def test_progress_is_asked_for_once_its_round_is_due(plan, staff):
    done = add_measure(plan, staff, title="ทำแล้ว")
    idle = add_measure(plan, staff, title="ยังไม่รายงาน")
    points = checked(plan, date(2022, 3, 31))[1]
    assert {point.standing for point in points.values()} == {NOT_YET}
    assert "รอบ 6 เดือน (ตั้งแต่ 1 เมษายน 2565)" in next(iter(points))

    report(done, staff, suggestion="ควรอบรมทุกปี")
    add_evidence(plan=plan, measure=done, months=6, uploads=[upload("ผล.pdf", pdf())], by=staff)
    half, whole = (
        {name: one for name, one in checked(plan)[1].items() if name.startswith(months)}
        for months in ("รอบ 6", "รอบ 12")
    )
    row = {"ยังไม่รายงาน": f"/a/nongkong/2565/progress/6/#progress-6-{idle.pk}"}
    for text in ("สถานะของทุก", "ผลการดำเนินการของทุก", "หลักฐานของทุก"):
        assert lacking(half, text) == row
    assert standings(half, "ปัญหาอุปสรรค", "การอนุมัติ") == [DONE, MISSING]
    assert {point.standing for point in whole.values()} == {NOT_YET}


def test_what_is_done_without_a_word_has_a_state_but_no_result(plan, staff):
    measure = add_measure(plan, staff)
    report(measure, staff, state="done", result="")
    points = checked(plan)[1]
    assert standings(points, "สถานะ", "ผลการดำเนินการของทุก") == [DONE, MISSING]


def test_the_signature_counts_for_progress_only_when_the_round_is_in(written_plan, approve):
    plan = approve(written_plan)
    measures, progress = checked(plan)
    assert standings(measures, *WAY) == [MISSING, NOT_YET]
    assert standings(progress, *WAY) == [NOT_YET, NOT_YET]
    Plan.objects.filter(pk=plan.pk).update(state="published")
    measures, progress = checked(plan)
    assert standings(measures, *WAY) == [DONE, DONE]
    assert standings(progress, *WAY) == [NOT_YET, NOT_YET]
    plan.rounds.filter(months=6).update(approved_at="2022-04-01T00:00Z")
    assert standings(checked(plan)[1], "การอนุมัติ", *WAY) == [DONE] * 3


@pytest.mark.parametrize(
    ("year", "codes", "doubted"),
    [(2563, ("O42", "O43"), 3), (2565, ("O42", "O43"), 1), (2567, ("O34", "O35"), 2)],
)
def test_the_items_are_those_of_the_year_and_say_what_is_not_verified(
    frameworks, year, codes, doubted
):
    items = asked_items(year)
    assert tuple(item.code for item in items) == codes
    assert all("ส่งเสริมคุณธรรมและความโปร่งใส" in item.name for item in items)
    facts = Framework.objects.get(year=year).facts
    number = facts.get(group=Fact.Group.DOCUMENT_ITEMS)
    for item in items:
        assert len(item.doubts) == doubted
        assert any("ลำดับข้อ" in doubt for doubt in item.doubts) == (number.status != "verified")


def test_of_a_year_without_known_items_nothing_is_claimed(frameworks):
    assert asked_items(2562) == (None, None)
    assert asked_items(2569) == (None, None)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("who", ["staff", "viewer"])
def test_the_page_shows_both_items_in_few_queries(
    client, request, written_plan, who, django_assert_max_num_queries
):
    for number in range(3):
        add_measure(written_plan, request.getfixturevalue("staff"), title=f"มาตรการ {number}")
    client.force_login(request.getfixturevalue(who))
    with django_assert_max_num_queries(16):
        page = text_of(client.get(PAGE))
    for text in ("ข้อ O42", "ข้อ O43", "ยังไม่ยืนยัน", "ยังขาด", "#progress-6-"):
        assert text in page


@pytest.mark.one_database("postgres")
def test_a_year_without_a_plan_says_where_it_begins(client, staff, results):
    client.force_login(staff)
    assert url("issues/") in text_of(client.get(PAGE))
