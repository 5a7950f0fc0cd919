"""All weak indicators answered at once, and what an office then makes of the rows."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Event
from accounts.permissions import State
from accounts.versioning import StaleWrite
from measures import actions
from measures.authors import is_author
from measures.models import Issue, Plan
from tests.measures.writing import add_issue, text_of, url

pytestmark = pytest.mark.one_database("sqlite")

ALL = url("issues/weak/")
LIST = url("issues/")


@pytest.fixture
def nine(plan, staff, agency):
    """The issues of the nine weak indicators, by number."""
    made = actions.create_issues_from_weaknesses(agency=agency, year=2565, by=staff)
    return {issue.indicators.get().number: issue for issue in made}


def shown():
    """[(numbers of indicators, kind)] in the order of the plan."""
    return [
        ([i.number for i in issue.indicators.all()], issue.kind) for issue in Issue.objects.all()
    ]


def merge(writer, *issues):
    chosen = [f"{issue.pk}-{issue.version}" for issue in issues]
    return writer.post(url("issues/merge/"), {"issue": chosen}, follow=True)


def leave_out(writer, reasons, **options):
    data = {}
    for issue, reason in reasons.items():
        data |= {f"issue-{issue.pk}-version": issue.version, f"issue-{issue.pk}-reason": reason}
    return writer.post(url("issues/leave-out/"), data, **options)


# --- made at once ---------------------------------------------------------------------------------


def test_one_press_begins_the_plan_and_answers_every_weak_indicator(writer, results):
    assert "สร้างประเด็นจากตัวชี้วัดที่อ่อนทั้งหมด" in text_of(writer.get(LIST))
    page = text_of(writer.post(ALL, follow=True))
    assert "สร้างประเด็นแล้ว 9 ประเด็น" in page
    assert Plan.objects.get().year == 2565
    assert [numbers for numbers, _kind in shown()] == [[n] for n in range(2, 11)]


def test_each_page_on_the_way_has_one_primary_button(writer, viewer, plan):
    def primary(path, year=2565):
        page = re.sub("(?s)<dialog.*?</dialog>", "", text_of(writer.get(url(path, year))))
        return re.findall(r'<(?:a|button) class="btn btn-primary[^>]*>([^<]*)', page)

    make = ["สร้างประเด็นจากตัวชี้วัดที่อ่อนทั้งหมด"]
    assert primary("analysis/", 2564) == primary("issues/") == make
    writer.post(ALL)
    assert primary("issues/") == ["เสร็จส่วนนี้แล้ว"]
    writer.force_login(viewer)
    assert primary("issues/") == []


def test_a_score_far_under_the_threshold_is_to_be_fixed_and_the_others_developed(nine):
    kinds = {number: issue.kind for number, issue in nine.items()}
    assert [number for number, kind in kinds.items() if kind == "fix"] == [9, 10]
    assert {kind for number, kind in kinds.items() if number < 9} == {"develop"}


@pytest.mark.parametrize(
    ("threshold", "kind"), [("98.17", "fix"), ("98.16", "develop"), ("80", "develop")]
)
def test_far_begins_at_twenty_points(plan, staff, agency, threshold, kind):
    agency.threshold = Decimal(threshold)
    agency.save()
    actions.create_issues_from_weaknesses(agency=agency, year=2565, by=staff)
    assert plan.issues.get(indicators__number=6).kind == kind


def test_the_text_says_what_is_weak_not_what_is_assessed_again(plan, nine):
    """The description stands beside it, in a column of its own."""
    begun = {number: issue.points.split("\n")[0] for number, issue in nine.items()}
    assert begun[2] == (
        "ควรพัฒนาเรื่องการใช้งบประมาณ ซึ่งได้ 79.61 คะแนน "
        "แม้เพิ่มขึ้น 1.50 คะแนนจากปีก่อน แต่ยังต่ำกว่าเกณฑ์จุดแข็ง (80 คะแนน)"
    )
    assert begun[3].endswith("81.97 คะแนน ยังถึงเกณฑ์จุดแข็ง (80 คะแนน) แต่ลดลง 1.10 คะแนนจากปีก่อน")
    assert begun[9] == (
        "ควรปรับปรุงแก้ไขเรื่องการเปิดเผยข้อมูล ซึ่งได้ 29.24 คะแนน "
        "ต่ำกว่าเกณฑ์จุดแข็ง (80 คะแนน) และลดลง 31.58 คะแนนจากปีก่อน"
    )
    assert nine[10].points.split("\n")[1:] == [
        "- การดำเนินการเพื่อป้องกันการทุจริต",
        "- มาตรการภายในเพื่อป้องกันการทุจริต",
    ]


def test_the_page_marks_a_text_that_nobody_has_adapted_yet(writer, nine, staff):
    mark = "ข้อความตั้งต้น ปรับให้ตรงกับหน่วยงาน"
    page = text_of(writer.get(LIST))
    assert page.count(mark) == 9
    assert page.count(nine[6].indicators.get().description_th) == 1
    assert "9 ประเด็นยังเป็นข้อความตั้งต้น" in text_of(writer.get(url()))
    data = {"indicators": "6", "kind": "develop", "points": nine[6].points, "version": 1}
    writer.post(url(f"issues/{nine[6].pk}/"), data | {"kind": "fix"})
    assert text_of(writer.get(LIST)).count(mark) == 9
    adapted = {"points": "ให้บริการตามกำหนดเวลา", "version": 2}
    writer.post(url(f"issues/{nine[6].pk}/"), data | adapted)
    assert text_of(writer.get(LIST)).count(mark) == 8
    leave_out(writer, {nine[7]: "ใกล้เกณฑ์"})
    assert text_of(writer.get(LIST)).count(mark) == 7


def test_another_score_afterwards_does_not_make_a_text_an_adapted_one(writer, nine, results):
    results.scores.filter(indicator__number=6).update(value=Decimal("70"))
    assert "9 ประเด็นยังเป็นข้อความตั้งต้น" in text_of(writer.get(url()))


def test_pressing_again_adds_nothing(writer, nine):
    before = Event.objects.count()
    assert "จุดอ่อนทุกตัวมีประเด็นหรือเหตุผลแล้ว" in text_of(writer.post(ALL, follow=True))
    assert len(shown()) == 9
    assert Event.objects.count() == before


def test_only_what_has_neither_issue_nor_reason_is_added(writer, plan, staff):
    add_issue(plan, staff, 6, 7, kind="fix", points="ของเรา")
    add_issue(plan, staff, 2, kind="left_out")
    assert "สร้างประเด็นแล้ว 6 ประเด็น" in text_of(writer.post(ALL, follow=True))
    assert [numbers for numbers, _kind in shown()] == [[6, 7], [2], [3], [4], [5], [8], [9], [10]]
    assert Issue.objects.first().points == "ของเรา"


def test_one_event_tells_what_was_made(nine, staff):
    event = Event.objects.get(verb="issues.created")
    assert event.actor_id == staff.pk
    assert [row["indicators"] for row in event.after["issues"]] == [[n] for n in range(2, 11)]


def test_an_indicator_without_a_score_is_not_called_weak(writer, agency, enter_scores):
    enter_scores(agency, 2564, ["70", None, *["90"] * 8])
    writer.post(ALL)
    assert shown() == [([1], "develop")]


def test_a_plan_under_review_gets_no_issues(writer, plan):
    Plan.objects.update(state=State.APPROVED)
    assert "แก้ไขไม่ได้" in text_of(writer.post(ALL, follow=True))
    assert not Issue.objects.exists()


def test_a_year_whose_result_has_no_rules_is_not_found(writer, frameworks):
    assert writer.post(url("issues/weak/", year=2580)).status_code == 404


def test_the_analysis_offers_it_to_those_who_write(client, staff, viewer, results):
    for person, offered in ((staff, True), (viewer, False)):
        client.force_login(person)
        page = text_of(client.get(url("analysis/", year=2564)))
        assert (f'action="{ALL}"' in page) is offered


def test_nine_rows_cost_as_many_queries_as_one(
    writer, plan, staff, django_assert_max_num_queries, django_assert_num_queries
):
    for number in range(3, 11):
        add_issue(plan, staff, number)
    with django_assert_max_num_queries(23) as one:
        writer.post(ALL)
    Issue.objects.all().delete()
    with django_assert_num_queries(len(one)):
        writer.post(ALL)


# --- merged ---------------------------------------------------------------------------------------


def test_merging_unites_indicators_and_joins_texts_in_the_place_of_the_first(writer, nine):
    for number in (6, 8):
        Issue.objects.filter(pk=nine[number].pk).update(points=f"ข้อ {number} ก\nข้อ {number} ข")
    page = text_of(merge(writer, nine[8], nine[6]))
    assert "รวม 2 ประเด็นเป็นประเด็นเดียวแล้ว" in page
    kept = Issue.objects.get(pk=nine[6].pk)
    assert [i.number for i in kept.indicators.all()] == [6, 8]
    assert kept.points == "ข้อ 6 ก\nข้อ 6 ข\nข้อ 8 ก\nข้อ 8 ข"
    assert kept.version == 2
    assert [n for n, _kind in shown()] == [[2], [3], [4], [5], [6, 8], [7], [9], [10]]


def test_points_to_develop_come_before_points_to_fix_as_on_the_page(writer, nine):
    merge(writer, nine[10], nine[3])
    assert ([3, 10], "develop") in shown()


def test_the_history_keeps_the_texts_that_were_merged(writer, nine, staff):
    merge(writer, nine[6], nine[8])
    event = Event.objects.get(verb="issues.merged")
    assert [row["points"] for row in event.before["issues"]] == [nine[6].points, nine[8].points]
    assert event.after["issue"]["indicators"] == [6, 8]


def test_a_row_that_somebody_changed_meanwhile_is_not_merged(writer, nine, admin):
    Issue.objects.filter(pk=nine[8].pk).update(version=2, points="ของเพื่อน", updated_by=admin)
    page = text_of(merge(writer, nine[6], nine[8]))
    assert "สมหญิง ใจดี แก้ไข" in page
    assert len(shown()) == 9
    assert Issue.objects.get(pk=nine[6].pk).points == nine[6].points


def test_a_row_that_is_gone_is_not_merged(writer, nine, staff):
    actions.delete_row(row=nine[8], version=1, by=staff)
    assert "มีผู้ลบหรือรวมประเด็น" in text_of(merge(writer, nine[6], nine[8]))
    assert len(shown()) == 8


def test_merging_needs_two_and_no_mixture_with_what_is_left_out(writer, nine, plan, staff):
    assert "เลือกประเด็นที่จะรวมอย่างน้อย 2 ประเด็น" in text_of(merge(writer, nine[6]))
    actions.leave_issues_out(plan=plan, reasons={nine[2].pk: (1, "ใกล้เกณฑ์")}, by=staff)
    nine[2].refresh_from_db()
    assert "รวมประเด็นกับรายการที่ไม่ดำเนินการในปีนี้ไม่ได้" in text_of(merge(writer, nine[2], nine[6]))
    assert len(shown()) == 9


def test_texts_too_long_for_one_issue_stay_two(writer, nine):
    Issue.objects.filter(pk__in=[nine[6].pk, nine[8].pk]).update(points="ก" * 3000)
    assert "ตัดออกอย่างน้อย 1,001" in text_of(merge(writer, nine[6], nine[8]))
    assert len(shown()) == 9


def test_a_text_typed_into_an_issue_that_was_merged_stays_on_a_page(writer, nine, plan, staff):
    actions.merge_issues(plan=plan, versions={nine[6].pk: 1, nine[8].pk: 1}, by=staff)
    typed = {"indicators": ["8"], "kind": "fix", "points": "พิมพ์ไว้แล้ว", "version": "1"}
    response = writer.post(url(f"issues/{nine[8].pk}/"), typed)
    assert response.status_code == 409
    assert "พิมพ์ไว้แล้ว" in text_of(response)
    assert "สมชาย ตั้งใจ รวมรายการนี้เข้ากับประเด็นอื่น" in text_of(response)


def test_who_wrote_what_was_merged_is_still_an_author(nine, plan, staff, admin):
    """Else she could approve her own words."""
    data = {"verb": "issue.changed", "actor_id": admin.pk, "object_type": "measures.issue"}
    Event.objects.create(**data, agency_id=plan.agency_id, object_id=nine[8].pk)
    assert is_author(admin, plan)
    merged = {nine[6].pk: 1, nine[8].pk: 1}
    actions.merge_issues(plan=plan, versions=merged, by=staff)
    assert is_author(admin, plan)


def test_an_indicator_of_a_merged_issue_is_answered_once(nine, plan, staff):
    merged = {nine[6].pk: 1, nine[8].pk: 1}
    actions.merge_issues(plan=plan, versions=merged, by=staff)
    with pytest.raises(ValidationError, match="ตัวชี้วัดที่ 8 มีอยู่แล้ว"):
        add_issue(plan, staff, 1, 8, kind="develop")


# --- left out with a reason -----------------------------------------------------------------------


def test_several_rows_are_left_out_by_one_press_each_with_its_reason(writer, nine):
    reasons = {nine[2]: "ต่ำกว่าเกณฑ์เพียง 0.39 คะแนน", nine[3]: "ยังสูงกว่าเกณฑ์จุดแข็ง", nine[4]: " "}
    page = text_of(leave_out(writer, reasons, follow=True))
    assert "ไม่ดำเนินการในปีนี้ 2 ประเด็น" in page
    assert shown()[:3] == [([2], "left_out"), ([3], "left_out"), ([4], "develop")]
    assert Issue.objects.get(pk=nine[2].pk).points == "ต่ำกว่าเกณฑ์เพียง 0.39 คะแนน"
    assert "ครอบคลุม 2 จาก 9" in page


def test_a_reason_is_asked_for(writer, nine):
    assert "เขียนเหตุผล" in text_of(leave_out(writer, {nine[2]: " "}, follow=True))
    assert shown()[0] == ([2], "develop")


def test_where_the_reason_is_asked_for_its_box_is_open_and_led_to(writer, nine):
    names = [f"issue-{nine[n].pk}" for n in (2, 3)]
    data = {f"{name}-version": 1 for name in names} | {f"{name}-reason": "" for name in names}
    response = writer.post(url("issues/leave-out/"), data | {"row": nine[3].pk})
    page = text_of(response)
    assert response.status_code == 422
    assert page.count('<details class="leave-out" open>') == 1
    assert f'id="id_{names[1]}-reason_error"' in page
    assert f'<a href="#id_{names[1]}-reason">เขียนเหตุผลที่ไม่ดำเนินการก่อนกดบันทึก' in page
    assert {kind for _n, kind in shown()} == {"develop", "fix"}


def test_the_history_keeps_what_the_issue_said(writer, nine):
    leave_out(writer, {nine[2]: "ใกล้เกณฑ์"})
    event = Event.objects.get(verb="issues.left_out")
    assert event.before["issues"][0]["points"] == nine[2].points
    assert event.after["issues"][0]["points"] == "ใกล้เกณฑ์"


def test_a_reason_for_what_was_changed_meanwhile_is_kept_and_nothing_saved(writer, nine, admin):
    Issue.objects.filter(pk=nine[3].pk).update(version=2, points="ของเพื่อน", updated_by=admin)
    response = leave_out(writer, {nine[2]: "เหตุผลแรก", nine[3]: "เหตุผลที่สอง"})
    page = text_of(response)
    assert response.status_code == 409
    assert "สมหญิง ใจดี แก้ไข" in page
    assert "เหตุผลแรก</textarea>" in page
    assert "เหตุผลที่สอง</textarea>" in page
    assert f'name="issue-{nine[3].pk}-version" value="2"' in page
    assert {kind for _n, kind in shown()} == {"develop", "fix"}


def test_a_reason_for_what_was_deleted_meanwhile_can_be_copied(writer, nine, staff):
    actions.delete_row(row=nine[3], version=1, by=staff)
    response = leave_out(writer, {nine[2]: "เหตุผลแรก", nine[3]: "เหตุผลที่สอง"})
    assert response.status_code == 409
    assert "เหตุผลที่สอง" in text_of(response)
    assert not Issue.objects.filter(kind="left_out").exists()


def test_a_reason_that_no_report_can_show_is_told_in_its_row(writer, nine):
    response = leave_out(writer, {nine[2]: "ดี \U0001f600"})
    assert response.status_code == 422
    assert f'id="id_issue-{nine[2].pk}-reason_error"' in text_of(response)
    assert "ยังไม่ได้บันทึกเหตุผลใด" in text_of(response)
    assert not Issue.objects.filter(kind="left_out").exists()


def test_a_reason_for_a_plan_submitted_meanwhile_can_be_copied(writer, nine):
    Plan.objects.update(state=State.APPROVED)
    response = leave_out(writer, {nine[2]: "เหตุผลแรก"})
    assert response.status_code == 409
    assert "เหตุผลแรก" in text_of(response)


def test_an_indicator_is_not_left_out_while_another_issue_takes_it_up(nine, plan, staff):
    add_issue(plan, staff, 2, kind="fix")
    with pytest.raises(ValidationError, match="ตัวชี้วัดที่ 2 มีอยู่แล้ว"):
        actions.leave_issues_out(plan=plan, reasons={nine[2].pk: (1, "ใกล้เกณฑ์")}, by=staff)


def test_another_plans_issue_is_neither_merged_nor_left_out(nine, plan, staff, agency):
    foreign = add_issue(actions.open_plan(agency=agency, year=2564, by=staff), staff, 9)
    with pytest.raises(StaleWrite):
        actions.merge_issues(plan=plan, versions={nine[6].pk: 1, foreign.pk: 1}, by=staff)
    with pytest.raises(StaleWrite):
        actions.leave_issues_out(plan=plan, reasons={foreign.pk: (1, "ก")}, by=staff)


def test_before_review_it_is_told_which_texts_nobody_has_adapted(writer, nine, plan, staff):
    adapted = Issue.objects.exclude(pk__in=[nine[6].pk, nine[8].pk])
    adapted.update(points="ปรับแล้ว", is_as_begun=False)
    actions.merge_issues(plan=plan, versions={nine[6].pk: 1, nine[8].pk: 1}, by=staff)
    page = text_of(writer.get(url("review/")))
    assert "ประเด็นของตัวชี้วัดที่ 6, 8 ยังเป็นข้อความตั้งต้น" in page
