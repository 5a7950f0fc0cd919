import csv
import io

import pytest
from django.utils import timezone

from accounts.models import Event
from assessments.actions import ScoreChange, save_scores
from measures.actions import change_measure, create_issue, create_measure, delete_row, merge_issues
from measures.models import Issue
from measures.sentences import VOCABULARY

pytestmark = [pytest.mark.django_db]

PAGE = "/a/nongkong/2565/history/"
TEXTS = {
    "title": "ปรับปรุงเว็บไซต์",
    "steps": "1",
    "period": "ปี 2565",
    "follow_up": "1",
    "responsible": "สำนักปลัด",
}


@pytest.fixture
def indicators(plan):
    return {one.number: one for one in plan.assessment.framework.indicators.all()}


@pytest.fixture
def measure(plan, indicators, staff):
    return create_measure(plan=plan, indicators=[indicators[9]], by=staff, **TEXTS)


@pytest.fixture
def changed_score(plan, coordinator):
    cell = plan.assessment.scores.get(indicator__number=9)
    changes = [ScoreChange("i9", 92, cell.version)]
    save_scores(assessment=plan.assessment, changes=changes, by=coordinator)


@pytest.fixture
def read(client, coordinator):
    client.force_login(coordinator)
    return lambda query="": client.get(f"{PAGE}{query}").content.decode()


def change(measure, by, **texts):
    values = TEXTS | {"indicators": list(measure.indicators.all())} | texts
    change_measure(measure=measure, version=measure.version, by=by, **values)


def test_what_was_done_stands_there_in_words_newest_first(read, measure, changed_score):
    shown = read()
    score = "แก้คะแนนตัวชี้วัดที่ 9 จาก 29.24 เป็น 92 (ITA 2564)"
    assert f"<strong>ปราณี ประสานงาน</strong> {score}" in shown
    assert shown.index(score) < shown.index("เขียนมาตรการ “ปรับปรุงเว็บไซต์”")


def test_a_long_text_is_shown_before_and_after(read, measure, staff):
    change(measure, staff, steps="\n".join(f"ขั้นตอน {n}" for n in range(30)))
    shown = read()
    assert "แก้มาตรการ “ปรับปรุงเว็บไซต์”: วิธีดำเนินการ" in shown
    assert "ขั้นตอน 29</span>" in shown


def test_short_values_are_told_in_the_sentence(read, measure, staff):
    change(measure, staff, title="เว็บไซต์", responsible="กองคลัง")
    title = "มาตรการ/แนวทาง จาก ปรับปรุงเว็บไซต์ เป็น เว็บไซต์"
    assert f"{title}, ผู้รับผิดชอบ จาก สำนักปลัด เป็น กองคลัง" in read()


def test_a_row_that_is_gone_keeps_its_history_and_its_year(read, measure, staff):
    delete_row(row=measure, version=measure.version, by=staff)
    assert "ลบมาตรการ “ปรับปรุงเว็บไซต์”" in read()
    assert "เขียนมาตรการ" in read(
        f"?row=measure-{measure.pk or Event.objects.latest('pk').object_id}"
    )


def test_it_is_filtered_by_person_kind_row_and_day(read, measure, changed_score, staff):
    other = "เขียนมาตรการ “ปรับปรุงเว็บไซต์”"
    score = "แก้คะแนนตัวชี้วัดที่ 9"
    for query in ("?kind=scores", "?row=score-9"):
        assert score in read(query)
        assert other not in read(query)
    for query in (f"?person={staff.pk}", "?kind=measures", f"?row=measure-{measure.pk}"):
        assert other in read(query)
        assert score not in read(query)
    today = timezone.localdate()
    assert other in read(f"?day={today.day}/{today.month}/{today.year + 543}")
    assert "ไม่พบรายการที่ตรงกับเงื่อนไข" in read("?day=31/12/2560")
    assert "พิมพ์วันที่" in read("?day=พรุ่งนี้")


def test_a_row_is_found_where_it_was_one_of_many(read, plan, indicators, staff):
    issues = [
        create_issue(
            plan=plan, indicators=[indicators[n]], kind=Issue.Kind.FIX, points=f"ข้อ {n}", by=staff
        )
        for n in (9, 10)
    ]
    merge_issues(plan=plan, versions={one.pk: one.version for one in issues}, by=staff)
    assert "รวมประเด็น" in read(f"?row=issue-{issues[1].pk}")


def test_the_row_has_its_own_beside_it(read, client, measure, staff):
    url = measure.get_absolute_url()
    assert "เขียนมาตรการ" in client.get(url).content.decode()
    client.force_login(staff)
    assert "ประวัติของแถวนี้" not in client.get(url).content.decode()


def test_nothing_of_another_agency_or_year_is_there(client, measure, outsider):
    client.force_login(outsider)
    assert client.get(PAGE).status_code == 404
    shown = client.get("/a/other/history/").content.decode()
    assert "ปรับปรุงเว็บไซต์" not in shown
    assert "สมชาย" not in shown


def test_the_export_holds_what_is_filtered_and_no_formula(read, client, measure, staff):
    change(measure, staff, title="=cmd()", steps="@x")
    response = client.get(f"{PAGE}export.csv?kind=measures")
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert lines[0][:3] == ["ลำดับที่", "เวลา", "ผู้ทำ"]
    assert [line[6] for line in lines[1:3]] == ["'=cmd()", "'@x"]
    assert {line[2] for line in lines[1:]} == {staff.name}
    assert Event.objects.latest("pk").verb == "history.exported"


def test_what_was_typed_is_shown_as_text(read, measure, staff):
    change(measure, staff, title="<script>alert(1)</script>", steps='"><img onerror=x>')
    shown = read()
    assert "<script>alert" not in shown
    assert "<img onerror" not in shown


def test_it_needs_few_queries(read, measure, staff, django_assert_max_num_queries):
    for number in range(60):
        change(measure, staff, title=f"มาตรการ {number}")
    with django_assert_max_num_queries(12):
        shown = read()
    assert "มาตรการ 59" in shown
    assert "หน้า 1 จาก 2" in shown


@pytest.mark.one_database("sqlite")
def test_no_value_of_any_event_breaks_its_sentence():
    """What was recorded once is read for ever, by words that change."""
    odd = (
        None,
        [],
        [None],
        ["ก", {"id": 1, "state": ["draft"]}],
        "2022-13-45",
        "%(record)s %",
        1.5,
    )
    for verb in (*VOCABULARY.deeds, "no.such"):
        for value in odd:
            values = dict.fromkeys(("state", "kind", "budget", "starts_on", "reason", "i9"), value)
            event = Event(verb=verb, object_type="measures.measure", before=values, after=values)
            sentence = VOCABULARY.sentence(event)
            assert str(sentence)
            assert all(map(str, sentence.changes))
