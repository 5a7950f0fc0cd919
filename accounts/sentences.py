"""What an event says in words: who did what to which record, from which value to which.

Each app has a vocabulary of its own events; a new verb is one line in its DEEDS.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: Signs of a value in a sentence; more is shown on demand.
SHORT = 80
#: So many changed fields are named in a sentence.
NAMED = 3
_DIGITS = re.compile("[0-9]+")
_GAP = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Change:
    """A value before and after, as a reader sees them; None where there was or is none."""

    label: str
    before: str | None
    after: str | None

    @property
    def is_short(self):
        return all(
            text is None or (len(text) <= SHORT and "\n" not in text)
            for text in (self.before, self.after)
        )

    def __str__(self):
        facts = {"field": self.label, "before": self.before, "after": self.after}
        if not self.is_short or self.after is None:
            return self.label
        if not self.before:
            return _("%(field)s to %(after)s") % facts
        return _("%(field)s from %(before)s to %(after)s") % facts


@dataclass(frozen=True)
class Sentence:
    """`untold` are the changes that the deed itself does not tell in full."""

    person: str
    deed: str
    changes: tuple[Change, ...]
    untold: tuple[Change, ...]

    def __str__(self):
        return f"{self.person} {self.deed}"


@dataclass(frozen=True)
class Vocabulary:
    """`deeds`: verb → what stands after the person's name, or a function of the event that gives
    it. Its gaps: %(record)s the record's name, %(rest)s without the agency's before it, %(year)s
    the plan's, %(changes)s what was changed, else a value by its key.

    `labels`: "model.key" or key → what a value is called, where no field says so; `namers` do the
    same for keys that are made; `shown`: key → how its value reads; `hidden`: "model.key" or key of
    what only the portal needs.
    """

    deeds: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)
    namers: tuple[Callable, ...] = ()
    shown: dict = field(default_factory=dict)
    hidden: frozenset = frozenset()

    def __or__(self, other):
        return Vocabulary(
            self.deeds | other.deeds,
            self.labels | other.labels,
            self.namers + other.namers,
            self.shown | other.shown,
            self.hidden | other.hidden,
        )

    def sentence(self, event) -> Sentence:
        deed = self.deeds.get(event.verb) or gettext_lazy("changed %(record)s")
        template = str(deed(event) if callable(deed) else deed)
        by_key = self._changes(event)
        changes = tuple(change for _key, change in by_key)
        gaps = set(_GAP.findall(template))
        facts = {gap: self._fact(event, gap, changes) for gap in gaps}
        untold = tuple(change for key, change in by_key if not (key in gaps and change.is_short))
        if "changes" in gaps and len(changes) <= NAMED:
            untold = tuple(change for change in untold if not change.is_short)
        return Sentence(person_of(event), template % facts, changes, untold)

    def _fact(self, event, gap, changes):
        if gap == "record":
            return shorten(event.object_label)
        if gap == "rest":
            return shorten(event.object_label.partition(" · ")[2])
        if gap == "changes":
            return _named(changes)
        if gap == "year" and "year" not in event.after:
            return event.year or "–"
        source = event.after if gap in event.after else event.before
        return shorten(self._text(event, gap, source.get(gap))) if gap in source else "–"

    def _keys(self, event):
        keys = {*event.before, *event.after}
        return [
            key
            for key in _ordered(event, keys)
            if not {key, f"{_model(event)}.{key}"} & self.hidden
        ]

    def _changes(self, event):
        """(key, Change) of each value; not of those that a new record was left without."""
        found = []
        for key in self._keys(event):
            before, after = (
                self._text(event, key, values[key]) if key in values else None
                for values in (event.before, event.after)
            )
            if (before, after) != (None, _("empty")):
                found.append((key, Change(self._label(event, key), before, after)))
        return found

    def _label(self, event, key):
        for name in (f"{_model(event)}.{key}", key):
            if name in self.labels:
                return str(self.labels[name])
        for namer in self.namers:
            if name := namer(key):
                return str(name)
        found = _field(event, key)
        return str(found.verbose_name) if found else key

    def _text(self, event, key, value):
        if isinstance(value, dict):
            return "\n".join(
                f"{self._label(event, inner)}: {self._text(event, inner, value[inner])}"
                for inner in _ordered(event, value)
                if inner not in self.hidden
            )
        if isinstance(value, list):
            between = "\n\n" if any(isinstance(one, dict) for one in value) else ", "
            return between.join(self._text(event, key, one) for one in value) or _("empty")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if value in (None, ""):
            return _("empty")
        if key in self.shown:
            return self._as_shown(key, value)
        found = _field(event, key)
        return str(dict(found.flatchoices).get(value, value)) if found else str(value)

    def _as_shown(self, key, value):
        try:
            return str(self.shown[key](value))
        except (ArithmeticError, LookupError, TypeError, ValueError):
            # What was recorded stays for ever, also where the words for it have changed since.
            return str(value)


def person_of(event):
    return event.actor_name or _("The system")


def shorten(text):
    line = " ".join(str(text).split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


def _named(changes):
    if len(changes) <= NAMED:
        return ", ".join(map(str, changes))
    names = ", ".join(change.label for change in changes[:NAMED])
    return _("%(names)s and %(count)s more") % {"names": names, "count": len(changes) - NAMED}


def _model(event):
    return event.object_type.rpartition(".")[2]


def _ordered(event, keys):
    """As a record has them, then by their numbers: no database keeps the order of the writing."""
    try:
        fields = [one.name for one in apps.get_model(event.object_type)._meta.get_fields()]
    except (LookupError, ValueError):
        fields = []
    place = {name: position for position, name in enumerate(fields)}
    by_number = {key: _DIGITS.sub(lambda found: found[0].zfill(6), key) for key in keys}
    return sorted(keys, key=lambda key: (place.get(key, len(fields)), by_number[key]))


def _field(event, key):
    try:
        found = apps.get_model(event.object_type)._meta.get_field(key)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return found if hasattr(found, "verbose_name") else None


def _emblem_changed(event):
    if not event.after.get("emblem"):
        return gettext_lazy("removed the agency's emblem")
    if not event.before.get("emblem"):
        return gettext_lazy("gave the agency an emblem")
    return gettext_lazy("replaced the agency's emblem")


DEEDS = {
    "agency.created": gettext_lazy("created the agency %(record)s"),
    "agency.changed": gettext_lazy("changed the agency's settings: %(changes)s"),
    "agency.emblem_changed": _emblem_changed,
    "unit.removed": gettext_lazy("removed the unit %(record)s"),
    "unit.renamed": gettext_lazy("renamed a unit: %(changes)s"),
    "units.added": gettext_lazy("added units: %(names)s"),
    "units.ordered": gettext_lazy("put the units in another order"),
    "user.created": gettext_lazy("made an account for %(record)s"),
    "user.changed": gettext_lazy("changed the account of %(record)s: %(changes)s"),
    "user.closed": gettext_lazy("closed the account of %(record)s"),
    "user.reopened": gettext_lazy("opened the account of %(record)s again"),
    "user.password_changed": gettext_lazy("chose a new password"),
    "user.password_renewed": gettext_lazy("gave %(record)s a new initial password"),
    "user.recovery_codes_renewed": gettext_lazy("made new recovery codes"),
    "user.second_factor_set": gettext_lazy("set up the second step of signing in"),
    "user.second_factor_removed": gettext_lazy(
        "removed the second step of signing in of %(record)s"
    ),
    "user.signed_in": gettext_lazy("signed in"),
    "user.signed_out": gettext_lazy("signed out"),
    "user.signed_out_everywhere": gettext_lazy("signed out on all devices"),
    "user.sign_in_failed": gettext_lazy("refused a sign-in as %(record)s"),
    "invitation.made": gettext_lazy("made a one-time code for %(record)s"),
    "invitation.used": gettext_lazy("used a one-time code to choose a password"),
    "membership.set": gettext_lazy("set the role of %(record)s: %(changes)s"),
    "membership.removed": gettext_lazy("ended the access of %(record)s"),
    "support.visited": gettext_lazy("looked at unfinished records to help: %(reason)s"),
    "work.handed_over": gettext_lazy("handed over the work of %(from)s to %(to)s"),
}
LABELS = {
    "names": gettext_lazy("Units"),
    "with_role": gettext_lazy("With the role"),
    "left": gettext_lazy("Access ended"),
    "closed": gettext_lazy("Account closed"),
}
_OF_A_HANDOVER = {
    f"{side}_{fact}" for side in ("from", "to") for fact in ("id", "position", "role", "unit")
}
VOCABULARY = Vocabulary(
    DEEDS,
    LABELS,
    hidden=frozenset({"id", "expires_at", "work", "notices", "emblem", *_OF_A_HANDOVER}),
)
