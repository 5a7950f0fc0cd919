from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Event
from accounts.permissions import LateChange, State
from accounts.versioning import StaleWrite
from assessments.actions import (
    ScoreChange,
    enter_published,
    enter_scores,
    open_assessment,
    save_scores,
)
from assessments.models import Assessment, Framework
from assessments.results import official

NINE = ScoreChange("i9", Decimal("30"), 2)


def test_the_first_score_opens_the_year_with_a_row_for_every_indicator(frameworks, agency, staff):
    change = ScoreChange("i9", Decimal("30"), 1)
    saved = enter_scores(agency=agency, year=2564, changes=[change], by=staff)
    assert saved.changed == ("i9",)
    assert official(agency, 2564).scores.count() == 10
    verbs = Event.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["assessment.opened", "scores.saved"]


def test_an_event_says_who_changed_what(results, agency, staff):
    save_scores(assessment=results, changes=[NINE], by=staff)
    event = Event.objects.filter(verb="scores.saved").latest("id")
    assert (event.actor_name, event.before, event.after) == (
        "สมชาย ตั้งใจ",
        {"i9": "29.24"},
        {"i9": "30"},
    )


def test_the_same_value_again_is_no_change_and_no_event(results, staff):
    before = Event.objects.count()
    same = ScoreChange("i9", Decimal("29.24"), 1)
    assert save_scores(assessment=results, changes=[same], by=staff).changed == ()
    assert Event.objects.count() == before


def test_a_cell_of_an_older_version_is_reported_with_both_values(results, staff):
    save_scores(assessment=results, changes=[NINE], by=staff)
    saved = save_scores(
        assessment=results,
        changes=[ScoreChange("i9", Decimal("31"), 2), ScoreChange("i1", Decimal("90"), 2)],
        by=staff,
    )
    typed, current = saved.stale["i9"]
    assert (saved.changed, typed, current.value) == (("i1",), 31, 30)
    assert current.updated_by == staff


@pytest.mark.parametrize("person", ["viewer", "admin", "outsider"])
def test_only_staff_enter_scores(request, results, agency, person):
    by = request.getfixturevalue(person)
    with pytest.raises(PermissionDenied):
        save_scores(assessment=results, changes=[NINE], by=by)
    with pytest.raises(PermissionDenied):
        open_assessment(agency=agency, year=2565, by=by)
    with pytest.raises(PermissionDenied):
        enter_published(agency=agency, year=2564, total=None, level=None, version=1, by=by)
    assert Assessment.objects.count() == 2


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED])
def test_a_locked_year_is_not_changed_by_anybody(results, agency, staff, operator, state):
    Assessment.objects.filter(pk=results.pk).update(state=state)
    for by in (staff, operator, None):
        with pytest.raises(LateChange):
            save_scores(assessment=results, changes=[NINE], by=by)
        with pytest.raises(LateChange):
            enter_published(
                agency=agency, year=2564, total=Decimal(1), level=None, version=1, by=by
            )
    assert str(official(agency, 2564).values[9]) == "29.24"


def test_a_returned_year_may_be_changed(results, staff):
    Assessment.objects.filter(pk=results.pk).update(state=State.RETURNED)
    assert save_scores(assessment=results, changes=[NINE], by=staff).changed == ("i9",)


def test_a_year_without_rules_cannot_be_opened(frameworks, agency, staff):
    with pytest.raises(Framework.DoesNotExist):
        open_assessment(agency=agency, year=2569, by=staff)


def test_the_announced_total_is_guarded_by_its_version(results, agency, staff):
    level = results.framework.levels.get(code="D")
    entered = {"agency": agency, "year": 2564, "by": staff, "version": results.version}
    enter_published(total=Decimal("58.24"), level=level, **entered)
    with pytest.raises(StaleWrite) as stale:
        enter_published(total=Decimal("58.25"), level=None, **entered)
    assert stale.value.current.published_total == Decimal("58.24")
    assert official(agency, 2564).published_level == level
