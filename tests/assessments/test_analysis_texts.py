"""Editing the paragraphs of the analysis, and what becomes of them when the scores change."""

import json
import re
from decimal import Decimal
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Event
from accounts.permissions import LateChange, State
from accounts.versioning import StaleWrite
from assessments.actions import ScoreChange, enter_scores, save_text
from assessments.models import AnalysisText, Assessment
from assessments.results import official
from assessments.texts import fingerprint, texts_of
from tests.assessments.pages import text
from tests.cast import SCORES

CANARY = '<script>alert(1)</script> {{ agency.name }} "><b>หนา</b>'


@pytest.fixture
def page(client, staff, agency):
    """page() opens the analysis of 2564 as staff."""
    client.force_login(staff)
    url = reverse("assessments:analysis", args=[agency.code, 2564])
    return lambda: client.get(url)


@pytest.fixture
def save(agency, staff):
    """save(text) keeps the overall paragraph, as somebody who sees the newest."""

    def act(words, *, section="overall", by=staff, **options):
        options.setdefault("version", now(agency, section).version)
        return save_text(agency=agency, year=2564, section=section, text=words, by=by, **options)

    return act


@pytest.fixture
def rescore(agency, staff):
    """rescore(i9="91") changes scores of 2564."""

    def act(**values):
        cells = official(agency, 2564).cells
        changes = [ScoreChange(k, Decimal(v), cells[k].version) for k, v in values.items()]
        assert not enter_scores(agency=agency, year=2564, changes=changes, by=staff).stale

    return act


def now(agency, section="overall"):
    return next(one for one in texts_of(official(agency, 2564)) if one.section == section)


def url(agency, shown_with=""):
    return reverse("assessments:analysis-texts", args=[agency.code, 2564]) + shown_with


def typed(client, agency, words, version=1, section="overall", shown_with=""):
    """Sends a text as the page does while one types."""
    cells = json.dumps([{"key": section, "value": words, "version": version}])
    answer = client.post(url(agency, shown_with), {"cells": cells}, HTTP_ACCEPT="application/json")
    return answer, answer.json().get("cells", [{}])[0]


# --- reading ---


def test_the_page_shows_the_generated_paragraphs(results, page):
    shown = text(page())
    assert "ภาพรวมผลการประเมิน ระบบเขียน ปีงบประมาณ พ.ศ. 2564" in shown
    assert "ตัวเลขเปลี่ยนหลังแก้ข้อความ" not in shown


def test_the_paragraphs_are_thai_on_an_english_page(results, agency, page, client):
    client.cookies["django_language"] = "en"
    html = page().content.decode()
    assert "Text of the analysis" in html
    assert now(agency).text in unescape(re.sub("<[^>]+>", "", html))


def test_viewers_and_admins_only_read(results, agency, viewer, admin, client):
    for person in (viewer, admin):
        client.force_login(person)
        shown = client.get(reverse("assessments:analysis", args=[agency.code, 2564]))
        assert "58.24 คะแนน อยู่ในระดับ D คะแนนรวม ต่ำกว่า" in text(shown)
        assert "<textarea" not in shown.content.decode()


def test_a_self_assessment_shows_its_own_paragraphs_to_read(results, agency, page, client, save):
    save("ข้อความของผลทางการ")
    Assessment.objects.filter(framework__year=2564).update(kind=Assessment.Kind.SELF)
    page()
    shown = client.get(reverse("assessments:analysis-self", args=[agency.code, 2564]))
    assert "วิเคราะห์จากผลการประเมินตนเอง มิใช่ผลทางการ" in text(shown)
    assert "ข้อความของผลทางการ" not in text(shown)
    assert "<textarea" not in shown.content.decode()


def test_the_page_with_edited_texts_needs_few_queries(
    results, page, save, rescore, django_assert_max_num_queries
):
    for section in ("overall", "changes", "weaknesses"):
        save(f"ข้อความ {section}", section=section)
    rescore(i9="91")
    page()
    with django_assert_max_num_queries(15):
        page()


# --- saving ---


