import re
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from accounts.models import Event, Membership
from accounts.permissions import Role, State
from assessments.actions import ScoreChange, enter_published, enter_scores
from assessments.models import Assessment
from assessments.results import official
from tests.assessments.case_table import RESULTS, enter_case
from tests.assessments.pages import enter, fields, scores_url, text
from tests.cast import SCORES

# What the page writes is tried on both databases in test_score_actions.py and test_cells.py.
pytestmark = pytest.mark.one_database("postgres")

#: Marks the tag of the form of what was announced.
PUBLISHED = "published/"
NAMES = {
    1: "การปฏิบัติหน้าที่",
    9: "การเปิดเผยข้อมูล",
}


@pytest.fixture
def as_staff(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def colleague(staff, agency, django_user_model):
    user = django_user_model.objects.create_user("somsri", name="สมศรี มีสุข")
    Membership.objects.create(user=user, agency=agency, role=Role.STAFF)
    return user


def grid(agency, year, name="scores"):
    return reverse(f"assessments:{name}", args=[agency.code, year])


def value_of(agency, year, number):
    return official(agency, year).values[number]


def saved_by(user, agency, year, number, value):
    score = official(agency, year).scores.get(indicator__number=number)
    change = ScoreChange(f"i{number}", value, score.version)
    enter_scores(agency=agency, year=year, changes=[change], by=user)


# --- looking --------------------------------------------------------------------------------------


def test_the_grid_shows_both_years_the_changes_the_total_and_the_level(as_staff, results, agency):
    page = text(as_staff.get(scores_url(agency, 2564)))
    for figure in ("86.96", "เพิ่มขึ้น 0.58", "ลดลง 31.58", "80.25", "77.71", "27.12"):
        assert figure in page
    assert "63.92 58.24 ▼ ลดลง 5.68" in page
    assert "ระดับผลการประเมิน D D" in page


def test_scores_to_compare_with_are_entered_in_the_work_of_the_plan_that_compares(
    as_staff, results, agency
):
    opened = f"{scores_url(agency, 2563)}?plan=2565"
    page = as_staff.get(opened)
    assert "แผนมาตรการ ปี 2565" in page.content.decode()
    answer = as_staff.post(opened, fields(page, f'action="{opened}"') | {"done": "yes"})
    assert answer["Location"] == reverse("overview", args=[agency.code, 2565])
    for other in ("", "?plan=2570", "?plan=x"):
        page = as_staff.get(scores_url(agency, 2563) + other).content.decode()
        assert "แผนมาตรการ ปี 2564" in page


def test_every_cell_is_labelled_with_indicator_and_year(as_staff, results, agency):
    html = as_staff.get(scores_url(agency, 2564)).content.decode()
    assert f'for="id_i9">ตัวชี้วัดที่ 9 {NAMES[9]} ปี 2564</label>' in html
    assert html.count('inputmode="decimal"') == 14, "three for the instruments, one as announced"
    assert 'type="number"' not in html


def test_the_rule_of_the_year_and_how_sure_it_is_are_printed(as_staff, results, agency):
    page = text(as_staff.get(scores_url(agency, 2564)))
    assert "เกณฑ์การประเมินปี 2564: คะแนนรวม = IIT × 30% + EIT × 30% + OIT × 40%" in page
    assert "ยังไม่ยืนยัน" in page


def test_a_first_visit_shows_an_empty_grid_and_writes_nothing(as_staff, frameworks, agency):
    page = as_staff.get(scores_url(agency, 2564))
    assert fields(page)["i1"] == ""
    assert "กรอกคะแนนปี 2563" in text(page)
    assert not Assessment.objects.exists()


def test_an_incomplete_year_says_what_is_missing_and_never_shows_a_total(
    as_staff, agency, enter_scores
):
    values = [None if number in (4, 9) else "80" for number in range(1, 11)]
    enter_scores(agency, 2564, values)
    page = text(as_staff.get(scores_url(agency, 2564)))
    assert "ยังไม่ครบ (ขาดตัวชี้วัดที่ 4, 9)" in page
    assert "คะแนนรวม (ถ่วงน้ำหนัก) – ยังไม่ครบ" in page


@pytest.mark.parametrize("year", [2555, 2561, 2569])
def test_a_year_without_rules_is_explained(as_staff, frameworks, agency, year):
    for name in ("scores", "analysis", "scores-import"):
        response = as_staff.get(reverse(f"assessments:{name}", args=[agency.code, year]))
        assert response.status_code == 200
        assert f"ยังไม่มีเกณฑ์การประเมินปี {year}" in text(response)


def test_across_2565_and_2566_levels_are_not_compared(as_staff, agency, enter_scores):
    enter_scores(agency, 2565, SCORES[2564])
    enter_scores(agency, 2566, SCORES[2563])
    assert "เกณฑ์ระดับต่างกัน" in text(as_staff.get(scores_url(agency, 2566)))


def test_the_page_needs_few_queries(as_staff, results, agency, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        as_staff.get(grid(agency, 2564))
    enter_case(agency, next(case for case in RESULTS if "marks" in case))
    for name in ("scores-self", "scores-judged-self"):
        with django_assert_max_num_queries(15):
            as_staff.get(grid(agency, 2564, name))


def test_an_outsider_finds_no_page(client, outsider, results, agency):
    client.force_login(outsider)
    assert client.get(scores_url(agency, 2564)).status_code == 404


@pytest.mark.parametrize("person", ["viewer", "admin"])
def test_who_may_not_enter_scores_reads_them_and_learns_why(
    client, request, results, agency, person
):
    client.force_login(request.getfixturevalue(person))
    page = client.get(scores_url(agency, 2564))
    assert "87.54" in text(page)
    assert "ผู้กรอกและแก้ไขคะแนนคือเจ้าหน้าที่ของหน่วยงาน" in text(page)
    assert "<input" not in page.content.decode().split("<main")[1]
    assert client.post(scores_url(agency, 2564), {"i1": "1"}).status_code == 403
    published = reverse("assessments:scores-published", args=[agency.code, 2564])
    assert client.post(published, {"published-total": "1"}).status_code == 403
    assert value_of(agency, 2564, 1) is not None


@pytest.mark.parametrize(
    ("state", "reason"), [(State.SUBMITTED, "ส่งให้ตรวจแล้ว"), (State.APPROVED, "อนุมัติแล้ว")]
)
def test_a_locked_year_is_read_only_and_says_why(as_staff, results, agency, state, reason):
    Assessment.objects.filter(pk=results.pk).update(state=state)
    page = as_staff.get(scores_url(agency, 2564))
    assert reason in text(page)
    assert "<input" not in page.content.decode().split("<main")[1]


# --- entering -------------------------------------------------------------------------------------


def test_ten_scores_entered_give_total_and_level(as_staff, frameworks, agency):
    cells = {f"i{number}": value for number, value in enumerate(SCORES[2564], start=1)}
    response = enter(as_staff, agency, 2564, **cells)
    assert response.status_code == 302
    page = text(as_staff.get(response.url))
    assert "บันทึกคะแนนแล้ว 10 ค่า" in page
    assert "58.24" in page
    assert Event.objects.filter(verb="scores.saved", agency_code=agency.code).count() == 1


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("๘๗.๕๔", "87.54"),
        ("\u00a087.54\u200b ", "87.54"),
        ("87.5", "87.50"),
        ("87.54 %", "87.54"),
        ("100.00", "100.00"),
        ("0", "0.00"),
    ],
)
def test_scores_are_taken_as_people_type_them(as_staff, results, agency, typed, value):
    enter(as_staff, agency, 2564, i9=typed)
    assert f"{value_of(agency, 2564, 9):.2f}" == value
    assert fields(as_staff.get(scores_url(agency, 2564)))["i9"] == value


