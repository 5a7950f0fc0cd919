"""Writes to a plan: right, state and belonging are checked; one event is written, or nothing."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts.models import Event
from accounts.permissions import LateChange, State
from accounts.versioning import StaleWrite
from assessments.models import Framework
from measures import actions
from measures.models import Issue, Measure, Plan, ProgressEntry

TEXTS = {
    "title": "ศูนย์บริการครบวงจร",
    "steps": "1. จัดตั้งศูนย์\n2. อบรมเจ้าหน้าที่",
    "period": "ตลอดปีงบประมาณ 2565",
    "follow_up": "คำสั่งจัดตั้งศูนย์",
    "responsible": "สำนักปลัด\nกองคลัง",
}


def indicator(plan, number):
    return plan.assessment.framework.indicators.get(number=number)


@pytest.fixture
def issue(plan, staff):
    return actions.create_issue(
        plan=plan, indicators=[indicator(plan, 9)], kind="fix", points="เผยแพร่ข้อมูล", by=staff
    )


@pytest.fixture
def measure(plan, staff):
    return actions.create_measure(plan=plan, indicators=[indicator(plan, 9)], by=staff, **TEXTS)


@pytest.fixture
def foreign_indicator(plan):
    return Framework.objects.get(year=2563).indicators.get(number=9)


def change(measure, by, version=None, indicators=None, **texts):
    return actions.change_measure(
        measure=measure,
        version=version or measure.version,
        indicators=indicators or list(measure.indicators.all()),
        by=by,
        **TEXTS | texts,
    )


def progress(measure, by, version=0, months=6, **texts):
    return actions.save_progress(
        round=measure.plan.rounds.get(months=months),
        measure=measure,
        version=version,
        by=by,
        **{"state": "under_way", "result": "ออกคำสั่งแล้ว", "suggestion": ""} | texts,
    )


def writes(plan, issue, measure, entry, by):
    """Every write of this file, on what is there."""
    nine = indicator(plan, 9)
    two = indicator(plan, 2)
    return {
        "begin": lambda: actions.open_plan(agency=plan.agency, year=plan.year, by=by),
        "add issue": lambda: actions.create_issue(
            plan=plan, indicators=[two], kind="develop", points="ก", by=by
        ),
        "change issue": lambda: actions.change_issue(
            issue=issue, version=issue.version, by=by, indicators=[nine], kind="fix", points="ข"
        ),
        "add measure": lambda: actions.create_measure(plan=plan, indicators=[two], by=by, **TEXTS),
        "change measure": lambda: change(measure, by, steps="ใหม่"),
        "delete": lambda: actions.delete_row(row=measure, version=measure.version, by=by),
        "reorder": lambda: actions.reorder(plan=plan, model=Measure, ids=[], by=by),
        "progress": lambda: progress(measure, by, version=entry.version, result="ใหม่"),
    }


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Plan, Issue, Measure, ProgressEntry, Event)
    ]


@pytest.mark.parametrize("who", ["admin", "executive", "viewer", "outsider"])
def test_who_may_not_write_writes_nothing(who, plan, issue, measure, staff, request):
    entry = progress(measure, staff)
    before = everything()
    for name, write in writes(plan, issue, measure, entry, request.getfixturevalue(who)).items():
        # An admin begins a year, and writes nothing in it.
        if (who, name) != ("admin", "begin"):
            with pytest.raises(PermissionDenied):
                write()
                pytest.fail(name)
            assert everything() == before, name


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED])
def test_a_closed_plan_is_not_written(state, plan, issue, measure, staff):
    entry = progress(measure, staff)
    Plan.objects.filter(pk=plan.pk).update(state=state)
    before = everything()
    tried = writes(plan, issue, measure, entry, staff)
    del tried["begin"]
    report = tried.pop("progress") if state == State.APPROVED else None
    for name, write in tried.items():
        with pytest.raises(LateChange):
            write()
            pytest.fail(name)
        assert everything() == before, name
    if report:
        report()
        assert ProgressEntry.objects.get().result == "ใหม่"


# --- beginning ------------------------------------------------------------------------------------


def test_a_plan_begins_on_last_years_result_with_two_rounds(plan, results):
    assert plan.assessment == results
    assert [round.months for round in plan.rounds.all()] == [6, 12]
    assert Event.objects.filter(verb="plan.opened").count() == 1


def test_beginning_again_gives_the_same_plan_and_no_event(plan, staff, agency):
    before = Event.objects.count()
    assert actions.open_plan(agency=agency, year=2565, by=staff) == plan
    assert Event.objects.count() == before


def test_a_year_whose_result_has_no_rules_cannot_begin(staff, agency, frameworks):
    with pytest.raises(Framework.DoesNotExist):
        actions.open_plan(agency=agency, year=2599, by=staff)
    assert not Plan.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_who_begin_at_once_get_one_plan(agency, staff, frameworks):
    start, found, errors = threading.Barrier(2), [], []

    def begin():
        try:
            start.wait()
            found.append(actions.open_plan(agency=agency, year=2565, by=staff).pk)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(found) == 2
    assert Plan.objects.get().pk in found
    assert Event.objects.filter(verb="plan.opened").count() == 1


# --- issues ---------------------------------------------------------------------------------------


def test_an_issue_is_stored_with_one_event(issue, staff):
    event = Event.objects.get(verb="issue.created")
    assert (issue.points, issue.updated_by, issue.version) == ("เผยแพร่ข้อมูล", staff, 1)
    assert event.after["points"] == "เผยแพร่ข้อมูล"


def test_a_changed_issue_says_what_differs(issue, plan, staff):
    actions.change_issue(
        issue=issue,
        version=1,
        by=staff,
        indicators=list(issue.indicators.all()),
        kind="fix",
        points="ใหม่",
    )
    event = Event.objects.get(verb="issue.changed")
    assert (event.before, event.after) == ({"points": "เผยแพร่ข้อมูล"}, {"points": "ใหม่"})
    assert Issue.objects.get().version == 2


def test_saving_what_is_already_there_writes_nothing(issue, staff):
    before = everything()
    actions.change_issue(
        issue=issue,
        version=1,
        by=staff,
        indicators=list(issue.indicators.all()),
        kind="fix",
        points=" เผยแพร่ข้อมูล\n",
    )
    assert everything() == before


def test_a_stale_issue_is_refused_with_both_texts(issue, admin, staff):
    facts = {"indicators": list(issue.indicators.all()), "kind": "fix", "by": staff}
    actions.change_issue(issue=issue, version=1, points="ของเพื่อน", **facts)
    before = everything()
    with pytest.raises(StaleWrite) as conflict:
        actions.change_issue(issue=issue, version=1, points="ของฉัน", **facts)
    assert conflict.value.current.points == "ของเพื่อน"
    assert conflict.value.typed["points"] == "ของฉัน"
    assert everything() == before


@pytest.mark.parametrize(
    ("first", "second"),
    [("fix", "fix"), ("fix", "left_out"), ("left_out", "develop")],
)
def test_an_indicator_is_not_answered_twice_or_both_ways(first, second, plan, staff):
    nine = indicator(plan, 9)
    actions.create_issue(plan=plan, indicators=[nine], kind=first, points="ก", by=staff)
    with pytest.raises(ValidationError, match="ตัวชี้วัดที่ 9 มีอยู่แล้ว"):
        actions.create_issue(plan=plan, indicators=[nine], kind=second, points="ข", by=staff)
    assert Issue.objects.count() == 1


def test_an_indicator_can_have_points_to_develop_and_points_to_fix(issue, plan, staff):
    actions.create_issue(
        plan=plan, indicators=list(issue.indicators.all()), kind="develop", points="ข", by=staff
    )
    assert Issue.objects.count() == 2


def test_an_issue_takes_no_indicator_of_another_year(plan, staff, foreign_indicator):
    with pytest.raises(ValidationError, match="ตัวชี้วัดของปี"):
        actions.create_issue(
            plan=plan, indicators=[foreign_indicator], kind="fix", points="ก", by=staff
        )
    assert not Issue.objects.exists()


def test_an_unknown_kind_is_refused(plan, staff):
    with pytest.raises(ValidationError):
        actions.create_issue(
            plan=plan, indicators=[indicator(plan, 9)], kind="other", points="ก", by=staff
        )


# --- measures -------------------------------------------------------------------------------------


def test_a_measure_is_stored_clean_with_its_indicators_and_one_event(measure):
    assert measure.steps == "จัดตั้งศูนย์\nอบรมเจ้าหน้าที่"
    assert [i.number for i in measure.indicators.all()] == [9]
    event = Event.objects.get(verb="measure.created")
    assert event.after["indicators"] == [9]
    assert event.after["title"] == "ศูนย์บริการครบวงจร"


def test_a_measure_serves_at_least_one_indicator_of_its_year(plan, staff, foreign_indicator):
    for served in ([], [foreign_indicator], [indicator(plan, 9), foreign_indicator]):
        with pytest.raises(ValidationError):
            actions.create_measure(plan=plan, indicators=served, by=staff, **TEXTS)
    assert not Measure.objects.exists()


def test_a_change_of_the_indicators_alone_is_a_new_version(measure, plan, staff):
    change(measure, staff, indicators=[indicator(plan, 10), indicator(plan, 2)])
    event = Event.objects.get(verb="measure.changed")
    assert (event.before, event.after) == ({"indicators": [9]}, {"indicators": [2, 10]})
    assert Measure.objects.get().version == 2


def test_a_stale_measure_keeps_the_indicators_of_the_other(measure, plan, staff):
    change(measure, staff, version=1, steps="ของเพื่อน", indicators=[indicator(plan, 2)])
    before = everything()
    with pytest.raises(StaleWrite):
        change(measure, staff, version=1, steps="ของฉัน", indicators=[indicator(plan, 10)])
    assert everything() == before
    assert [i.number for i in Measure.objects.get().indicators.all()] == [2]


def test_all_wrong_texts_are_named_with_their_lengths(plan, staff):
    texts = TEXTS | {"title": " \n", "steps": "ก" * 5140, "responsible": "\u200b"}
    with pytest.raises(ValidationError) as refused:
        actions.create_measure(plan=plan, indicators=[indicator(plan, 9)], by=staff, **texts)
    assert refused.value.message_dict == {
        "title": ["กรอกมาตรการ/แนวทาง"],
        "steps": ["วิธีดำเนินการยาว 5,140 ตัวอักษร กำหนดไม่เกิน 5,000 ตัดออกอย่างน้อย 140 ตัวอักษร"],
        "responsible": ["กรอกผู้รับผิดชอบ"],
    }
    assert not Measure.objects.exists()


# --- deleting and ordering ------------------------------------------------------------------------


def test_a_deleted_measure_leaves_all_its_texts_in_the_event(measure, staff):
    progress(measure, staff)
    actions.delete_row(row=measure, version=1, by=staff)
    assert not Measure.objects.exists()
    event = Event.objects.get(verb="measure.deleted")
    assert event.before["steps"] == "จัดตั้งศูนย์\nอบรมเจ้าหน้าที่"
    assert event.before["indicators"] == [9]
    assert event.before["progress"][0]["result"] == "ออกคำสั่งแล้ว"


def test_what_was_changed_meanwhile_is_not_deleted(measure, staff):
    change(measure, staff, version=1, steps="ของเพื่อน")
    with pytest.raises(StaleWrite) as conflict:
        actions.delete_row(row=measure, version=1, by=staff)
    assert conflict.value.current.steps == "ของเพื่อน"
    assert Measure.objects.exists()


def test_deleting_what_is_gone_does_nothing(issue, staff):
    again = Issue.objects.get()
    actions.delete_row(row=issue, version=1, by=staff)
    actions.delete_row(row=again, version=1, by=staff)
    assert Event.objects.filter(verb="issue.deleted").count() == 1


def test_changing_what_is_gone_is_refused_with_the_typed_text(measure, staff):
    again = Measure.objects.get()
    actions.delete_row(row=measure, version=1, by=staff)
    with pytest.raises(StaleWrite) as conflict:
        change(again, staff, indicators=[indicator(again.plan, 9)], steps="ของฉัน")
    assert conflict.value.current is None
    assert conflict.value.typed["steps"] == "ของฉัน"


def test_rows_are_put_in_order_with_one_event(plan, staff):
    nine = [indicator(plan, 9)]
    one, two, three = (
        actions.create_measure(plan=plan, indicators=nine, by=staff, **TEXTS | {"title": title})
        for title in "กขค"
    )
    actions.reorder(plan=plan, model=Measure, ids=[three.pk, one.pk, 999999], by=staff)
    assert [measure.title for measure in plan.measures.all()] == ["ค", "ก", "ข"]
    actions.reorder(plan=plan, model=Measure, ids=[three.pk], by=staff)
    assert Event.objects.filter(verb="measures.reordered").count() == 1
    assert set(Measure.objects.values_list("version", flat=True)) == {1}
    new = actions.create_measure(plan=plan, indicators=nine, by=staff, **TEXTS)
    assert plan.measures.last() == new


# --- progress -------------------------------------------------------------------------------------


def test_the_first_report_is_version_one_with_one_event(measure, staff):
    entry = progress(measure, staff)
    assert (entry.version, entry.result, entry.updated_by) == (1, "ออกคำสั่งแล้ว", staff)
    assert Event.objects.filter(verb="progress.saved").count() == 1


def test_two_first_reports_at_once_do_not_overwrite_each_other(measure, staff):
    progress(measure, staff, result="ของเพื่อน")
    before = everything()
    with pytest.raises(StaleWrite) as conflict:
        progress(measure, staff, result="ของฉัน")
    assert conflict.value.current.result == "ของเพื่อน"
    assert everything() == before


def test_a_report_can_be_emptied_but_needs_a_known_state(measure, staff):
    progress(measure, staff)
    assert progress(measure, staff, version=1, result="").version == 2
    with pytest.raises(ValidationError):
        progress(measure, staff, version=2, state="perhaps")
    with pytest.raises(ValidationError):
        progress(measure, staff, months=12, state="perhaps")
    assert ProgressEntry.objects.count() == 1


def test_a_round_takes_no_measure_of_another_plan(measure, staff, agency):
    other = actions.open_plan(agency=agency, year=2564, by=staff)
    with pytest.raises(ValidationError):
        actions.save_progress(
            round=other.rounds.get(months=6),
            measure=measure,
            version=0,
            state="done",
            result="",
            suggestion="",
            by=staff,
        )
    assert not ProgressEntry.objects.exists()
