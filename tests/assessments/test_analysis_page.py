from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.actions import enter_published
from tests.assessments.pages import text
from tests.cast import SCORES

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = pytest.mark.one_database("postgres")


@pytest.fixture
def analysis(client, staff, agency):
    """analysis(year) opens the page as staff."""
    client.force_login(staff)

    def get(year):
        return client.get(reverse("assessments:analysis", args=[agency.code, year]))

    return get


def section(page, heading, until):
    return text(page).split(heading)[1].split(until)[0]


def test_the_result_and_its_change_are_said_in_points_and_per_cent(results, analysis):
    page = text(analysis(2564))
    assert "คะแนนรวม 58.24 2563: 63.92" in page
    assert "−5.68 คะแนน (ร้อยละ −8.89)" in page
    assert "เกณฑ์ผ่าน 85: ไม่ผ่าน" in page


def test_the_table_shows_instruments_changes_and_classes(results, analysis):
    page = text(analysis(2564))
    assert "น้ำหนักร้อยละ 40 46.04 27.12 ▼ ลดลง 18.92 −41.09" in page
    assert "9. การเปิดเผยข้อมูล 60.82 29.24 ▼ ลดลง 31.58 −51.92 จุดอ่อน · ลดลง" in page
    assert "1. การปฏิบัติหน้าที่ สูงสุด 86.96 87.54" in page


def test_every_class_names_its_rule_and_its_indicators(results, analysis):
    page = analysis(2564)
    risen = section(page, "จุดอ่อน: เพิ่มขึ้นแต่ยังไม่ถึงเกณฑ์", "จุดอ่อน: ลดลง")
    assert "ต่ำกว่า 80 คะแนน" in risen
    for number in (2, 6, 7, 8):
        assert f"{number}. " in risen
    fallen = section(page, "จุดอ่อน: ลดลง", "แผนภูมิ")
    for number in (3, 4, 5, 9, 10):
        assert f"{number}. " in fallen
    assert "1. " in section(page, "จุดแข็ง: เพิ่มขึ้นและถึงเกณฑ์", "จุดอ่อน: ")


def test_the_threshold_is_the_agencys_and_its_admin_may_change_it(
    results, analysis, agency, admin, client
):
    agency.threshold = 85
    agency.save()
    assert "85 คะแนนขึ้นไป" in text(analysis(2564))
    assert "เปลี่ยนเกณฑ์จุดแข็ง" not in text(analysis(2564))
    client.force_login(admin)
    page = client.get(reverse("assessments:analysis", args=[agency.code, 2564]))
    assert reverse("accounts:settings", args=[agency.code]) in page.content.decode()
    assert "เปลี่ยนเกณฑ์จุดแข็ง" in text(page)


def test_both_charts_stand_beside_the_table(results, analysis):
    html = analysis(2564).content.decode()
    assert html.count('<svg role="img"') == 11
    assert "ita-radar" in html


def test_missing_scores_are_named_and_there_is_no_total(agency, enter_scores, analysis):
    enter_scores(agency, 2563, SCORES[2563])
    values = [None if number in (4, 9) else "80" for number in range(1, 11)]
    enter_scores(agency, 2564, values)
    page = text(analysis(2564))
    assert "(ขาดตัวชี้วัดที่ 4, 9)" in page
    assert "คะแนนรวม – ยังไม่ครบ" in page
    assert "4. การใช้ทรัพย์สินของราชการ 78.23 – – – ยังไม่มีคะแนน" in page


def test_without_any_score_the_page_leads_to_the_grid(frameworks, agency, analysis):
    page = analysis(2564)
    assert "กรอกคะแนน" in text(page)
    assert "<svg" not in page.content.decode().split("<main")[1]


def test_a_first_year_is_not_compared(agency, enter_scores, analysis):
    enter_scores(agency, 2564, SCORES[2564])
    page = text(analysis(2564))
    assert "เปลี่ยนแปลงจากปีก่อน" not in page
    assert "ไม่มีคะแนนปีก่อนให้เปรียบเทียบ" in page


def test_levels_on_different_scales_are_not_compared(agency, enter_scores, analysis):
    enter_scores(agency, 2565, SCORES[2564])
    enter_scores(agency, 2566, SCORES[2563])
    assert "เกณฑ์ระดับผลการประเมินของทั้งสองปีแตกต่างกัน" in text(analysis(2566))


def test_the_page_needs_few_queries(results, analysis, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        analysis(2564)


def test_an_outsider_finds_no_page(client, outsider, results, agency):
    client.force_login(outsider)
    page = client.get(reverse("assessments:analysis", args=[agency.code, 2564]))
    assert page.status_code == 404


def test_a_year_with_an_announced_total_alone_says_it_everywhere(
    client, frameworks, agency, staff, enter_scores, analysis
):
    enter_scores(agency, 2565, SCORES[2564])
    total = {"total": Decimal("86.50"), "level": None}
    enter_published(agency=agency, year=2566, version=1, by=staff, **total)
    page = text(analysis(2566))
    assert "คะแนนรวม 86.50 ตามประกาศ" in page
    assert "เปลี่ยนแปลงจากปีก่อน +28.26 คะแนน" in page
    assert "คะแนนรวม (ถ่วงน้ำหนัก) 58.24 86.50 ตามประกาศ ▲ เพิ่มขึ้น 28.26" in page
    assert (
        "สำนักงาน ป.ป.ช. ประกาศคะแนนรวม 86.50 คะแนน (เพิ่มขึ้น 28.26 คะแนนจากปีก่อน) "
        "ยังไม่มีคะแนนรายตัวชี้วัด จึงยังวิเคราะห์จุดแข็งและจุดอ่อนมิได้"
    ) in page
    assert page.count("ผ่านดี หรือ ผ่าน") == 2
    assert "แผนภูมิ" not in page
    assert "ลองเปลี่ยนคะแนน" not in page
    grid = text(client.get(reverse("assessments:scores", args=[agency.code, 2566])))
    assert "86.50 ตามประกาศ" in grid


def test_what_is_missing_is_not_counted_as_no_weakness(agency, enter_scores, analysis):
    enter_scores(agency, 2564, ["90", *[None] * 9])
    page = text(analysis(2564))
    assert "จุดอ่อน – ยังไม่ทราบ" in page
    assert "จุดแข็ง 1" in page
