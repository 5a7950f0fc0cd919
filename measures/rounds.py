"""How far the measures are in a round of progress: what is late, what is to be reported."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.fiscal import local_date
from measures.models import Measure, ProgressEntry, ProgressRound
from measures.text_lists import parse

State = ProgressEntry.State
#: From so many days before a round closes, what is not done counts as late.
CLOSES_SOON = 7


class Urgency(models.IntegerChoices):
    """In the order in which the measures are shown."""

    LATE = 0, gettext_lazy("Late")
    TO_REPORT = 1, gettext_lazy("To be reported")
    REPORTED = 2, gettext_lazy("Reported")


@dataclass
class Row:
    """A measure in a round; `entry` is not stored where nobody has reported.

    `units` are what the list may be narrowed to.
    """

    round: ProgressRound
    measure: Measure
    entry: ProgressEntry
    place: int
    may_edit: bool = False
    form: object = field(default=None)
    units: list = field(default_factory=list)

    @property
    def name(self):
        return f"progress-{self.round.months}-{self.measure.pk}"

    @property
    def follow_ups(self):
        """The lines of the follow-up, each of which may be what was done."""
        items = parse(self.measure.follow_up)
        return [one.text.replace("\n", " ") for item in items for one in (item, *item.children)]

    @cached_property
    def urgency(self):
        if self.round.approved_at:
            return Urgency.REPORTED
        if self.entry.state not in ProgressEntry.SETTLED and self._is_late:
            return Urgency.LATE
        return Urgency.REPORTED if self.entry.is_reported else Urgency.TO_REPORT

    @property
    def _is_late(self):
        ends, left = self.measure.ends_on, days_left(self.round)
        over = ends is not None and ends < timezone.localdate()
        return over or (left is not None and left <= CLOSES_SOON)

    @property
    def is_late(self):
        return self.urgency == Urgency.LATE

    @property
    def lacks_reason(self):
        return self.entry.state == State.NOT_DONE and not self.entry.result

    @property
    def lacks_result(self):
        return self.entry.state == State.DONE and not self.entry.result


def rows_of(round, measures, entries):
    """All, the late ones first, then those to be reported, each in the order of the plan."""
    found = {entry.measure_id: entry for entry in entries}
    rows = [
        Row(round, one, found.get(one.pk) or ProgressEntry(round=round, measure=one), place)
        for place, one in enumerate(measures, start=1)
    ]
    return sorted(rows, key=lambda row: row.urgency)


@dataclass(frozen=True)
class Tally:
    """How many measures are in each state."""

    all: int
    reported: int
    late: int
    counts: list

    @property
    def done(self):
        return dict(self.counts)[State.DONE]

    @property
    def percent(self):
        return round(100 * self.done / self.all) if self.all else 0


def tally(rows):
    counts = Counter(row.entry.state for row in rows)
    return Tally(
        all=len(rows),
        reported=sum(row.entry.is_reported for row in rows),
        late=sum(row.is_late for row in rows),
        counts=[(state, counts[state]) for state in State],
    )


def days_left(round):
    """Until the round, or its year, closes; negative afterwards, None without such a day."""
    days = [day for day in (round.closes_on, round.plan.closes_on) if day]
    return (min(days) - timezone.localdate()).days if days else None


def standing(round):
    """In words: whether the round is open, until when, or since when no more."""
    if round.approved_at:
        return _("approved on %(day)s") % {"day": local_date(round.approved_at, "short")}
    if round.closed:
        return _("closed on %(day)s") % {"day": round.closed}
    if round.opens_on and round.opens_on > timezone.localdate():
        return _("opens on %(day)s") % {"day": local_date(round.opens_on, "short")}
    left = days_left(round)
    return _("open") if left is None else in_days(left)


def in_days(left):
    """Of a day that is to come: today, or in so many days."""
    if left == 0:
        return _("closes today")
    text = ngettext("closes in %(count)s day", "closes in %(count)s days", left)
    return text % {"count": left}


def is_open(round):
    return not round.closed and not round.approved_at
