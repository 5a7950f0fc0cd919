"""The year's work as a list of tasks, in the order in which an office does it."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.permissions import State


class TaskState(models.TextChoices):
    DONE = "done", gettext_lazy("Finished")
    UNDER_WAY = "under_way", gettext_lazy("Being worked on")
    NOT_STARTED = "not_started", gettext_lazy("To be started")
    BLOCKED = "blocked", gettext_lazy("Cannot be started yet")


@dataclass(frozen=True)
class Task:
    title: str
    url: str
    state: TaskState
    note: str = ""


def tasks_of(agency, year, years, situation):
    """Tasks of the plan of `year` on the results `years` (TwoYears of the year before).

    `situation` is None before the plan has begun.
    """

    def url(name, *args):
        return reverse(name, args=[agency.code, *args])

    return [
        _scores(
            _("Scores of %(year)s, to compare with"),
            url("assessments:scores", year - 2),
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
        *(
            _progress(url("measures:progress", year, months), months, situation)
            for months in (6, 12)
        ),
    ]


def next_cycle(agency, year):
    """The results of the plan's own year, on which the next plan stands."""
    title = _("Enter the scores of %(year)s (to begin the plan of %(next)s)")
    url = reverse("assessments:scores", args=[agency.code, year])
    return Task(title % {"year": year, "next": year + 1}, url, TaskState.NOT_STARTED)


def review_task(tasks, plan):
    return next(task for task in tasks if task.url == plan.get_review_url())


def next_task(tasks):
    """The first task that can be worked on and is not finished, or None."""
    open_states = (TaskState.UNDER_WAY, TaskState.NOT_STARTED)
    return next((task for task in tasks if task.state in open_states), None)


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
    without = situation.coverage.without_issue
    if without:
        note = ngettext(
            "%(count)s weak indicator has no issue",
            "%(count)s weak indicators have no issue",
            len(without),
        ) % {"count": len(without)}
        return Task(title, url, _writing(situation), note)
    if as_begun := len(situation.begun):
        note = ngettext(
            "%(count)s issue still holds the text to begin with",
            "%(count)s issues still hold the text to begin with",
            as_begun,
        ) % {"count": as_begun}
        return Task(title, url, _writing(situation), note)
    return Task(title, url, TaskState.DONE)


def _measures(url, situation):
    title = _("Measures")
    if situation is None or not situation.measures:
        return Task(title, url, TaskState.NOT_STARTED)
    without = situation.coverage.without_measure
    if without:
        note = ngettext(
            "%(count)s indicator has an issue, but no measure",
            "%(count)s indicators have an issue, but no measure",
            len(without),
        ) % {"count": len(without)}
        return Task(title, url, _writing(situation), note)
    return Task(title, url, TaskState.DONE)


def _writing(situation):
    """Of texts with a gap: it is no longer anybody's next task once they cannot be changed."""
    locked = situation.plan.state in (State.SUBMITTED, State.APPROVED)
    return TaskState.DONE if locked else TaskState.UNDER_WAY


def _review(url, situation):
    title = _("Review")
    if situation is None:
        return Task(title, url, TaskState.BLOCKED, _("Begins when the plan is submitted"))
    plan = situation.plan
    if plan.state == State.APPROVED:
        return Task(title, url, TaskState.DONE, plan.get_state_display())
    if plan.state in (State.SUBMITTED, State.RETURNED):
        return Task(title, url, TaskState.UNDER_WAY, plan.get_state_display())
    if situation.holds_up:
        return Task(title, url, TaskState.BLOCKED, situation.holds_up[0].text)
    if not situation.remarks:
        return Task(title, url, TaskState.NOT_STARTED, _("Ready to be submitted"))
    note = ngettext(
        "Can be submitted, but %(count)s remark should be looked at",
        "Can be submitted, but %(count)s remarks should be looked at",
        len(situation.remarks),
    ) % {"count": len(situation.remarks)}
    return Task(title, url, TaskState.NOT_STARTED, note)


def _progress(url, months, situation):
    title = _("Progress after %(months)s months") % {"months": months}
    measures = len(situation.measures) if situation else 0
    if not measures:
        return Task(title, url, TaskState.BLOCKED, _("Needs measures first"))
    reported = [
        entry for entry in situation.entries if entry.round.months == months and entry.is_reported
    ]
    if not reported:
        return Task(title, url, TaskState.NOT_STARTED)
    note = _("%(reported)s of %(all)s measures reported") % {
        "reported": len(reported),
        "all": measures,
    }
    state = TaskState.DONE if len(reported) == measures else TaskState.UNDER_WAY
    return Task(title, url, state, note)
