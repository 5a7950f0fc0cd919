"""What the report says, before it is HTML or PDF."""

import dataclasses
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from accounts import events
from assessments.actions import ScoreChange, enter_scores, save_published, save_text
from assessments.fiscal import local_date
from measures.actions import create_issue, extend, open_plan
from measures.models import Plan, ProgressEntry
from measures.report.build import build
from measures.report.content import Part, Printing, PublishedCopy
from measures.report.frozen import freeze, thaw
from measures.report.html import to_html
from tests.cast import SCORES
from tests.measures.conftest import MEASURES, add_measure

pytestmark = pytest.mark.one_database("sqlite")

DAY = date(2021, 9, 15)


def text_of(html):
    from html import unescape

    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]*>", "", html)))


def full(plan):
    return build(plan, "full", DAY)


def test_the_figures_are_those_of_the_agency(written_plan):
    result = full(written_plan).result
    analysis = result.analysis
    assert (analysis.total, analysis.level.name) == (Decimal("58.24"), "D")
    assert (analysis.previous_total, analysis.previous_level.name) == (Decimal("63.92"), "D")
    assert (analysis.change.points, analysis.change.percent) == (Decimal("-5.68"), Decimal("-8.89"))
    assert {g.cls.value: g.numbers for g in analysis.groups} == {
        "risen-strong": (1,),
        "risen-weak": (2, 6, 7, 8),
        "fallen": (3, 4, 5, 9, 10),
    }
    [overall], [changes] = result.paragraphs["overall"], result.paragraphs["changes"]
    assert "ต่ำกว่าเกณฑ์ผ่าน (85 คะแนน) อยู่ 26.76 คะแนน" in overall
    assert re.findall("มากที่สุด คือ ตัวชี้วัดที่ ([0-9]+)", changes) == ["7", "9"]
    assert result.level_move == "คงเดิม"


def test_the_budget_is_printed_where_one_measure_states_it(written_plan):
    assert 'scope="col">งบประมาณ' not in to_html(full(written_plan))
    first, second, _third = written_plan.measures.all()
    type(first).objects.filter(pk=first.pk).update(budget="25000.50")
    type(first).objects.filter(pk=second.pk).update(budget=0)
    text = text_of(to_html(full(type(written_plan).objects.get(pk=written_plan.pk))))
    assert "งบประมาณ(บาท)" in text
    assert "25,000.50" in text
    assert "ไม่ใช้งบประมาณ" in text


def test_every_year_is_the_right_one(written_plan):
    report = full(written_plan)
    assert (report.year, report.result_year, report.previous_year) == (2565, 2564, 2563)
    assert report.criteria.year == 2564
    text = text_of(to_html(report))
    assert "เปรียบเทียบกับปีงบประมาณ พ.ศ. 2563" in text
    assert "และมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2565" in text
    assert "กันยายน 2564" in text
    six, twelve = report.rounds
    assert (six.start, six.end) == (date(2021, 10, 1), date(2022, 3, 31))
    assert twelve.end == date(2022, 9, 30)
    assert "1 ตุลาคม 2564 – 31 มีนาคม 2565" in text
    assert not set(re.findall(r"พ\.ศ\. (\d{4})", text)) - {"2561", "2563", "2564", "2565"}


def test_levels_and_weights_are_those_of_the_year_of_the_result(written_plan):
    criteria = full(written_plan).criteria
    ranges = [(level.name, str(level.lowest), str(level.highest)) for level in criteria.levels]
    assert ranges[0] == ("AA", "95.00", "100")
    assert ranges[1] == ("A", "85.00", "94.99")
    assert ranges[-1] == ("F", "0.00", "49.99")
    assert [level.name for level in criteria.levels if level.passes] == ["AA", "A"]
    assert not criteria.has_conditions
    assert "(0.30 × IIT) + (0.30 × EIT) + (0.40 × OIT)" in text_of(to_html(full(written_plan)))


def test_from_2566_a_level_has_a_condition_on_each_instrument(agency, staff, enter_scores):
    enter_scores(agency, 2566, SCORES[2564])
    report = full(open_plan(agency=agency, year=2567, by=staff))
    levels = {level.name: level for level in report.criteria.levels}
    assert levels["ผ่านดีเยี่ยม"].min_instrument == 95
    assert (levels["ผ่านดี"].lowest, levels["ผ่านดี"].highest) == (85, 100)
    assert (levels["ผ่าน"].lowest, levels["ผ่าน"].min_instrument) == (85, None)
    assert levels["ต้องปรับปรุง"].highest == Decimal("84.99")
    text = text_of(to_html(report))
    assert "ทุกเครื่องมือไม่ต่ำกว่า 85.00" in text
    assert "ไม่น้อยกว่าร้อยละ 80" not in text  # The target of the years after 2565 is not known.


