import pytest

from measures.models import Measure, Plan, ProgressEntry
from tests.measures.writing import TEXTS, add_measure, report, text_of, url

TYPED = {
    "state": "under_way",
    "result": "1. ออกคำสั่งแล้ว\r\n2. อบรมแล้ว",
    "suggestion": "- อบรมซ้ำทุกปี",
    "version": "0",
}


@pytest.fixture
def writer(client, staff):
    client.force_login(staff)
    return client


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
