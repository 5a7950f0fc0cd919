"""The letters around a report: what they say and leave blank, and that Word can open them."""

import io
from datetime import timedelta
from urllib.parse import unquote

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, User
from accounts.units import add_units
from assessments.fiscal import thai_date
from assessments.models import Assessment
from measures.actions import set_dates
from measures.covering import Kind
from measures.models import Plan
from measures.sentences import VOCABULARY

KINDS = [*Kind]


def address(kind, digits="arabic"):
    path = reverse("measures:covering", args=["nongkong", 2565, kind])
    return f"{path}?digits={digits}"


def every_text(document):
    """Of the body, its tables, and the header, in their order."""
    header = [one.text for one in document.sections[0].header.paragraphs]
    body = [one.text for one in document.element.body.iter(f"{W}p") if hasattr(one, "text")]
    return "\n".join([*header, *body]).replace("\N{NO-BREAK SPACE}", " ")


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def letter(client, plan, staff):
    """letter(kind) opened as Word would, as a writer of the agency gets it."""
    client.force_login(staff)

    def opened(kind, **options):
        response = client.get(address(kind, **options))
        assert response.status_code == 200
        return docx.Document(io.BytesIO(response.content))

    return opened


def text_of(letter, kind, **options):
    return every_text(letter(kind, **options))


def test_the_memo_says_the_result_and_what_is_asked_and_leaves_its_number_blank(
    letter, written_plan, executive, coordinator
):
    User.objects.filter(pk=executive.pk).update(position="นายกองค์การบริหารส่วนตำบล")
    text = text_of(letter, Kind.MEMO)
    for said in (
        "บันทึกข้อความ",
        "ส่วนราชการ  องค์การบริหารส่วนตำบลหนองกง",
        "เรียน  นายกองค์การบริหารส่วนตำบลหนองกง",
        "ปีงบประมาณ พ.ศ. 2564 คะแนนรวม 58.24 คะแนน ระดับ D",
        "ลดลง 5.68 คะแนน (ร้อยละ 8.89) จากปีงบประมาณ พ.ศ. 2563",
        "พบจุดอ่อน 9 ตัวชี้วัด",
        "จำนวน 3 มาตรการ",
        "จึงเรียนมาเพื่อโปรดพิจารณา",
        "(ปราณี ประสานงาน)",
    ):
        assert said in text
    assert "ที่  ...." in text
    assert "วันที่  ...." in text


def test_the_memo_keeps_what_the_executive_writes_with_the_signature(letter, written_plan):
    rows = letter(Kind.MEMO).paragraphs
    start = next(n for n, row in enumerate(rows) if row.text == "ความเห็น/คำสั่ง")
    held = [
        row.paragraph_format.keep_with_next or row.style.paragraph_format.keep_with_next
        for row in rows[start:-1]
    ]
    assert all(held)
    # But not with the sender's, or half of a page would go over.
    assert rows[start - 1].paragraph_format.keep_with_next is False


def test_a_draft_says_so_and_claims_no_approval(letter, written_plan):
    for kind in KINDS:
        assert "\t\tร่าง" in text_of(letter, kind)
    memo = text_of(letter, Kind.MEMO)
    assert "ร่างมาตรการ" in memo
    assert "อนุมัติเมื่อ" not in memo


def test_what_is_approved_is_offered_for_signature_with_its_revision(letter, written_plan, approve):
    approve(written_plan)
    memo = text_of(letter, Kind.MEMO)
    assert "เป็นฉบับที่ 1 จึงเห็นควรเสนอเพื่อลงนาม" in memo
    assert "ข้อ O42 และ O43" in memo
    assert "ร่างมาตรการ" not in memo
    assert "\t\tร่าง" not in text_of(letter, Kind.ANNOUNCEMENT)


def test_without_a_total_no_figure_is_named(letter, plan):
    plan.assessment.scores.filter(indicator__number=9).update(value=None)
    for kind in (Kind.MEMO, Kind.ANNOUNCEMENT):
        text = text_of(letter, kind)
        assert "ยังบันทึกคะแนนไม่ครบ" in text
        for figure in ("คะแนนรวม", "58.24", "ระดับ", "ร้อยละ", "จุดอ่อน"):
            assert figure not in text


def test_what_was_announced_otherwise_is_named_beside(letter, plan):
    Assessment.objects.filter(pk=plan.assessment_id).update(published_total="58.25")
    assert "คะแนนรวม 58.24 คะแนน ระดับ D (ผลที่ประกาศ 58.25 คะแนน)" in text_of(letter, Kind.MEMO)


