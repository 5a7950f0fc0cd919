import json
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.fiscal import local_date
from measures.models import Measure, Plan, ProgressEntry, ProgressRound
from tests.measures.writing import TEXTS, add_measure, report, text_of, url

TYPED = {
    "state": "under_way",
    "result": "1. ออกคำสั่งแล้ว\r\n2. อบรมแล้ว",
    "suggestion": "- อบรมซ้ำทุกปี",
    "version": "0",
}


@pytest.fixture
def measure(plan, staff):
    return add_measure(plan, staff)


def edit_url(measure, months=6):
    return url(f"progress/{months}/{measure.pk}/")


def test_every_measure_stands_beside_what_became_of_it(writer, plan, measure, staff):
    add_measure(plan, staff, title="มาตรการที่สอง")
    report(measure, staff, suggestion="อบรมซ้ำ")
    page = text_of(writer.get(url("progress/6/")))
    assert "รายงานแล้ว 1 จาก 2 มาตรการ" in page
    for text in ("อบรมเจ้าหน้าที่", "กองคลัง", "ออกคำสั่งแล้ว", "อบรมซ้ำ", "มาตรการที่สอง"):
        assert text in page
    assert "อยู่ระหว่างดำเนินการ" in page
    assert "ยังไม่เริ่มดำเนินการ" in page


def test_the_rounds_are_apart(writer, measure, staff):
    report(measure, staff, months=6)
    page = text_of(writer.get(url("progress/12/")))
    assert "ออกคำสั่งแล้ว" not in page
    assert 'aria-current="page">รอบ 12 เดือน' in page
    assert writer.get(url("progress/7/")).status_code == 404
    assert writer.get(edit_url(measure, 7)).status_code == 404


def test_a_plan_without_measures_leads_to_them(writer, plan):
    page = text_of(writer.get(url("progress/6/")))
    assert "ยังไม่มีมาตรการที่จะรายงานผล" in page
    assert "ไปที่หน้ามาตรการ" in page


def test_the_form_shows_the_measure_as_planned_and_its_evidence_as_a_reminder(writer, measure):
    page = text_of(writer.get(edit_url(measure)))
    for text in ("มาตรการตามแผน", "คำสั่งจัดตั้งศูนย์", "หลักฐานที่ต้องมี", "อบรมเจ้าหน้าที่"):
        assert text in page


def test_progress_is_written_and_changed(writer, measure):
    response = writer.post(edit_url(measure), TYPED, follow=True)
    assert "ออกคำสั่งแล้ว\nอบรมแล้ว</textarea>" in text_of(response)
    page = text_of(writer.get(edit_url(measure)))
    assert "ออกคำสั่งแล้ว\nอบรมแล้ว</textarea>" in page
    writer.post(edit_url(measure), TYPED | {"version": "1", "state": "done"})
    entry = ProgressEntry.objects.get()
    assert (entry.state, entry.version) == ("done", 2)


def test_what_is_done_counts_as_reported_without_words_wherever_it_is_counted(
    writer, measure, staff
):
    report(measure, staff, state="done", result="")
    assert "รายงานแล้ว 1 จาก 1 มาตรการ" in text_of(writer.get(url("progress/6/")))
    assert "รายงานแล้ว 1 จาก 1 มาตรการ" in text_of(writer.get(url()))


def test_the_measures_own_text_is_shown_as_it_now_is(writer, measure, staff):
    report(measure, staff)
    Measure.objects.update(steps="ขั้นตอนที่แก้แล้ว")
    assert "ขั้นตอนที่แก้แล้ว" in text_of(writer.get(url("progress/6/")))


def test_two_people_who_report_first_lose_nothing(writer, measure, staff):
    report(measure, staff, result="ของเพื่อน")
    response = writer.post(edit_url(measure), TYPED)
    page = text_of(response)
    assert response.status_code == 409
    assert "2. อบรมแล้ว</textarea>" in page
    assert "<p>ของเพื่อน</p>" in page
    assert "ข้อเสนอแนะ ฉบับที่" in page
    assert "(ว่าง)" in page
    writer.post(edit_url(measure), TYPED | {"version": "1"})
    assert ProgressEntry.objects.get().result == "ออกคำสั่งแล้ว\nอบรมแล้ว"


