"""Every write to a year's plan: an act a function, checked, in a transaction, with its event."""

from copy import copy

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import Agency
from accounts.permissions import Permission, State, require
from accounts.versioning import StaleWrite, save_if_current
from assessments.actions import open_assessment
from assessments.models import Assessment
from measures.authors import is_author
from measures.models import Issue, Measure, Plan, ProgressEntry, ProgressRound
from measures.situation import situation_of
from measures.texts import clean_texts
from measures.workflow import TRANSITIONS, Move

FIELDS = {
    Issue: ("indicator", "kind", "points"),
    Measure: ("title", "steps", "period", "follow_up", "responsible"),
    ProgressEntry: ("state", "result", "suggestion"),
}


@transaction.atomic
def open_plan(*, agency, year, by):
    """The agency's plan of the year with its two rounds; made, on last year's result, if missing.

    Raises Framework.DoesNotExist when last year has no framework.
    """
    require(by, Permission.EDIT_PLAN, agency)
    # Two people who begin the same year at once get the same plan: the second waits here. One who
    # saves the year's first scores does not (no_key): each would wait for the other for ever.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    plan = Plan.objects.filter(agency=agency, year=year).first()
    if plan is not None:
        return plan
    assessment = open_assessment(agency=agency, year=year - 1, by=by)
    plan = Plan.objects.create(agency=agency, year=year, assessment=assessment)
    ProgressRound.objects.bulk_create(
        ProgressRound(plan=plan, months=months) for months in ProgressRound.Months
    )
    events.record(verb="plan.opened", by=by, agency=agency, obj=plan)
    return plan


@transaction.atomic
def create_issue(*, plan, indicator, kind, points, by):
    plan = _locked(plan, Permission.EDIT_PLAN, by)
    _own_indicators(plan, [indicator])
    _one_answer(plan, indicator, kind)
    issue = Issue(plan=plan, order=_next_order(plan.issues))
    return _create(issue, "issue.created", plan, by, indicator=indicator, kind=kind, points=points)


@transaction.atomic
def change_issue(*, issue, version, by, indicator, kind, points):
    """Raises StaleWrite when somebody saved the issue after `version`."""
    plan = _locked(issue.plan, Permission.EDIT_PLAN, by)
    _own_indicators(plan, [indicator])
    _one_answer(plan, indicator, kind, but=issue)
    changes = {"indicator": indicator, "kind": kind, "points": points}
    return _change(issue, "issue.changed", version, plan, by, **changes)


