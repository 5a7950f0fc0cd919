import pytest

from measures.writing_help import doubled_words, hints, strange_years
from tests.measures.writing import TEXTS, add_measure, report, text_of, url

pytestmark = pytest.mark.one_database("sqlite")


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        ("ประสิทธิภาพการการสื่อสาร", ["การการ"]),
        ("หลักฐานของของหน่วยงาน", ["ของของ"]),
        ("ความความโปร่งใส\nเพื่อเพื่อให้", ["ความความ", "เพื่อเพื่อ"]),
        ("the the report", ["the the"]),
        # As it is rightly written.
        ("สื่อต่าง ๆ และนาน ๆ ครั้ง", []),
        ("บริหารจัดการการเงิน คณะกรรมการการเลือกตั้ง บริการการรับชำระ โครงการการมีส่วนร่วม", []),
        ("ดำเนินการการจัดซื้อในที่ที่เหมาะสม", []),
        ("ปีละ 1 ครั้ง ครั้งละ 2 วัน", []),
    ],
)
def test_doubled_words_are_found_by_words_not_by_letters(text, doubled):
    assert doubled_words(text) == doubled


@pytest.mark.parametrize(
    ("text", "is_period", "years"),
    [
        ("ผลการประเมินปี 2564 สำหรับแผนปี 2565", False, []),
        ("ภายในเดือนมีนาคม ๒๕๖๖ และปี 2563", False, [2563, 2566]),
        ("พระราชบัญญัติข้อมูลข่าวสารของราชการ พ.ศ. 2540", False, []),
        ("แผนพัฒนาท้องถิ่น (พ.ศ. 2566–2570)", False, []),
        ("งบประมาณ 2,566 บาท", False, []),
        ("ตลอดปีงบประมาณ พ.ศ. 2564", True, [2564]),
        ("ต.ค. 2564 ถึง ก.ย. 2565", True, []),
    ],
)
def test_years_that_are_not_the_plans_are_pointed_at(text, is_period, years):
    assert strange_years(text, 2565, is_period) == years


def test_what_is_chosen_or_counted_is_not_read():
    assert hints("budget", "amount\n2566", 2565) == []
    assert hints("steps", "การการ ปี 2567", 2565)[0].endswith("การการ")


def test_the_hints_stand_at_the_field_and_once_among_the_remarks(client, plan, staff):
    measure = add_measure(plan, staff, steps="จัดทำแผนของของกอง\nรายงานในปี 2567")
    add_measure(plan, staff, title="อบรมการการสื่อสาร")
    client.force_login(staff)
    page = text_of(client.get(url(f"measures/{measure.pk}/")))
    assert "อาจเป็นคำซ้ำ: ของของ" in page
    assert "มีปี 2567 ในแผนปี 2565" in page
    report(measure, staff, result="ประชุมของของกอง")
    assert "อาจเป็นคำซ้ำ: ของของ" in text_of(client.get(url("progress/6/")))
    review = text_of(client.get(url("review/")))
    assert review.count("คำซ้ำหรือปีไม่ตรงกับแผน 2 รายการ") == 1
    assert measure.get_absolute_url() in review
    assert TEXTS["title"] in page
