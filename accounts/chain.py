"""The chain of an agency's events: each carries the SHA-256 of itself and of the one before it.

Whoever changes, removes or inserts a row afterwards would have to change all that follow, and the
newest digest, which may be kept on paper, would no longer be the same.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import ChainEnd, Event

#: What a digest speaks of. Never changed: older digests would no longer hold.
CONTENT = (
    "number",
    "verb",
    "actor_id",
    "actor_name",
    "agency_id",
    "agency_code",
    "object_type",
    "object_id",
    "object_label",
    "year",
    "row",
    "before",
    "after",
)
#: SQLite takes no more than a thousand values in one statement.
AT_ONCE = 300


def digest_of(event, previous):
    """The digest of an event (a record or its values) after the one with the digest `previous`."""
    values = event if isinstance(event, dict) else vars(event)
    content = {name: values[name] for name in CONTENT}
    content |= {"at": values["at"].astimezone(UTC).isoformat(), "previous": previous}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def append(events):
    """Numbers new events in the chains of their agencies and moves the ends of these.

    The ends stay locked until the transaction ends, always in the order of the agencies; a
    transaction should lock nothing after them that others lock before.
    """
    ids = sorted({event.agency_id or 0 for event in events})
    for start in range(0, len(ids), AT_ONCE):
        ends = _locked(ids[start : start + AT_ONCE])
        for event in events:
            if end := ends.get(event.agency_id or 0):
                event.number = end.number + 1
                event.digest = digest_of(event, end.digest)
                end.number, end.digest = event.number, event.digest
        ChainEnd.objects.bulk_update(ends.values(), ["number", "digest"])


def _locked(ids):
    rows = ChainEnd.objects.select_for_update().order_by("agency_id")
    ends = {end.agency_id: end for end in rows.filter(agency_id__in=ids)}
    if missing := [pk for pk in ids if pk not in ends]:
        # Another transaction may make them meanwhile: then they are its own, and waited for.
        ChainEnd.objects.bulk_create(
            [ChainEnd(agency_id=pk) for pk in missing], ignore_conflicts=True
        )
        ends |= {end.agency_id: end for end in rows.filter(agency_id__in=missing)}
    return ends


def newest(agency):
    """The end of the agency's chain, or None before its first event."""
    return ChainEnd.objects.filter(agency_id=agency.pk if agency else 0).first()


# --- finding what was tampered with ---------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """What is wrong at a place of the chain; `at` is the time of the event there, if one is."""

    number: int | None
    at: datetime | None
    text: str

    def __str__(self):
        facts = {"number": self.number, "text": self.text}
        if self.at:
            facts["time"] = f"{localtime(self.at):%Y-%m-%d %H:%M:%S}"
        if self.number is None:
            return _("%(text)s (%(time)s)") % facts
        if self.at is None:
            return _("at event %(number)s: %(text)s") % facts
        return _("event %(number)s (%(time)s): %(text)s") % facts


def faults_in(agency_id):
    """Every place at which the chain of the agency (0: of none) does not hold, from its begin."""
    own = Event.objects.filter(agency_id=agency_id or None)
    for event in own.filter(number=None).order_by("pk").values("at"):
        yield Fault(None, event["at"], _("An event without a number was inserted."))
    last, digest = 0, ""
    for event in own.exclude(number=None).order_by("number", "pk").values(*CONTENT, "at", "digest"):
        number = event["number"]
        if number == last:
            text = _("There are two events with this number: one was inserted or moved here.")
            yield Fault(number, event["at"], text)
            continue
        if number > last + 1:
            missing = _range(last + 1, number - 1)
            yield Fault(last + 1, None, _("Deleted: %(events)s.") % {"events": missing})
        elif event["digest"] != digest_of(event, digest):
            text = _("Changed afterwards: this event, or the one before it with its digest.")
            yield Fault(number, event["at"], text)
        last, digest = number, event["digest"]
    yield from _at_the_end(agency_id, last, digest)


def _at_the_end(agency_id, last, digest):
    end = ChainEnd.objects.filter(agency_id=agency_id).first() or ChainEnd(agency_id=agency_id)
    if end.number > last:
        missing = _range(last + 1, end.number)
        yield Fault(last + 1, None, _("Deleted at the end: %(events)s.") % {"events": missing})
    elif end.number < last:
        inserted = _range(end.number + 1, last)
        text = _("Inserted at the end: %(events)s.") % {"events": inserted}
        yield Fault(end.number + 1, None, text)
    elif end.digest != digest:
        yield Fault(last, None, _("The end of the chain carries another digest."))


def _range(first, last):
    if first == last:
        return _("event %(number)s") % {"number": first}
    return _("events %(first)s to %(last)s") % {"first": first, "last": last}