@pytest.mark.parametrize("typed", ["", " ", "-", "ไม่มี"])
def test_an_emptied_cell_is_not_zero(as_staff, results, agency, typed):
    enter(as_staff, agency, 2564, i9=typed)
    assert value_of(agency, 2564, 9) is None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("NaN", "คะแนนตัวชี้วัดที่ 9 ต้องเป็นตัวเลข เช่น 87.54"),
        ("1e3", "คะแนนตัวชี้วัดที่ 9 ต้องเป็นตัวเลข เช่น 87.54"),
        ("=5", "คะแนนตัวชี้วัดที่ 9 ต้องเป็นตัวเลข เช่น 87.54"),
        ("<b>", "คะแนนตัวชี้วัดที่ 9 ต้องเป็นตัวเลข เช่น 87.54"),
        ("101", "คะแนนตัวชี้วัดที่ 9 ต้องอยู่ระหว่าง 0 ถึง 100"),
        ("-3", "คะแนนตัวชี้วัดที่ 9 ต้องอยู่ระหว่าง 0 ถึง 100"),
        ("875.4", "(กรอกไว้ 875.4 หมายถึง 87.54 ใช่ไหม)"),
        ("87.545", "คะแนนตัวชี้วัดที่ 9 ใส่ทศนิยมได้ไม่เกิน 2 ตำแหน่ง"),
        ("87,54", "หมายถึง 87.54 ใช่ไหม"),
    ],
)
def test_a_refused_score_saves_nothing_and_loses_nothing(as_staff, results, agency, typed, message):
    page = enter(as_staff, agency, 2564, i1="88.88", i9=typed)
    assert text(page).count(message) == 2, "once in the summary and once at the cell"
    assert '<a href="#id_i9">' in page.content.decode()
    assert "ยังไม่มีค่าใดถูกบันทึก" in text(page)
    assert (fields(page)["i1"], fields(page)["i9"]) == ("88.88", typed)
    assert f"{value_of(agency, 2564, 1)}" == "87.54"


