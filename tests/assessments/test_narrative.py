"""What the generated paragraphs say in every situation, and how an edited one keeps its figures."""

import random
import re
from decimal import Decimal as D

import pytest

from assessments.analysis import analyse
from assessments.live_text import CLOSE, OPEN, anchor, keys_of, render, settle
from assessments.narrative import TITLES, narrative
from assessments.scoring import LevelRule, Rules
from tests.assessments.rules import INSTRUMENTS, LETTERS
from tests.cast import SCORES

pytestmark = pytest.mark.one_database("postgres")

NAMES = {n: f"ชื่อที่{'กขคงจฉชซฌญ'[n - 1]}" for n in range(1, 11)}
WORDS = ["ทั้งนี้", "อย่างมีนัยสำคัญ", "เนื่องจากน้ำท่วม", "2 ครั้ง", "Smart", " และ", "ๆ", "ฯลฯ (ร่าง)"]


def rules(year, levels=LETTERS):
    return Rules(year, INSTRUMENTS, levels, D(85))


def scores(values):
    return {n: None if value is None else D(value) for n, value in enumerate(values, start=1)}


def paragraphs(current=SCORES[2564], previous=SCORES[2563], **options):
    told = {key: options.pop(key) for key in ("levels", "self_assessed") if key in options}
    earlier = None if previous is None else rules(2563, options.pop("scale", LETTERS))
    analysis = analyse(
        rules(2564), scores(current), earlier, previous and scores(previous), D(80), **options
    )
    return {one.section: one for one in narrative(analysis, NAMES, **told)}


def said(*args, **options):
    return {section: one.text for section, one in paragraphs(*args, **options).items()}


# --- what is said --------------------------------------------------------------------------------


def test_the_result_its_level_the_pass_mark_and_the_change_are_said():
    assert said()["overall"] == (
        "ปีงบประมาณ พ.ศ. 2564 หน่วยงานได้คะแนนรวม 58.24 คะแนน อยู่ในระดับ D "
        "คะแนนรวมต่ำกว่าเกณฑ์ผ่าน (85 คะแนน) อยู่ 26.76 คะแนน จึงยังไม่ผ่านเกณฑ์ "
        "เมื่อเทียบกับปีงบประมาณ พ.ศ. 2563 (63.92 คะแนน ระดับ D) "
        "คะแนนรวมลดลง 5.68 คะแนน คิดเป็นร้อยละ 8.89 โดยระดับผลการประเมินคงเดิม"
    )


def test_changes_name_how_many_and_the_largest():
    text = said()["changes"]
    assert "พบว่าคะแนนเพิ่มขึ้น 5 ตัวชี้วัด และลดลง 5 ตัวชี้วัด" in text
    assert "เพิ่มขึ้นมากที่สุด คือ ตัวชี้วัดที่ 7 ชื่อที่ช (เพิ่มขึ้น 10.89 คะแนน)" in text
    assert "ลดลงมากที่สุด คือ ตัวชี้วัดที่ 9 ชื่อที่ฌ (ลดลง 31.58 คะแนน)" in text


def test_instruments_have_their_scores_weights_and_changes():
    text = said()["instruments"]
    assert "OIT (น้ำหนักร้อยละ 40) ได้ 27.12 คะแนน" in text
    assert "สูงสุด คือ IIT และต่ำสุด คือ OIT" in text
    assert "คะแนน EIT เพิ่มขึ้น 7.11 คะแนน และคะแนน OIT ลดลง 18.92 คะแนน" in text


def test_weaknesses_tell_the_groups_the_lowest_the_nearest_and_the_fallen_above_the_threshold():
    text = said()["weaknesses"]
    assert "พบจุดอ่อน 9 ตัวชี้วัด แบ่งเป็น กลุ่มที่คะแนนเพิ่มขึ้นแต่ยังต่ำกว่า 80 คะแนน 4 ตัวชี้วัด" in text
    assert "(ตัวชี้วัดที่ 2, 6, 7 และ 8) และกลุ่มที่คะแนนลดลงจากปีก่อน 5 ตัวชี้วัด" in text
    assert "ต่ำที่สุด คือ ตัวชี้วัดที่ 10 ชื่อที่ญ (25.00 คะแนน)" in text
    assert "คือ ตัวชี้วัดที่ 2 ชื่อที่ข ซึ่งขาดอีก 0.39 คะแนนจึงจะถึง 80 คะแนน" in text
    assert "ตัวชี้วัดที่ 3 ยังได้ไม่ต่ำกว่า 80 คะแนน แต่คะแนนลดลงจากปีก่อน" in text


