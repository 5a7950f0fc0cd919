"""By what a report is known to be unchanged without being built: the state of all it rests on."""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache as once
from pathlib import Path

from django.db import connection
from django.utils import timezone

from accounts.permissions import Role
from measures.report import cache
from measures.report.edition import edition

ROOT = Path(__file__).resolve().parents[2]
#: Whose rules and words decide, beside the edition, what a report says.
ROOMS = ("accounts", "assessments", "measures")
#: A .po decides nothing before it is compiled.
READ = ("*.py", "*.mo")
#: What is shown of the agency itself, and of the rule for its strengths.
OF_AGENCY = ("name", "district", "province", "contact", "emblem_id", "threshold")


# Written out, because putting a query together takes longer than this whole page may.
STATE = """
SELECT 'plan', id, state FROM measures_plan WHERE agency_id = %(agency)s AND year = %(year)s
UNION ALL
SELECT 'chain', number, digest FROM accounts_chainend WHERE agency_id = %(agency)s
UNION ALL
SELECT 'framework', year, checksum FROM assessments_framework
UNION ALL
SELECT 'executive', u.id, u.name || %(between)s || u.position || %(between)s || u.username
FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
WHERE m.agency_id = %(agency)s AND m.role = %(executive)s AND u.is_active
"""


@dataclass(frozen=True)
class Stamp:
    """`number` and `digest` are the end of the agency's chain of events: whatever is written of
    an agency adds to it in the same transaction. `rest` stands for what is not of the agency.
    """

    plan: int
    state: str
    number: int
    digest: str
    rest: str

    @property
    def name(self):
        return cache.name_of(self.plan, self.state, self.digest, self.rest) + ".stamp"

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


def stamp_of(agency, year, printing, *which) -> Stamp | None:
    """`which` tells apart the documents of the agency's plan of the year. None without a plan, and
    before the agency's first event.

    To be asked before the report is built: whatever changes in between makes another stamp.
    """
    values = {"agency": agency.pk, "year": year, "executive": Role.EXECUTIVE.value, "between": "\n"}
    plan = end = None
    rest = []
    with connection.cursor() as cursor:
        cursor.execute(STATE, values)
        for kind, number, text in cursor.fetchall():
            if kind == "plan":
                plan = number, text
            elif kind == "chain":
                end = number, text
            else:
                rest += [kind, number, text]
    if plan is None or end is None or not end[1]:
        return None
    shown = [getattr(agency, name) for name in OF_AGENCY]
    rest = cache.name_of(program(), timezone.localdate(), printing, *which, *shown, *rest)
    return Stamp(*plan, *end, rest)


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
        for pattern in READ:
            for path in sorted((ROOT / room).rglob(pattern)):
                found.update(path.read_bytes())
    return found.hexdigest()
