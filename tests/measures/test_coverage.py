from hypothesis import given
from hypothesis import strategies as st

from measures.coverage import cover

NUMBERS = st.sets(st.integers(1, 10))


def test_an_indicator_with_an_issue_and_a_measure_is_covered():
    coverage = cover(weak=[2, 9], taken_up=[9], left_out=[], served=[9])
    assert (coverage.covered, coverage.without_issue, coverage.without_measure) == ((9,), (2,), ())


def test_a_reason_for_leaving_out_is_an_answer_that_needs_no_measure():
    coverage = cover(weak=[2, 9], taken_up=[], left_out=[2], served=[])
    assert (coverage.covered, coverage.without_issue, coverage.without_measure) == ((2,), (9,), ())


def test_an_issue_without_a_measure_is_not_covered():
    coverage = cover(weak=[9], taken_up=[9], left_out=[], served=[2])
    assert (coverage.covered, coverage.without_issue, coverage.without_measure) == ((), (), (9,))


def test_a_strong_indicator_with_an_issue_needs_a_measure_but_does_not_count():
    coverage = cover(weak=[9], taken_up=[1], left_out=[9], served=[])
    assert (coverage.covered, coverage.without_issue, coverage.without_measure) == ((9,), (), (1,))


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_each_weak_indicator_is_covered_or_says_what_it_lacks(weak, taken_up, left_out, served):
    coverage = cover(weak, taken_up, left_out, served)
    lacking = set(coverage.without_issue) | set(coverage.without_measure) & weak
    assert set(coverage.covered) | lacking == weak
    assert not set(coverage.covered) & lacking
    assert list(coverage.without_issue) == sorted(coverage.without_issue)
