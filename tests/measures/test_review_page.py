import pytest
from django.urls import reverse

from accounts.permissions import Role, State
from assessments.actions import save_text
from assessments.models import Score
from measures.actions import delete_row, move_plan, sign
from measures.comments import comments_url
from measures.models import Comment, Measure, Plan
from measures.workflow import Move
from tests.measures.writing import add_issue, add_measure

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = pytest.mark.one_database("postgres")


def page_of(plan):
    return reverse("measures:review", args=[plan.agency.code, plan.year])


def url_of(plan, move):
    return reverse("measures:review-move", args=[plan.agency.code, plan.year, move])


def page_text(client, plan, person):
    client.force_login(person)
    return client.get(page_of(plan)).content.decode()


@pytest.fixture
def ready_plan(plan, staff):
    """A plan that nothing holds up."""
    add_measure(plan, staff)
    return plan


@pytest.fixture
def submit(ready_plan, coordinator):
    def done(**options):
        move_plan(plan=ready_plan, move=Move.SUBMIT, by=coordinator, **options)

    return done


def test_the_page_shows_the_figures_and_the_one_button_of_the_role(client, coordinator, ready_plan):
    page = page_text(client, ready_plan, coordinator)
    assert "58.24" in page
    assert "−5.68" in page
    assert "−8.89" in page
    assert url_of(ready_plan, "submit") in page
    assert url_of(ready_plan, "approve") not in page


def test_the_whole_way_through_the_pages(client, staff, coordinator, admin, executive, ready_plan):
    measure = ready_plan.measures.get()
    client.force_login(coordinator)
    assert client.post(url_of(ready_plan, "submit"), {"note": "ครบแล้ว"}).status_code == 302
    first = page_text(client, ready_plan, admin)
    assert "ครบแล้ว" in first
    assert "ส่งครั้งแรก" in first
    client.post(
        url_of(ready_plan, "return"),
        {"row": f"measure-{measure.pk}", f"reason-measure-{measure.pk}": "ระบุไตรมาสที่ดำเนินการ"},
    )
    client.force_login(staff)
    for address in (measure.get_absolute_url(), ready_plan.get_measures_url()):
        assert "ระบุไตรมาสที่ดำเนินการ" in client.get(address).content.decode()
    Measure.objects.update(period="ไตรมาสที่ 2")
    client.force_login(coordinator)
    client.post(url_of(ready_plan, "submit"))
    second = page_text(client, ready_plan, admin)
    assert "ไตรมาสที่ 2" in second.split("<ins>")[1].split("</ins>")[0]
    assert "ตลอดปีงบประมาณ" in second.split("<del>")[1].split("</del>")[0]
    assert "ความเห็นที่ยังไม่ปิด 1 รายการ" in second
    client.post(url_of(ready_plan, "approve"))
    plan = Plan.objects.get(pk=ready_plan.pk)
    assert plan.state == State.APPROVED
    assert plan.reviewed_by == admin
    assert url_of(plan, "return") in page_text(client, plan, executive)
    client.post(url_of(plan, "return"), {"reason": "เพิ่มงบประมาณ"})
    assert "เพิ่มงบประมาณ" in page_text(client, plan, staff)
    assert Plan.objects.get().state == State.RETURNED


def test_figures_that_change_while_it_is_under_review_are_pointed_out(
    client, agency, admin, ready_plan, submit
):
    submit()
    Score.objects.filter(assessment__framework__year=2563, indicator__number=9).update(value="61")
    page = page_text(client, ready_plan, admin)
    assert "ตัวเลขต่อไปนี้เปลี่ยนไปหลังจากส่งรายงานฉบับที่ 1" in page
    assert "61.00" in page


def test_what_is_left_to_look_at_is_shown_before_the_move(client, coordinator, admin, ready_plan):
    for person, move in ((coordinator, "submit"), (admin, "approve")):
        url = url_of(ready_plan, move)
        assert f'href="{url}"' in page_text(client, ready_plan, person)
        asked = client.get(url).content.decode()
        assert "แต่ยังไม่มีประเด็นหรือเหตุผลที่ไม่ดำเนินการ" in asked
        assert f'action="{url}"' in asked
        client.post(url)
    assert Plan.objects.get().state == State.APPROVED


def test_a_plan_that_lacks_something_says_what_and_where(client, coordinator, plan):
    client.force_login(coordinator)
    refused = client.post(url_of(plan, "submit"))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "ยังไม่มีมาตรการ" in page
    assert plan.get_measures_url() in page