@transaction.atomic
def create_measure(*, plan, title, steps, period, follow_up, responsible, indicators, by):
    plan = _locked(plan, Permission.EDIT_PLAN, by)
    _own_indicators(plan, indicators)
    return _create(
        Measure(plan=plan, order=_next_order(plan.measures)),
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
    plan = _locked(measure.plan, Permission.EDIT_PLAN, by)
    _own_indicators(plan, indicators)
    return _change(
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
def save_progress(*, round, measure, version, state, result, suggestion, by):
    """Writes what became of the measure in the round; `version` 0 means no entry was there.

    Raises StaleWrite when somebody saved the entry after `version`.
    """
    plan = _locked(round.plan, Permission.EDIT_PROGRESS, by)
    if measure.plan_id != plan.pk:
        raise ValidationError(_("The measure belongs to another plan."))
    texts = {"state": state, "result": result, "suggestion": suggestion}
    entry = ProgressEntry.objects.filter(round=round, measure=measure).first()
    if entry is None and not version:
        entry = ProgressEntry(round=round, measure=measure)
        return _create(entry, "progress.saved", plan, by, **texts)
    if entry is None:
        raise StaleWrite(current=None, typed=texts)
    return _change(entry, "progress.saved", version, plan, by, **texts)


@transaction.atomic
def delete_row(*, row, version, by):
    """Removes an issue or a measure, which takes its progress along; the event keeps all texts.

    Raises StaleWrite when somebody saved the row after `version`.
    """
    plan = _locked(row.plan, Permission.EDIT_PLAN, by)
    current = type(row).objects.select_related("updated_by").filter(pk=row.pk).first()
    if current is None:
        return
    if current.version != version:
        raise StaleWrite(current=current, typed={})
    before = _shown(current)
    if isinstance(current, Measure):
        before["indicators"] = _numbers(current.indicators.all())
        before["progress"] = [
            {"months": entry.round.months, **_shown(entry)}
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
    plan = _locked(plan, Permission.EDIT_PLAN, by)
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


def _locked(plan, permission, by):
    """The plan under a row lock, so that a write and a submission cannot cross."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=plan.pk)
    require(by, permission, plan.agency, plan.state)
    return plan


def _next_order(rows):
    last = rows.order_by("-order").values_list("order", flat=True).first()
    return 0 if last is None else last + 1


def _own_indicators(plan, indicators):
    if not indicators:
        raise ValidationError(
            {"indicators": _("Choose at least one indicator that this measure serves.")}
        )
    ids = {indicator.framework_id for indicator in indicators}
    if ids != {plan.assessment.framework_id}:
        raise ValidationError(_("Choose an indicator of the year that this plan is based on."))


def _one_answer(plan, indicator, kind, but=None):
    """An indicator has one issue of a kind, and is not taken up and left out at once."""
    others = plan.issues.filter(indicator=indicator).exclude(pk=but.pk if but else None)
    for other in others:
        if other.kind == kind or Issue.Kind.LEFT_OUT in (other.kind, kind):
            raise ValidationError(
                {
                    "indicator": _(
                        "Indicator %(number)s is already in the list under “%(kind)s”. "
                        "Change or delete that entry instead."
                    )
                    % {"number": indicator.number, "kind": other.get_kind_display()}
                }
            )


def _create(obj, verb, plan, by, indicators=(), **values):
    _fill(obj, values)
    obj.updated_by = by
    obj.save()
    after = _shown(obj)
    if indicators:
        obj.indicators.set(indicators)
        after["indicators"] = _numbers(indicators)
    events.record(verb=verb, by=by, agency=plan.agency, obj=obj, after=after)
    return obj


def _change(obj, verb, version, plan, by, indicators=(), **values):
    """Writes what differs from the record; nothing, when nothing does."""
    typed = _fill(copy(obj), values)
    before, after = _shown(obj), _shown(typed)
    if indicators:
        before["indicators"] = _numbers(obj.indicators.all())
        after["indicators"] = _numbers(indicators)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return obj
    save_if_current(obj, version=version, by=by, **_shown(typed))
    if "indicators" in changed:
        obj.indicators.set(indicators)
    events.record(
        verb=verb,
        by=by,
        agency=plan.agency,
        obj=obj,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return obj


def _fill(obj, values):
    model = type(obj)
    texts = {name: text for name, text in values.items() if _is_free_text(model, name)}
    for name, value in {**values, **clean_texts(model, texts)}.items():
        setattr(obj, name, value)
    obj.full_clean(validate_unique=False, validate_constraints=False)
    return obj


def _is_free_text(model, name):
    field = model._meta.get_field(name)
    return not field.is_relation and not field.choices


def _shown(obj):
    return {name: getattr(obj, name) for name in FIELDS[type(obj)]}


def _numbers(indicators):
    return sorted(indicator.number for indicator in indicators)


@transaction.atomic
def move_plan(*, plan, move, by, reason=""):
    """Carries out one row of the workflow table; the scores below follow the plan's state."""
    transition = TRANSITIONS[Move(move)]
    plan = _locked(plan, transition.permission, by)
    # The scores are part of what is moved: nobody may change them between the check and the move.
    Assessment.objects.select_for_update().get(pk=plan.assessment_id)
    reason = reason.strip()
    if transition.needs_reason and not reason:
        raise ValidationError(
            _("Write why it is returned, so that the staff know what to change."), code="reason"
        )
    if transition.needs_complete and (missing := situation_of(plan).holds_up):
        raise ValidationError(
            [ValidationError(finding.text, code="incomplete") for finding in missing]
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
    Assessment.objects.filter(pk=plan.assessment_id).update(state=plan.state)
    events.record(
        verb=transition.event,
        by=by,
        agency=plan.agency,
        obj=plan,
        before={"state": before},
        after={"state": plan.state, "reason": reason} if reason else {"state": plan.state},
    )
    return plan


@transaction.atomic
def record_download(*, plan, part, by):
    """A report leaves the portal; `by` is None for a command."""
    if by is not None:
        require(by, Permission.EXPORT, plan.agency)
    events.record(
        verb="report.downloaded",
        by=by,
        agency=plan.agency,
        obj=plan,
        after={"part": part, "state": plan.state},
    )
