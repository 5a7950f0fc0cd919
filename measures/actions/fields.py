"""Writes one field of a row as it is typed."""

from copy import copy

from django.db import transaction

from accounts.permissions import Permission
from accounts.versioning import StaleWrite
from measures.actions.issues import write_issue
from measures.actions.measures import write_measure, write_progress
from measures.actions.rounds import open_round
from measures.actions.rows import fill, locked, numbers
from measures.fields import FIELDS, text_of, values_of, version_of
from measures.models import Measure, ProgressEntry


@transaction.atomic
def save_field(*, plan, model, pk, field, text, version, by):
    """Saves a field of an issue or a measure; returns the row as it then stands.

    `version` is of the field's text that the typist saw. Raises StaleWrite when that is gone, or
    the row, and ValidationError as the whole form would.
    """
    plan = locked(plan, Permission.EDIT_PLAN, by)
    row = model.objects.select_related("updated_by").filter(plan=plan, pk=pk).first()
    if row is None:
        raise StaleWrite(current=None, typed={field: text})
    row.plan = plan
    values = _values(row, field, text, version)
    write = write_measure if model is Measure else write_issue
    return write(plan, row, row.version, by, **values)


@transaction.atomic
def save_progress_field(*, round, pk, field, text, version, by):
    """The same of what became of the measure `pk` in the round."""
    round = open_round(round, by)
    rows = ProgressEntry.objects.select_related("measure", "updated_by")
    entry = rows.filter(round=round, measure=pk).first()
    measure = entry.measure if entry else round.plan.measures.filter(pk=pk).first()
    if measure is None:
        raise StaleWrite(current=None, typed={field: text})
    row = entry or ProgressEntry(measure=measure)
    row.round = round
    values = {name: getattr(row, name) for name in FIELDS[ProgressEntry]}
    values |= _values(row, field, text, version)
    return write_progress(round, measure, entry, row.version, by, **values)


def _values(row, field, text, version):
    values = values_of(row, field, text)
    stored = text_of(row, field)
    if version_of(stored) != version and _as_stored(row, field, values) != stored:
        raise StaleWrite(current=row, typed=values)
    return values


def _as_stored(row, field, values):
    """Where an answer was lost, the same comes once more as it was typed: 1. before an item …"""
    if field == "indicators":
        return "\n".join(map(str, numbers(values[field])))
    return text_of(fill(copy(row), values), field)