def test_a_return_needs_a_reason_and_keeps_what_was_typed(client, admin, ready_plan, submit):
    submit()
    client.force_login(admin)
    url, row = url_of(ready_plan, "return"), f"measure-{ready_plan.measures.get().pk}"
    form = client.get(url).content.decode()
    assert f'value="{row}"' in form
    assert 'value="score-9"' in form
    # What the reason is about stands there to be read.
    for text in ("<dd>29.24</dd>", f"<dd>{ready_plan.measures.get().steps}</dd>"):
        assert text in form
    nothing = client.post(url, {"reason": " "})
    assert nothing.status_code == 422
    assert "เลือกรายการที่ต้องแก้ไขพร้อมเหตุผล หรือเขียนเหตุผลโดยรวม" in nothing.content.decode()
    typed = {"row": [row, "score-9"], f"reason-{row}": "เพิ่มหลักฐาน", "reason-score-9": ""}
    half = client.post(url, typed)
    assert half.status_code == 422
    page = half.content.decode()
    assert "เขียนเหตุผลของ “คะแนนตัวชี้วัดที่ 9" in page
    assert "เพิ่มหลักฐาน</textarea>" in page
    assert page.count(" checked") == 2
    assert Plan.objects.get().state == State.SUBMITTED
    client.post(url, typed | {"reason-score-9": "ตรวจคะแนนกับประกาศ"})
    plan = Plan.objects.get()
    assert plan.state == State.RETURNED
    assert set(plan.comments.values_list("row", "text", "is_return")) == {
        (row, "เพิ่มหลักฐาน", True),
        ("score-9", "ตรวจคะแนนกับประกาศ", True),
    }


def test_a_row_of_another_plan_is_not_found(client, admin, ready_plan, submit):
    submit()
    client.force_login(admin)
    for row in ("measure-999999", "score-99", "anything", ""):
        typed = {"row": row, f"reason-{row}": "เพิ่มหลักฐาน", "reason": "แก้ไข"}
        assert client.post(url_of(ready_plan, "return"), typed).status_code == 404
    assert not Comment.objects.exists()


def test_what_the_reviewer_has_opened_is_not_taken_back(
    client, coordinator, admin, ready_plan, submit
):
    submit()
    assert url_of(ready_plan, "take-back") in page_text(client, ready_plan, coordinator)
    page_text(client, ready_plan, admin)
    page = page_text(client, ready_plan, coordinator)
    assert f'action="{url_of(ready_plan, "take-back")}"' not in page
    assert client.post(url_of(ready_plan, "take-back")).status_code == 422


def test_only_the_revision_that_was_read_is_approved_or_returned(
    client, coordinator, admin, ready_plan, submit
):
    submit()
    client.force_login(admin)
    asked = client.get(url_of(ready_plan, "approve")).content.decode()
    assert 'name="seen" value="1"' in asked
    assert 'name="seen" value="1"' in client.get(url_of(ready_plan, "return")).content.decode()
    move_plan(plan=ready_plan, move=Move.RETURN, by=admin, reason="แก้ไข")
    submit()
    for move in ("approve", "return"):
        late = client.post(url_of(ready_plan, move), {"seen": "1", "reason": "เพิ่มหลักฐาน"})
        assert late.status_code == 422
        assert "มีฉบับใหม่กว่าฉบับที่คุณอ่าน" in late.content.decode()
    assert Plan.objects.get().state == State.SUBMITTED
    client.post(url_of(ready_plan, "approve"), {"seen": "2"})
    assert Plan.objects.get().state == State.APPROVED


def test_what_was_taken_back_unread_is_not_what_the_reviewer_compares_with(
    client, coordinator, admin, ready_plan, submit
):
    submit()
    move_plan(plan=ready_plan, move=Move.RETURN, by=admin, reason="แก้ไข")
    Measure.objects.update(period="ไตรมาสที่ 2")
    submit()
    move_plan(plan=ready_plan, move=Move.TAKE_BACK, by=coordinator)
    submit()
    page = page_text(client, ready_plan, admin)
    assert "ไตรมาสที่ 2" in page.split("<ins>")[1].split("</ins>")[0]


