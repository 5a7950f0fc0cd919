"""What was submitted stays as it was, whatever is written afterwards."""

import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.events import record
from accounts.models import Agency, Event
from assessments.models import Assessment, Indicator, Level, Score
from measures.actions import approve_round, move_plan
from measures.models import Issue, Measure, Plan, ProgressEntry, Revision
from measures.report import jobs
from measures.report.build import build
from measures.report.frozen import current_report, digest_of, freeze, revision_report, thaw
from measures.report.html import to_html
from tests.measures.test_report_content import text_of


@pytest.fixture
def submitted(written_plan, coordinator):
    move_plan(plan=written_plan, move="submit", by=coordinator, note="ตรวจมาตรการที่ 2 ด้วย")
    return Plan.objects.get(pk=written_plan.pk)


@pytest.fixture
def approved(submitted, admin):
    move_plan(plan=submitted, move="approve", by=admin)
    return Plan.objects.get(pk=submitted.pk)


def test_a_frozen_report_comes_back_equal_and_prints_the_same(written_plan):
    live = build(written_plan, "full", timezone.localdate())
    content = json.loads(json.dumps(freeze(written_plan), sort_keys=True))
    assert thaw(content) == live
    assert to_html(thaw(content)) == to_html(live)
    assert digest_of(content) == digest_of(freeze(written_plan))


EDITS = {
    "score of this year": lambda text, figure: _score(2564, figure),
    "score of last year": lambda text, figure: _score(2563, figure),
    "announced total": lambda text, figure: Assessment.objects.update(published_total=figure),
    "threshold": lambda text, figure: Agency.objects.update(threshold=figure),
    "threshold of the year": lambda text, figure: Assessment.objects.update(threshold=figure),
    "level": lambda text, figure: Level.objects.update(min_total=figure),
    "agency": lambda text, figure: Agency.objects.update(name=text, district=text),
    "indicator": lambda text, figure: Indicator.objects.update(name_th=text),
    "issue": lambda text, figure: Issue.objects.update(points=text),
    "measure": lambda text, figure: Measure.objects.update(title=text, order=int(figure)),
    "progress": lambda text, figure: ProgressEntry.objects.update(result=text),
    "measures": lambda text, figure: Measure.objects.filter(order=int(figure)).delete(),
}


def _score(year, figure):
    Score.objects.filter(assessment__framework__year=year).update(value=figure)


@pytest.mark.one_database("sqlite")
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(EDITS)),
            st.text("กขคงabc ", min_size=1, max_size=20),
            st.decimals(0, 100, places=2),
        ),
        min_size=1,
    )
)
def test_nothing_written_later_changes_a_revision(approved, edits):
    revision = Revision.objects.get(plan=approved)
    before, printed = revision_report(revision, "full"), to_html(revision_report(revision, "full"))
    for name, text, figure in edits:
        EDITS[name](text, Decimal(figure))
    again = Revision.objects.get(plan=approved)
    assert revision_report(again, "full") == before
    assert to_html(revision_report(again, "full")) == printed
    assert digest_of(again.content) == again.digest == revision.digest


def pages(client, person, *paths):
    client.force_login(person)
    return [client.get(f"/a/nongkong/2565/{path}").content.decode() for path in paths]


def test_what_is_printed_is_of_now_while_it_is_written_and_else_as_it_was_sent(
    submitted, admin, coordinator
):
    def printed():
        return text_of(to_html(current_report(Plan.objects.get(pk=submitted.pk), "full")))

    title = submitted.measures.first().title
    Measure.objects.update(title="แก้หลังส่ง")
    waiting = printed()
    assert title in waiting
    assert "ฉบับร่าง" in waiting
    assert "รายงานฉบับที่ 1" in waiting
    assert "ลงชื่อ" not in waiting
    move_plan(plan=submitted, move="return", by=admin, reason="แก้ชื่อมาตรการ")
    assert "แก้หลังส่ง" in printed()
    move_plan(plan=submitted, move="submit", by=coordinator)
    move_plan(plan=submitted, move="approve", by=admin)
    final = printed()
    assert "แก้หลังส่ง" in final
    assert "รายงานฉบับที่ 2" in final
    assert "ฉบับร่าง" not in final
    assert "อนุมัติโดยสมหญิง ใจดี" in final
    assert "ลงชื่อ" in final