def test_her_words_stand_in_place_of_the_generated_ones_with_who_and_what(
    results, agency, staff, save, page
):
    before = now(agency).text
    saved = save(before + " ทั้งนี้ เกิดจากการปรับเว็บไซต์")
    assert saved.is_own
    assert "เกิดจากการปรับเว็บไซต์" in text(page())
    event = Event.objects.get(verb="analysis_text.saved")
    assert (event.actor_name, event.before) == (staff.name, {"overall": before})
    assert event.after == {"overall": saved.text}


def test_the_generated_text_typed_again_or_nothing_is_the_generated_text(results, agency, save):
    generated = now(agency).text
    save("ของเรา")
    assert not save(generated).is_own
    save("ของเราอีก")
    emptied = save(" \r\n ")
    assert (emptied.is_own, emptied.text) == (False, generated)


def test_saving_what_is_there_writes_nothing(results, agency, save):
    save(now(agency).text)
    assert not AnalysisText.objects.exists()
    first = save("ของเรา")
    assert save("ของเรา").version == first.version
    assert Event.objects.filter(verb__startswith="analysis_text").count() == 1


def test_of_two_who_save_at_once_the_second_is_told(results, agency, save):
    save("ของสมชาย")
    with pytest.raises(StaleWrite):
        save("ของสมหญิง", version=1)
    assert now(agency).text == "ของสมชาย"


def test_only_staff_and_only_while_the_result_is_open(results, save, viewer, admin):
    for person in (viewer, admin):
        with pytest.raises(PermissionDenied):
            save("ของเรา", by=person)
    for state in (State.SUBMITTED, State.APPROVED):
        Assessment.objects.update(state=state)
        with pytest.raises(LateChange):
            save("ของเรา")


def test_a_text_is_no_longer_than_the_report_takes_and_can_be_printed(results, save):
    with pytest.raises(ValidationError, match="ภาพรวมผลการประเมินยาว 5,020 ตัวอักษร .* 20 "):
        save("ก" * 5020)
    with pytest.raises(ValidationError, match="U\\+1F600"):
        save("ดีมาก 😀")


def test_marks_and_stray_spaces_are_not_kept(results, save):
    assert save("หนึ่ง \ue000total\ue001 \t\r\n\r\n  สอง ").lines == ["หนึ่ง total", "สอง"]


# --- changed figures ---


def test_new_scores_refresh_the_figures_and_keep_her_words(results, agency, save, rescore, page):
    save(now(agency).text.replace("หน่วยงานได้", "แม้มีอุทกภัย หน่วยงานยังได้"))
    rescore(i9="91", i10="91")
    own = now(agency)
    assert "แม้มีอุทกภัย หน่วยงานยังได้คะแนนรวม 83.79 คะแนน อยู่ในระดับ B" in own.text
    told = {change.label: (change.old, change.new) for change in own.changes}
    assert told["คะแนนรวม"] == ("58.24", "83.79")
    assert told["ทิศทางของคะแนนรวม"] == ("ลดลง", "เพิ่มขึ้น")
    shown = text(page())
    assert "ตัวเลขเปลี่ยนหลังแก้ข้อความ: ภาพรวมผลการประเมิน" in shown
    assert "คะแนนรวม 58.24 → 83.79" in shown


def test_a_generated_text_is_never_out_of_date(results, agency, rescore, page):
    rescore(i9="91")
    assert now(agency).changes == []
    assert "ตัวเลขเปลี่ยน" not in text(page())


def test_checking_takes_the_mark_away_and_leaves_a_trace(results, agency, save, rescore):
    save("แม้มีอุทกภัย " + now(agency).text)
    rescore(i9="91")
    shown = now(agency).text
    checked = save(shown)
    assert (checked.text, checked.changes) == (shown, [])
    assert Event.objects.filter(verb="analysis_text.checked").count() == 1


def test_a_figure_that_is_gone_is_printed_as_last_known_and_pointed_out(
    results, agency, save, rescore, page
):
    section = "changes"
    save(now(agency, section).text + " จบ", section=section)
    rescore(i3="90", i4="90", i5="90", i9="90", i10="90")
    own = now(agency, section)
    assert "ตัวชี้วัดที่ 9 การเปิดเผยข้อมูล (ลดลง 31.58 คะแนน) จบ" in own.text
    assert ("31.58", "") in {(change.old, change.new) for change in own.changes}
    html = page().content.decode()
    assert "<del>31.58</del>" in html
    checked = save(own.text, section=section)
    assert checked.changes == []
    assert "ลดลง 31.58" in checked.text


