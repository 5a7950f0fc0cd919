"""What people say about a row: who may, who is told, what stays of it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Event, Membership, Notice, Unit, User
from accounts.permissions import LateChange, State
from measures.actions import delete_row
from measures.actions.comments import change_comment, create_comment, resolve_comment
from measures.comments import comments_url
from measures.models import Comment, Plan
from tests.measures.writing import add_issue, add_measure, text_of

pytestmark = pytest.mark.one_database("sqlite")


@pytest.fixture
def measure(plan, staff):
    return add_measure(plan, staff)


@pytest.fixture
def say(plan):
    def said(by, text="เพิ่มรายละเอียด", row=""):
        return create_comment(plan=plan, row=row, text=text, by=by)[0]

    return said


def put(plan, state):
    Plan.objects.filter(pk=plan.pk).update(state=state, return_reason="แก้ไข")


def test_a_comment_names_its_row_and_is_told_to_whom_it_mentions(
    client, agency, plan, measure, staff, admin, coordinator
):
    unit = Unit.objects.create(agency=agency, name="กองคลัง")
    Membership.objects.filter(user=staff).update(unit=unit)
    client.force_login(admin)
    row = f"measure-{measure.pk}"
    sent = client.post(
        comments_url(plan),
        {"row": row, "text": "ฝาก@กองคลังระบุวงเงิน และ @ปราณี ตรวจอีกครั้ง a@somying @somyingx"},
    )
    comment = Comment.objects.get()
    assert sent.url == comments_url(plan, row, comment)
    page = text_of(client.get(sent.url, follow=True))
    assert "สมชาย ตั้งใจ, ปราณี ประสานงาน" in page or "ปราณี ประสานงาน, สมชาย ตั้งใจ" in page
    assert f"มาตรการ: {measure.title}" in page
    notices = Notice.objects.all()
    assert {notice.user for notice in notices} == {staff, coordinator}
    assert all(measure.title in n.text and n.url == sent.url for n in notices)
    event = Event.objects.get(verb="comment.created")
    assert (event.after["row"], event.actor_name) == (row, "สมหญิง ใจดี")


@pytest.mark.parametrize("called", ["@นารีช่วยดู", "@นางสาวนารี ช่วยดู", "@นารี ขยันงานช่วยดู"])
def test_a_person_is_found_by_her_first_name_without_its_title(plan, say, staff, admin, called):
    User.objects.filter(pk=staff.pk).update(name="นางสาวนารี ขยันงาน")
    say(admin, called, row="score-9")
    assert [notice.user for notice in Notice.objects.all()] == [staff]


def test_those_who_spoke_before_are_told_of_an_answer(plan, say, staff, admin):
    say(admin, row="score-9")
    say(staff, "ตรวจแล้ว", row="score-9")
    say(staff, "เรื่องอื่น", row="score-8")
    [notice] = Notice.objects.all()
    assert notice.user == admin
    assert "คะแนนตัวชี้วัดที่ 9" in notice.text


def test_one_edits_ones_own_while_it_is_open(client, plan, say, staff, admin, coordinator):
    comment = say(staff)
    for other in (admin, coordinator):
        with pytest.raises(PermissionDenied):
            change_comment(comment=comment, text="ของผู้อื่น", by=other)
    client.force_login(staff)
    url = reverse("measures:comment-edit", args=["nongkong", 2565, comment.pk])
    assert client.post(url, {"text": ""}).status_code == 422
    client.post(url, {"text": "ข้อความใหม่"})
    page = text_of(client.get(comments_url(plan)))
    assert "ข้อความใหม่" in page
    assert "แก้ไขเมื่อ" in page
    resolve_comment(comment=comment, by=admin)
    with pytest.raises(ValidationError):
        change_comment(comment=comment, text="หลังปิด", by=staff)


def test_open_ones_are_counted_and_resolved_ones_filtered(client, plan, measure, say, admin):
    row = f"measure-{measure.pk}"
    first, second = say(admin, "ข้อแรก", row), say(admin, "ข้อสอง", row)
    client.force_login(admin)
    assert "ความเห็นที่ยังไม่ปิด 2 รายการ" in text_of(client.get(plan.get_measures_url()))
    url = reverse("measures:comment-resolve", args=["nongkong", 2565, first.pk])
    client.post(url, {"resolved": "yes"})
    lists = {
        state: text_of(client.get(f"{comments_url(plan)}?state={state}"))
        for state in ("open", "resolved", "mine")
    }
    assert [("ข้อแรก" in page, "ข้อสอง" in page) for page in lists.values()] == [
        (False, True),
        (True, False),
        (True, True),
    ]
    assert "ความเห็นที่ยังไม่ปิด 1 รายการ" in text_of(client.get(plan.get_measures_url()))
    client.post(url, {"resolved": "no"})
    assert list(plan.comments.filter(resolved_at=None)) == [first, second]
    assert client.get(f"{comments_url(plan)}?state=other").status_code == 404


def test_staff_resolve_what_is_theirs(agency, plan, say, staff, admin):
    kept, clerks = (Unit.objects.create(agency=agency, name=name) for name in ("กองคลัง", "สำนักปลัด"))
    own = add_measure(plan, staff, responsible="กองคลัง")
    others = add_measure(plan, staff, responsible="สำนักปลัด")
    Membership.objects.filter(user=staff).update(unit=kept)
    staff.__dict__.pop("_memberships", None)
    resolve_comment(comment=say(admin, row=f"measure-{own.pk}"), by=staff)
    resolve_comment(comment=say(staff), by=staff)
    for row in (f"measure-{others.pk}", f"progress-6-{others.pk}", ""):
        with pytest.raises(PermissionDenied):
            resolve_comment(comment=say(admin, row=row), by=staff)


def test_a_comment_outlives_its_row(client, plan, measure, say, staff, admin):
    issue = add_issue(plan, staff, 6, 7)
    for row in (f"measure-{measure.pk}", f"progress-6-{measure.pk}", f"issue-{issue.pk}"):
        say(admin, f"เรื่อง {row}", row)
    for gone in (measure, issue):
        delete_row(row=gone, version=gone.version, by=staff)
    client.force_login(staff)
    page = text_of(client.get(comments_url(plan)))
    assert page.count("นำออกจากแผนแล้ว") == 3
    assert page.count(measure.title) == 2
    assert "ตัวชี้วัดที่ 6, 7" in page
    refused = client.post(comments_url(plan), {"row": f"issue-{issue.pk}", "text": "ข้อความที่พิมพ์"})
    assert refused.status_code == 422
    assert "ข้อความที่พิมพ์</textarea>" in text_of(refused)


def test_rows_and_comments_of_others_are_not_found(
    client, plan, say, admin, outsider, other_agency
):
    comment = say(admin)
    client.force_login(admin)
    for row in ("measure-999999", "score-99", "progress-9-1", "x"):
        assert client.post(comments_url(plan), {"row": row, "text": "ข้อความ"}).status_code == 404
        assert client.get(comments_url(plan, row)).status_code == 404
    client.force_login(outsider)
    for name in ("comment-edit", "comment-resolve"):
        for code in ("nongkong", "other"):
            url = reverse(f"measures:{name}", args=[code, 2565, comment.pk])
            assert client.post(url, {"text": "ข้อความ"}).status_code == 404
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "commenting", "resolving"),
    [("staff", "DSRA", "DSRA"), ("coordinator", "DSRAG", "DSRAG"), ("admin", "DSRAG", "DSRAG")]
    + [("executive", "SAG", ""), ("viewer", "", "")],
)
def test_each_role_in_each_state(request, plan, say, staff, role, commenting, resolving):
    person = request.getfixturevalue(role)
    about = say(staff, row="score-9")
    for letter, state in zip("DSRAGP", State, strict=True):
        put(plan, state)
        for acts, act in (
            (commenting, lambda: say(person)),
            (resolving, lambda: resolve_comment(comment=about, by=person)),
        ):
            if letter in acts:
                act()
            else:
                with pytest.raises(LateChange if acts else PermissionDenied):
                    act()


def test_reasons_of_scores_stand_on_the_page_of_scores(client, plan, staff, admin, viewer):
    Comment.objects.create(plan=plan, row="score-9", text="ตรวจกับประกาศ", is_return=True, by=admin)
    grid = plan.assessment.get_absolute_url()
    client.force_login(staff)
    page = text_of(client.get(grid))
    assert "ตรวจกับประกาศ" in page
    assert comments_url(plan, "score-9") in page
    client.force_login(viewer)
    assert "ตรวจกับประกาศ" not in text_of(client.get(grid))


def test_a_save_and_the_page_need_few_queries(
    client, plan, measure, say, admin, staff, django_assert_max_num_queries
):
    for n in range(5):
        say(staff, f"ข้อ {n}", f"measure-{measure.pk}")
    client.force_login(admin)
    client.get(comments_url(plan))
    with django_assert_max_num_queries(15):
        client.get(comments_url(plan))
    with django_assert_max_num_queries(20):
        client.post(comments_url(plan), {"row": "score-9", "text": "@สมชาย ตรวจ"})


def test_a_comment_that_comes_too_late_stays_on_the_page(client, plan, staff):
    put(plan, State.PUBLISHED)
    client.force_login(staff)
    late = client.post(comments_url(plan), {"row": "", "text": "เพิ่มหลักฐานการประชุม"})
    assert late.status_code == 422
    assert '<p class="card-plain">เพิ่มหลักฐานการประชุม</p>' in late.content.decode()
    assert not Comment.objects.exists()