def test_the_announcement_names_the_measures_and_their_days(letter, written_plan, admin):
    # Days that have passed are refused, so these are beyond the tests' own.
    first, last = (timezone.localdate() + timedelta(days=days) for days in (30, 60))
    set_dates(plan=written_plan, by=admin, closes_6=first, closes_12=last)
    text = text_of(letter, Kind.ANNOUNCEMENT)
    assert "ประกาศองค์การบริหารส่วนตำบลหนองกง" in text
    for measure in written_plan.measures.all():
        assert measure.title in text
    assert f"รอบ 6 เดือน ภายในวันที่ {thai_date(first)} และรอบ 12 เดือน" in text
    assert "จึงประกาศให้ทราบโดยทั่วกัน" in text
    assert "ประกาศ ณ วันที่ ...." in text
    assert "http" not in text


def test_the_order_appoints_by_role_and_asks_each_other_unit_for_somebody(
    letter, plan, admin, coordinator, executive, viewer
):
    add_units(agency=plan.agency, names=["กองคลัง", "กองช่าง"], by=admin)
    membership = coordinator.memberships.get()
    membership.unit = plan.agency.units.get(name="กองคลัง")
    membership.save()
    document = letter(Kind.ORDER)
    [table] = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("1.", "สมหญิง ใจดี", "ประธานคณะทำงาน"),
        ("2.", "สมชาย ตั้งใจ", "คณะทำงาน"),
        ("3.", "ผู้แทนกองช่าง", "คณะทำงาน"),
        ("4.", "ปราณี ประสานงาน", "คณะทำงานและเลขานุการ"),
    ]
    text = every_text(document)
    assert "(ประสิทธิ์ นายก)" in text
    for said in ("ให้คณะทำงานมีหน้าที่ ดังนี้", "ทั้งนี้ ตั้งแต่วันที่ ....", "สั่ง ณ วันที่ ...."):
        assert said in text


def test_two_who_could_sign_are_both_left_out(letter, plan, executive, staff):
    staff.memberships.update(role="executive")
    assert "ประสิทธิ์ นายก" not in text_of(letter, Kind.ORDER)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.one_database("sqlite")
def test_word_finds_styles_room_for_the_emblem_and_no_field_of_what_people_typed(
    letter, plan, staff, kind
):
    User.objects.filter(pk=staff.pk).update(name='=HYPERLINK("http://example.org") {DATE}')
    document = letter(kind)
    styles = {one.style.name for one in document.paragraphs}
    assert {"Body Text", "Signature"} <= styles
    assert document.core_properties.language == "th-TH"
    assert not list(document.element.iter(f"{W}instrText", f"{W}fldSimple", f"{W}hyperlink"))
    places = [one for one in document.element.iter(f"{W}p") if "ตราครุฑ" in one.text]
    [height] = [place.pPr.find(f"{W}spacing").get(f"{W}line") for place in places]
    assert height == {"memo": "850"}.get(kind.value, "1701")
    assert document.sections[0].left_margin.cm == pytest.approx(3, abs=0.01)


@pytest.mark.one_database("sqlite")
def test_thai_digits_are_a_choice_and_leave_codes_alone(letter, written_plan, approve):
    approve(written_plan)
    text = text_of(letter, Kind.MEMO, digits="thai")
    assert "คะแนนรวม ๕๘.๒๔ คะแนน" in text
    assert "ข้อ O42 และ O43" in text


@pytest.mark.one_database("postgres")
def test_a_draft_that_leaves_is_noted_and_kept_by_nobody_on_the_way(client, plan, viewer):
    client.force_login(viewer)
    response = client.get(address("order"))
    assert response["Cache-Control"] == "private, no-store"
    disposition = response["Content-Disposition"]
    assert disposition.startswith('attachment; filename="ita-nongkong-2565-order.docx"; ')
    assert unquote(disposition.split("UTF-8''")[1]) == "คำสั่ง ITA หนองกง 2565.docx"
    event = Event.objects.get(verb="report.document_downloaded")
    assert "คำสั่งแต่งตั้งคณะทำงาน ITA (DOCX)" in str(VOCABULARY.sentence(event))


@pytest.mark.one_database("postgres")
def test_there_is_no_letter_of_another_kind_or_without_a_plan(client, results, staff):
    client.force_login(staff)
    assert client.get(address("memo")).status_code == 404
    Plan.objects.create(agency=results.agency, year=2565, assessment=results)
    assert client.get(address("letter")).status_code == 404
