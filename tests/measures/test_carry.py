from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Event
from measures import actions
from measures.carrying import offered
from measures.models import Measure, Plan
from tests.measures.writing import TEXTS, add_measure, indicator, report, text_of, url

#: Every field of a measure, and what becomes of it when it is carried over; a new one has to be
#: added, after thinking about it.
COPIED = {"title", "steps", "follow_up", "responsible"}
NEW = {
    "plan",
    "period",  # the whole of the new year
    "indicators",  # those of the new framework that come from its own
    "carried_from",
    "carried_year",
    "order",
    "updated_by",
}
RESET = {"id", "starts_on", "ends_on", "budget", "version", "updated_at"}
#: What belongs to a measure and stays with it.
LEFT = {"progress", "evidence", "carried_to"}


@pytest.fixture
def next_plan(plan, staff, agency):
    return actions.open_plan(agency=agency, year=2566, by=staff)


@pytest.fixture
def old(plan, staff):
    measure = add_measure(plan, staff, numbers=(4, 9))
    Measure.objects.filter(pk=measure.pk).update(
        starts_on=date(2021, 10, 1), ends_on=date(2022, 3, 31), budget=Decimal("5000"), version=7
    )
    report(measure, staff, state="done")
    return Measure.objects.get(pk=measure.pk)


def test_every_field_of_a_measure_is_copied_made_new_or_reset(next_plan, old, staff):
    fields = {field.name for field in (*Measure._meta.concrete_fields, *Measure._meta.many_to_many)}
    assert fields == COPIED | NEW | RESET
    assert {relation.name for relation in Measure._meta.related_objects} == LEFT

    [new] = actions.carry_measures(plan=next_plan, measures=[old], by=staff)
    new = Measure.objects.get(pk=new.pk)
    for name in COPIED:
        assert getattr(new, name) == getattr(old, name) != "", name
    blank = Measure()
    for name in RESET - {"id", "updated_at"}:
        assert getattr(new, name) == getattr(blank, name) != getattr(old, name), name
    for name in LEFT:
        assert not getattr(new, name).exists(), name
    assert new.period == "ตลอดปีงบประมาณ พ.ศ. 2566"
    assert (new.plan, new.carried_from, new.carried_year) == (next_plan, old, 2565)
    assert {one.framework.year for one in new.indicators.all()} == {2565}
    assert [one.number for one in new.indicators.all()] == [4, 9]


def test_a_measure_whose_indicators_are_no_more_is_to_get_others(writer, next_plan, old, staff):
    next_plan.assessment.framework.indicators.update(predecessor=None)
    assert "ไม่มีตัวชี้วัดเดิมในเกณฑ์ปีนี้" in text_of(writer.get(url("measures/carry/", 2566)))
    [new] = actions.carry_measures(plan=next_plan, measures=[old], by=staff)
    assert not new.indicators.exists()
    page = text_of(writer.get(url("review/", 2566)))
    assert "มาตรการที่ยังไม่ได้เลือกตัวชี้วัด 1 รายการ" in page


def test_the_unfinished_come_first_and_those_carried_over_are_marked(
    writer, plan, next_plan, staff
):
    done = add_measure(plan, staff, title="เสร็จในรอบ 12 เดือน")
    late = add_measure(plan, staff, title="ทำได้ครึ่งเดียว")
    report(done, staff, months=12, state="done")
    report(late, staff, months=12)
    report(late, staff, months=6, state="done")
    early = add_measure(plan, staff, title="เสร็จตั้งแต่รอบ 6 เดือน")
    report(early, staff, months=6, state="done")
    page = text_of(writer.get(url("measures/carry/", 2566)))
    assert page.index(late.title) < page.index(done.title) < page.index(early.title)
    assert page.count("ยังไม่เสร็จ") == 1
    assert page.count(" checked") == 3
    actions.carry_measures(plan=next_plan, measures=[late], by=staff)
    page = text_of(writer.get(url("measures/carry/", 2566)))
    assert "ยกมาแล้ว" in page
    assert (page.count(" checked"), page.count(" disabled")) == (2, 1)


