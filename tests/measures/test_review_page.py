import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role, State
from assessments.actions import save_text
from measures.actions import move_plan
from measures.models import Plan
from measures.workflow import Move
from tests.measures.test_workflow import ready_plan  # noqa: F401
from tests.measures.writing import add_issue

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = pytest.mark.one_database("postgres")


def page_of(plan):
    return reverse("measures:review", args=[plan.agency.code, plan.year])


def url_of(plan, move):
    return reverse("measures:review-move", args=[plan.agency.code, plan.year, move])


def test_staff_see_the_figures_the_findings_and_the_one_button(client, staff, ready_plan):  # noqa: F811
    client.force_login(staff)
    page = client.get(page_of(ready_plan)).content.decode()
    assert "58.24" in page
    assert "−5.68" in page
    assert "−8.89" in page
    assert url_of(ready_plan, "submit") in page
    assert url_of(ready_plan, "approve") not in page


def test_the_whole_way_through_the_pages(client, staff, admin, ready_plan):  # noqa: F811
    client.force_login(staff)
    assert client.post(url_of(ready_plan, "submit")).status_code == 302
    client.force_login(admin)
    refused = client.post(url_of(ready_plan, "return"), {"reason": ""})
    assert refused.status_code == 422
    assert "เขียนเหตุผลที่ส่งกลับ" in refused.content.decode()
    assert client.get(url_of(ready_plan, "return")).url == page_of(ready_plan)
    assert client.get(url_of(ready_plan, "submit")).url == page_of(ready_plan)
    client.post(url_of(ready_plan, "return"), {"reason": "เพิ่มหลักฐานของมาตรการที่ 1"})
    client.force_login(staff)
    page = client.get(page_of(ready_plan)).content.decode()
    assert "เพิ่มหลักฐานของมาตรการที่ 1" in page
    client.post(url_of(ready_plan, "submit"))
    client.force_login(admin)
    client.post(url_of(ready_plan, "approve"))
    plan = Plan.objects.get(pk=ready_plan.pk)
    assert plan.state == State.APPROVED
    assert plan.reviewed_by == admin
    history = client.get(page_of(plan)).content.decode()
    assert history.count("<li>") >= 4
    assert "สมหญิง ใจดี" in history


def test_what_is_left_to_look_at_is_shown_before_the_move(client, staff, admin, ready_plan):  # noqa: F811
    for person, move in ((staff, "submit"), (admin, "approve")):
        client.force_login(person)
        url = url_of(ready_plan, move)
        assert f'href="{url}"' in client.get(page_of(ready_plan)).content.decode()
        asked = client.get(url).content.decode()
        assert "แต่ยังไม่มีประเด็นหรือเหตุผลที่ไม่ดำเนินการ" in asked
        assert "ผู้ตรวจของหน่วยงาน" in asked
        assert f'action="{url}"' in asked
        client.post(url)
    assert Plan.objects.get().state == State.APPROVED


def test_a_plan_that_lacks_something_says_what_and_where(client, staff, plan):
    client.force_login(staff)
    refused = client.post(url_of(plan, "submit"))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "ยังไม่มีมาตรการ" in page
    assert plan.get_measures_url() in page


def test_who_wrote_the_analysis_does_not_approve_it(staff, admin, agency, ready_plan):  # noqa: F811
    """Roles change: an admin may have been staff when she wrote."""
    words = {"section": "overall", "text": "ของสมหญิง", "version": 1}
    membership = admin.memberships.filter(agency=agency)
    membership.update(role=Role.STAFF)
    save_text(agency=agency, year=2564, by=admin, **words)
    membership.update(role=Role.ADMIN)
    move_plan(plan=ready_plan, move=Move.SUBMIT, by=staff)
    with pytest.raises(ValidationError, match="อนุมัติ"):
        move_plan(plan=ready_plan, move=Move.APPROVE, by=User.objects.get(pk=admin.pk))


def test_an_unknown_move_and_a_year_without_a_plan_are_not_found(client, staff, plan):
    client.force_login(staff)
    assert client.post(url_of(plan, "sign")).status_code == 404
    empty = reverse("measures:review-move", args=[plan.agency.code, 2566, "submit"])
    assert client.post(empty).status_code == 404


def test_a_plan_moved_by_somebody_else_meanwhile_is_refused(client, staff, admin, ready_plan):  # noqa: F811
    move_plan(plan=ready_plan, move=Move.SUBMIT, by=staff)
    client.force_login(staff)
    refused = client.post(url_of(ready_plan, "submit"))
    assert refused.status_code == 409
    assert "ส่งตรวจแล้ว" in refused.content.decode()


def test_a_reason_that_comes_too_late_stays_on_the_page(client, staff, admin, ready_plan):  # noqa: F811
    move_plan(plan=ready_plan, move=Move.SUBMIT, by=staff)
    move_plan(plan=ready_plan, move=Move.RETURN, by=admin, reason="เพิ่มหลักฐาน")
    client.force_login(admin)
    late = client.post(url_of(ready_plan, "return"), {"reason": "แก้มาตรการที่ 2\nและที่ 3"})
    assert late.status_code == 409
    assert "แก้มาตรการที่ 2<br>และที่ 3" in late.content.decode()
    assert Plan.objects.get().return_reason == "เพิ่มหลักฐาน"


@pytest.mark.parametrize("role", ["staff", "admin"])
@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED])
def test_the_pages_need_few_queries_also_where_there_is_most_to_say(
    request,
    client,
    staff,
    ready_plan,  # noqa: F811
    results,
    role,
    state,
    django_assert_max_num_queries,
):
    """Doubtful figures, an edited text of other figures, an issue of two indicators."""
    add_issue(ready_plan, staff, 9, 10)
    words = {"section": "overall", "text": "คะแนนรวม \ue000total\ue001", "version": 1}
    save_text(agency=ready_plan.agency, year=2564, by=staff, **words)
    results.scores.filter(indicator__number=1).update(value="8.75")
    if state == State.SUBMITTED:
        move_plan(plan=ready_plan, move=Move.SUBMIT, by=staff)
    client.force_login(request.getfixturevalue(role))
    with django_assert_max_num_queries(15):
        page = client.get(page_of(ready_plan)).content.decode()
    for move in Move:
        with django_assert_max_num_queries(15):
            client.get(url_of(ready_plan, move.value))
    assert "ซึ่งยังไม่มีผู้ยืนยัน" in page
    assert "ข้อความวิเคราะห์ 1 ส่วนมีตัวเลขเปลี่ยน" in page
    with django_assert_max_num_queries(15):
        home = client.get(ready_plan.get_absolute_url()).content.decode()
    assert (f"ส่งได้ แต่ยังมี {page.count('ควรตรวจดู:')} ข้อควรตรวจดู" in home) is (state == State.DRAFT)