def test_what_the_scores_say_only_now_marks_a_text_without_a_changed_figure(
    agency, enter_scores, save
):
    enter_scores(agency, 2564, SCORES[2564])
    save("ปีแรกของหน่วยงาน " + now(agency, "changes").text, section="changes")
    enter_scores(agency, 2563, SCORES[2563])
    own = now(agency, "changes")
    assert ("จำนวนตัวชี้วัดที่คะแนนเพิ่มขึ้น", "", "5") in {(c.label, c.old, c.new) for c in own.changes}
    assert save(own.text, section="changes").changes == []


def test_a_text_from_a_page_with_older_figures_is_marked(results, agency, staff, client, rescore):
    client.force_login(staff)
    shown_with = f"?shown-with={fingerprint(texts_of(official(agency, 2564)))}"
    words = now(agency).text + " จบ"
    rescore(i9="91", i10="91")
    _answer, cell = typed(client, agency, words, shown_with=shown_with)
    assert "58.24" in cell["value"]
    assert ("คะแนนรวม", "83.79") in {(c.label, c.new) for c in now(agency).changes}


def test_a_text_that_was_edited_before_takes_the_figures_that_changed_meanwhile(
    results, agency, save, rescore
):
    own = save("แม้มีอุทกภัย " + now(agency).text)
    shown_with = fingerprint(texts_of(official(agency, 2564)))
    rescore(i9="91", i10="91")
    again = save(own.text + " จบ", shown_with=shown_with)
    assert "คะแนนรวม 83.79 คะแนน" in again.text
    assert again.text.endswith(" จบ")
    assert ("58.24", "83.79") in {(change.old, change.new) for change in again.changes}


def test_an_old_figure_put_back_by_hand_stays_hers(results, agency, save, rescore):
    save("แม้มีอุทกภัย " + now(agency).text)
    rescore(i9="91", i10="91")
    again = save(now(agency).text.replace("83.79", "58.24"))
    assert "คะแนนรวม 58.24 คะแนน" in again.text
    assert again.changes == []


# --- the page as it is used ---


def test_typing_saves_and_a_conflict_gives_both_texts(results, agency, staff, admin, client, save):
    client.force_login(staff)
    answer, cell = typed(client, agency, "ของเรา")
    assert (answer.status_code, cell["state"], cell["value"]) == (200, "saved", "ของเรา")
    answer, cell = typed(client, agency, "ของเขา", version=1)
    assert (cell["state"], cell["yours"], cell["theirs"]) == ("conflict", "ของเขา", "ของเรา")
    _answer, cell = typed(client, agency, "ก" * 6000, version=cell["version"])
    assert cell["state"] == "refused"
    assert "กำหนดไม่เกิน 5,000" in cell["message"]
    answer, _cell = typed(client, agency, "ของเรา", section="unknown")
    assert answer.status_code == 400


def test_a_save_while_typing_takes_few_queries(
    results, agency, staff, client, django_assert_max_num_queries
):
    client.force_login(staff)
    typed(client, agency, "ของเรา")
    # Among them the two of a savepoint, which only a test needs.
    with django_assert_max_num_queries(18):
        typed(client, agency, "ของเราอีก", version=2)


def test_a_locked_result_answers_so_and_keeps_what_was_typed(results, agency, staff, client):
    client.force_login(staff)
    Assessment.objects.update(state=State.SUBMITTED)
    answer, _cell = typed(client, agency, "ของเรา")
    assert answer.status_code == 409
    assert answer.json()["message"]
    answer = client.post(url(agency), {"overall": "ของเรา", "overall-version": 1})
    assert answer.status_code == 409
    assert "ของเรา" in text(answer)


def test_without_a_script_the_same_address_takes_the_form(results, agency, staff, client):
    client.force_login(staff)
    sent = {"overall": "ของเรา", "overall-version": 1}
    assert client.post(url(agency), sent, follow=True).status_code == 200
    assert now(agency).text == "ของเรา"
    answer = client.post(url(agency), {"overall": "ของเขา", "overall-version": 1})
    assert answer.status_code == 409
    assert "ของเขา" in text(answer)
    assert "ข้อความที่บันทึกอยู่: ของเรา" in text(answer)
    [version] = re.findall('name="overall-version" value="([0-9]+)"', answer.content.decode())
    client.post(url(agency), {"overall": "ของเราและของเขา", "overall-version": version})
    assert now(agency).text == "ของเราและของเขา"


