import re

import pytest
from django.utils import timezone

from accounts.permissions import State
from measures.actions import delete_row, open_plan
from measures.models import Issue, Plan
from tests.measures.writing import add_issue, add_measure, text_of, url

pytestmark = pytest.mark.one_database("postgres")

TYPED = {"indicators": ["9"], "kind": "fix", "points": "1. เผยแพร่\r\n2. ติดตาม", "version": "0"}


# --- the year without a plan ----------------------------------------------------------------------


def test_looking_at_a_year_without_a_plan_writes_nothing_and_offers_to_begin(writer, results):
    page = text_of(writer.get(url("issues/")))
    assert "เริ่มจัดทำแผนมาตรการ ปี 2565" in page
    assert not Plan.objects.exists()


def test_staff_begin_the_plan_and_come_to_the_issues(writer, results):
    response = writer.post(url("begin/"), follow=True)
    assert response.redirect_chain == [(url("issues/"), 302)]
    assert Plan.objects.get().year == 2565


def test_a_viewer_reads_that_nobody_has_begun_and_cannot_begin(client, viewer, results):
    client.force_login(viewer)
    page = text_of(client.get(url("issues/")))
    assert "ยังไม่ได้เริ่มจัดทำแผนมาตรการ ปี 2565" in page
    assert "begin/" not in page
    assert client.post(url("begin/")).status_code == 403
    assert not Plan.objects.exists()


@pytest.mark.parametrize("page", ["issues/", "measures/", "progress/6/"])
def test_a_year_whose_result_has_no_rules_says_so(writer, frameworks, page):
    text = text_of(writer.get(url(page, year=2580)))
    assert "ยังไม่มีเกณฑ์การประเมินของปี 2579" in text
    assert writer.post(url("begin/", year=2580)).status_code == 404


# --- the list -------------------------------------------------------------------------------------


def test_the_table_shows_indicator_what_is_assessed_and_the_points(writer, plan, staff):
    issue = add_issue(plan, staff, 9, points="1. เผยแพร่\n- แผนงาน\n2. ติดตาม")
    page = text_of(writer.get(url("issues/")))
    assert "ตัวชี้วัดที่ 9" in page
    assert issue.indicators.get().description_th in page
    assert '<span class="item-mark">2.</span> ติดตาม' in page
    assert '<span class="item-mark">–</span> แผนงาน' in page


def test_issues_stand_under_their_kind(writer, plan, staff):
    for number, kind in ((6, "develop"), (9, "fix"), (2, "left_out")):
        add_issue(plan, staff, number, kind=kind, points=f"ข้อความ{number}")
    page = text_of(writer.get(url("issues/")))
    places = [
        page.index(f"<caption>{label}</caption>")
        for label in ("ประเด็นที่ควรพัฒนา", "ประเด็นที่ควรปรับปรุงแก้ไข", "ไม่ดำเนินการในปีนี้")
    ]
    texts = [page.index(f"ข้อความ{number}") for number in (6, 9, 2)]
    assert places[0] < texts[0] < places[1] < texts[1] < places[2] < texts[2]


def test_each_weak_indicator_without_an_issue_has_a_button_that_chooses_it(writer, plan, staff):
    add_issue(plan, staff, 9)
    page = text_of(writer.get(url("issues/")))
    assert "ครอบคลุม 0 จาก 9 ตัวชี้วัดที่เป็นจุดอ่อน" in page
    for number in (2, 3, 4, 5, 6, 7, 8, 10):
        assert f"{url('issues/new/')}?indicator={number}" in page
    assert "issues/new/?indicator=9" not in page
    assert f"{url('measures/library/')}?indicator=9" in page
    form = text_of(writer.get(url("issues/new/") + "?indicator=10"))
    assert re.search('value="10"[^>]* checked', form)


def test_a_plan_whose_weak_indicators_are_all_answered_says_so(writer, plan, staff):
    for number in range(3, 11):
        add_issue(plan, staff, number)
    add_issue(plan, staff, 2, kind="left_out")
    add_measure(plan, staff, range(3, 11))
    page = text_of(writer.get(url("issues/")))
    assert "ครอบคลุม 9 จาก 9" in page
    assert "จุดอ่อนทุกตัวมีประเด็นหรือเหตุผลแล้ว" in page