def test_what_is_not_verified_is_marked_and_listed_with_its_source(
    agency, staff, enter_scores, written_plan
):
    assert not full(written_plan).criteria.unverified
    assert "<sup>" not in to_html(full(written_plan))
    enter_scores(agency, 2566, SCORES[2564])
    report = full(open_plan(agency=agency, year=2567, by=staff))
    source = report.criteria.sources["levels"]
    html = to_html(report)
    assert not source.verified
    assert f'href="#source-{source.mark}"' in html
    assert f'id="source-{source.mark}"' in html
    assert "แหล่งทุติยภูมิ" in html


def test_verified_criteria_cite_the_assessment_and_no_odd_source(written_plan):
    text = text_of(to_html(full(written_plan)))
    assert "ตรวจทานกับเอกสารที่เผยแพร่ต่อสาธารณะแล้ว" in text
    assert "ตรวจยืนยันแล้ว" not in text
    assert "https://" not in text


def test_indicators_without_subindicators_leave_no_empty_cell(written_plan):
    html = to_html(full(written_plan))
    [table] = re.findall('<table class="structure".*?</table>', html, re.DOTALL)
    assert "–</td>" not in table
    assert table.count('scope="row" colspan="2"') == 8
    assert "9.1 " in text_of(table)


def test_levels_on_two_scales_are_not_compared(agency, staff, enter_scores):
    enter_scores(agency, 2565, SCORES[2563])
    enter_scores(agency, 2566, SCORES[2564])
    report = full(open_plan(agency=agency, year=2567, by=staff))
    assert report.result.level_move == ""
    assert "เทียบกันมิได้" in to_html(report)


def test_missing_scores_give_no_total_and_say_which(agency, staff, enter_scores):
    enter_scores(agency, 2564, [*SCORES[2564][:4], None, *SCORES[2564][5:9], None])
    report = full(open_plan(agency=agency, year=2565, by=staff))
    text = text_of(to_html(report))
    assert report.result.analysis.total is None
    assert "ขาดตัวชี้วัดที่ 5 และ 10" in text
    assert "ยังคำนวณคะแนนรวมมิได้" in text
    assert not re.search(r"(?<!\d)0\.00(?! – 49)", text)


def test_what_is_only_announced_is_printed_without_empty_charts(agency, staff, frameworks):
    plan = open_plan(agency=agency, year=2565, by=staff)
    announced = {"total": Decimal("86.95"), "level": None}
    save_published(assessment=plan.assessment, version=1, by=staff, **announced)
    announced_only = text_of(to_html(full(plan)))
    assert "ประกาศคะแนนรวม 86.95 คะแนน ยังไม่มีคะแนนรายตัวชี้วัด" in announced_only
    assert "* คะแนนรวมตามประกาศของสำนักงาน ป.ป.ช." in announced_only
    assert "ยังคำนวณคะแนนรวมมิได้" not in announced_only
    changes = [ScoreChange(key, Decimal(80), 1) for key in ("iit", "eit", "oit")]
    enter_scores(agency=agency, year=2564, changes=changes, by=staff)
    html = to_html(full(plan))
    assert "80.00 คะแนน ระดับผลการประเมิน B" in text_of(html)
    assert "f-bars" not in html


def test_a_first_year_says_that_nothing_can_be_compared(agency, staff, enter_scores):
    enter_scores(agency, 2564, SCORES[2564])
    report = full(open_plan(agency=agency, year=2565, by=staff))
    assert report.previous_year is None
    text = text_of(to_html(report))
    assert "ยังไม่มีคะแนนรายตัวชี้วัดของปีงบประมาณ พ.ศ. 2563" in text
    assert "ผลต่าง" not in text


def test_empty_sections_say_what_is_missing(plan):
    text = text_of(to_html(full(plan)))
    assert "ยังไม่มีประเด็นที่ควรพัฒนา" in text
    assert "ยังไม่มีประเด็นที่ควรปรับปรุงแก้ไข" in text
    assert "ยังไม่มีมาตรการในแผนของปีงบประมาณ พ.ศ. 2565" in text
    assert "ตัวชี้วัดที่ 2, 3, 4, 5, 6, 7, 8, 9 และ 10 จัดเป็นจุดอ่อน" in text