def test_after_a_correction_everything_typed_is_saved(as_staff, results, agency):
    page = enter(as_staff, agency, 2564, i1="88.88", i9="NaN")
    enter(as_staff, agency, 2564, page, i9="30")
    assert (str(value_of(agency, 2564, 1)), str(value_of(agency, 2564, 9))) == ("88.88", "30.00")


def test_saving_without_a_change_says_so(as_staff, frameworks, agency):
    response = enter(as_staff, agency, 2564)
    assert "ไม่มีค่าใดเปลี่ยน" in text(as_staff.get(response.url))
    assert not Assessment.objects.exists()


# --- two people -----------------------------------------------------------------------------------


def test_two_people_in_different_cells_never_meet(as_staff, results, agency, colleague):
    opened = as_staff.get(scores_url(agency, 2564))
    saved_by(colleague, agency, 2564, 9, 30)
    response = enter(as_staff, agency, 2564, opened, i1="88.88")
    assert response.status_code == 302
    assert (value_of(agency, 2564, 9), str(value_of(agency, 2564, 1))) == (30, "88.88")


@pytest.fixture
def conflict(as_staff, results, agency, colleague):
    """Both changed indicator 9 and the colleague was first; the page that says so."""
    opened = as_staff.get(scores_url(agency, 2564))
    saved_by(colleague, agency, 2564, 9, 30)
    return enter(as_staff, agency, 2564, opened, i1="88.88", i9="31.5")


def test_a_stale_cell_shows_both_values_and_saves_the_other_cells(conflict, agency):
    assert conflict.status_code == 409
    page = text(conflict)
    assert "ของคุณ 31.5" in page
    assert "ของสมศรี มีสุข 30.00 เมื่อ" in page
    assert "บันทึกคะแนนอื่นแล้ว 1 ค่า" in page
    assert fields(conflict)["i9"] == "31.5"
    assert (value_of(agency, 2564, 9), str(value_of(agency, 2564, 1))) == (30, "88.88")


@pytest.mark.parametrize(("choice", "kept"), [("mine", "31.50"), ("theirs", "30.00")])
def test_the_chosen_value_is_kept(as_staff, conflict, agency, choice, kept):
    version = official(agency, 2564).scores.get(indicator__number=9).version
    assert f'value="{choice}-{version}"' in conflict.content.decode()
    enter(as_staff, agency, 2564, conflict, i9_choice=f"{choice}-{version}")
    assert str(value_of(agency, 2564, 9)) == kept


def test_without_a_choice_the_page_asks_again(as_staff, conflict, agency):
    again = enter(as_staff, agency, 2564, conflict)
    assert again.status_code == 409
    assert fields(again)["i9"] == "31.5"
    assert value_of(agency, 2564, 9) == 30


def test_a_third_change_in_between_is_not_overwritten(as_staff, conflict, agency, colleague):
    seen = official(agency, 2564).scores.get(indicator__number=9).version
    saved_by(colleague, agency, 2564, 9, 40)
    again = enter(as_staff, agency, 2564, conflict, i9_choice=f"mine-{seen}")
    assert again.status_code == 409
    assert "40.00" in text(again)
    assert value_of(agency, 2564, 9) == 40


def test_a_late_change_is_refused_and_the_typed_text_stays(as_staff, results, agency):
    opened = as_staff.get(scores_url(agency, 2564))
    Assessment.objects.filter(pk=results.pk).update(state=State.SUBMITTED)
    page = enter(as_staff, agency, 2564, opened, i9="31.5")
    assert page.status_code == 409
    assert fields(page)["i9"] == "31.5"
    assert "ยังไม่ได้บันทึก" in text(page)
    assert str(value_of(agency, 2564, 9)) == "29.24"


# --- as announced ---------------------------------------------------------------------------------


