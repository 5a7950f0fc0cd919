"""Who is reminded of which day: before it, the day after it, and of what waits too long."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.notices import notify, people_with
from accounts.permissions import Role, State
from assessments.fiscal import thai_date
from measures.models import Measure, Plan, ProgressEntry, ProgressRound

#: Days left at which a person is reminded; where a run was missed, the next one makes up for it.
BEFORE = (30, 14, 7, 1)
#: Days for which the reminder of the day after may come late.
AFTER = 7
#: A review that waits longer than this is brought to mind.
PATIENCE = timedelta(days=3)
WRITERS = (Role.STAFF, Role.COORDINATOR)

_DUE = gettext_lazy("The plan of %(year)s is to be submitted by %(day)s.")
_DUE_PASSED = gettext_lazy(
    "The plan of %(year)s was to be submitted by %(day)s and has not been submitted."
)
_OPENED = gettext_lazy(
    "The round of %(months)s months of %(year)s is open: report on %(left)s measures."
)
_CLOSES = gettext_lazy(
    "The round of %(months)s months of %(year)s closes on %(day)s: %(left)s measures have no "
    "report yet."
)
_CLOSED = gettext_lazy(
    "The round of %(months)s months of %(year)s closed on %(day)s: %(left)s measures have no "
    "report."
)
_WAITS = gettext_lazy("The plan of %(year)s waits for review since %(day)s.")


def stage(day, today):
    """Which reminder of a day is due: "30", "14", "7", "1", "after" or none ("")."""
    left = (day - today).days
    if left < 0:
        return "after" if -left <= AFTER else ""
    return next((str(before) for before in sorted(BEFORE) if left <= before), "")


def remind(today):
    """Gives every reminder that is due today; each reaches a person once."""
    for giving in (_of_plans(today), _of_rounds(today), _of_reviews()):
        for plan, roles, text, url, key, facts in giving:
            people = people_with(plan.agency, *roles)
            facts |= {"year": plan.year}
            notify(people, agency=plan.agency, text=text, facts=facts, url=url, key=key)


def _plans():
    return Plan.objects.filter(agency__is_active=True).select_related("agency")


def _of_plans(today):
    """(plan, roles, text, address, key, facts), as those that follow."""
    waiting = _plans().filter(state__in=(State.DRAFT, State.RETURNED))
    for plan in waiting.exclude(due_on=None):
        if due := stage(plan.due_on, today):
            text = _DUE_PASSED if due == "after" else _DUE
            key = f"plan-{plan.pk}-due-{plan.due_on}-{due}"
            url = plan.get_absolute_url()
            yield plan, WRITERS, text, url, key, {"day": thai_date(plan.due_on)}


def _of_rounds(today):
    rounds = ProgressRound.objects.filter(
        plan__agency__is_active=True,
        plan__state__in=(State.APPROVED, State.SIGNED, State.PUBLISHED),
        approved_at=None,
    )
    for round in rounds.select_related("plan__agency"):
        begins, days = round.opens_on, (round.closes_on, round.plan.closes_on)
        ends = min(filter(None, days), default=None)
        closing = stage(ends, today) if ends else ""
        has_opened = begins and begins <= today <= begins + timedelta(days=AFTER)
        if not (closing or has_opened) or not (left := _unreported(round)):
            continue
        facts = {"months": round.months, "left": left}
        name, url = f"round-{round.pk}", round.get_absolute_url()
        if has_opened:
            yield round.plan, WRITERS, _OPENED, url, f"{name}-opens-{begins}", {**facts}
        if closing and not (begins and today < begins):
            text = _CLOSED if closing == "after" else _CLOSES
            key = f"{name}-closes-{ends}-{closing}"
            yield round.plan, WRITERS, text, url, key, {**facts, "day": thai_date(ends)}


def _unreported(round):
    """How many measures of the plan nobody has reported on."""
    entries = ProgressEntry.objects.filter(round=round, measure=OuterRef("pk"))
    said = entries.exclude(result="") | entries.filter(state__in=ProgressEntry.SETTLED)
    return Measure.objects.filter(~Exists(said), plan=round.plan_id).count()


def _of_reviews():
    since = timezone.now() - PATIENCE
    for plan in _plans().filter(state=State.SUBMITTED, submitted_at__lte=since):
        day = timezone.localdate(plan.submitted_at)
        key = f"plan-{plan.pk}-waits-{day}"
        yield plan, (Role.ADMIN,), _WAITS, plan.get_review_url(), key, {"day": thai_date(day)}