def test_the_reviewer_compares_with_what_was_approved_and_with_what_was_sent_since(
    client, admin, executive, ready_plan, submit
):
    submit()
    move_plan(plan=ready_plan, move=Move.APPROVE, by=admin)
    digest = ready_plan.revisions.get().digest
    sign(plan=ready_plan, by=executive, digest=digest, name="ประสิทธิ์", position="นายก")
    move_plan(plan=ready_plan, move=Move.REOPEN, by=admin, reason="แก้ระยะเวลา")
    Measure.objects.update(period="ไตรมาสที่ 2")
    submit()
    assert "รายงานฉบับที่ 1 ซึ่งอนุมัติไว้ล่าสุด" in page_text(client, ready_plan, admin)
    move_plan(plan=ready_plan, move=Move.RETURN, by=admin, reason="ตรวจอีกครั้ง")
    submit()
    approved, sent = page_text(client, ready_plan, admin).split("รายงานฉบับที่ 2 ซึ่งส่งไว้ก่อนหน้า")
    assert "ไตรมาสที่ 2" in approved.split("<ins>")[1].split("</ins>")[0]
    assert "ไม่มีข้อความใดต่างจากรายงานฉบับที่ 2" in sent


def test_what_the_documents_will_be_without_is_said_before_it_is_sent(
    client, agency, coordinator, admin, ready_plan, submit
):
    settings = f'href="/a/{agency.code}/settings/"'
    for person, leads in ((coordinator, False), (admin, True)):
        page = page_text(client, ready_plan, person)
        told = page.split("ตราสัญลักษณ์หรือช่องทางติดต่อ")[1].split("</li>")[0]
        assert (settings in told) is leads
    page_text(client, ready_plan, coordinator)
    asked = client.get(url_of(ready_plan, "submit")).content.decode()
    assert "ตราสัญลักษณ์หรือช่องทางติดต่อ" in asked
    type(agency).objects.update(contact="โทร. 044-000000")
    page = page_text(client, ready_plan, coordinator)
    assert "ยังไม่มีตราสัญลักษณ์" in page and "หรือช่องทางติดต่อ" not in page
    submit()
    assert "ยังไม่มีตราสัญลักษณ์" not in page_text(client, ready_plan, admin)


def test_what_may_be_personal_data_is_pointed_at_before_it_is_sent_and_approved(
    client, coordinator, admin, ready_plan, submit
):
    measure = ready_plan.measures.get()
    Measure.objects.update(follow_up="สอบถาม โทร. 044-123456")
    reported = {"state": "done", "result": "ส่งหนังสือถึง kamnan@example.com แล้ว"}
    ready_plan.rounds.get(months=6).entries.create(measure=measure, **reported)
    for person, move in ((coordinator, "submit"), (admin, "approve")):
        page_text(client, ready_plan, person)
        for address in (page_of(ready_plan), url_of(ready_plan, move)):
            page = client.get(address).content.decode()
            told = page.split("หมายเลขโทรศัพท์ 044-123456")[1].split("</li>")[0]
            assert f'{ready_plan.get_measures_url()}#measure-{measure.pk}"' in told
            told = page.split("อีเมล kamnan@example.com")[1].split("</li>")[0]
            assert f"{ready_plan.get_progress_url(6)}#progress-" in told
        client.post(url_of(ready_plan, move))
    assert Plan.objects.get().state == State.APPROVED
    approval = client.get(f"{ready_plan.get_progress_url(6)}approve/").content.decode()
    assert "อีเมล kamnan@example.com" in approval


def test_the_page_says_who_moved_it_last(client, admin, executive, ready_plan, submit):
    submit()
    move_plan(plan=ready_plan, move=Move.APPROVE, by=admin)
    signing = {"name": "ประสิทธิ์", "position": "นายก"}
    digest = ready_plan.revisions.get().digest
    sign(plan=ready_plan, by=executive, digest=digest, **signing)
    lead = page_text(client, ready_plan, admin).split('<p class="lead">')[1].split("</p>")[0]
    assert executive.name in lead


