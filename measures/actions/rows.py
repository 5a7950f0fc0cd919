"""What the writes of all rows of a plan share: locking, cleaning, versions and events."""

from copy import copy

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts import events
from accounts.permissions import Permission, require, unit_of
from accounts.versioning import StaleWrite, save_if_current
from measures.models import Issue, Measure, Plan, ProgressEntry
from measures.texts import clean_texts
from measures.units import units_named, units_of

FIELDS = {
    Issue: ("kind", "points"),
    Measure: (
        *("title", "steps", "period", "starts_on", "ends_on"),
        *("budget", "follow_up", "responsible"),
    ),
    ProgressEntry: ("state", "percent", "result", "suggestion"),
}


@transaction.atomic
def delete_row(*, row, version, by):
    """Removes an issue or a measure, which takes its progress along; the event keeps all texts.

    Raises StaleWrite when somebody saved the row after `version`.
    """
    plan = locked(row.plan, Permission.EDIT_PLAN, by)
    current = type(row).objects.select_related("updated_by").filter(pk=row.pk).first()
    if current is None:
        return
    if isinstance(current, Measure):
        require_own(by, plan, current)
    if current.version != version:
        raise StaleWrite(current=current, typed={})
    before = shown(current)
    before["indicators"] = numbers(current.indicators.all())
    if isinstance(current, Measure):
        before["progress"] = [
            {"months": entry.round.months, **shown(entry)}
            for entry in current.progress.select_related("round")
        ]
    events.record(
        verb=f"{row._meta.model_name}.deleted",
        by=by,
        agency=plan.agency,
        obj=current,
        before=before,
    )
    current.delete()


@transaction.atomic
def reorder(*, plan, model, ids, by):
    """Puts the plan's issues or measures in the order of `ids`; others follow as they were."""
    plan = locked(plan, Permission.EDIT_PLAN, by)
    rows = {row.pk: row for row in model.objects.filter(plan=plan)}
    before = list(rows)
    order = [pk for pk in dict.fromkeys(ids) if pk in rows]
    order += [pk for pk in before if pk not in order]
    if order == before:
        return
    for position, pk in enumerate(order):
        rows[pk].order = position
    model.objects.bulk_update(rows.values(), ["order"])
    events.record(
        verb=f"{model._meta.model_name}s.reordered",
        by=by,
        agency=plan.agency,
        obj=plan,
        before={"order": before},
        after={"order": order},
    )


def locked(plan, permission, by):
    """The plan under a row lock, so that a write and a submission cannot cross."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=plan.pk)
    require(by, permission, plan.agency, plan.state, plan.closed)
    return plan


class NotOwn(PermissionDenied):
    """Staff of one unit change the measures of that unit only."""


def require_own(by, plan, measure):
    """Raises NotOwn where the measure names another unit of the agency than the person's own."""
    if not is_own(by, plan, measure):
        raise NotOwn(
            _(
                "This measure belongs to %(units)s, and your account writes for %(unit)s. "
                "Ask a colleague of that unit or the coordinator to change it."
            )
            % {
                "units": ", ".join(units_of(measure, _names(plan))),
                "unit": unit_of(by, plan.agency),
            }
        )


def is_own(by, plan, measure):
    """Also a measure that names no unit of the agency's list is everybody's."""
    return _is_of(unit_of(by, plan.agency), plan, measure.responsible)


def keep_own(by, plan, responsible):
    """Refuses the units by which a person would lose the measure that she writes."""
    unit = unit_of(by, plan.agency)
    if not _is_of(unit, plan, responsible):
        message = _(
            "Name your own unit too, %(unit)s: without it you could not change this measure any "
            "more. The coordinator can give it to other units only."
        )
        raise ValidationError({"responsible": message % {"unit": unit}})


def _is_of(unit, plan, responsible):
    named = units_named(responsible, _names(plan)) if unit else []
    return not named or unit.name in named


def _names(plan):
    return [unit.name for unit in plan.agency.units.all()]


def next_order(rows):
    last = rows.order_by("-order").values_list("order", flat=True).first()
    return 0 if last is None else last + 1


def own_indicators(plan, indicators, none_chosen):
    if not indicators:
        raise ValidationError({"indicators": none_chosen})
    ids = {indicator.framework_id for indicator in indicators}
    if ids != {plan.assessment.framework_id}:
        raise ValidationError(_("Choose an indicator of the year that this plan is based on."))


def create_row(obj, verb, plan, by, indicators=(), **values):
    fill(obj, values)
    obj.updated_by = by
    obj.save()
    after = shown(obj)
    if indicators:
        obj.indicators.set(indicators)
        after["indicators"] = numbers(indicators)
    events.record(verb=verb, by=by, agency=plan.agency, obj=obj, after=after)
    return obj


def change_row(obj, verb, version, plan, by, indicators=(), **values):
    """Writes what differs from the record; nothing, when nothing does."""
    typed = fill(copy(obj), values)
    before, after = shown(obj), shown(typed)
    if indicators:
        before["indicators"] = numbers(obj.indicators.all())
        after["indicators"] = numbers(indicators)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return obj
    save_if_current(obj, version=version, by=by, **shown(typed))
    if "indicators" in changed:
        obj.indicators.set(indicators)
        vars(obj).pop("numbers", None)
    events.record(
        verb=verb,
        by=by,
        agency=plan.agency,
        obj=obj,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return obj


def fill(obj, values):
    model = type(obj)
    texts = {name: text for name, text in values.items() if _is_free_text(model, name)}
    for name, value in {**values, **clean_texts(model, texts)}.items():
        setattr(obj, name, value)
    # To whom a row belongs is not typed: nothing is to be looked up for it.
    owners = [field.name for field in model._meta.fields if field.is_relation]
    obj.full_clean(exclude=owners, validate_unique=False, validate_constraints=False)
    return obj


def _is_free_text(model, name):
    field = model._meta.get_field(name)
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def shown(obj):
    return {name: getattr(obj, name) for name in FIELDS[type(obj)]}


def numbers(indicators):
    return sorted(indicator.number for indicator in indicators)
