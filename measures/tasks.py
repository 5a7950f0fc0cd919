"""The year's work as a list of tasks, in the order in which an office does it."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.permissions import Permission, State, allowed
from assessments.fiscal import local_date, local_datetime
from measures.models import ProgressRound
from measures.rounds import days_left, standing


class TaskState(models.TextChoices):
    DONE = "done", gettext_lazy("Finished")
    UNDER_WAY = "under_way", gettext_lazy("Being worked on")
    NOT_STARTED = "not_started", gettext_lazy("To be started")
    BLOCKED = "blocked", gettext_lazy("Cannot be started yet")
    TROUBLE = "trouble", gettext_lazy("Has a problem")


_OPEN = (TaskState.TROUBLE, TaskState.UNDER_WAY, TaskState.NOT_STARTED)
#: A plan in these states is written; in the others its texts are locked.
_WRITTEN = (State.DRAFT, State.RETURNED)
_APPROVED = (State.APPROVED, State.SIGNED, State.PUBLISHED)
_SIGNED = (State.SIGNED, State.PUBLISHED)
#: The pages of a move, by the right to it.
_SIGNING = (
    (Permission.SIGN, "measures:sign"),
    (Permission.RECORD_SIGNATURE, "measures:signature"),
)
_PUBLISHING = ((Permission.PUBLISH, "measures:publication"),)


@dataclass(frozen=True)
class Task:
    """`days` are left until its day; negative when it has passed, None where there is no day."""

    title: str
    url: str
    state: TaskState
    note: str = ""
    days: int | None = None
    #: Somebody else's move: a writer goes on with what comes after it.
    is_of_others: bool = False

    @property
    def time(self):
        """The days in words."""
        if self.days is None:
            return ""
        if self.days < 0:
            text = ngettext("%(count)s day late", "%(count)s days late", -self.days)
            return text % {"count": -self.days}
        text = ngettext("%(count)s day left", "%(count)s days left", self.days)
        return text % {"count": self.days} if self.days else _("Due today")


def tasks_of(user, agency, year, years, situation):
    """Tasks of the plan of `year` on the results `years` (TwoYears of the year before).

    `situation` is None before the plan has begun.
    """

    def url(name, *args):
        return reverse(name, args=[agency.code, *args])

    def page_of(moves):
        """Of the first move that the person may make; else what became of it can be read."""
        may = (name for right, name in moves if allowed(user, right, agency))
        return url(next(may, "measures:revisions"), year)

    return [
        _scores(
            _("Scores of %(year)s, to compare with"),
            f"{url('assessments:scores', year - 2)}?plan={year}",
            year - 2,
            years.last_year,
        ),
        _scores(
            _("Scores of %(year)s"), url("assessments:scores", year - 1), year - 1, years.current
        ),
        _analysis(url("assessments:analysis", year - 1), years),
        _issues(url("measures:issues", year), situation),
        _measures(url("measures:measures", year), situation),
        _review(url("measures:review", year), situation),
        _signature(page_of(_SIGNING), situation),
        _publication(page_of(_PUBLISHING), situation),
        *(
            _progress(url("measures:progress", year, months), months, situation)
            for months in ProgressRound.Months.values
        ),
    ]


def next_cycle(agency, year):
    """The results of the plan's own year, on which the next plan stands."""
    title = _("Enter the scores of %(year)s (to begin the plan of %(next)s)")
    url = reverse("assessments:scores", args=[agency.code, year])
    return Task(title % {"year": year, "next": year + 1}, url, TaskState.NOT_STARTED)


def next_task(tasks):
    """The first task that can be worked on and is not finished, or None."""
    mine = (task for task in tasks if not task.is_of_others)
    return next((task for task in mine if task.state in _OPEN), None)


@dataclass(frozen=True)
class Waiting:
    """What others wait for from the person."""

    text: str
    label: str
    url: str


def waiting_for(user, situation, open_comments):
    """What waits for this person's own move, the most urgent first."""
    return [Waiting(*one) for one in _waiting_for(user, situation, open_comments)]


