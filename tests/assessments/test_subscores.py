from decimal import Decimal
from fractions import Fraction

import pytest

from assessments.models import Assessment, Framework, Score, SubScore
from assessments.results import two_years
from assessments.scoring import round2
from assessments.subscores import indicator_of_items

SELF = Assessment.Kind.SELF
#: How many items of 9.1 to 9.5, and of 10.1 and 10.2, in 2563 to 2565.
NINE, TEN = (9, 8, 7, 4, 5), (8, 2)


def marks(has, of):
    """`has` of `of` items are there."""
    return [Decimal(100)] * has + [Decimal(0)] * (of - has)


def of_counts(counts, sizes):
    return indicator_of_items([marks(*pair) for pair in zip(counts, sizes, strict=True)])


# --- the rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "value"),
    [((0, 1), "25.00"), ((4, 0), "25.00"), ((1, 1), "31.25"), ((8, 2), "100.00"), ((0, 0), "0")],
)
def test_indicator_10_is_the_mean_of_its_two_sub_indicators(counts, value):
    assert of_counts(counts, TEN) == Decimal(value)


@pytest.mark.parametrize(
    ("counts", "published"), [((4, 5, 4, 4, 2), "60.82"), ((3, 0, 3, 2, 1), "29.24")]
)
def test_published_scores_of_indicator_9_can_come_from_marks(counts, published):
    assert round2(of_counts(counts, NINE)) == Decimal(published)


def test_the_value_is_exact_until_it_is_shown():
    assert of_counts((1, 0, 0, 0, 0), NINE) == Fraction(100, 45)


@pytest.mark.parametrize("marked", [[[Decimal(100)], [None]], [[], []], []])
def test_without_all_marks_there_is_no_value(marked):
    assert indicator_of_items(marked) is None


def test_partial_points_count_as_what_they_are():
    assert indicator_of_items([[Decimal(50), Decimal(100)], [Decimal(0)]]) == Fraction(75, 2)


# --- a result -------------------------------------------------------------------------------------


@pytest.fixture
def result(frameworks, agency):
    """result(kind, nine=…, ten=…, questions=…, **scores): a result of 2564 with these marks."""
    framework = Framework.objects.get(year=2564)

    def make(kind, nine=None, ten=None, questions=None, **scores):
        assessment = Assessment.objects.create(agency=agency, framework=framework, kind=kind)
        for indicator in framework.indicators.all():
            Score.objects.create(
                assessment=assessment,
                indicator=indicator,
                value=scores.get(f"i{indicator.number}"),
            )
            for counts, sizes, number in ((nine, NINE, 9), (ten, TEN, 10)):
                if counts and indicator.number == number:
                    mark(assessment, indicator, counts, sizes)
            if indicator.number in (questions or {}):
                for question, value in zip(
                    indicator.questions.all(), questions[indicator.number], strict=False
                ):
                    SubScore.objects.create(assessment=assessment, question=question, value=value)
        return two_years(agency, 2564, kind).current

    def mark(assessment, indicator, counts, sizes):
        for part, has, of in zip(indicator.subindicators.all(), counts, sizes, strict=True):
            for item, value in zip(part.items.all(), marks(has, of), strict=True):
                SubScore.objects.create(assessment=assessment, item=item, value=value)

    return make


def test_a_self_assessment_takes_its_oit_indicators_from_the_items(result):
    assessment = result(SELF, nine=NINE, ten=(1, 1), i9=Decimal(50), i10=Decimal(50), i1=Decimal(7))
    assert (assessment.values[9], assessment.values[10]) == (100, Decimal("31.25"))
    assert assessment.values[1] == 7


def test_one_item_that_nobody_has_marked_leaves_the_typed_score(result, agency):
    assessment = result(SELF, ten=(1, 1), i10=Decimal(50))
    assessment.subscores.filter(item__number=43).update(value=None)
    assert two_years(agency, 2564, SELF).current.values[10] == 50


def test_an_official_result_is_never_computed_from_marks(result):
    assessment = result(Assessment.Kind.OFFICIAL, nine=NINE, ten=TEN, i9=Decimal("29.24"))
    assert (assessment.values[9], assessment.values[10]) == (Decimal("29.24"), None)


def test_a_self_assessment_takes_the_other_indicators_from_the_questions(result):
    averages = [Decimal(value) for value in ("90", "80", "70.5", "60", "50", "100")]
    assessment = result(SELF, questions={1: averages, 2: averages[:5]}, i2=Decimal(33))
    assert assessment.values[1] == sum(map(Fraction, averages)) / 6
    assert assessment.values[2] == 33, "one question is missing"


def test_a_year_opened_without_marks_has_no_values(result):
    assert set(result(SELF).values.values()) == {None}
