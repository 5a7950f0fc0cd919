import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.permissions import Role, State
from assessments.actions import ScoreChange, enter_scores
from measures.actions import open_plan
from measures.actions.comments import create_comment
from measures.models import Issue, Plan, ProgressRound
from tests.measures.writing import add_issue, add_measure, report

pytestmark = pytest.mark.one_database("sqlite")


@pytest.fixture
def written_year(plan, staff):
    """With an issue, a measure, progress and a comment."""
    add_issue(plan, staff, 9)
    report(add_measure(plan, staff), staff)
    create_comment(plan=plan, row="", text="แก้ประเด็นที่ 1", by=staff)
    return plan


def test_the_first_page_of_a_person_with_one_agency_is_its_newest_year(client, staff, plan):
    client.force_login(staff)
    answer = client.get(reverse("home"))
    assert answer.url == reverse("overview", args=["nongkong", 2565])


def test_before_the_first_plan_the_newest_year_with_rules_is_shown(client, staff, frameworks):
    client.force_login(staff)
    assert client.get(reverse("home")).url == reverse("overview", args=["nongkong", 2569])


def test_a_person_of_several_agencies_chooses(client, staff, other_agency):
    Membership.objects.create(user=staff, agency=other_agency, role=Role.VIEWER)
    client.force_login(staff)
    page = client.get(reverse("home"), follow=True).content.decode()
    assert "องค์การบริหารส่วนตำบลหนองกง" in page
    assert "เทศบาลตำบลอื่น" in page


def test_the_tasks_lead_to_what_is_next(client, staff, plan):
    client.force_login(staff)
    page = client.get(reverse("overview", args=["nongkong", 2565])).content.decode()
    assert "58.24" in page
    issues = reverse("measures:issues", args=["nongkong", 2565])
    assert f'class="btn btn-primary" href="{issues}"' in page


def test_a_year_without_rules_says_so(client, staff, frameworks):
    client.force_login(staff)
    answer = client.get(reverse("overview", args=["nongkong", 2599]))
    assert answer.status_code == 200
    assert "2598" in answer.content.decode()


def test_the_page_needs_few_queries(client, staff, written_year, django_assert_max_num_queries):
    client.force_login(staff)
    page = reverse("overview", args=["nongkong", 2565])
    client.get(page)
    with django_assert_max_num_queries(15):
        assert "รายงานแล้ว 1 จาก 1 มาตรการ" in client.get(page).content.decode()


@pytest.mark.parametrize("year", [2400, 2410, 2689, 2699])
def test_no_year_is_too_far_for_an_answer(client, staff, frameworks, year):
    """A page links to the years around it; at the ends of what an address takes there are none."""
    client.force_login(staff)
    for page in ("", "scores/", "analysis/", "issues/", "measures/", "progress/6/", "report/"):
        assert client.get(f"/a/nongkong/{year}/{page}").status_code in (200, 404), page


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED])
def test_what_cannot_be_changed_any_more_is_not_next(client, staff, plan, state):
    """The plan has gaps that nobody can fill now: what waits is the review, then the progress."""
    issue = Issue.objects.create(plan=plan, kind="fix", points="ก")
    issue.indicators.add(plan.assessment.scores.first().indicator)
    Plan.objects.filter(pk=plan.pk).update(state=state)
    client.force_login(staff)
    page = client.get(reverse("overview", args=["nongkong", 2565])).content.decode()
    issues = reverse("measures:issues", args=["nongkong", 2565])
    assert f'class="btn btn-primary" href="{issues}"' not in page


def test_a_system_operator_begins_where_her_work_is(client, operator):
    client.force_login(operator)
    assert client.get(reverse("home")).url == reverse("admin:index")


def test_scores_of_instruments_alone_are_a_beginning(client, staff, agency, frameworks):
    open_plan(agency=agency, year=2565, by=staff)
    changes = [ScoreChange(key, Decimal(80), 1) for key in ("iit", "eit", "oit")]
    enter_scores(agency=agency, year=2564, changes=changes, by=staff)
    client.force_login(staff)
    page = client.get(reverse("overview", args=["nongkong", 2565])).content.decode()
    assert "ตามที่ประกาศ กรอกรายตัวชี้วัดแล้ว 0 จาก 10" in page
    assert "วิเคราะห์จุดแข็งและจุดอ่อนได้เมื่อมีคะแนนครบ" in page
    page = client.get(reverse("measures:issues", args=["nongkong", 2565])).content.decode()
    assert "ยังไม่ทราบตัวชี้วัดที่เป็นจุดอ่อน" in page


@pytest.mark.parametrize(
    ("role", "state", "label"),
    [
        ("staff", State.DRAFT, "ทำต่อ: ประเด็น"),
        ("admin", State.DRAFT, "ดูรายงาน"),
        ("admin", State.SUBMITTED, "ทำต่อ: ตรวจสอบ"),
        ("viewer", State.SUBMITTED, "ดูรายงาน"),
    ],
)
def test_each_is_led_to_what_she_may_do(request, client, plan, role, state, label):
    Plan.objects.filter(pk=plan.pk).update(state=state)
    client.force_login(request.getfixturevalue(role))
    page = client.get(reverse("overview", args=["nongkong", 2565])).content.decode()
    page = re.sub("(?s)<dialog.*?</dialog>", "", page)
    assert re.findall('<(?:a|button) class="btn btn-primary[^>]*>([^<]*)', page) == [label]


