from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Event
from accounts.permissions import State
from assessments.actions import ScoreChange, enter_scores
from assessments.models import Assessment, Framework, SubScore
from assessments.results import two_years
from tests.assessments.pages import fields, text

# What the pages write is tried on both databases in test_cells.py.
pytestmark = pytest.mark.one_database("sqlite")

SELF, OFFICIAL = Assessment.Kind.SELF, Assessment.Kind.OFFICIAL


def url(page, kind=SELF, year=2564):
    suffix = "-self" if kind == SELF else ""
    return reverse(f"assessments:scores-{page}{suffix}", args=["nongkong", year])


@pytest.fixture
def as_staff(client, staff, frameworks):
    client.force_login(staff)
    return client


def send(client, page, kind=SELF, opened=None, **typed):
    """Types into cells such as o42="100" and saves without a script."""
    address = url(page, kind)
    return client.post(address, fields(opened or client.get(address)) | typed)


def marked(kind=SELF):
    return dict(SubScore.objects.filter(assessment__kind=kind).values_list("item__number", "value"))


def mark_all(staff, agency, kind=SELF, year=2564, but=()):
    count = 43
    enter_scores(
        agency=agency,
        year=year,
        kind=kind,
        by=staff,
        changes=[
            ScoreChange(f"o{number}", Decimal(0 if number in but else 100), 1)
            for number in range(1, count + 1)
        ],
    )


# --- items ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [OFFICIAL, SELF])
def test_the_items_stand_by_sub_indicator_with_what_each_is_worth(as_staff, agency, kind):
    page = text(as_staff.get(url("items", kind)))
    for words in (
        "9.1 ข้อมูลพื้นฐาน ตรวจแล้ว 0 /9 ค่าเฉลี่ย –",
        "O42 มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน สาระที่ต้องมี",
        "คำนวณย้อนกลับจากผลที่เผยแพร่ ค่าคะแนนของข้อ OIT",
        "ยังไม่ยืนยัน สาระของข้อ OIT",
    ):
        assert words in page
    for worth in ("0.44", "0.50", "0.57", "1.00", "0.80", "1.25", "5.00"):
        assert worth in page
    assert "ตรวจแล้ว 0 /10 – ผลทางการ – ต่างจากผลทางการ –" in page
    assert not Assessment.objects.exists(), "looking writes nothing"


def test_marks_are_saved_without_a_script(as_staff, agency):
    answer = send(as_staff, "items", o42="100", o43="0")
    assert answer.status_code == 302
    assert marked() == {42: 100, 43: 0}
    page = as_staff.get(answer.url)
    assert "บันทึกแล้ว 2 ค่า" in text(page)
    assert (fields(page)["o42"], fields(page)["o43"], fields(page)["o1"]) == ("100", "0", "")
    assert "10.2 มาตรการภายในเพื่อป้องกันการทุจริต ตรวจแล้ว 2 /2 ค่าเฉลี่ย 50.00" in text(page)
    assert Event.objects.get(verb="scores.saved").after == {"o42": "100.00", "o43": "0.00"}


def test_an_item_can_be_unmarked(as_staff, agency):
    send(as_staff, "items", o42="100")
    send(as_staff, "items", o42="")
    assert marked() == {42: None}


@pytest.mark.parametrize("typed", ["50", "1", "มี", "101", "NaN"])
def test_points_that_the_year_does_not_know_are_refused_and_stay(as_staff, agency, typed):
    page = send(as_staff, "items", o42=typed, o43="100")
    assert page.status_code == 200
    assert '<a href="#id_o42">' in page.content.decode()
    assert fields(page)["o43"] == "100"
    assert not SubScore.objects.exists()


def test_a_year_with_partial_points_offers_them(as_staff, agency):
    Framework.objects.filter(year=2564).update(item_marks=[0, 50, 100])
    assert "มีบางส่วน (50)" in text(as_staff.get(url("items")))
    send(as_staff, "items", o42="50", o43="100")
    assert marked() == {42: 50, 43: 100}


def test_only_years_that_know_partial_points_offer_them(as_staff, agency):
    assert "มีบางส่วน" not in text(as_staff.get(url("items")))


def test_a_mark_that_another_saved_meanwhile_is_shown_beside(as_staff, staff, agency, admin):
    opened = as_staff.get(url("items"))
    enter_scores(
        agency=agency, year=2564, kind=SELF, by=None, changes=[ScoreChange("o42", Decimal(0), 1)]
    )
    page = send(as_staff, "items", opened=opened, o42="100", o41="100")
    assert page.status_code == 409
    assert marked() == {42: 0, 41: 100}
    assert fields(page)["o42"] == "100"
    version = SubScore.objects.get(item__number=42).version
    send(as_staff, "items", opened=page, o42_choice=f"mine-{version}")
    assert marked()[42] == 100