def test_each_submission_has_the_next_number_and_the_old_ones_stay_readable(
    client, submitted, admin, coordinator, viewer
):
    move_plan(plan=submitted, move="take-back", by=coordinator)
    move_plan(plan=submitted, move="submit", by=coordinator)
    assert [row.number for row in submitted.revisions.all()] == [2, 1]
    both, first, second = pages(client, viewer, "revisions/", "revisions/1/", "revisions/2/")
    assert "ถูกแทนที่ด้วยรายงานฉบับที่ 2" in both
    assert "ถูกแทนที่ด้วยรายงานฉบับที่ 2" in first
    assert "ถูกแทนที่" not in second
    first_report, second_report = (
        text_of(to_html(revision_report(submitted.revisions.get(number=number), "measures")))
        for number in (1, 2)
    )
    assert "ฉบับนี้ถูกแทนที่ด้วยฉบับที่ 2" in first_report
    assert "ถูกแทนที่" not in second_report
    assert "ตรวจมาตรการที่ 2 ด้วย" in first
    assert submitted.revisions.get(number=1).short_digest in first
    assert reverse("measures:revision-report", args=["nongkong", 2565, 1, "full"]) in first
    assert client.get("/a/nongkong/2565/revisions/3/").status_code == 404


def test_an_approved_round_makes_a_revision_that_is_to_be_signed_again(
    approved, admin, executive, staff
):
    Plan.objects.filter(pk=approved.pk).update(state="published")
    round = approved.rounds.get(months=6)
    told = approve_round(round=round, by=admin)
    plan, newest = Plan.objects.get(pk=approved.pk), approved.revisions.first()
    assert (plan.state, plan.assessment.state) == ("approved", "approved")
    assert (newest.number, newest.cause, newest.approved_by) == (2, "progress", admin)
    assert executive in told
    with pytest.raises(ValidationError):
        approve_round(round=round, by=admin)
    assert approved.revisions.count() == 2
    with pytest.raises(ValidationError):
        approve_round(round=approved.rounds.get(months=12), by=admin)


def test_progress_that_nobody_approved_stands_in_the_newest_draft_alone(
    client, approved, staff, monkeypatch
):
    monkeypatch.setattr(jobs, "render", lambda html, **others: html.encode())
    ProgressEntry.objects.update(result="อบรมครบทุกคนแล้ว")
    page, official, draft = pages(
        client, staff, "report/", "report/full.pdf", "report/draft/full.pdf"
    )
    assert "report/draft/full.pdf" in page
    assert "อบรมครบทุกคนแล้ว" not in official
    assert "อบรมครบทุกคนแล้ว" in draft
    assert "ฉบับร่าง" in draft


def test_a_small_office_approves_its_own_work_only_by_an_exemption_that_is_printed(
    submitted, admin, agency
):
    record(verb="measure.changed", by=admin, agency=agency, obj=submitted.measures.first())
    with pytest.raises(ValidationError):
        move_plan(plan=submitted, move="approve", by=admin)
    reason = "มีผู้ตรวจเพียงคนเดียว"
    Agency.objects.update(own_approval_reason=reason)
    move_plan(plan=submitted, move="approve", by=admin)
    assert submitted.revisions.get().own_approval_reason == reason
    assert Event.objects.get(verb="plan.approved").after["own_approval_reason"] == reason
    report = current_report(Plan.objects.get(pk=submitted.pk), "measures")
    assert reason in text_of(to_html(report))


def test_the_threshold_of_the_year_is_printed_not_the_one_of_the_agency(written_plan):
    Assessment.objects.filter(pk=written_plan.assessment_id).update(threshold=85)
    report = current_report(Plan.objects.get(pk=written_plan.pk), "full")
    assert "เกณฑ์จุดแข็งที่หน่วยงานกำหนด คือ 85 คะแนนขึ้นไป" in text_of(to_html(report))