def test_a_first_year_compares_nothing():
    text = said(previous=None)
    assert "2563" not in text["overall"]
    assert text["changes"] == "ยังไม่มีคะแนนรายตัวชี้วัดของปีงบประมาณ พ.ศ. 2563 จึงไม่มีข้อมูลเปรียบเทียบ"
    assert "ได้แก่ ตัวชี้วัดที่ 1 และ 3 ซึ่งไม่มีคะแนนปีก่อนให้เปรียบเทียบ" in text["strengths"]


def test_an_unchanged_result_is_called_so():
    text = said(["90"] * 10, ["90"] * 10)
    assert "คะแนนรวมคงที่เมื่อเทียบกับปีงบประมาณ พ.ศ. 2563 (90.00 คะแนน ระดับ A)" in text["overall"]
    assert text["changes"].endswith("พบว่าคะแนนคงที่ทั้ง 10 ตัวชี้วัด")
    assert "สูงสุด" not in text["instruments"]
    assert text["highest"] == "ทุกตัวชี้วัดได้คะแนนเท่ากัน คือ 90.00 คะแนน"
    assert text["weaknesses"] == "จากตัวชี้วัดทั้งหมด 10 ตัวชี้วัด ไม่มีตัวชี้วัดที่จัดเป็นจุดอ่อน"


def test_all_indicators_that_moved_one_way_are_said_to():
    assert said(["90"] * 10, ["80"] * 10)["changes"].startswith(
        "เมื่อเปรียบเทียบคะแนนรายตัวชี้วัดกับปีงบประมาณ พ.ศ. 2563 พบว่าคะแนนเพิ่มขึ้นทั้ง 10 ตัวชี้วัด "
    )


def test_last_years_total_of_nothing_gives_no_per_cent():
    text = said(["85"] * 10, ["0"] * 10)
    assert "คะแนนรวมเพิ่มขึ้น 85.00 คะแนน โดยระดับผลการประเมินสูงขึ้น" in text["overall"]
    assert "ร้อยละ" not in text["overall"]
    assert "คะแนนรวมเท่ากับเกณฑ์ผ่าน (85 คะแนน) จึงผ่านเกณฑ์" in text["overall"]


def test_all_that_share_a_place_are_named():
    current = ["90"] * 3 + ["95"] * 2 + ["70"] * 2 + ["85"] * 3
    text = said(current, ["91"] * 3 + ["90"] * 2 + ["70"] * 2 + ["85"] * 3)
    two = "ตัวชี้วัดที่ 4 ชื่อที่ง และตัวชี้วัดที่ 5 ชื่อที่จ"
    assert f"มี 2 ตัวชี้วัด คือ {two} ได้คะแนนเท่ากัน คือ 95.00 คะแนน" in text["highest"]
    assert f"เพิ่มขึ้นมากที่สุด คือ {two} (เพิ่มขึ้น 5.00 คะแนน)" in text["changes"]
    assert "คือ ตัวชี้วัดที่ 6 ชื่อที่ฉ และตัวชี้วัดที่ 7 ชื่อที่ช (70.00 คะแนน)" in text["weaknesses"]


def test_levels_on_two_scales_are_not_compared():
    scale = (
        LevelRule("good", "ดี", D(50), None, True),
        LevelRule("poor", "พอใช้", D(0), None, False),
    )
    text = said(scale=scale, levels={"good": "ดี"})["overall"]
    assert "(63.92 คะแนน ระดับดี)" in text
    assert "เกณฑ์ระดับผลการประเมินของทั้งสองปีแตกต่างกัน" in text
    assert "คงเดิม" not in text


def test_what_is_missing_is_said_and_the_rest_speaks_of_what_is_there():
    text = said([*SCORES[2564][:3], None, *SCORES[2564][4:9], None])
    assert "ขาดตัวชี้วัดที่ 4 และ 10" in text["overall"]
    assert "จึงยังคำนวณคะแนนรวม" in text["overall"]
    assert "อีก 2 ตัวชี้วัดไม่มีคะแนนของปีใดปีหนึ่ง" in text["changes"]
    assert "สูงสุด" not in text["instruments"]
    assert "จากตัวชี้วัดที่มีคะแนน 8 ตัวชี้วัด พบจุดแข็ง 1" in text["strengths"]


def test_announced_instruments_give_a_total_without_indicators():
    text = said([None] * 10, instruments={"IIT": D(80), "EIT": D(90), "OIT": D(70)})
    assert "คะแนนรวม 79.00 คะแนน" in text["overall"]
    assert "คะแนนของ IIT, EIT และ OIT ใช้ตามที่ประกาศ" in text["instruments"]
    assert "ยังไม่มีคะแนนรายตัวชี้วัด" in text["highest"]
    assert "ยังไม่มีคะแนนรายตัวชี้วัด" in text["weaknesses"]