def test_issues_stand_under_their_own_heading(written_plan):
    report = full(written_plan)
    assert [i.number for issue in report.develop for i in issue.indicators] == [6]
    assert [i.number for issue in report.fix for i in issue.indicators] == [9]
    assert [(i.indicators[0].number, i.points) for i in report.left_out] == [
        (3, "คะแนนยังสูงกว่าเกณฑ์จุดแข็ง")
    ]
    assert report.without_issue == (2, 4, 5, 7, 8, 10)
    headings = re.findall('<th scope="col">(ประเด็นที่ควร[^<]*)</th>', to_html(report))
    assert headings == ["ประเด็นที่ควรพัฒนา", "ประเด็นที่ควรปรับปรุงแก้ไข"]


def test_an_issue_of_several_indicators_names_each_and_what_it_assesses(plan, staff):
    indicators = list(plan.assessment.framework.indicators.filter(number__in=(6, 8)))
    create_issue(plan=plan, indicators=indicators, kind="develop", points="ก\nข", by=staff)
    (issue,) = full(plan).develop
    assert [indicator.number for indicator in issue.indicators] == [6, 8]
    text = text_of(to_html(full(plan)))
    for indicator in indicators:
        assert f"ตัวชี้วัดที่ {indicator.number}: {indicator.description_th}" in text


def test_progress_shows_every_measure_of_the_round(written_plan):
    six, twelve = full(written_plan).rounds
    assert [entry.measure.title for entry in six.entries] == [title for title, *_ in MEASURES]
    assert six.unreported == (2, 3)
    assert dict(six.states) == {"ยังไม่เริ่มดำเนินการ": 2, "ดำเนินการแล้วเสร็จ": 1}
    assert not twelve.reported


def test_only_rounds_with_a_report_are_printed(written_plan):
    text = text_of(to_html(full(written_plan)))
    assert "7.1 รอบ 6 เดือน" in text
    assert "7.2 รอบ" not in text
    assert "ยังไม่มีรายงานผลการดำเนินการรอบ" not in text
    ProgressEntry.objects.all().delete()
    text = text_of(to_html(full(Plan.objects.get())))
    assert "7.1 รอบ" not in text
    assert "ยังไม่มีรายงานผลการดำเนินการรอบ 6 เดือน และรอบ 12 เดือน" in text


def test_what_is_settled_without_words_is_not_called_unreported(written_plan):
    written_plan.measures.first().progress.update(result="")
    text = text_of(to_html(build(written_plan, "progress", DAY)))
    assert "ไม่ได้ระบุรายละเอียดผลการดำเนินการ" in text
    assert text.count("ยังไม่มีรายงานผล–") == 2


def test_a_difference_from_the_announced_total_is_explained(written_plan):
    assessment = written_plan.assessment
    assessment.published_total = Decimal("58.23")
    assessment.save()
    text = text_of(to_html(full(written_plan)))
    assert "คะแนนรวมที่ประกาศ คือ 58.23 คะแนน" in text
    assert "การปัดเศษของคะแนนที่เผยแพร่" in text


def test_her_words_are_printed_where_she_wrote_and_never_as_markup(written_plan, agency, staff):
    generated = text_of(to_html(full(written_plan)))
    assert generated.count("คะแนนรวม 58.24 คะแนน อยู่ในระดับ D") == 1
    for section, words in (
        ("overall", 'ปีนี้ได้ 58.24 คะแนน <script>alert(1)</script> {{ report.agency }} "><b>'),
        ("weaknesses", "จุดอ่อนเกิดจากเว็บไซต์ปิดปรับปรุง\nแก้ไขแล้วในเดือนตุลาคม"),
    ):
        save_text(agency=agency, year=2564, section=section, text=words, version=1, by=staff)
    html = to_html(full(written_plan))
    text = text_of(html)
    assert "คะแนนรวม 58.24 คะแนน อยู่ในระดับ D" not in text
    assert "<script" not in html
    assert 'alert(1)</script> {{ report.agency }} "><b>' in text
    assert "<p>แก้ไขแล้วในเดือนตุลาคม</p>" in html
    assert "เพิ่มขึ้นมากที่สุด คือ ตัวชี้วัดที่ 7" in text


PUBLISHED = PublishedCopy(3, DAY, "https://a1.go.th/p/nongkong/2565/", "19b2 8870 00ce 7f31")


@pytest.mark.parametrize("part", Part)
def test_a_published_copy_leads_to_its_address(written_plan, part):
    report = dataclasses.replace(build(written_plan, part, DAY), contact="โทร. 0-4466-1234\nอีเมล ก")
    html = to_html(report, Printing(published=PUBLISHED))
    text = text_of(html)
    assert "ฉบับเผยแพร่ที่ 3 เผยแพร่เมื่อวันที่ 15 กันยายน 2564" in text
    assert f"<title>คิวอาร์โค้ดของ {PUBLISHED.url}</title>" in html
    assert text.count(PUBLISHED.url) >= 2
    assert "ระดับชั้นข้อมูล: เปิดเผย" in text
    assert ("โทร. 0-4466-1234" in text) == (part == Part.FULL)


