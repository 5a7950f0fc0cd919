from decimal import Decimal

from assessments.models import Assessment
from assessments.results import analysis_of, official


def test_a_result_is_compared_with_last_year_in_few_queries(
    results, agency, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6):
        analysis = analysis_of(official(agency, 2564))
    assert (analysis.total, analysis.level.code) == (Decimal("58.24"), "D")
    assert analysis.previous_total == Decimal("63.92")
    assert analysis.weak_numbers == (2, 3, 4, 5, 6, 7, 8, 9, 10)


def test_any_assessment_can_be_analysed_however_it_was_fetched(
    results, agency, django_assert_max_num_queries
):
    bare = Assessment.objects.get(pk=results.pk)
    with django_assert_max_num_queries(8):
        analysis = analysis_of(bare)
    assert analysis == analysis_of(official(agency, 2564))


def test_the_first_year_is_analysed_without_a_comparison(results, agency):
    analysis = analysis_of(official(agency, 2563))
    assert (analysis.previous_total, analysis.change) == (None, None)


def test_the_threshold_is_the_agencys(results, agency):
    agency.threshold = Decimal("85")
    agency.save()
    assert analysis_of(official(agency, 2564)).threshold == 85


def test_a_year_without_a_result_has_none(results, agency):
    assert official(agency, 2565) is None