def test_an_unknown_state_is_refused_with_the_text_kept(writer, measure):
    page = text_of(writer.post(edit_url(measure), TYPED | {"state": "perhaps"}))
    assert page.count("เลือกสถานะการดำเนินการ</") >= 2
    assert "2. อบรมแล้ว</textarea>" in page


def test_progress_is_reported_on_an_approved_plan_but_not_on_one_under_review(
    writer, measure, staff
):
    Plan.objects.update(state="approved")
    assert edit_url(measure, 12) in text_of(writer.get(url("progress/12/")))
    assert writer.post(edit_url(measure), TYPED).status_code == 302
    Plan.objects.update(state="submitted")
    assert writer.get(edit_url(measure)).headers["Location"] == url("progress/6/")
    response = writer.post(edit_url(measure), TYPED | {"version": "1", "result": "ใหม่"})
    assert response.status_code == 409
    assert "ใหม่</textarea>" in text_of(response)
    assert ProgressEntry.objects.get().version == 1


@pytest.mark.parametrize(
    ("who", "read", "write"), [("viewer", 200, 403), ("admin", 200, 403), ("outsider", 404, 404)]
)
def test_who_reads_and_who_reports(client, measure, who, read, write, request):
    client.force_login(request.getfixturevalue(who))
    response = client.get(url("progress/6/"))
    assert response.status_code == read
    if read == 200:
        assert "เจ้าหน้าที่ของหน่วยงานเป็นผู้จัดทำ" in text_of(response)
        assert TEXTS["title"] in text_of(response)
        assert edit_url(measure) not in text_of(response)
    assert client.get(edit_url(measure)).status_code == write
    assert client.post(edit_url(measure), TYPED).status_code == write
    assert not ProgressEntry.objects.exists()


# --- rounds ---------------------------------------------------------------------------------------

TODAY = timezone.localdate()


def days(number):
    return TODAY + timedelta(days=number)


def set_round(months=6, **values):
    ProgressRound.objects.filter(months=months).update(**values)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"opens_on": days(30)}, f"เปิด {local_date(days(30), 'short')}"),
        ({"opens_on": days(-1), "closes_on": days(12)}, "ปิดในอีก 12 วัน"),
        ({"closes_on": TODAY}, "ปิดวันนี้"),
        ({"closes_on": days(-1)}, f"ปิดเมื่อ {local_date(days(-1))}"),
        ({"approved_at": timezone.now()}, f"อนุมัติแล้วเมื่อ {local_date(TODAY, 'short')}"),
    ],
)
def test_each_round_says_whether_it_is_open(writer, measure, values, told):
    set_round(**values)
    page = text_of(writer.get(url("progress/12/")))
    assert f"<small>{told}</small>" in page
    assert "<small>เปิดอยู่</small>" in page


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"closes_on": days(-1)}, "แก้ไขไม่ได้ ขอขยายเวลาได้ที่ผู้ดูแลระบบ"),
        ({"approved_at": timezone.now()}, "จึงแก้ไขไม่ได้"),
    ],
)
def test_a_round_that_closed_or_was_approved_takes_nothing_by_any_way(
    writer, plan, measure, staff, values, told
):
    report(measure, staff)
    set_round(**values)
    page = text_of(writer.get(url("progress/6/")))
    assert told in page
    assert edit_url(measure) not in page
    response = writer.post(edit_url(measure), TYPED | {"version": "1"})
    assert response.status_code == 409
    assert "2. อบรมแล้ว</textarea>" in text_of(response)
    cell = [{"key": f"progress-6-{measure.pk}.result", "value": "ใหม่", "version": 1}]
    saved = writer.post(url("progress/6/fields/"), {"cells": json.dumps(cell)})
    assert saved.status_code == 409
    assert ProgressEntry.objects.get().result == "ออกคำสั่งแล้ว"
    assert report(measure, staff, months=12)