def _waiting_for(user, situation, open_comments):
    plan = situation.plan
    facts = {"year": plan.year, "reason": plan.return_reason, "count": open_comments}

    def may(permission):
        return allowed(user, permission, plan.agency, plan.state, plan.closed)

    if may(Permission.APPROVE):
        text = _("The plan of %(year)s waits for your review.")
        yield text % facts, _("Review"), plan.get_review_url()
    if may(Permission.SIGN):
        text = _("The plan of %(year)s waits for your signature.")
        yield text % facts, _("Sign"), plan.get_sign_url()
    if plan.state == State.RETURNED and may(Permission.EDIT_PLAN):
        text = _("The plan was returned: %(reason)s")
        yield text % facts, _("See what to change"), plan.get_review_url()
    if plan.state == State.SIGNED and may(Permission.PUBLISH):
        text = _("The plan of %(year)s is signed: publish it.")
        yield text % facts, _("Publish"), plan.get_publication_url()
    if may(Permission.APPROVE_PROGRESS):
        text = _("All measures are reported in the round of %(months)s months.")
        for round in situation.rounds:
            if _may_be_approved(round, situation):
                url = round.get_absolute_url()
                yield text % {"months": round.months}, _("Approve the round"), url
    if open_comments and may(Permission.RESOLVE) and may(Permission.EDIT_PLAN):
        text = ngettext("%(count)s comment is open.", "%(count)s comments are open.", open_comments)
        url = reverse("measures:comments", args=[plan.agency.code, plan.year])
        yield text % facts, _("Read and resolve"), url


def _may_be_approved(round, situation):
    return not round.approved_at and round.reported == len(situation.measures) > 0


def _days_to(day):
    return (day - timezone.localdate()).days if day else None


def _scores(title, url, year, assessment):
    title = title % {"year": year}
    values = assessment.values.values() if assessment else ()
    entered = sum(value is not None for value in values)
    if values and entered == len(values):
        return Task(title, url, TaskState.DONE)
    counted = {"entered": entered, "all": len(values)}
    if assessment and (assessment.instrument_values or assessment.published_total is not None):
        note = _("As announced; %(entered)s of %(all)s indicators entered") % counted
    elif entered:
        note = _("%(entered)s of %(all)s entered") % counted
    else:
        return Task(title, url, TaskState.NOT_STARTED)
    return Task(title, url, TaskState.UNDER_WAY, note)


def _analysis(url, years):
    title = _("Analysis")
    if years.current is None or years.analysis.total is None:
        return Task(title, url, TaskState.BLOCKED, _("Needs all scores first"))
    if not years.analysis.missing:
        return Task(title, url, TaskState.DONE, _("Worked out from the scores"))
    note = _("Strengths and weaknesses need the scores of all indicators")
    return Task(title, url, TaskState.UNDER_WAY, note)


def _issues(url, situation):
    title = _("Issues")
    if situation is None or not situation.issues:
        return Task(title, url, TaskState.NOT_STARTED)
    if _is_locked(situation):
        return Task(title, url, TaskState.DONE, situation.plan.get_state_display())
    without = situation.coverage.without_issue
    if without:
        note = ngettext(
            "%(count)s weak indicator has no issue",
            "%(count)s weak indicators have no issue",
            len(without),
        ) % {"count": len(without)}
        return Task(title, url, TaskState.UNDER_WAY, note)
    if as_begun := len(situation.begun):
        note = ngettext(
            "%(count)s issue still holds the text to begin with",
            "%(count)s issues still hold the text to begin with",
            as_begun,
        ) % {"count": as_begun}
        return Task(title, url, TaskState.UNDER_WAY, note)
    return Task(title, url, TaskState.DONE)


