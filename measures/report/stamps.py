"""By what a report is known to be unchanged without being built: the state of all it rests on."""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache as once
from pathlib import Path

from django.db.models import CharField, Value
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.models import ChainEnd, Membership
from accounts.permissions import Role
from assessments.models import Framework
from measures.report import cache
from measures.report.edition import edition

ROOT = Path(__file__).resolve().parents[2]
#: Whose rules and words decide, beside the edition, what a report says.
ROOMS = ("accounts", "assessments", "measures")
#: What is shown of the agency itself, and of the rule for its strengths.
OF_AGENCY = ("name", "district", "province", "contact", "emblem_id", "threshold")


@dataclass(frozen=True)
class Stamp:
    """`number` and `digest` are the end of the agency's chain of events: whatever is written of
    an agency adds to it in the same transaction. `rest` stands for what is not of the agency.
    """

    number: int
    digest: str
    rest: str

    @property
    def name(self):
        return cache.name_of(self.digest, self.rest) + ".stamp"

    def after(self, event):
        """Once the event is written, which changes no report; None if another came before it."""
        if event.number != self.number + 1:
            return None
        return replace(self, number=event.number, digest=event.digest)


@dataclass(frozen=True)
class Made:
    """What a stamp stands for: the name of the document, and the revision's number or None."""

    name: str
    revision: int | None


def stamp_of(plan, printing, *which) -> Stamp | None:
    """`which` tells apart the plan's documents. None before the agency's first event.

    To be asked before the report is built: whatever changes in between makes another stamp.
    """
    ends = ChainEnd.objects.filter(agency_id=plan.agency_id)
    executives = Membership.objects.filter(agency_id=plan.agency_id, role=Role.EXECUTIVE)
    people = Concat("user__name", Value("\n"), "user__position", Value("\n"), "user__username")
    rows = ends.values_list("number", "digest", Value("chain", CharField())).union(
        Framework.objects.order_by().values_list("year", "checksum", Value("framework")),
        executives.filter(user__is_active=True)
        .order_by()
        .values_list("user_id", people, Value("executive")),
        all=True,
    )
    rest, end = [], None
    for number, text, kind in rows:
        if kind == "chain":
            end = number, text
        else:
            rest += [kind, number, text]
    if end is None or not end[1]:
        return None
    agency = [getattr(plan.agency, name) for name in OF_AGENCY]
    day = timezone.localdate()
    return Stamp(*end, cache.name_of(program(), day, plan.pk, printing, *which, *agency, *rest))


def made_at(stamp) -> Made | None:
    found = cache.get(stamp.name) if stamp else None
    return Made(**json.loads(found)) if found else None


def remember(stamp, made):
    if stamp is not None:
        cache.put(stamp.name, json.dumps(vars(made)).encode())


@once
def program() -> str:
    """SHA-256 over all that a report is made by; of the program as it is installed."""
    found = hashlib.sha256(edition().encode())
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.[mp][oy]")):
            found.update(path.read_bytes())
    return found.hexdigest()