def announce(client, agency, page=None, **typed):
    page = page or client.get(scores_url(agency, 2564))
    typed = {f"published-{name}": value for name, value in typed.items()}
    data = fields(page, form=PUBLISHED) | typed
    return client.post(reverse("assessments:scores-published", args=[agency.code, 2564]), data)


@pytest.mark.parametrize(
    ("total", "explanation"),
    [
        ("58.24", "คะแนนรวมที่ประกาศตรงกับที่ระบบคำนวณ"),
        ("58.25", "อาจเกิดจากการปัดเศษ"),
        ("๕๙", "มากกว่าที่จะเกิดจากการปัดเศษ"),
    ],
)
def test_a_difference_from_the_announced_total_is_explained(
    as_staff, results, agency, total, explanation
):
    level = results.framework.levels.get(code="D")
    response = announce(as_staff, agency, total=total, level=level.pk)
    page = as_staff.get(response.url)
    assert explanation in text(page)
    assert fields(page, form=PUBLISHED)["published-level"] == str(level.pk)


@pytest.mark.parametrize(("code", "told"), [("C", True), ("D", False)])
def test_an_announced_level_that_the_scores_do_not_give_is_told(
    client, staff, agency, results, code, told
):
    assessment = official(agency, 2564)
    assessment.published_level = assessment.framework.levels.get(code=code)
    assessment.save()
    client.force_login(staff)
    page = client.get(reverse("assessments:scores", args=[agency.code, 2564]))
    assert ("ระดับที่ประกาศคือ" in page.content.decode()) == told


def test_a_refused_announced_total_stays_on_the_page(as_staff, results, agency):
    page = announce(as_staff, agency, total="580")
    assert text(page).count("คะแนนรวมที่ประกาศต้องอยู่ระหว่าง 0 ถึง 100") == 2
    assert fields(page, form=PUBLISHED)["published-total"] == "580"


def test_a_stale_announced_total_shows_both_and_can_be_saved_again(
    as_staff, client, results, agency
):
    opened = as_staff.get(scores_url(agency, 2564))
    announce(as_staff, agency, total="58.25")
    page = announce(as_staff, agency, opened, total="58.26")
    assert page.status_code == 409
    assert "สมชาย ตั้งใจ บันทึกคะแนนรวม 58.25" in text(page)
    assert fields(page, form=PUBLISHED)["published-total"] == "58.26"
    announce(as_staff, agency, page)
    assert str(official(agency, 2564).published_total) == "58.26"


# --- parts, instruments, self-assessment ----------------------------------------------------------


def send(client, url, **cells):
    return client.post(url, fields(client.get(url)) | cells)


def test_two_parts_stand_in_for_the_indicator_and_are_averaged_exactly(as_staff, agency, results):
    page = as_staff.get(send(as_staff, grid(agency, 2566), i6_1="80", i6_2="80.01").url)
    assert "80.01 ค่าเฉลี่ยของสองส่วน" in text(page), "80.005 rounds up"
    assert fields(page)["i6"] == "", "the field for the whole is out of sight, and empty"
    assert official(agency, 2566).values[6] == Fraction(80005, 1000)


def test_a_year_without_parts_has_no_fields_for_them(as_staff, results, agency):
    assert "i6_1" not in fields(as_staff.get(grid(agency, 2565)))
    assert "กรอกแยกสองส่วน" not in text(as_staff.get(grid(agency, 2565)))


def test_a_refused_part_and_a_refused_instrument_are_named(as_staff, frameworks, agency):
    page = send(as_staff, grid(agency, 2566), i6_2="สูง", oit="101", eit_1="5,5")
    for message in (
        "คะแนนตัวชี้วัดที่ 6 ส่วนที่ 2 ต้องเป็นตัวเลข เช่น 87.54",
        "คะแนน OIT ต้องอยู่ระหว่าง 0 ถึง 100",
        "คะแนน EIT ส่วนที่ 1: ใช้จุด (.) คั่นทศนิยม ไม่ใช้จุลภาค (,) (กรอกไว้ 5,5 หมายถึง 5.50 ใช่ไหม)",
    ):
        assert text(page).count(message) == 2
    html = page.content.decode()
    assert html.count('<details class="parts" open>') == 1
    assert '<details class="card-plain instruments" open>' in html