@pytest.mark.parametrize("part", Part)
def test_what_is_not_published_is_for_the_agency_only(written_plan, part):
    html = to_html(build(written_plan, part, DAY))
    assert "ระดับชั้นข้อมูล: เผยแพร่ภายในองค์กร" in text_of(html)
    assert "คิวอาร์โค้ด" not in html
    assert "/given/" not in html


def test_the_emblem_stands_on_the_cover_with_a_text(written_plan):
    html = to_html(dataclasses.replace(full(written_plan), emblem="e" * 64))
    alt = "ตราสัญลักษณ์ขององค์การบริหารส่วนตำบลหนองกง"
    assert f'src="/given/{"e" * 64}.png" alt="{alt}"' in html


@pytest.mark.parametrize("part", Part)
def test_all_figures_are_thai_by_one_switch(written_plan, part):
    html = to_html(build(written_plan, part, DAY), Printing(thai_digits=True, published=PUBLISHED))
    said = re.findall('(?:alt|data-[a-z]+)="([^"]*)"', html)
    for code in (PUBLISHED.url, PUBLISHED.digest):
        html, said = html.replace(code, ""), [text.replace(code, "") for text in said]
    assert not re.findall("[^ ]*[0-9][^ ]*", " ".join((text_of(html), *said)))
    assert "๒๕๖๕" in html
    assert ("๕๘.๒๔" in html) == (part == Part.FULL)


@pytest.mark.parametrize("part", Part)
def test_the_report_is_thai_in_an_english_session(written_plan, part):
    with translation.override("en"):
        english = to_html(build(written_plan, part, DAY))
    assert english == to_html(build(written_plan, part, DAY))


def test_content_cannot_be_changed(written_plan):
    with pytest.raises(dataclasses.FrozenInstanceError):
        full(written_plan).year = 2566


def test_what_people_typed_is_only_ever_text(written_plan, staff):
    add_measure(written_plan, staff, '<b>หนา</b> & "คำ" <script>alert(1)</script>')
    for part in Part:
        html = to_html(build(written_plan, part, DAY))
        assert "&lt;b&gt;หนา&lt;/b&gt; &amp;" in html
        assert "<script" not in html


def test_who_extended_what_until_when_and_why_is_printed_with_its_round(written_plan, operator):
    days = {"closes_6": date(2022, 3, 31), "closes_on": date(2022, 12, 31)}
    written_plan.rounds.filter(months=6).update(closes_on=days["closes_6"])
    Plan.objects.update(closes_on=days["closes_on"])
    later = timezone.localdate() + timedelta(days=30)
    for name, reason in (("closes_on", "ระบบขัดข้อง"), ("closes_6", "น้ำท่วมที่ทำการ")):
        extend(plan=written_plan, name=name, until=later, reason=reason, by=operator)
    plan = Plan.objects.get()
    assert thaw(freeze(plan)).extensions == full(plan).extensions
    day = local_date(later)
    whole, round = text_of(to_html(build(plan, "progress", DAY))).split(" รอบ 6 เดือน (")
    by = f"ถึงวันที่ {day} โดยผู้ดูแลระบบ ({operator.name}) เหตุผล: "
    assert f"ขยายเวลาปิดรับข้อมูลทั้งปี{by}ระบบขัดข้อง" in whole
    assert f"ขยายเวลารายงานผลรอบ 6 เดือน{by}น้ำท่วมที่ทำการ" in round


def test_an_extension_with_signs_that_no_report_shows_is_printed_without_them(
    written_plan, operator
):
    later = timezone.localdate() + timedelta(days=30)
    Plan.objects.update(closes_on=later)
    after = {"closes_on": later, "reason": "น้ำท่วม\x0b ➤ 🌊水"}
    plan = Plan.objects.get()
    events.record(verb="plan.extended", by=operator, agency=plan.agency, obj=plan, after=after)
    (found,) = full(plan).extensions
    assert found.reason == "น้ำท่วม  • "


@pytest.mark.parametrize("part", Part)
def test_reading_takes_as_many_queries_for_fifty_measures_as_for_five(
    written_plan, staff, part, django_assert_max_num_queries
):
    plans = type(written_plan).objects.select_related("agency", "assessment")
    counts = []
    for wanted in (5, 50):
        for n in range(written_plan.measures.count(), wanted):
            add_measure(written_plan, staff, f"มาตรการที่ {n}")
        plan = plans.get(pk=written_plan.pk)
        with django_assert_max_num_queries(15) as queries:
            build(plan, part, DAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
