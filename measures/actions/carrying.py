"""Carries measures of last year's plan over into this year's."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts import events
from accounts.permissions import Permission
from measures.actions.measures import require_room
from measures.actions.rows import locked, numbers
from measures.calendar import whole_year
from measures.carrying import new_indicators
from measures.models import Measure


@transaction.atomic
def carry_measures(*, plan, measures, by):
    """Copies of last year's measures, to be edited; returns them. One that is there already stays.

    Progress, evidence, comments, dates and the budget belong to their year: none is copied.
    """
    return carry(locked(plan, Permission.EDIT_PLAN, by), measures, by)


def carry(plan, measures, by):
    """The same for a plan that is locked already."""
    own = set(plan.agency.plans.filter(year=plan.year - 1).values_list("pk", flat=True))
    if any(measure.plan_id not in own for measure in measures):
        raise ValidationError(_("Choose measures of last year's plan of your agency."))
    there = list(plan.measures.values_list("carried_from", "order"))
    carried = {pk for pk, _order in there}
    measures = [measure for measure in measures if measure.pk not in carried]
    if not measures:
        return []
    require_room(len(there), len(measures))
    first = max((order for _pk, order in there), default=-1) + 1
    copies = [
        Measure(
            plan=plan,
            title=measure.title,
            steps=measure.steps,
            follow_up=measure.follow_up,
            responsible=measure.responsible,
            period=whole_year(plan.year),
            carried_from=measure,
            carried_year=plan.year - 1,
            order=order,
            updated_by=by,
        )
        for order, measure in enumerate(measures, start=first)
    ]
    Measure.objects.bulk_create(copies)
    prefetch_related_objects(measures, "indicators")
    served = new_indicators(measures, plan.year - 1)
    through = Measure.indicators.through
    through.objects.bulk_create(
        through(measure=copy, indicator=indicator)
        for copy in copies
        for indicator in served[copy.carried_from_id]
    )
    rows = [
        {
            "id": copy.pk,
            "from": copy.carried_from_id,
            "title": copy.title,
            "indicators": numbers(served[copy.carried_from_id]),
        }
        for copy in copies
    ]
    events.record(
        verb="measures.carried",
        by=by,
        agency=plan.agency,
        obj=plan,
        after={"year": plan.year - 1, "measures": rows},
    )
    return copies
