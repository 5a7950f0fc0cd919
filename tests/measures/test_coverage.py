import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.coverage import Grade, cover
from tests.measures.writing import add_issue, add_measure, text_of, url

NUMBERS = st.sets(st.integers(1, 10))


def test_an_indicator_with_an_issue_and_a_measure_is_covered():
    coverage = cover(weak=[2, 9], taken_up=[9], left_out=[], served=[9])
    assert coverage.groups == ((Grade.OPEN, (2,)), (Grade.COVERED, (9,)))
    assert coverage.covered == (9,)


def test_a_reason_for_leaving_out_is_an_answer_that_needs_no_measure():
    coverage = cover(weak=[2, 9], taken_up=[], left_out=[2], served=[])
    assert coverage.groups == ((Grade.OPEN, (9,)), (Grade.COVERED, (2,)))


def test_an_issue_without_a_measure_is_half_an_answer():
    coverage = cover(weak=[9], taken_up=[9], left_out=[], served=[2])
    assert coverage.groups == ((Grade.PARTLY, (9,)),)
    assert coverage.covered == ()


def test_a_measure_without_an_issue_is_no_answer():
    assert cover(weak=[9], taken_up=[], left_out=[], served=[9]).grade(9) is Grade.OPEN


def test_each_indicator_of_an_issue_needs_a_measure_of_its_own():
    coverage = cover(weak=[6, 7, 8], taken_up=[6, 7, 8], left_out=[], served=[7])
    assert coverage.groups == ((Grade.PARTLY, (6, 8)), (Grade.COVERED, (7,)))


def test_a_strong_indicator_with_an_issue_needs_a_measure_but_does_not_count():
    coverage = cover(weak=[9], taken_up=[1], left_out=[9], served=[])
    assert coverage.groups == ((Grade.PARTLY, (1,)), (Grade.COVERED, (9,)))
    assert coverage.covered == (9,)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
@pytest.mark.one_database("postgres")
def test_each_weak_indicator_has_one_grade(weak, taken_up, left_out, served):
    coverage = cover(weak, taken_up, left_out, served)
    shown = [number for _grade, numbers in coverage.groups for number in numbers]
    assert len(shown) == len(set(shown))
    assert set(shown) == weak | (taken_up - served)
    assert set(coverage.covered) <= weak
    assert list(coverage.without_issue) == sorted(coverage.without_issue)


def test_three_pages_show_the_grades_and_lead_to_what_is_missing(client, plan, staff):
    add_issue(plan, staff, 6, 7, kind="develop")
    add_issue(plan, staff, 2, kind="left_out")
    add_measure(plan, staff, [7])
    client.force_login(staff)
    for path in ("issues/", "measures/", "review/"):
        page = text_of(client.get(url(path)))
        assert "ครอบคลุม 2 จาก 9 ตัวชี้วัดที่เป็นจุดอ่อน" in page
        places = [page.index(word) for word in ("ยังขาด:", "บางส่วน:", "ครบ:")]
        assert places == sorted(places)
        open_part, partly = page[places[0] : places[1]], page[places[1] : places[2]]
        for number in (3, 4, 5, 8, 9, 10):
            assert f'{url("issues/new/")}?indicator={number}"' in open_part
        assert f'{url("measures/library/")}?indicator=6"' in partly
        assert '?indicator=7"' not in page
        assert "ไม่ดำเนินการ มีเหตุผล" in page[places[2] :]
        # At the threshold, and weak all the same: it says why.
        assert page.count("เป็นจุดอ่อนเพราะลดลงจากปีก่อน") == 1


def test_who_only_looks_gets_the_grades_without_the_links(client, plan, staff, admin):
    add_issue(plan, staff, 6)
    client.force_login(admin)
    page = text_of(client.get(url("review/")))
    assert "บางส่วน:" in page
    assert "?indicator=" not in page


def test_the_check_before_review_says_the_same(client, plan, staff):
    add_issue(plan, staff, 6, 7)
    client.force_login(staff)
    page = text_of(client.get(url("review/")))
    assert "ตัวชี้วัดที่ 2, 3, 4, 5, 8, 9, 10 เป็นจุดอ่อน" in page
    assert "6, 7" in page
