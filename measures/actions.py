"""Every write to a year's plan: one function an act, checked, in one transaction, with its event."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.permissions import Permission, State, require
from accounts.versioning import save_if_current
from assessments.actions import open_assessment
from measures.models import Issue, Measure, Plan, ProgressEntry, ProgressRound
from measures.workflow import TRANSITIONS, Move

ISSUE_FIELDS = ("indicator", "kind", "points")
MEASURE_FIELDS = ("title", "steps", "period", "follow_up", "responsible")
PROGRESS_FIELDS = ("state", "result", "suggestion")


@transaction.atomic
def open_plan(*, agency, year, by):
    """The agency's plan of the year, with its two rounds; made, on last year's result, when missing.

    Raises Framework.DoesNotExist when last year has no framework.
    """
    plan = Plan.objects.filter(agency=agency, year=year).first()
    if plan is not None:
        return plan
    require(by, Permission.EDIT_PLAN, agency)
    assessment = open_assessment(agency=agency, year=year - 1, by=by)
    plan = Plan.objects.create(agency=agency, year=year, assessment=assessment)
    ProgressRound.objects.bulk_create(
        ProgressRound(plan=plan, months=months) for months in ProgressRound.Months
    )
    events.record(verb="plan.opened", by=by, agency=agency, obj=plan)
    return plan


def _locked(plan, permission, by):
    """The plan under a row lock, so that a write and a submission cannot cross."""
    plan = Plan.objects.select_for_update().select_related("agency").get(pk=plan.pk)
    require(by, permission, plan.agency, plan.state)
    return plan


def _create(obj, verb, by):
    obj.updated_by = by
    obj.full_clean()
    obj.save()
    events.record(verb=verb, by=by, agency=obj.plan.agency, obj=obj, after=_shown(obj))
    return obj


def _shown(obj):
    fields = {Issue: ISSUE_FIELDS, Measure: MEASURE_FIELDS, ProgressEntry: PROGRESS_FIELDS}
    return {name: getattr(obj, name) for name in fields[type(obj)]}


def _next_order(rows):
    last = rows.order_by("-order").values_list("order", flat=True).first()
    return 0 if last is None else last + 1


@transaction.atomic
def create_issue(*, plan, indicator, kind, points, by):
    plan = _locked(plan, Permission.EDIT_PLAN, by)
    issue = Issue(plan=plan, indicator=indicator, kind=kind, points=points)
    issue.order = _next_order(plan.issues)
    _own_indicators(plan, [indicator])
    return _create(issue, "issue.created", by)


@transaction.atomic
def change_issue(*, issue, version, by, indicator, kind, points):
    """Raises StaleWrite when somebody saved the issue after `version`."""
    plan = _locked(issue.plan, Permission.EDIT_PLAN, by)
    _own_indicators(plan, [indicator])
    return _change(
        issue,
        "issue.changed",
        version=version,
        by=by,
        plan=plan,
        changes={"indicator": indicator, "kind": kind, "points": points},
    )


@transaction.atomic
def create_measure(*, plan, indicators, by, **fields):
    plan = _locked(plan, Permission.EDIT_PLAN, by)
    _own_indicators(plan, indicators)
    measure = Measure(plan=plan, order=_next_order(plan.measures), **fields)
    _create(measure, "measure.created", by)
    measure.indicators.set(indicators)
    return measure


@transaction.atomic
def change_measure(*, measure, version, indicators, by, **fields):
    """Raises StaleWrite when somebody saved the measure after `version`."""
    plan = _locked(measure.plan, Permission.EDIT_PLAN, by)
    _own_indicators(plan, indicators)
    numbers_before = sorted(measure.indicators.values_list("number", flat=True))
    numbers = sorted(indicator.number for indicator in indicators)
    _change(
        measure,
        "measure.changed",
        version=version,
        by=by,
        plan=plan,
        changes=fields,
        also=({"indicators": numbers_before}, {"indicators": numbers}),
    )
    measure.indicators.set(indicators)
    return measure


@transaction.atomic
def save_progress(*, round, measure, version, by, **fields):
    """Writes what became of the measure in the round; `version` 0 means no entry was there.

    Raises StaleWrite when somebody saved the entry after `version`.
    """
    plan = _locked(round.plan, Permission.EDIT_PROGRESS, by)
    if measure.plan_id != plan.pk:
        raise PermissionDenied
    entry, made = ProgressEntry.objects.get_or_create(
        round=round, measure=measure, defaults={"version": 0}
    )
    return _change(
        entry, "progress.saved", version=version, by=by, plan=plan, changes=fields
    )


def _change(obj, verb, *, version, by, plan, changes, also=({}, {})):
    before = _shown(obj)
    if version == obj.version and before == changes and also[0] == also[1]:
        return obj
    candidate = type(obj)(**{f.attname: getattr(obj, f.attname) for f in obj._meta.fields})
    for name, value in changes.items():
        setattr(candidate, name, value)
    candidate.full_clean(validate_unique=True)
    save_if_current(obj, version=version, by=by, **changes)
    events.record(
        verb=verb,
        by=by,
        agency=plan.agency,
        obj=obj,
        before={**before, **also[0]},
        after={**changes, **also[1]},
    )
    return obj


@transaction.atomic
def delete_row(*, row, by):
    """Removes an issue or a measure; the event keeps its text."""
    plan = _locked(row.plan, Permission.EDIT_PLAN, by)
    events.record(
        verb=f"{row._meta.model_name}.deleted", by=by, agency=plan.agency, obj=row, before=_shown(row)
    )
    row.delete()


@transaction.atomic
def reorder(*, plan, model, ids, by):
    """Puts the plan's issues or measures in the order of `ids`; those not named follow in their old order."""
    plan = _locked(plan, Permission.EDIT_PLAN, by)
    rows = {row.pk: row for row in model.objects.filter(plan=plan)}
    before = list(rows)
    order = [pk for pk in dict.fromkeys(ids) if pk in rows]
    order += [pk for pk in rows if pk not in order]
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