@pytest.mark.parametrize("who", ["viewer", "admin"])
def test_others_read_without_buttons_and_with_the_reason(client, plan, staff, who, request):
    add_issue(plan, staff, 9)
    client.force_login(request.getfixturevalue(who))
    page = text_of(client.get(url("issues/")))
    assert "เผยแพร่ข้อมูล" in page
    assert "เจ้าหน้าที่ของหน่วยงานเป็นผู้จัดทำ" in page
    assert "issues/new/" not in page
    assert "จัดการ" not in page
    for path in ("issues/new/", f"issues/{Issue.objects.get().pk}/"):
        assert client.get(url(path)).status_code == 403


def test_a_submitted_plan_says_who_sent_it_and_has_no_buttons(writer, plan, staff):
    issue = add_issue(plan, staff, 9)
    Plan.objects.update(state="submitted", submitted_by=staff, submitted_at=timezone.now())
    page = text_of(writer.get(url("issues/")))
    assert "สมชาย ตั้งใจ ส่งแผนให้ตรวจเมื่อ" in page
    assert "issues/new/" not in page
    for path in ("issues/new/", f"issues/{issue.pk}/", f"issues/{issue.pk}/delete/"):
        assert writer.get(url(path)).headers["Location"] == url("issues/")


def test_a_returned_plan_shows_why(writer, plan, admin):
    Plan.objects.update(
        state=State.RETURNED,
        return_reason="เพิ่มผู้รับผิดชอบ",
        reviewed_by=admin,
        reviewed_at=timezone.now(),
    )
    page = text_of(writer.get(url("issues/")))
    assert "สมหญิง ใจดี ส่งแผนกลับแก้ไข" in page
    assert "เพิ่มผู้รับผิดชอบ" in page


# --- writing --------------------------------------------------------------------------------------


def test_an_issue_is_written_and_announced(writer, plan):
    response = writer.post(url("issues/new/"), TYPED, follow=True)
    assert "บันทึกแล้ว: ประเด็นที่ควรปรับปรุงแก้ไข · 9" in text_of(response)
    assert Issue.objects.get().points == "เผยแพร่\nติดตาม"


def test_an_issue_is_changed(writer, plan, staff):
    issue = add_issue(plan, staff, 9)
    page = text_of(writer.get(url(f"issues/{issue.pk}/")))
    assert "เผยแพร่ข้อมูล</textarea>" in page
    writer.post(url(f"issues/{issue.pk}/"), TYPED | {"version": "1", "points": "ใหม่"})
    assert Issue.objects.get().points == "ใหม่"


def test_all_mistakes_are_told_at_once_with_what_was_typed(writer, plan):
    typed = {"kind": "", "points": " ", "version": "0"}
    page = text_of(writer.post(url("issues/new/"), typed))
    for message in (
        "เลือกตัวชี้วัดอย่างน้อย 1 ตัว",
        "เลือกประเภทของประเด็น",
        "กรอกประเด็น หรือเหตุผลที่ไม่ดำเนินการ",
    ):
        assert page.count(f"{message}</") >= 2
    assert "<title>มีข้อผิดพลาด:" in page
    page = text_of(writer.post(url("issues/new/"), TYPED | {"indicators": ["77"]}))
    assert "เลือกตัวชี้วัดจากรายการ" in page
    assert "2. ติดตาม</textarea>" in page


def test_a_second_issue_of_the_same_kind_is_refused_with_the_text_kept(writer, plan, staff):
    add_issue(plan, staff, 9)
    page = text_of(writer.post(url("issues/new/"), TYPED))
    assert "ตัวชี้วัดที่ 9 มีอยู่แล้วในรายการ" in page
    assert "1. เผยแพร่" in page


def test_a_stale_issue_shows_both_texts_and_can_then_be_saved(writer, plan, staff, admin):
    issue = add_issue(plan, staff, 9, points="ของเพื่อน <b>")
    Issue.objects.update(version=2, updated_by=admin)
    typed = TYPED | {"version": "1", "points": "ของฉัน"}
    response = writer.post(url(f"issues/{issue.pk}/"), typed)
    page = text_of(response)
    assert response.status_code == 409
    assert "ของฉัน</textarea>" in page
    assert "ของเพื่อน &lt;b&gt;" in page
    assert "ฉบับที่ สมหญิง ใจดี บันทึกเมื่อ" in page
    assert '<input type="hidden" name="version" value="2"' in page
    writer.post(url(f"issues/{issue.pk}/"), typed | {"version": "2", "points": "ทั้งสอง"})
    assert Issue.objects.get().points == "ทั้งสอง"


