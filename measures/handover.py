"""What of the newest plan waits for a person: the lists of a handover."""

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.handover import lists_work
from accounts.models import Event
from assessments import fiscal
from measures.comments import named_rows
from measures.models import Comment, Measure


def _newest_plan(agency):
    return agency.plans.order_by("-year").first()


@lists_work("plan", gettext_lazy("The plan and what is open in it"))
def plan_and_rounds(agency, user):
    plan = _newest_plan(agency)
    if plan is None:
        return []
    state = {"year": plan.year, "state": plan.get_state_display()}
    lines = [_("Plan of %(year)s: %(state)s") % state]
    for round_ in plan.rounds.all():
        if round_.approved_at is None and not round_.closed:
            line = _("Progress after %(months)s months") % {"months": round_.months}
            if round_.closes_on:
                line = f"{line} ({_('Closes on')} {fiscal.local_date(round_.closes_on)})"
            lines.append(line)
    return lines


@lists_work("measures", gettext_lazy("Measures that this person changed last"))
def measures_changed_last(agency, user):
    plan = _newest_plan(agency)
    if plan is None:
        return []
    measures = {measure.pk: measure.title for measure in plan.measures.all()}
    changes = Event.objects.filter(
        object_type=Measure._meta.label_lower, object_id__in=list(measures)
    )
    newest = changes.order_by().values("object_id").annotate(newest=Max("pk")).values("newest")
    hers = set(
        Event.objects.filter(pk__in=newest, actor_id=user.pk).values_list("object_id", flat=True)
    )
    return [title for pk, title in measures.items() if pk in hers]


@lists_work("comments", gettext_lazy("Open comments by this person"))
def open_comments(agency, user):
    plan = _newest_plan(agency)
    if plan is None:
        return []
    comments = list(Comment.objects.filter(plan=plan, by=user, resolved_at=None))
    rows = named_rows(plan, {comment.row for comment in comments})
    labels = {name: row.label for name, row in rows.items()}
    return [f"{labels.get(one.row, '')}: {one.text[:120]}".lstrip(": ") for one in comments]
