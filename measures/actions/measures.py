"""Writes measures and what became of them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from accounts.versioning import StaleWrite
from measures.actions.rounds import open_round
from measures.actions.rows import (
    change_row,
    create_row,
    keep_own,
    locked,
    next_order,
    own_indicators,
    require_own,
)
from measures.models import Measure, ProgressEntry

#: Of one plan: a report of so many is still laid out within its time.
MOST_MEASURES = 300
NONE_CHOSEN = gettext_lazy("Choose at least one indicator that this measure serves.")


@transaction.atomic
def create_measure(*, plan, indicators, by, title, steps, period, follow_up, responsible, **others):
    """`others`: the two days of the period, the budget."""
    plan = locked(plan, Permission.EDIT_PLAN, by)
    require_room(plan.measures.count(), 1)
    own_indicators(plan, indicators, NONE_CHOSEN)
    keep_own(by, plan, responsible)
    return create_row(
        Measure(plan=plan, order=next_order(plan.measures)),
        "measure.created",
        plan,
        by,
        indicators,
        title=title,
        steps=steps,
        period=period,
        follow_up=follow_up,
        responsible=responsible,
        **others,
    )


def require_room(there, count):
    """Refuses so many further measures where the plan would have more than MOST_MEASURES."""
    if there + count > MOST_MEASURES:
        raise ValidationError(
            _(
                "A plan has at most %(most)d measures. This one has %(there)d, so %(count)d more "
                "cannot be added. Put steps of the same work together in one measure."
            )
            % {"most": MOST_MEASURES, "there": there, "count": count},
            code="too_many",
        )


@transaction.atomic
def create_measures(*, plan, rows, by):
    """Several at once, or none of them; `rows` are the values of each."""
    plan = locked(plan, Permission.EDIT_PLAN, by)
    require_room(plan.measures.count(), len(rows))
    first = next_order(plan.measures)
    saved = []
    for order, values in enumerate(rows, start=first):
        indicators = values["indicators"]
        own_indicators(plan, indicators, NONE_CHOSEN)
        texts = {name: value for name, value in values.items() if name != "indicators"}
        row = Measure(plan=plan, order=order)
        saved.append(create_row(row, "measure.created", plan, by, indicators, **texts))
    return saved


@transaction.atomic
def change_measure(*, measure, version, by, indicators=None, **changes):
    """Raises StaleWrite when somebody saved the measure after `version`.

    A `period` without its two days has none.
    """
    plan = locked(measure.plan, Permission.EDIT_PLAN, by)
    return write_measure(plan, measure, version, by, indicators, **changes)


def write_measure(plan, measure, version, by, indicators=None, **changes):
    """The same in a plan that is locked."""
    require_own(by, plan, measure)
    if indicators is not None:
        own_indicators(plan, indicators, NONE_CHOSEN)
    if "responsible" in changes:
        keep_own(by, plan, changes["responsible"])
    if "period" in changes:
        changes = {"starts_on": None, "ends_on": None} | changes
    return change_row(measure, "measure.changed", version, plan, by, indicators or (), **changes)


@transaction.atomic
def save_progress(*, round, measure, version, state, result, suggestion, by, percent=None):
    """Writes what became of the measure in the round; `version` 0 means no entry was there.

    Raises StaleWrite when somebody saved the entry after `version`.
    """
    round = open_round(round, by)
    entry = ProgressEntry.objects.filter(round=round, measure=measure).first()
    texts = {"state": state, "percent": percent, "result": result, "suggestion": suggestion}
    if entry is None and version:
        raise StaleWrite(current=None, typed=texts)
    return write_progress(round, measure, entry, version, by, **texts)


def write_progress(round, measure, entry, version, by, **texts):
    """The same in a round that is open and locked; `entry` is None for the first report."""
    plan = round.plan
    if measure.plan_id != plan.pk:
        raise ValidationError(_("The measure belongs to another plan."))
    require_own(by, plan, measure)
    if entry is None:
        entry = ProgressEntry(round=round, measure=measure)
        return create_row(entry, "progress.saved", plan, by, **texts)
    return change_row(entry, "progress.saved", version, plan, by, **texts)