def test_a_text_that_cannot_be_taken_stays_on_the_form(results, agency, staff, client):
    client.force_login(staff)
    answer = client.post(url(agency), {"overall": "ดีมาก 😀", "overall-version": 1})
    assert "มีข้อมูลที่ต้องแก้ไข" in text(answer)
    assert "ดีมาก 😀" in text(answer)
    assert answer.content.decode().count("มีข้อผิดพลาด:") == 1


def test_one_press_brings_the_generated_text_back(results, agency, staff, client, save):
    generated = now(agency).text
    own = save("ของเรา")
    client.force_login(staff)
    sent = {"overall": "ของเรา", "overall-version": own.version, "generated": ""}
    client.post(url(agency), sent)
    assert now(agency).text == generated


def test_a_year_without_a_result_has_no_texts(frameworks, agency, staff, client):
    client.force_login(staff)
    sent = {"overall": "ของเรา", "overall-version": 1}
    assert client.post(url(agency), sent).status_code == 404


def test_the_address_itself_leads_to_the_page(results, agency, staff, client):
    client.force_login(staff)
    page = reverse("assessments:analysis", args=[agency.code, 2564])
    for answer in (client.get(url(agency)), client.post(url(agency), {"none": "ของเรา"})):
        assert answer.url == f"{page}#texts"


def test_what_was_typed_is_only_ever_text(results, save, page):
    save(CANARY)
    html = page().content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ agency.name }} &quot;&gt;&lt;b&gt;" in html


def test_an_unfinished_result_has_paragraphs_of_what_is_there(agency, enter_scores, page):
    enter_scores(agency, 2564, [*SCORES[2564][:9], None])
    assert "คะแนนยังไม่ครบ (ขาดตัวชี้วัดที่ 10)" in text(page())


# --- figures that are only words ---


def test_a_figure_changed_by_hand_is_named_until_it_is_gone(
    results, agency, staff, client, save, rescore, page
):
    generated = now(agency, "weaknesses").text
    client.force_login(staff)
    words = generated.replace("25.00", "36.00")
    _answer, cell = typed(client, agency, words, section="weaknesses")
    note = "36.00 เป็นตัวเลขที่พิมพ์เอง ไม่เปลี่ยนตามคะแนน (คะแนนต่ำที่สุดของจุดอ่อนที่ระบบคำนวณได้ คือ "
    assert cell["typed"] == [f"{note}25.00)"]
    assert {"text": "25.00", "live": True} not in cell["pieces"]
    rescore(i10="90")
    assert f"{note}29.24)" in text(page())
    checked = save(now(agency, "weaknesses").text, section="weaknesses")
    assert checked.changes == []
    assert f"{note}29.24)" in text(page())
    assert not save(checked.text.replace("36.00 คะแนน", ""), section="weaknesses").typed


def test_a_figure_of_a_clause_of_her_own_is_told_when_the_scores_leave_it_behind(
    results, agency, save, rescore, page
):
    save("ทั้งนี้ คะแนนรวม 58.24 คะแนน ใช้งบประมาณ 12.50 ล้านบาท", section="weaknesses")
    assert "58.24 เป็นตัวเลขที่พิมพ์เอง ไม่เปลี่ยนตามคะแนน (เท่ากับคะแนนรวม)" in text(page())
    assert "12.50 เป็น" not in text(page())
    rescore(i9="91", i10="91")
    assert "ข้อความที่พิมพ์เองยังมีค่าเดิม 58.24 (คะแนนรวมปัจจุบัน คือ 83.79)" in text(page())
    save(now(agency, "weaknesses").text, section="weaknesses")
    assert "58.24 เป็นตัวเลขที่พิมพ์เอง ไม่เปลี่ยนตามคะแนน (คะแนนรวมที่ระบบคำนวณได้ คือ 83.79)" in text(page())


def test_figures_that_follow_the_scores_are_not_called_typed(results, agency, save, page):
    own = save("แม้มีอุทกภัย " + now(agency).text)
    assert (own.typed, own.live[:3]) == ([], ["2564", "58.24", "D"])
    assert "58.24 · D" in text(page())