def test_all_are_carried_over_with_two_presses_and_only_once(writer, plan, next_plan, staff):
    """One leads to the list, in which all are ticked; the other carries them over."""
    rows = [add_measure(plan, staff, title=f"มาตรการที่ {n}") for n in (1, 2)]
    page = text_of(writer.get(url("measures/", 2566)))
    assert "มีมาตรการปี 2565 ที่ยังไม่เสร็จ 2 รายการ" in page
    assert url("measures/carry/", 2566) in page
    for _press in range(2):
        page = text_of(
            writer.post(
                url("measures/carry/", 2566), {"measure": [row.pk for row in rows]}, follow=True
            )
        )
    assert [one.title for one in next_plan.measures.all()] == [row.title for row in rows]
    assert page.count("ยกมาจากปี 2565") == 2
    assert "ที่ยังไม่เสร็จ" not in page
    form = text_of(writer.get(next_plan.measures.first().get_absolute_url()))
    assert "ยกมาจากปี 2565" in form
    event = Event.objects.get(verb="measures.carried")
    assert [row["title"] for row in event.after["measures"]] == [row.title for row in rows]


def test_measures_of_another_agency_are_not_taken(writer, staff, plan, next_plan, other_agency):
    theirs = Plan.objects.create(agency=other_agency, year=2565, assessment=plan.assessment)
    foreign = Measure.objects.create(plan=theirs, title="ของหน่วยงานอื่น")
    answer = writer.post(url("measures/carry/", 2566), {"measure": [foreign.pk, "x"]})
    assert answer.status_code == 302
    with pytest.raises(actions.rows.ValidationError):
        actions.carry_measures(
            plan=next_plan, measures=[foreign], by=plan.agency.memberships.first().user
        )
    assert not next_plan.measures.exists()


def test_a_plan_under_review_takes_none(writer, next_plan, old):
    Plan.objects.filter(pk=next_plan.pk).update(state="submitted")
    writer.post(url("measures/carry/", 2566), {"measure": [old.pk]})
    assert not next_plan.measures.exists()


def test_the_page_needs_as_many_queries_for_many_measures(
    writer, plan, next_plan, staff, django_assert_max_num_queries
):
    for number in range(12):
        add_measure(plan, staff, title=f"มาตรการที่ {number}")
    writer.get(url("measures/carry/", 2566))
    with django_assert_max_num_queries(15):
        writer.get(url("measures/carry/", 2566))
    rows = list(plan.measures.all())
    with django_assert_max_num_queries(12):
        actions.carry_measures(plan=next_plan, measures=rows, by=staff)


def test_what_a_later_year_began_with_is_still_to_be_carried_over(next_plan, old, staff, agency):
    later = actions.open_plan(agency=agency, year=2567, by=staff)
    Measure.objects.create(plan=later, title="ก", carried_from=old, carried_year=2565)
    assert [measure.is_carried for measure in offered(agency, 2566)] == [False]
    actions.carry_measures(plan=next_plan, measures=[old], by=staff)
    assert [measure.is_carried for measure in offered(agency, 2566)] == [True]


def test_a_plan_takes_no_more_measures_than_its_report_can_show(
    writer, plan, next_plan, staff, monkeypatch
):
    monkeypatch.setattr("measures.actions.measures.MOST_MEASURES", 2)
    rows = [add_measure(plan, staff, title=f"มาตรการที่ {n}") for n in (1, 2)]
    values = TEXTS | {"indicators": [indicator(plan, 9)]}
    with pytest.raises(ValidationError, match="ไม่เกิน 2 มาตรการ"):
        add_measure(plan, staff)
    with pytest.raises(ValidationError, match="มีแล้ว 2 มาตรการ"):
        actions.create_measures(plan=plan, rows=[values], by=staff)
    add_measure(next_plan, staff)
    ticked = {"measure": [row.pk for row in rows]}
    page = text_of(writer.post(url("measures/carry/", 2566), ticked, follow=True))
    assert "จึงเพิ่มอีก 2 มาตรการไม่ได้" in page
    assert (plan.measures.count(), next_plan.measures.count()) == (2, 1)