def test_the_approver_stays_printed_by_the_name_and_position_she_approved_with(submitted, admin):
    admin.position = "ปลัดองค์การบริหารส่วนตำบล"
    admin.save()
    move_plan(plan=submitted, move="approve", by=admin)
    admin.name, admin.position = "สมหญิง นามสกุลใหม่", "นายกองค์การบริหารส่วนตำบล"
    admin.save()
    report = current_report(Plan.objects.get(pk=submitted.pk), "measures")
    shown = text_of(to_html(report))
    assert "อนุมัติโดยสมหญิง ใจดี ตำแหน่ง ปลัดองค์การบริหารส่วนตำบล เมื่อ" in shown


def test_figures_of_an_approved_year_stay_where_it_is_shown(client, approved, admin):
    before = pages(client, admin, "review/", "", "issues/")
    _score(2563, Decimal(99))
    Assessment.objects.update(threshold=Decimal(20))
    after = pages(client, admin, "review/", "", "issues/")
    assert coverage_of(after[2]) == coverage_of(before[2])
    for page in before[:2] + after[:2]:
        assert "−5.68" in page
        assert "−8.89" in page
    assert facts_of(after[0]) == facts_of(before[0])
    assert facts_of(after[1]) == facts_of(before[1])
    assert "ตัวเลขต่อไปนี้เปลี่ยนไปหลังจากส่งรายงานฉบับที่ 1" in after[0]


def test_the_analysis_says_where_its_figures_are_not_those_of_the_report(client, approved, viewer):
    said = "รายงานยังคงตัวเลขเดิม"
    assert said not in analysis_page(client, viewer)
    Assessment.objects.update(threshold=Decimal(20))
    assert said in analysis_page(client, viewer)


def analysis_page(client, person):
    client.force_login(person)
    return client.get("/a/nongkong/2564/analysis/").content.decode()


def facts_of(page):
    return page.split('<dl class="facts">')[1].split("</dl>")[0]


def coverage_of(page):
    return page.split('id="coverage-title"')[1].split("</section>")[0]


def test_what_goes_back_unsigned_is_no_longer_approved_and_its_progress_can_be_mended(
    approved, admin, executive, staff
):
    Plan.objects.filter(pk=approved.pk).update(state="published")
    round = approved.rounds.get(months=6)
    approve_round(round=round, by=admin)
    first = approved.revisions.get(number=1)
    assert first.replaced_by == 2
    plan = Plan.objects.get(pk=approved.pk)
    move_plan(plan=plan, move="return", by=executive, reason="ผลรอบ 6 เดือนไม่ตรงกับหลักฐาน")
    round.refresh_from_db()
    assert round.approved_at is None
    assert approved.revisions.get(number=1).replaced_by is None
    printed = revision_report(approved.revisions.get(number=2), "full")
    assert printed.is_draft
    assert "ลงชื่อ" not in text_of(to_html(printed))
    assert Event.objects.get(verb="plan.returned").after["months"] == [6]


def test_what_is_approved_stands_until_another_is_approved(
    client, approved, admin, coordinator, viewer
):
    first = approved.revisions.get()
    first.signed_at = timezone.now()
    first.save()
    Plan.objects.filter(pk=approved.pk).update(state="signed")
    move_plan(plan=approved, move="reopen", by=admin, reason="แก้ผู้รับผิดชอบ")
    move_plan(plan=approved, move="submit", by=coordinator)
    assert "ถูกแทนที่" not in "".join(pages(client, viewer, "revisions/", "revisions/1/"))
    assert revision_report(approved.revisions.get(number=1), "full").seal.replaced_by is None
    move_plan(plan=approved, move="approve", by=admin)
    for page in pages(client, viewer, "revisions/", "revisions/1/"):
        assert "ถูกแทนที่ด้วยรายงานฉบับที่ 2" in page


def test_the_pages_need_few_queries(client, approved, viewer, django_assert_max_num_queries):
    client.force_login(viewer)
    for path in ("report/", "revisions/", "revisions/1/"):
        with django_assert_max_num_queries(15):
            client.get(f"/a/nongkong/2565/{path}")