def _own_indicators(plan, indicators):
    framework = plan.assessment.framework_id
    if any(indicator.framework_id != framework for indicator in indicators):
        raise ValidationError(_("Choose an indicator of the year that this plan is based on."))


@transaction.atomic
def move_plan(*, plan, move, by, reason=""):
    """Carries out one row of the workflow table; the scores below follow the plan's state."""
    transition = TRANSITIONS[Move(move)]
    plan = _locked(plan, transition.permission, by)
    reason = reason.strip()
    if transition.needs_reason and not reason:
        raise ValidationError(
            _("Write why it is returned, so that the staff know what to change."), code="reason"
        )
    if transition.not_by_author and is_author(by, plan):
        raise ValidationError(
            _("You wrote part of this plan, so you cannot approve it. Another admin must."),
            code="own_work",
        )
    before, now = plan.state, timezone.now()
    plan.state = transition.target
    if transition.target == State.SUBMITTED:
        plan.submitted_by, plan.submitted_at = by, now
        plan.reviewed_by = plan.reviewed_at = None
    else:
        plan.reviewed_by, plan.reviewed_at = by, now
    plan.return_reason = reason if transition.needs_reason else ""
    plan.save()
    type(plan.assessment).objects.filter(pk=plan.assessment_id).update(state=plan.state)
    events.record(
        verb=transition.event,
        by=by,
        agency=plan.agency,
        obj=plan,
        before={"state": before},
        after={"state": plan.state, "reason": reason} if reason else {"state": plan.state},
    )
    return plan


def is_author(user, plan):
    """Whether the person submitted the plan or last wrote any of its texts or scores."""
    mine = {"updated_by": user}
    return (
        plan.submitted_by_id == user.pk
        or plan.issues.filter(**mine).exists()
        or plan.measures.filter(**mine).exists()
        or plan.assessment.scores.filter(**mine).exists()
        or ProgressEntry.objects.filter(round__plan=plan, **mine).exists()
    )