def test_an_author_approves_only_where_the_agency_allows_it(
    client, agency, staff, admin, ready_plan, submit
):
    """Roles change: an admin may have been staff when she wrote."""
    words = {"section": "overall", "text": "ของสมหญิง", "version": 1}
    membership = admin.memberships.filter(agency=agency)
    membership.update(role=Role.STAFF)
    save_text(agency=agency, year=2564, by=admin, **words)
    membership.update(role=Role.ADMIN)
    submit()
    assert "จึงอนุมัติเองไม่ได้" in page_text(client, ready_plan, admin)
    assert client.post(url_of(ready_plan, "approve")).status_code == 422
    type(agency).objects.update(own_approval_reason="มีข้าราชการเพียงสองคน")
    assert "มีข้าราชการเพียงสองคน" in client.get(url_of(ready_plan, "approve")).content.decode()
    client.post(url_of(ready_plan, "approve"))
    assert Plan.objects.get().state == State.APPROVED


def test_an_unknown_move_and_a_year_without_a_plan_are_not_found(client, coordinator, plan):
    client.force_login(coordinator)
    assert client.post(url_of(plan, "dance")).status_code == 404
    assert (
        client.post(reverse("measures:review-move", args=["nongkong", 2565, "sign"])).status_code
        == 404
    )
    empty = reverse("measures:review-move", args=[plan.agency.code, 2566, "submit"])
    assert client.post(empty).status_code == 404


def test_a_reason_that_comes_too_late_stays_on_the_page(client, admin, ready_plan, submit):
    submit()
    move_plan(plan=ready_plan, move=Move.RETURN, by=admin, reason="เพิ่มหลักฐาน")
    client.force_login(admin)
    late = client.post(
        url_of(ready_plan, "return"),
        {"reason": "แก้มาตรการที่ 2\nและที่ 3", "row": "score-9", "reason-score-9": "ตรวจอีกครั้ง"},
    )
    assert late.status_code == 409
    page = late.content.decode()
    assert "แก้มาตรการที่ 2<br>และที่ 3" in page
    assert "ตรวจอีกครั้ง" in page
    assert Plan.objects.get().return_reason == "เพิ่มหลักฐาน"


def test_reasons_for_rows_that_are_no_more_stay_on_the_page(
    client, staff, admin, ready_plan, submit
):
    submit()
    client.force_login(admin)
    move_plan(plan=ready_plan, move=Move.RETURN, by=admin, reason="แก้ไข")
    measure = ready_plan.measures.get()
    typed = {"row": f"measure-{measure.pk}", f"reason-measure-{measure.pk}": "เพิ่มหลักฐานการประชุม"}
    add_measure(ready_plan, staff)
    delete_row(row=measure, version=measure.version, by=staff)
    late = client.post(url_of(ready_plan, "return"), typed | {"seen": "1"})
    assert late.status_code == 409
    assert "เพิ่มหลักฐานการประชุม" in late.content.decode()
    submit()
    newer = client.post(url_of(ready_plan, "return"), typed | {"seen": "1"})
    assert newer.status_code == 422
    assert "เพิ่มหลักฐานการประชุม" in newer.content.decode()


@pytest.mark.parametrize(
    ("role", "state"), [("coordinator", State.DRAFT), ("admin", State.SUBMITTED)]
)
def test_the_pages_need_few_queries_also_where_there_is_most_to_say(
    request,
    client,
    staff,
    admin,
    ready_plan,
    submit,
    results,
    role,
    state,
    django_assert_max_num_queries,
):
    """Doubtful figures, an edited text of other figures, two revisions, a deleted row."""
    issue = add_issue(ready_plan, staff, 9, 10)
    words = {"section": "overall", "text": "คะแนนรวม \ue000total\ue001", "version": 1}
    save_text(agency=ready_plan.agency, year=2564, by=staff, **words)
    results.scores.filter(indicator__number=1).update(value="8.75")
    if state == State.SUBMITTED:
        submit()
        reasons = {f"issue-{issue.pk}": "แก้ไข", "score-9": "ตรวจ"}
        move_plan(plan=ready_plan, move=Move.RETURN, by=admin, reasons=reasons)
        delete_row(row=issue, version=issue.version, by=staff)
        submit()
        # The first to open it is noted down.
        page_text(client, ready_plan, admin)
    person = request.getfixturevalue(role)
    page_text(client, ready_plan, person)
    moves = [url_of(ready_plan, move.value) for move in Move]
    for address in (page_of(ready_plan), comments_url(ready_plan), *moves):
        with django_assert_max_num_queries(17):
            client.get(address)
    page = client.get(page_of(ready_plan)).content.decode()
    assert "ซึ่งยังไม่มีผู้ยืนยัน" in page
    assert "ข้อความวิเคราะห์ 1 ส่วนมีตัวเลขเปลี่ยน" in page