def test_an_instrument_as_announced_completes_the_total(as_staff, agency, enter_scores):
    enter_scores(agency, 2564, [*SCORES[2564][:8], None, None])
    assert "ยังไม่ครบ (ขาดตัวชี้วัดที่ 9, 10)" in text(as_staff.get(grid(agency, 2564)))
    page = text(as_staff.get(send(as_staff, grid(agency, 2564), oit="27.12").url))
    assert "27.12 ตามคะแนนรายเครื่องมือที่กรอก" in page
    assert "คะแนนรวม 58.24" in page


def test_an_announced_total_alone_leaves_a_range_of_levels(as_staff, staff, agency, frameworks):
    enter_published(agency=agency, year=2568, total=90, level=None, version=1, by=staff)
    assert "ผ่านดี หรือ ผ่าน จากคะแนนรวมที่ประกาศ" in text(as_staff.get(grid(agency, 2568)))


def test_a_stale_part_shows_both_values(as_staff, results, agency, colleague):
    opened = fields(as_staff.get(grid(agency, 2566)))
    change = ScoreChange("i7_1", 30, 1)
    enter_scores(agency=agency, year=2566, changes=[change], by=colleague)
    page = as_staff.post(grid(agency, 2566), opened | {"i7_1": "31"})
    assert page.status_code == 409
    assert "คะแนนตัวชี้วัดที่ 7 ส่วนที่ 1 ของคุณ 31.00 · ของสมศรี มีสุข 30.00" in text(page)
    version = official(agency, 2566).cells["i7_1"].version
    as_staff.post(grid(agency, 2566), fields(page) | {"i7_1_choice": f"mine-{version}"})
    assert official(agency, 2566).cells["i7_1"].value == 31


def test_a_self_assessment_is_another_result_than_the_official_one(as_staff, results, agency):
    url = grid(agency, 2564, "scores-self")
    response = send(as_staff, url, i1="12.34")
    assert response.url == url
    page = as_staff.get(url)
    assert fields(page)["i1"] == "12.34"
    assert value_of(agency, 2564, 1) == Decimal("87.54")
    assert "ผลตามประกาศ" not in text(page)
    assert "ส่งออก Excel" not in text(page)


def test_a_self_assessed_score_says_that_it_comes_from_the_items(as_staff, agency, frameworks):
    enter_case(agency, next(case for case in RESULTS if "marks" in case))
    page = as_staff.get(grid(agency, 2564, "scores-self"))
    assert "97.78 จากผลตรวจรายข้อ OIT" in text(page)
    assert f'href="{grid(agency, 2564, "scores-items-self")}">จากผลตรวจ' in page.content.decode()


@pytest.mark.parametrize("suffix", ["", "-self"])
def test_done_saves_and_goes_on_to_the_analysis(as_staff, frameworks, agency, suffix):
    url = grid(agency, 2564, f"scores{suffix}")
    for typed in ("87.54", "87.54"):
        response = send(as_staff, url, i1=typed, done="yes")
        assert response.url == grid(agency, 2564, f"analysis{suffix}")
    assert Event.objects.filter(verb="scores.saved").count() == 1
    assert send(as_staff, url, i1="101", done="yes").status_code == 200, "not before it is saved"


def test_a_viewer_reads_a_year_that_nobody_has_opened(client, viewer, frameworks, agency):
    client.force_login(viewer)
    for name in ("scores", "scores-self"):
        assert client.get(grid(agency, 2564, name)).status_code == 200


# --- for the script -------------------------------------------------------------------------------


def test_a_cell_tells_the_script_what_the_server_has(as_staff, results, agency):
    html = as_staff.get(grid(agency, 2564)).content.decode()
    [cell] = re.findall(r'<input [^>]*name="i9" type="text"[^>]*>', html)
    facts = ('data-key="i9"', 'data-version="2"', 'data-saved="29.24"', 'data-conflict="box_i9"')
    assert all(fact in cell for fact in facts)
    assert '<div class="box" id="box_i9"></div>' in html


def test_the_judged_figures_are_those_of_the_page(
    as_staff, results, agency, django_assert_max_num_queries
):
    with django_assert_max_num_queries(15):
        judged = as_staff.get(grid(agency, 2564, "scores-judged")).content.decode()
    page = as_staff.get(grid(agency, 2564)).content.decode()
    for opening, closing in (
        ('<tfoot id="grid-totals"', "</tfoot>"),
        ('<td class="number" data-label="เปลี่ยนแปลง" id="change_i9"', "</td>"),
        ('<p class="grid-sum"', "</p>"),
        ('<div id="grid-difference"', "</div>"),
    ):
        part = opening + judged.split(opening)[1].split(closing)[0]
        assert part in page
    assert as_staff.get(grid(agency, 2570, "scores-judged")).status_code == 404
