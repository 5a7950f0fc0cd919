"""What pages show of files: those of a measure and a round, in few queries for all rows."""

from django.db.models import Exists, OuterRef, prefetch_related_objects

from accounts.permissions import Permission, allowed
from measures.actions.rows import is_own
from measures.models import Evidence, Revision


def evidence_for(user, plan):
    """Every file of the plan that the person may open; where she may not, the public ones.

    Each with `is_bound`: the scan of a signed page.
    """
    files = Evidence.objects.filter(plan=plan).annotate(
        is_bound=Exists(Revision.objects.filter(signature_scan=OuterRef("pk")))
    )
    if allowed(user, Permission.VIEW_EVIDENCE, plan.agency):
        return files
    return files.public()


def with_evidence(measures, plan, months, by):
    """The measures, each with its `files` that `by` may see and whether she `may_attach` more.

    `months` is the round of progress; None: of the measures themselves. Three queries at most.
    """
    measures, found = list(measures), {}
    for file in evidence_for(by, plan).standing().filter(months=months, measure__in=measures):
        file.plan = plan
        found.setdefault(file.measure_id, []).append(file)
    is_open = allowed(by, Permission.EDIT_EVIDENCE, plan.agency, plan.state, _closed(plan, months))
    if is_open:
        prefetch_related_objects([plan.agency], "units")
    for measure in measures:
        measure.files = found.get(measure.pk, [])
        measure.may_attach = is_open and is_own(by, plan, measure)
    return measures


def _closed(plan, months):
    if months is None:
        return plan.closed
    round = plan.rounds.get(months=months)
    round.plan = plan
    return round.closed or str(round.approved_at or "")
