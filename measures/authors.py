"""Who wrote a plan, by the event log: it also knows whose text was replaced later."""

from django.db.models import Q

from accounts.models import Event
from assessments.models import AnalysisText
from measures.models import ProgressEntry

#: What somebody does to a plan without writing any of it.
NOT_WRITING = (
    "assessment.opened",
    "plan.opened",
    "plan.returned",
    "plan.approved",
    "report.downloaded",
)


def is_author(user, plan):
    """Whether the person submitted the plan or wrote any of its texts or scores."""
    rows = (
        (plan, [plan.pk]),
        (plan.assessment, [plan.assessment_id]),
        (AnalysisText, plan.assessment.texts.values("pk")),
        (plan.issues.model, plan.issues.values("pk")),
        (plan.issues.model, _merged(plan)),
        (plan.measures.model, plan.measures.values("pk")),
        (ProgressEntry, ProgressEntry.objects.filter(round__plan=plan).values("pk")),
    )
    records = Q()
    for model, ids in rows:
        records |= Q(object_type=model._meta.label_lower, object_id__in=ids)
    written = Event.objects.filter(records, actor_id=user.pk)
    return written.exclude(verb__in=NOT_WRITING).exists()


def _merged(plan):
    """Issues that are no more, while what was written in them stands in others."""
    merges = Event.objects.filter(
        object_type=plan._meta.label_lower, object_id=plan.pk, verb="issues.merged"
    )
    return [row["id"] for event in merges for row in event.before["issues"]]
