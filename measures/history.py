"""The events of an agency as a list to read: which there are, and each as a sentence."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby, islice

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Event
from accounts.sentences import Sentence
from assessments.fiscal import local_date, local_time
from measures.rows import parse_row
from measures.sentences import ROWS, VOCABULARY


class Kind(models.TextChoices):
    SCORES = "scores", gettext_lazy("Scores")
    ANALYSIS = "analysis", gettext_lazy("Analysis")
    ISSUES = "issues", gettext_lazy("Issues")
    MEASURES = "measures", gettext_lazy("Measures")
    PROGRESS = "progress", gettext_lazy("Progress")
    EVIDENCE = "evidence", gettext_lazy("Evidence")
    COMMENTS = "comments", gettext_lazy("Comments")
    REVIEW = "review", gettext_lazy("Review, dates and reports")
    PEOPLE = "people", gettext_lazy("People and settings")


#: What the verbs of a kind begin with.
NOUNS = {
    Kind.SCORES: ("assessment", "scores", "published", "warning"),
    Kind.ANALYSIS: ("analysis_text",),
    Kind.ISSUES: ("issue", "issues"),
    Kind.MEASURES: ("measure", "measures"),
    Kind.PROGRESS: ("progress", "round"),
    Kind.EVIDENCE: ("evidence",),
    Kind.COMMENTS: ("comment",),
    Kind.REVIEW: ("plan", "report", "history"),
    Kind.PEOPLE: ("agency", "unit", "units", "user", "membership", "invitation", "work", "support"),
}
#: Events of the whole plan whose values name many rows by their ids.
_OF_MANY = (
    "issues.created",
    "issues.left_out",
    "issues.merged",
    "measures.carried",
)


@dataclass(frozen=True)
class Entry:
    event: Event
    sentence: Sentence

    @property
    def day(self):
        return local_date(self.event.at, "short")

    @property
    def time(self):
        return local_time(self.event.at)


def events_of(agency, year=None):
    """Newest first; of a year (BE) those of its plan and of what the plan stands on."""
    events = Event.objects.filter(agency_id=agency.pk)
    return events.filter(year=year) if year else events


def of_kind(events, kind):
    wanted = Q()
    for noun in NOUNS[Kind(kind)]:
        wanted |= Q(verb__startswith=f"{noun}.")
    return events.filter(wanted)


def of_day(events, day):
    begin = timezone.make_aware(datetime.combine(day, time.min))
    return events.filter(at__gte=begin, at__lt=begin + timedelta(days=1))


def of_row(events, name):
    """Those of a row by its name (`measures.rows`), also where it was one of many at once."""
    row, wanted = parse_row(name), Q(row=name)
    if row is None:
        return events.none()
    if row.kind == "score":
        keys = [f"i{row.number}", f"i{row.number}_1", f"i{row.number}_2"]
        wanted |= Q(verb="scores.saved", after__has_any_keys=keys)
    elif of_many := _of_many(row):
        naming = [event.pk for event in events.filter(of_many) if row.number in _ids_in(event)]
        wanted |= Q(pk__in=naming)
    return events.filter(wanted)


def newest_of_row(events, name, count=None):
    """The same for an issue, a measure or its progress, all or so many, by one query."""
    row = parse_row(name)
    found = events.filter(Q(row=name) | _of_many(row))
    own = (event for event in found if event.row == name or row.number in _ids_in(event))
    return list(islice(own, count))


def _of_many(row):
    """Events that may name the row among others; none for progress."""
    verbs = [verb for verb in _OF_MANY if verb.startswith(row.kind)]
    return Q(verb__in=verbs) if verbs else Q()


def _ids_in(event):
    for values in (event.before, event.after):
        for value in values.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    yield one.get("id")


def row_label(name, entries):
    """What kind of row it is, and its newest name among the entries."""
    row = parse_row(name)
    if row is None:
        return ""
    kind = ROWS[row.kind] % {"number": row.number, "months": row.months}
    own = (entry.event for entry in entries if entry.event.row == name)
    named = next((event.object_label for event in own if event.verb.startswith(row.kind)), "")
    return f"{kind} “{named}”" if named else kind


def people_in(events):
    """(id, name) of those who did something, by name; of several names of a person one."""
    found = events.exclude(actor_id=None).order_by("actor_name")
    return sorted(dict(found.values_list("actor_id", "actor_name").distinct()).items(), key=_name)


def _name(person):
    return person[1]


def entries_of(events):
    return [Entry(event, VOCABULARY.sentence(event)) for event in events]


def by_day(entries):
    """(day, its words, entries) in the order of the entries."""
    days = groupby(entries, key=lambda entry: timezone.localdate(entry.event.at))
    return [(day, local_date(day), list(own)) for day, own in days]