def test_items_all_marked_come_to_the_indicators_beside_the_official_score(
    as_staff, staff, agency, results
):
    mark_all(staff, agency, but=(1, 42))
    page = text(as_staff.get(url("items")))
    # 9.1 is 8 of 9: (800/9 + 400) / 5; of 10.2 one of two is there.
    assert "คะแนนตัวชี้วัดที่คำนวณจากรายข้อ ตรวจแล้ว 33 /33 97.78" in page
    assert "ผลทางการ 29.24 ต่างจากผลทางการ +68.54" in page
    assert "คะแนนตัวชี้วัดที่คำนวณจากรายข้อ ตรวจแล้ว 10 /10 75.00" in page


# --- questions ------------------------------------------------------------------------------------


def test_averages_of_questions_come_to_the_indicator_beside_the_official_score(
    as_staff, agency, results
):
    typed = {f"q_i{number}": "90" for number in range(1, 6)} | {"q_i6": "๗๐.๕"}
    send(as_staff, "questions", OFFICIAL, **typed)
    page = as_staff.get(url("questions", OFFICIAL))
    assert fields(page)["q_i6"] == "70.50"
    assert "กรอกแล้ว 6 /6 86.75 ผลทางการ 87.54 ต่างจากผลทางการ −0.79" in text(page)
    assert str(two_years(agency, 2564).current.values[1]) == "87.54"


def test_a_refused_average_names_its_question(as_staff, agency):
    page = send(as_staff, "questions", q_i6="101")
    assert text(page).count("คะแนนเฉลี่ยข้อคำถาม i6 ต้องอยู่ระหว่าง 0 ถึง 100") == 2


def test_it_is_said_that_the_questions_of_eit_are_not_verified(as_staff, agency):
    assert "(e1–e15) ยังไม่ยืนยัน" in text(as_staff.get(url("questions")))


# --- both -----------------------------------------------------------------------------------------


def test_a_year_without_a_list_says_so(as_staff, agency):
    assert "ระบบยังไม่มีรายการข้อคำถามของปี 2566" in text(as_staff.get(url("questions", year=2566)))
    Framework.objects.get(year=2568).indicators.get(number=9).subindicators.all().delete()
    Framework.objects.get(year=2568).indicators.get(number=10).subindicators.all().delete()
    assert "ระบบยังไม่มีรายการข้อ OIT ของปี 2568" in text(as_staff.get(url("items", year=2568)))
    assert "ยังไม่มีเกณฑ์การประเมินปี 2570" in text(as_staff.get(url("items", year=2570)))


@pytest.mark.parametrize("grid", ["items", "questions"])
def test_who_may_not_enter_scores_reads_the_marks(client, viewer, staff, agency, frameworks, grid):
    mark_all(staff, agency, but=(1,))
    client.force_login(viewer)
    answer = client.get(url(grid))
    assert "<select" not in answer.content.decode()
    assert 'name="o1"' not in answer.content.decode()
    if grid == "items":
        assert "O1 โครงสร้าง สาระที่ต้องมี" in text(answer)
        assert "ไม่มี (0)" in text(answer)
    assert client.post(url(grid), {"o1": "100", "o1_version": "2"}).status_code == 403


@pytest.mark.parametrize("grid", ["items", "questions"])
def test_marks_of_a_locked_official_result_are_read_only(as_staff, agency, results, grid):
    opened = as_staff.get(url(grid, OFFICIAL))
    Assessment.objects.filter(pk=results.pk).update(state=State.APPROVED)
    assert "อนุมัติแล้ว" in text(as_staff.get(url(grid, OFFICIAL)))
    late = send(as_staff, grid, OFFICIAL, opened=opened, o1="100", q_i1="5")
    assert late.status_code == 409
    assert "ยังไม่ได้บันทึก" in text(late)
    assert not SubScore.objects.exists()


@pytest.mark.parametrize("grid", ["items", "questions"])
@pytest.mark.parametrize("kind", [OFFICIAL, SELF])
def test_the_pages_need_few_queries(
    as_staff, staff, agency, results, grid, kind, django_assert_max_num_queries
):
    mark_all(staff, agency, kind)
    with django_assert_max_num_queries(15):
        as_staff.get(url(grid, kind))