def test_the_late_come_first_then_what_is_to_be_reported(writer, plan, staff):
    titles = ["ทำเสร็จแล้ว", "ยังไม่รายงาน", "เลยกำหนดของตน", "ไม่ได้ทำเพราะงบไม่พอ"]
    done, _open, late, dropped = (add_measure(plan, staff, title=title) for title in titles)
    Measure.objects.filter(pk=late.pk).update(starts_on=days(-30), ends_on=days(-1))
    report(done, staff, state="done")
    report(late, staff)
    report(dropped, staff, state="not_done")

    def order(query=""):
        page = text_of(writer.get(url(f"progress/6/{query}")))
        found = [title for title in titles if f"</span> {title}" in page]
        return sorted(found, key=lambda title: page.index(f"</span> {title}"))

    assert order() == [titles[2], titles[1], titles[0], titles[3]]
    assert order("?state=late") == [titles[2]]
    assert order("?state=not_done") == [titles[3]]
    assert order("?unit=กองช่าง") == []
    assert len(order("?unit=กองคลัง")) == 4
    set_round(closes_on=days(7))
    assert order("?state=late") == [titles[1], titles[2]]
    set_round(approved_at=timezone.now())
    assert order() == titles


def test_what_is_done_is_at_a_hundred_per_cent(writer, measure):
    writer.post(edit_url(measure), TYPED | {"percent": "๖๐"})
    assert ProgressEntry.objects.get().percent == 60
    assert "เป็นจำนวนเต็ม 0 ถึง 100" in text_of(
        writer.post(edit_url(measure), TYPED | {"version": "1", "percent": "101"})
    )
    writer.post(edit_url(measure), TYPED | {"version": "1", "percent": "60", "state": "done"})
    assert ProgressEntry.objects.get().percent == 100
    assert "แล้วเสร็จ 1 จาก 1 มาตรการ (ร้อยละ 100)" in text_of(writer.get(url("progress/6/")))


def test_what_was_not_done_asks_for_a_reason_and_is_saved_all_the_same(writer, measure):
    note = '<p class="field-note" data-lacks="not_done">เขียนเหตุผลที่ไม่ได้ดำเนินการ'
    assert note not in text_of(writer.get(url("progress/6/")))
    writer.post(edit_url(measure), TYPED | {"state": "not_done", "result": ""})
    assert note in text_of(writer.get(url("progress/6/")))


def test_what_is_done_without_words_is_remarked_at_the_row_and_in_the_review(writer, measure):
    note = '<p class="field-note" data-lacks="done">เขียนผลการดำเนินการ'
    writer.post(edit_url(measure), TYPED | {"state": "done"})
    remark = "แต่ยังไม่ได้เขียนรายละเอียด"
    assert note not in text_of(writer.get(url("progress/6/")))
    assert remark not in text_of(writer.get(url("review/")))
    writer.post(edit_url(measure), TYPED | {"state": "done", "result": "", "version": "1"})
    assert note in text_of(writer.get(url("progress/6/")))
    assert remark in text_of(writer.get(url("review/")))


def test_staff_of_one_unit_report_on_its_measures_only(client, plan, measure, staff, agency):
    unit = agency.units.create(name="กองช่าง")
    agency.units.create(name="กองคลัง")
    own = add_measure(plan, staff, title="ของกองช่าง", responsible="กองช่าง")
    staff.memberships.update(unit=unit)
    client.force_login(type(staff).objects.get(pk=staff.pk))
    page = text_of(client.get(url("progress/6/")))
    assert edit_url(own) in page
    assert edit_url(measure) not in page


def test_the_admin_approves_a_round_after_a_question(client, plan, measure, staff, admin):
    report(measure, staff, state="not_done", result="")
    Plan.objects.update(state="approved")
    client.force_login(admin)
    approve = url("progress/6/approve/")
    assert approve in text_of(client.get(url("progress/6/")))
    page = text_of(client.get(approve))
    assert "ยังไม่ได้เขียนเหตุผล 1 มาตรการ" in page
    assert not ProgressRound.objects.exclude(approved_at=None).exists()
    page = text_of(client.post(approve, follow=True))
    assert "อนุมัติรอบ 6 เดือนแล้ว" in page
    assert approve not in page
    assert ProgressRound.objects.get(months=6).approved_by == admin
    page = text_of(client.post(approve, follow=True))
    assert "อนุมัติรอบ 6 เดือนแล้ว" not in page


def test_the_page_needs_few_queries_however_many_measures(
    writer, plan, staff, django_assert_max_num_queries
):
    for number in range(10):
        report(add_measure(plan, staff, title=f"มาตรการที่ {number}"), staff)
    writer.get(url("progress/6/"))
    with django_assert_max_num_queries(15):
        writer.get(url("progress/6/"))
    with django_assert_max_num_queries(15):
        writer.get(edit_url(plan.measures.first()))