def test_what_is_typed_into_a_plan_submitted_meanwhile_stays_on_the_page(writer, plan):
    Plan.objects.update(state="approved")
    response = writer.post(url("issues/new/"), TYPED)
    page = text_of(response)
    assert response.status_code == 409
    assert "2. ติดตาม</textarea>" in page
    assert "ข้อความของคุณยังอยู่ในช่องกรอก" in page
    assert not Issue.objects.exists()


def test_what_is_typed_into_a_deleted_issue_stays_on_a_page(writer, plan, staff):
    issue = add_issue(plan, staff, 9)
    path = url(f"issues/{issue.pk}/")
    delete_row(row=issue, version=1, by=staff)
    response = writer.post(path, TYPED | {"version": "1"})
    assert response.status_code == 409
    assert "2. ติดตาม" in text_of(response)
    assert "สมชาย ตั้งใจ ลบ" in text_of(response)
    assert writer.get(path).status_code == 404


# --- deleting and ordering ------------------------------------------------------------------------


def test_deleting_asks_first(writer, plan, staff):
    issue = add_issue(plan, staff, 9)
    assert "ลบประเด็นนี้หรือไม่" in text_of(writer.get(url(f"issues/{issue.pk}/delete/")))
    assert Issue.objects.exists()
    response = writer.post(url(f"issues/{issue.pk}/delete/"), {"version": "1"}, follow=True)
    assert "ลบแล้ว: ประเด็นที่ควรปรับปรุงแก้ไข · 9" in text_of(response)
    assert not Issue.objects.exists()


def test_deleting_what_was_changed_meanwhile_asks_again_with_the_new_text(writer, plan, staff):
    issue = add_issue(plan, staff, 9)
    Issue.objects.update(version=2, points="ของเพื่อน")
    response = writer.post(url(f"issues/{issue.pk}/delete/"), {"version": "1"})
    assert response.status_code == 409
    assert "ของเพื่อน" in text_of(response)
    writer.post(url(f"issues/{issue.pk}/delete/"), {"version": "2"})
    assert not Issue.objects.exists()


def test_an_issue_moves_among_those_of_its_kind(writer, plan, staff):
    six, nine, seven = (
        add_issue(plan, staff, number, kind=kind)
        for number, kind in ((6, "develop"), (9, "fix"), (7, "develop"))
    )
    response = writer.post(url("issues/order/"), {"up": seven.pk})
    assert response.headers["Location"] == f"{url('issues/')}#move-{seven.pk}-down"
    order = [issue.indicators.get().number for issue in plan.issues.filter(kind="develop")]
    assert order == [7, 6]
    assert writer.post(url("issues/order/"), {"up": 999999}).status_code == 404
    assert writer.get(url("issues/order/")).status_code == 405


# --- belonging and cost ---------------------------------------------------------------------------


def test_an_outsider_finds_nothing(client, outsider, plan, staff):
    issue = add_issue(plan, staff, 9)
    client.force_login(outsider)
    for path in ("issues/", "issues/new/", f"issues/{issue.pk}/", f"issues/{issue.pk}/delete/"):
        assert client.get(url(path)).status_code == 404
        assert client.post(url(path), TYPED).status_code == 404
    for path in ("issues/order/", "begin/"):
        assert client.post(url(path), {"up": issue.pk}).status_code == 404


def test_an_issue_of_another_year_or_agency_is_not_found(writer, plan, staff, agency):
    issue = add_issue(open_plan(agency=agency, year=2564, by=staff), staff, 9)
    for path in (f"issues/{issue.pk}/", f"issues/{issue.pk}/delete/"):
        assert writer.get(url(path)).status_code == 404
        assert writer.post(url(path), TYPED).status_code == 404


def test_the_list_needs_few_queries(
    writer, plan, staff, django_assert_max_num_queries, django_assert_num_queries
):
    add_measure(plan, staff, range(1, 11))
    add_issue(plan, staff, 1)
    writer.get(url("issues/"))
    with django_assert_max_num_queries(15) as few:
        writer.get(url("issues/"))
    add_issue(plan, staff, 1, 2, 3, 4, kind="develop")
    for number in range(5, 11):
        add_issue(plan, staff, number, kind="fix")
        add_issue(plan, staff, number, kind="develop")
    with django_assert_num_queries(len(few)):
        writer.get(url("issues/"))
