"""Writes issues: one by one, for all weak indicators at once, merged, or left out with a reason."""

from copy import copy

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts import events
from accounts.permissions import Permission
from accounts.versioning import StaleWrite, save_if_current
from assessments.results import two_years
from measures.actions.plans import open_plan
from measures.actions.rows import (
    change_row,
    create_row,
    fill,
    locked,
    next_order,
    numbers,
    own_indicators,
    shown,
)
from measures.models import Issue
from measures.weaknesses import first_kind, first_points


@transaction.atomic
def create_issue(*, plan, indicators, kind, points, by):
    plan = locked(plan, Permission.EDIT_PLAN, by)
    own_indicators(plan, indicators, _("Choose at least one indicator."))
    _one_answer(_issues(plan), indicators, kind)
    issue = Issue(plan=plan, order=next_order(plan.issues))
    return create_row(issue, "issue.created", plan, by, indicators, kind=kind, points=points)


@transaction.atomic
def change_issue(*, issue, version, by, indicators, kind, points):
    """Raises StaleWrite when somebody saved the issue after `version`."""
    plan = locked(issue.plan, Permission.EDIT_PLAN, by)
    return write_issue(plan, issue, version, by, indicators, kind=kind, points=points)


def write_issue(plan, issue, version, by, indicators=None, **changes):
    """The same in a plan that is locked, for those fields that change."""
    if indicators is not None:
        own_indicators(plan, indicators, _("Choose at least one indicator."))
    if indicators is not None or "kind" in changes:
        others = _issues(plan).exclude(pk=issue.pk)
        kind = changes.get("kind", issue.kind)
        _one_answer(others, indicators or issue.indicators.all(), kind)
    before = issue.points
    issue = change_row(issue, "issue.changed", version, plan, by, indicators or (), **changes)
    if issue.is_as_begun and issue.points != before:
        issue.is_as_begun = False
        issue.save(update_fields=["is_as_begun"])
    return issue


@transaction.atomic
def create_issues_from_weaknesses(*, agency, year, by):
    """Answers each weak indicator that has neither an issue nor a reason; begins the plan first.

    Returns the new issues. Raises Framework.DoesNotExist when last year has no framework.
    """
    plan = locked(open_plan(agency=agency, year=year, by=by), Permission.EDIT_PLAN, by)
    answered = set(plan.issues.values_list("indicators__number", flat=True))
    years = two_years(agency, year - 1)
    analysis = years.analysis
    weak = [row for row in analysis.rows if row.cls.is_weakness and row.number not in answered]
    if not weak:
        return []
    indicators = {indicator.number: indicator for indicator in years.framework.ordered_indicators()}
    prefetch_related_objects(list(indicators.values()), "subindicators")
    issues = [
        Issue(
            plan=plan,
            kind=first_kind(row, analysis.threshold),
            points=first_points(indicators[row.number], row, analysis.threshold),
            is_as_begun=True,
            order=order,
            updated_by=by,
        )
        for order, row in enumerate(weak, start=next_order(plan.issues))
    ]
    Issue.objects.bulk_create(issues)
    pairs = list(zip(issues, (indicators[row.number] for row in weak), strict=True))
    through = Issue.indicators.through
    through.objects.bulk_create(through(issue=issue, indicator=one) for issue, one in pairs)
    events.record(
        verb="issues.created",
        by=by,
        agency=agency,
        obj=plan,
        after={
            "issues": [
                {"id": issue.pk, **shown(issue), "indicators": [one.number]} for issue, one in pairs
            ]
        },
    )
    return issues


@transaction.atomic
def merge_issues(*, plan, versions, by):
    """Makes the issues {pk: version} one, in the place and of the kind of the first: the
    indicators of all, the texts one after the other.

    Raises StaleWrite, and merges nothing, when somebody saved or removed one of them.
    """
    plan = locked(plan, Permission.EDIT_PLAN, by)
    kinds = list(Issue.Kind)
    rows = sorted(_current(plan, versions), key=lambda row: (kinds.index(row.kind), row.order))
    if len(rows) < 2:
        raise ValidationError(_("Choose at least two issues to merge."))
    if len({row.is_taken_up for row in rows}) > 1:
        raise ValidationError(
            _("An issue and an indicator that is not taken up cannot be merged. Choose again.")
        )
    first, *others = rows
    indicators = sorted(
        {one for row in rows for one in row.indicators.all()}, key=lambda one: one.number
    )
    _one_answer(_issues(plan).exclude(pk__in=versions), indicators, first.kind)
    before = [_whole(row) for row in rows]
    points = fill(copy(first), {"points": "\n".join(row.points for row in rows)}).points
    as_begun = any(row.is_as_begun for row in rows)
    save_if_current(first, version=first.version, by=by, points=points, is_as_begun=as_begun)
    first.indicators.set(indicators)
    Issue.objects.filter(pk__in=[row.pk for row in others]).delete()
    after = {"id": first.pk, **shown(first), "indicators": numbers(indicators)}
    events.record(
        verb="issues.merged",
        by=by,
        agency=plan.agency,
        obj=plan,
        before={"issues": before},
        after={"issue": after},
    )
    return first


@transaction.atomic
def leave_issues_out(*, plan, reasons, by):
    """Turns issues, {pk: (version, reason)}, into indicators that are not taken up this year.

    Raises StaleWrite, and changes none, when somebody saved or removed one of them.
    """
    plan = locked(plan, Permission.EDIT_PLAN, by)
    rows = _current(plan, {pk: version for pk, (version, _reason) in reasons.items()})
    everything = list(_issues(plan))
    before = [_whole(row) for row in rows]
    kind = Issue.Kind.LEFT_OUT
    for row in rows:
        others = [other for other in everything if other.pk != row.pk]
        _one_answer(others, row.indicators.all(), kind)
        points = fill(copy(row), {"kind": kind, "points": reasons[row.pk][1]}).points
        changes = {"kind": kind, "points": points, "is_as_begun": False}
        save_if_current(row, version=row.version, by=by, **changes)
    events.record(
        verb="issues.left_out",
        by=by,
        agency=plan.agency,
        obj=plan,
        before={"issues": before},
        after={"issues": [_whole(row) for row in rows]},
    )
    return rows


def _issues(plan):
    return plan.issues.prefetch_related("indicators")


def _current(plan, versions):
    """The issues as they stand, which must be of these versions."""
    rows = list(_issues(plan).select_related("updated_by").filter(pk__in=versions))
    changed = [row for row in rows if row.version != versions[row.pk]]
    if changed or len(rows) < len(versions):
        raise StaleWrite(current=changed[0] if changed else None, typed={})
    return rows


def _whole(issue):
    return {"id": issue.pk, **shown(issue), "indicators": numbers(issue.indicators.all())}


def _one_answer(others, indicators, kind):
    """An indicator has one issue of a kind, and is not taken up and left out at once."""
    wanted = {indicator.number for indicator in indicators}
    for other in others:
        both = wanted.intersection(indicator.number for indicator in other.indicators.all())
        if both and (other.kind == kind or Issue.Kind.LEFT_OUT in (other.kind, kind)):
            raise ValidationError(
                {
                    "indicators": _(
                        "Indicator %(number)s is already in the list under “%(kind)s”. "
                        "Change or delete that entry instead."
                    )
                    % {"number": min(both), "kind": other.get_kind_display()}
                }
            )
