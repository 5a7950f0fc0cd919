"""Writes one field of a row as it is typed."""

from django.db import transaction

from accounts.permissions import Permission
from accounts.versioning import StaleWrite
from measures.actions.issues import change_issue
from measures.actions.measures import change_measure, save_progress
from measures.actions.rows import locked
from measures.fields import text_of, values_of, version_of
from measures.models import Issue, Measure, ProgressEntry


@transaction.atomic
def save_field(*, row, name, text, version, by):
    """Returns the row as it then stands; `version` is of the field's text that the typist saw.

    Raises StaleWrite when that is gone, and ValidationError as the whole form would.
    """
    permission = Permission.EDIT_PROGRESS if _is_progress(row) else Permission.EDIT_PLAN
    locked(row.round.plan if _is_progress(row) else row.plan, permission, by)
    values = values_of(row, name, text)
    row = _as_it_stands(row)
    if version_of(text_of(row, name)) != version and not _holds(row, values):
        raise StaleWrite(current=row, typed=values)
    return _save(row, values, by)


def _is_progress(row):
    return isinstance(row, ProgressEntry)


def _as_it_stands(row):
    """Read again under the plan's lock; progress that nobody has reported is a new row."""
    rows = type(row).objects.select_related("updated_by")
    if not _is_progress(row):
        current = rows.filter(pk=row.pk).first()
        if current is None:
            raise StaleWrite(current=None, typed={})
        current.plan = row.plan
        return current
    current = rows.filter(round=row.round, measure=row.measure).first()
    if current is None:
        return ProgressEntry(round=row.round, measure=row.measure, version=0)
    current.round, current.measure = row.round, row.measure
    return current


def _holds(row, values):
    return all(_value(row, name) == value for name, value in values.items())


def _value(row, name):
    if name == "indicators":
        return sorted(row.indicators.all(), key=lambda one: one.number)
    return getattr(row, name)


_KEPT = {
    Issue: ("indicators", "kind", "points"),
    Measure: ("title", "steps", "period", "follow_up", "responsible", "indicators"),
    ProgressEntry: ("state", "percent", "result", "suggestion"),
}


def _save(row, values, by):
    every = {name: _value(row, name) for name in _KEPT[type(row)]} | values
    common = {"version": row.version, "by": by, **every}
    if isinstance(row, Issue):
        return change_issue(issue=row, **common)
    if isinstance(row, Measure):
        return change_measure(measure=row, **common)
    return save_progress(round=row.round, measure=row.measure, **common)
