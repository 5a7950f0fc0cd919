"""Writes measures and what became of them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.versioning import StaleWrite
from measures.actions.rounds import open_round
from measures.actions.rows import change_row, create_row, locked, next_order, own_indicators
from measures.models import Measure, ProgressEntry


@transaction.atomic
def create_measure(*, plan, title, steps, period, follow_up, responsible, indicators, by):
    plan = locked(plan, Permission.EDIT_PLAN, by)
    own_indicators(plan, indicators, _("Choose at least one indicator that this measure serves."))
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
    )


@transaction.atomic
def change_measure(
    *, measure, version, title, steps, period, follow_up, responsible, indicators, by
):
    """Raises StaleWrite when somebody saved the measure after `version`."""
    plan = locked(measure.plan, Permission.EDIT_PLAN, by)
    own_indicators(plan, indicators, _("Choose at least one indicator that this measure serves."))
    return change_row(
        measure,
        "measure.changed",
        version,
        plan,
        by,
        indicators,
        title=title,
        steps=steps,
        period=period,
        follow_up=follow_up,
        responsible=responsible,
    )


@transaction.atomic
def save_progress(*, round, measure, version, state, result, suggestion, by, percent=None):
    """Writes what became of the measure in the round; `version` 0 means no entry was there.

    Raises StaleWrite when somebody saved the entry after `version`.
    """
    round = open_round(round, by)
    plan = round.plan
    if measure.plan_id != plan.pk:
        raise ValidationError(_("The measure belongs to another plan."))
    if state == ProgressEntry.State.DONE:
        percent = 100
    texts = {"state": state, "percent": percent, "result": result, "suggestion": suggestion}
    entry = ProgressEntry.objects.filter(round=round, measure=measure).first()
    if entry is None and not version:
        entry = ProgressEntry(round=round, measure=measure)
        return create_row(entry, "progress.saved", plan, by, **texts)
    if entry is None:
        raise StaleWrite(current=None, typed=texts)
    return change_row(entry, "progress.saved", version, plan, by, **texts)
