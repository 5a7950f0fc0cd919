"""Begins a year's plan, and notes that a report left the portal."""

from django.db import transaction

from accounts import events
from accounts.models import Agency
from accounts.permissions import Permission, allowed, require
from assessments.actions import open_assessment
from measures.models import Plan, ProgressRound


@transaction.atomic
def open_plan(*, agency, year, by):
    """The agency's plan of the year with its two rounds; made, on last year's result, if missing.

    Raises Framework.DoesNotExist when last year has no framework.
    """
    right = Permission.SET_UP if allowed(by, Permission.SET_UP, agency) else Permission.EDIT_PLAN
    require(by, right, agency)
    # Two people who begin the same year at once get the same plan: the second waits here. One who
    # saves the year's first scores does not (no_key): each would wait for the other for ever.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    plan = Plan.objects.filter(agency=agency, year=year).first()
    if plan is not None:
        return plan
    assessment = open_assessment(agency=agency, year=year - 1, by=by, right=right)
    plan = Plan.objects.create(agency=agency, year=year, assessment=assessment)
    ProgressRound.objects.bulk_create(
        ProgressRound(plan=plan, months=months) for months in ProgressRound.Months
    )
    events.record(verb="plan.opened", by=by, agency=agency, obj=plan)
    return plan


@transaction.atomic
def record_download(*, plan, part, by, revision=None):
    """A report leaves the portal; `by` is None for a command, `revision` a number.

    Returns the event.
    """
    if by is not None:
        require(by, Permission.EXPORT, plan.agency)
    return _left(plan, "report.downloaded", {"part": part}, by, revision)


@transaction.atomic
def record_document(*, plan, document, by, revision=None):
    """The same of another file, by its name: full.docx, figures.xlsx, data.json."""
    require(by, Permission.EXPORT, plan.agency)
    return _left(plan, "report.document_downloaded", {"document": document}, by, revision)


def _left(plan, verb, what, by, revision):
    after = what | {"state": plan.state}
    if revision:
        after["revision"] = revision
    return events.record(verb=verb, by=by, agency=plan.agency, obj=plan, after=after)
