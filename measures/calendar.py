"""The days of a plan's year, by name: until when it is written and reported. They are the agency's

own; no law or announcement is behind those that are proposed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Event
from assessments.fiscal import ERA, fiscal_year_of, fiscal_year_start, local_date

ROUNDS = (6, 12)
LABELS = {
    "due_on": gettext_lazy("To be submitted by"),
    "opens_6": gettext_lazy("Round of 6 months opens on"),
    "closes_6": gettext_lazy("Round of 6 months closes on"),
    "opens_12": gettext_lazy("Round of 12 months opens on"),
    "closes_12": gettext_lazy("Round of 12 months closes on"),
    "closes_on": gettext_lazy("Year closes on"),
}
#: After these nothing is changed any more.
CLOSING = ("closes_6", "closes_12", "closes_on")
#: The same, as what they close.
CLOSED = {
    "closes_6": gettext_lazy("Round of 6 months"),
    "closes_12": gettext_lazy("Round of 12 months"),
    "closes_on": gettext_lazy("The whole year"),
}
#: Each pair must not lie the other way round.
_IN_ORDER = (
    ("opens_6", "closes_6"),
    ("opens_12", "closes_12"),
    ("opens_6", "opens_12"),
    ("closes_6", "closes_12"),
    ("due_on", "closes_on"),
    ("closes_6", "closes_on"),
    ("closes_12", "closes_on"),
)


def whole_year(year):
    """A period, as the document says it: in Thai in either language of the interface."""
    return f"ตลอดปีงบประมาณ พ.ศ. {year}"


def days_of(plan, rounds):
    """Name → day or None, of a plan and its rounds."""
    days = {"due_on": plan.due_on, "closes_on": plan.closes_on}
    for round in rounds:
        days |= {
            f"opens_{round.months}": round.opens_on,
            f"closes_{round.months}": round.closes_on,
        }
    return {name: days[name] for name in LABELS}


def proposed_days(year, last_year=None, days=None):
    """Name → day, for those that `days` lack: last year's moved by a year, else usual ones.

    None that has passed or that `check_days` would refuse.
    """
    ce = year - ERA
    usual = {
        "due_on": date(ce - 1, 12, 31),
        "opens_6": date(ce, 3, 1),
        "closes_6": date(ce, 3, 31),
        "opens_12": date(ce, 9, 1),
        "closes_12": date(ce, 10, 31),
    }
    own = {name: _a_year_later(day) for name, day in (last_year or {}).items() if day}
    last, today = _last_day(year), timezone.localdate()
    found = {name: min(day, last) for name, day in (usual | own).items()}
    for months in ROUNDS:
        if found[f"closes_{months}"] < today:
            del found[f"opens_{months}"], found[f"closes_{months}"]
    stored = days or {}
    found = {
        name: day
        for name, day in found.items()
        if stored.get(name) is None and (day >= today or name.startswith("opens_"))
    }
    try:
        check_days(year, stored, stored | found)
    except ValidationError as refused:
        return {name: day for name, day in found.items() if name not in refused.error_dict}
    return found


def _last_day(year):
    """Of what a year's days may be: one of long ago may be finished late."""
    return fiscal_year_start(max(year, fiscal_year_of(timezone.localdate())) + 2) - timedelta(
        days=1
    )


def _a_year_later(day):
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def check_days(year, before, after):
    """Raises ValidationError, by name, where the days after a change cannot be."""
    today = timezone.localdate()
    first, last = fiscal_year_start(year - 1), _last_day(year)
    errors = {}
    for name, day in after.items():
        if day == before.get(name):
            continue
        facts = {"field": LABELS[name], "first": local_date(first), "last": local_date(last)}
        was = before.get(name)
        if name in CLOSING and was and was < today:
            facts["day"] = local_date(was)
            errors[name] = _(
                "%(field)s: it closed on %(day)s. Ask the system operator to extend it."
            )
        elif day and not first <= day <= last:
            errors[name] = _("%(field)s: the day must lie between %(first)s and %(last)s.")
        elif day and name in CLOSING and day < today:
            errors[name] = _(
                "%(field)s: this day has passed, and nothing could be written. Choose a later one."
            )
        if name in errors:
            errors[name] %= facts
    for earlier, later in _IN_ORDER:
        if after.get(earlier) and after.get(later) and after[earlier] > after[later]:
            moved = later if after[later] != before.get(later) else earlier
            errors.setdefault(
                moved,
                _("“%(later)s” must not be before “%(earlier)s”.")
                % {"later": LABELS[later], "earlier": LABELS[earlier]},
            )
    if errors:
        raise ValidationError(errors)


@dataclass(frozen=True)
class Extension:
    """`name` of the closing day, `by` whom it was moved; empty by a command."""

    name: str
    until: date
    reason: str
    by: str

    @property
    def label(self):
        return CLOSED[self.name]


def extensions_of(plan, *names):
    """What the system operator extended, of the named closing days or of all; one query."""
    events = Event.objects.filter(
        object_type=plan._meta.label_lower, object_id=plan.pk, verb="plan.extended"
    )
    last = {}
    for event in events.order_by("pk"):
        last |= {name: event for name in names or CLOSING if name in event.after}
    return [
        Extension(
            name, date.fromisoformat(event.after[name]), event.after["reason"], event.actor_name
        )
        for name, event in last.items()
    ]