def test_the_year_after_begins_with_the_scores_of_this_one(
    client, staff, viewer, agency, plan, enter_scores
):
    def page_of(user):
        client.force_login(user)
        return client.get(reverse("overview", args=["nongkong", 2565])).content.decode()

    row = "กรอกคะแนนปี 2565 (เริ่มแผนปี 2566)"
    scores = reverse("assessments:scores", args=["nongkong", 2565])
    assert f'<a href="{scores}">{row}</a>' in page_of(staff)
    assert row not in page_of(viewer)
    last = enter_scores(agency, 2565, ["80"] * 9 + [None]).scores.get(value=None)
    assert row in page_of(staff)
    last.value = Decimal("80")
    last.save()
    assert row not in page_of(staff)


@pytest.mark.parametrize(
    ("role", "state", "waits", "leads_to"),
    [
        ("admin", State.SUBMITTED, "รอคุณตรวจ", "review/"),
        ("executive", State.APPROVED, "รอคุณลงนาม", "sign/"),
        ("staff", State.RETURNED, "แผนถูกส่งกลับแก้ไข: แก้ประเด็นที่ 1", "review/"),
        ("coordinator", State.SIGNED, "รอคุณเผยแพร่", "publication/"),
        ("staff", State.DRAFT, "มีความเห็นที่ยังไม่ปิด 1 รายการ", "comments/"),
    ],
)
def test_what_others_wait_for_stands_first(
    request, client, written_year, role, state, waits, leads_to
):
    reason = "แก้ประเด็นที่ 1" if state == State.RETURNED else ""
    Plan.objects.update(state=state, return_reason=reason)
    client.force_login(request.getfixturevalue(role))
    page = client.get(reverse("overview", args=["nongkong", 2565])).content.decode()
    box = page[page.index("รอคุณ</h2>") : page.index("</section>")]
    assert waits in box
    assert f'href="/a/nongkong/2565/{leads_to}"' in box


def test_a_viewer_is_waited_for_by_nobody(client, viewer, written_year):
    for state in State:
        Plan.objects.update(state=state, return_reason="แก้ไข")
        client.force_login(viewer)
        page = client.get(reverse("overview", args=["nongkong", 2565])).content.decode()
        assert "รอคุณ" not in page


def test_days_left_and_days_late_are_counted(client, staff, written_year):
    client.force_login(staff)

    def page_with(due, closes):
        today = timezone.localdate()
        Plan.objects.update(due_on=today + timedelta(days=due))
        ProgressRound.objects.filter(months=12).update(closes_on=today + timedelta(days=closes))
        return client.get(reverse("overview", args=["nongkong", 2565])).content.decode()

    page = page_with(due=5, closes=0)
    assert "เหลือ 5 วัน" in page
    assert "ครบกำหนดวันนี้" in page
    page = page_with(due=-3, closes=-2)
    assert "เลยกำหนด 3 วัน" in page
    assert "เลยกำหนด 2 วัน" in page
    assert page.count("มีปัญหา") == 2


def test_a_year_with_nothing_says_where_to_begin(client, staff, admin, frameworks):
    pages = {}
    for person in (staff, admin):
        client.force_login(person)
        page = client.get(reverse("overview", args=["nongkong", 2565])).content.decode()
        pages[person] = page
        assert "ยังไม่มีข้อมูลปี 2565" in page
    assert "เริ่มจากการกรอกคะแนน หรือนำเข้าจาก Excel" in pages[staff]
    assert "เปิดปี 2565" not in pages[staff]
    assert 'href="/a/nongkong/2565/setup/">เปิดปี 2565' in pages[admin]


def test_nothing_that_has_closed_is_next(client, staff, written_year):
    issues = reverse("measures:issues", args=["nongkong", 2565])
    client.force_login(staff)
    Plan.objects.update(closes_on=timezone.localdate() - timedelta(days=1))
    page = client.get(reverse("overview", args=["nongkong", 2565])).content.decode()
    assert issues in page
    assert f'class="btn btn-primary" href="{issues}"' not in page
    assert "ทำต่อ: กรอกคะแนนปี 2565" in page


def test_what_is_sent_is_shown_as_locked_without_remarks(client, staff, written_year):
    Plan.objects.update(state=State.SUBMITTED)
    client.force_login(staff)
    page = client.get(reverse("overview", args=["nongkong", 2565])).content.decode()
    page = page[page.index('<ol class="tasks">') :]
    for name in ("issues", "measures"):
        row = page[page.index(f'href="{reverse(f"measures:{name}", args=["nongkong", 2565])}"') :]
        row = row[row.index("task-note") : row.index("</li>")]
        assert re.findall(">([^<]+)</span>", row) == [State.SUBMITTED.label, "เสร็จแล้ว"]


def test_without_scores_measures_are_not_finished(client, staff, agency, frameworks):
    add_measure(open_plan(agency=agency, year=2565, by=staff), staff)
    client.force_login(staff)
    page = client.get(reverse("overview", args=["nongkong", 2565])).content.decode()
    assert "เสร็จแล้ว</span>" not in page


@pytest.mark.parametrize(
    ("role", "signing", "publishing"),
    [
        ("staff", "revisions", "revisions"),
        ("coordinator", "signature", "publication"),
        ("executive", "sign", "revisions"),
    ],
)
def test_no_task_leads_to_a_page_that_refuses(request, client, plan, role, signing, publishing):
    client.force_login(request.getfixturevalue(role))
    page = client.get(reverse("overview", args=["nongkong", 2565])).content.decode()
    for name, task in ((signing, "ลงนาม"), (publishing, "เผยแพร่")):
        url = f"/a/nongkong/2565/{name}/"
        assert f'<a href="{url}">{task}</a>' in page
        assert client.get(url).status_code == 200