def _measures(url, situation):
    title = _("Measures")
    if situation is None or not situation.measures:
        return Task(title, url, TaskState.NOT_STARTED)
    if _is_locked(situation):
        return Task(title, url, TaskState.DONE, situation.plan.get_state_display())
    if situation.analysis.missing:
        # Which indicators are weak is not known yet, so neither is what they lack.
        return Task(title, url, TaskState.UNDER_WAY)
    without = situation.coverage.without_measure
    if without:
        note = ngettext(
            "%(count)s indicator has an issue, but no measure",
            "%(count)s indicators have an issue, but no measure",
            len(without),
        ) % {"count": len(without)}
        return Task(title, url, TaskState.UNDER_WAY, note)
    return Task(title, url, TaskState.DONE)


def _is_locked(situation):
    """Then a gap in the texts is no longer anybody's next task, nor any remark to them."""
    return situation.plan.state not in _WRITTEN


def _review(url, situation):
    title = _("Review")
    if situation is None:
        return Task(title, url, TaskState.BLOCKED, _("Begins when the plan is submitted"))
    plan = situation.plan
    if plan.state in _APPROVED:
        return Task(title, url, TaskState.DONE, plan.get_state_display())
    if plan.state == State.SUBMITTED:
        return Task(title, url, TaskState.UNDER_WAY, _("Waits for the reviewer"), is_of_others=True)
    days = _days_to(plan.due_on)
    state, note = _readiness(situation)
    if plan.state == State.RETURNED:
        state, note = TaskState.TROUBLE, plan.get_state_display()
    if days is not None and days < 0:
        state = TaskState.TROUBLE
    return Task(title, url, state, note, days)


def _readiness(situation):
    """Of a plan that is written: whether it can be submitted."""
    if situation.holds_up:
        return TaskState.BLOCKED, situation.holds_up[0].text
    # The remarks are counted where it is checked: they cost this page three queries.
    return TaskState.NOT_STARTED, _("Can be submitted: look at the remarks first")


def _signature(url, situation):
    title = _("Signature")
    state = situation.plan.state if situation else None
    if state in _SIGNED:
        return Task(title, url, TaskState.DONE)
    if state == State.APPROVED:
        return Task(
            title, url, TaskState.NOT_STARTED, _("Waits for the executive"), is_of_others=True
        )
    return Task(title, url, TaskState.BLOCKED, _("Begins when the plan is approved"))


def _publication(url, situation):
    title = _("Publication")
    state = situation.plan.state if situation else None
    if state == State.PUBLISHED:
        return Task(title, url, TaskState.DONE, _published(situation.plan))
    if state == State.SIGNED:
        return Task(
            title, url, TaskState.NOT_STARTED, _("Signed: to be published"), is_of_others=True
        )
    return Task(title, url, TaskState.BLOCKED, _("Begins when the plan is signed"))


def _published(plan):
    if plan.public_since is None:
        return ""
    facts = {"version": plan.public_version, "time": local_datetime(plan.public_since, "short")}
    return _("v%(version)s is published since %(time)s") % facts


def _progress(url, months, situation):
    title = _("Progress after %(months)s months") % {"months": months}
    measures = len(situation.measures) if situation else 0
    if not measures:
        return Task(title, url, TaskState.BLOCKED, _("Needs measures first"))
    round = next(one for one in situation.rounds if one.months == months)
    reported = round.reported
    note = _("%(reported)s of %(all)s measures reported") % {"reported": reported, "all": measures}
    if round.approved_at:
        return Task(title, url, TaskState.DONE, standing(round))
    if reported == measures:
        return Task(title, url, TaskState.DONE, note)
    days = days_left(round)
    if round.closed:
        note = f"{note} · {standing(round)}"
        return Task(title, url, TaskState.TROUBLE, note, days, is_of_others=True)
    if reported:
        return Task(title, url, TaskState.UNDER_WAY, note, days)
    if round.opens_on and round.opens_on > timezone.localdate():
        note = _("Opens on %(day)s") % {"day": local_date(round.opens_on, "short")}
        return Task(title, url, TaskState.BLOCKED, note)
    return Task(title, url, TaskState.NOT_STARTED, "", days)
