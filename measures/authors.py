"""Who wrote a plan, by the event log: it also knows whose text was replaced later."""

from django.db.models import Q

from accounts.models import Event
from assessments.models import AnalysisText
from measures.models import Issue, Measure, Plan, ProgressEntry
from measures.workflow import ROUND_APPROVED, TRANSITIONS, Move

#: What somebody does to a plan without writing any of it.
NOT_WRITING = (
    "assessment.opened",
    "assessment.threshold_chosen",
    "measures.carried",
    "plan.dates_set",
    "plan.opened",
    "plan.review_opened",
    *(one.event for one in TRANSITIONS.values() if one.move != Move.SUBMIT),
    ROUND_APPROVED,
    "report.document_downloaded",
    "report.downloaded",
)
PLAN, ISSUE = Plan._meta.label_lower, Issue._meta.label_lower


def is_author(user, plan):
    """Whether the person submitted the plan or wrote any of its texts or scores."""
    issues = plan.issues.values_list("pk", flat=True)
    return wrote(user, Event.objects.filter(evidence(user, plan)), issues)


def wrote_progress(user, round):
    """Whether the person wrote anything in the progress round."""
    entries = ProgressEntry.objects.filter(round=round).values("pk")
    mine = Event.objects.filter(actor_id=user.pk, object_id__in=entries)
    return mine.filter(object_type=ProgressEntry._meta.label_lower).exists()


def evidence(user, plan):
    """The events that `wrote` judges: those of the person, and the merges by anybody."""
    rows = (
        (Plan, [plan.pk]),
        (type(plan.assessment), [plan.assessment_id]),
        (AnalysisText, plan.assessment.texts.values("pk")),
        (Measure, plan.measures.values("pk")),
        (ProgressEntry, ProgressEntry.objects.filter(round__plan=plan).values("pk")),
    )
    # Which issues were merged into the plan's only the merges tell: all of the agency are read.
    records = Q(object_type=ISSUE, agency_id=plan.agency_id)
    for model, ids in rows:
        records |= Q(object_type=model._meta.label_lower, object_id__in=ids)
    merges = Q(object_type=PLAN, object_id=plan.pk, verb="issues.merged")
    return records & Q(actor_id=user.pk) & ~Q(verb__in=NOT_WRITING) | merges


def wrote(user, events, issues):
    """Whether the `evidence` shows the person's own words; `issues` are the ids of the plan's.

    What was written in issues that are no more stands in those that they were merged into.
    """
    events, issues = list(events), set(issues)
    issues |= {
        row["id"]
        for event in events
        if event.verb == "issues.merged"
        for row in event.before["issues"]
    }
    return any(
        event.actor_id == user.pk
        and event.verb not in NOT_WRITING
        and (event.object_type != ISSUE or event.object_id in issues)
        for event in events
    )