def test_a_self_assessment_says_so_first():
    text = said(self_assessed=True)["overall"]
    assert text.startswith("ข้อความนี้วิเคราะห์จากผลการประเมินตนเอง มิใช่ผลทางการ ")


SITUATIONS = {
    "seed": {},
    "first year": {"previous": None},
    "unchanged": {"current": ["90"] * 10, "previous": ["90"] * 10},
    "last year nothing": {"current": ["85"] * 10, "previous": ["0"] * 10},
    "ties": {"current": ["95"] * 3 + ["80"] * 3 + ["79.99"] * 4, "previous": ["80"] * 10},
    "gap": {"current": [*SCORES[2564][:9], None]},
    "nothing": {"current": [None] * 10},
    "instruments": {
        "current": [None] * 10,
        "instruments": {"IIT": D(80), "EIT": D(90), "OIT": D(70)},
    },
    "self": {"self_assessed": True},
}


@pytest.fixture(params=SITUATIONS)
def every(request):
    return paragraphs(**SITUATIONS[request.param])


def test_every_situation_has_every_paragraph_in_clean_sentences(every):
    assert list(every) == list(TITLES)
    for one in every.values():
        assert one.text == " ".join(one.text.split())
        assert not set("{}None") <= set(one.text)
        assert OPEN not in one.text
        assert one.title


def test_every_figure_is_a_fact_that_is_known(every):
    for one in every.values():
        assert set(keys_of(one.template)) <= set(one.facts)
        assert not re.search(r"\d", settle(one.template, dict.fromkeys(one.facts, "")))


# --- editing -------------------------------------------------------------------------------------


def anchored(text, one):
    return anchor(text, [(one.template, one.printed)])


def test_an_untouched_text_keeps_all_its_figures_live(every):
    for one in every.values():
        assert anchored(one.text, one) == one.template


def test_words_put_in_anywhere_leave_all_figures_live(every):
    choose = random.Random(2564)
    for one in every.values():
        for _ in range(15):
            parts = re.split(f"({OPEN}[^{CLOSE}]*{CLOSE})", one.template)
            words = [place for place, part in enumerate(parts) if place % 2 == 0]
            here = choose.choice(words)
            at = choose.randint(0, len(parts[here]))
            put_in = " " + choose.choice(WORDS) + " "
            parts[here] = parts[here][:at] + put_in + parts[here][at:]
            edited = "".join(parts)
            assert keys_of(anchored(render(edited, one.printed), one)) == keys_of(one.template)


def test_a_figure_changed_by_hand_is_the_writers_and_no_other():
    one = paragraphs()["overall"]
    for typed in ("158.24", "58.2", "58.245", "๕๘.๒๔", "60"):
        template = anchored(one.text.replace("58.24", typed), one)
        assert set(keys_of(one.template)) - set(keys_of(template)) == {"total"}
        assert typed in template


def test_what_comes_back_is_always_what_was_typed(every):
    choose = random.Random(2565)
    for one in every.values():
        for _ in range(15):
            letters = list(one.text)
            for _ in range(choose.randint(1, 6)):
                at, end = sorted(choose.choices(range(len(letters) + 1), k=2))
                letters[at : min(end, at + 12)] = choose.choice(
                    [*WORDS, "", "\n", one.text[at:end]]
                )
            edited = "".join(letters)
            assert render(anchored(edited, one), one.printed) == edited


def test_a_figure_in_another_place_is_the_writers():
    one = paragraphs()["overall"]
    assert keys_of(anchored("ปีนี้ได้คะแนนน้อย คือ 58.24!", one)) == []
    assert keys_of(anchored("มีผู้ตอบ 85 คน จาก 2563 คน", one)) == []


def test_new_scores_show_in_what_was_left_and_not_in_what_was_written():
    before, after = paragraphs()["overall"], paragraphs(["90"] * 10)["overall"]
    template = anchored(before.text.replace("26.76 คะแนน", "กว่า 26 คะแนน"), before)
    text = render(template, after.printed)
    assert "คะแนนรวม 90.00 คะแนน อยู่ในระดับ A" in text
    assert "อยู่ กว่า 26 คะแนน จึงผ่านเกณฑ์" in text


def test_a_figure_that_an_earlier_save_lost_is_live_again_when_it_is_put_back():
    one = paragraphs()["overall"]
    cut = anchored(one.text.replace("58.24 คะแนน ", ""), one)
    again = anchor(one.text + " จบ", [(cut, one.printed), (one.template, one.printed)])
    assert keys_of(again) == keys_of(one.template)


def test_marks_cannot_be_typed():
    one = paragraphs()["overall"]
    template = anchored(f"ทดลอง {OPEN}total{CLOSE} จบ", one)
    assert keys_of(template) == []
    assert render(template, one.printed) == "ทดลอง total จบ"
