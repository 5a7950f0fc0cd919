"""A report as plain JSON and back to an equal one, whatever its dataclasses hold."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import get_args, get_origin, get_type_hints

from django.utils import timezone

from accounts.notices import people_with
from accounts.permissions import Role, State
from accounts.signs import printable
from assessments.analysis import Analysis
from measures.report.build import build
from measures.report.content import Part, Report, Seal
from measures.workflow import ROUND_APPROVED, TRANSITIONS, Move

#: While the staff write, a report is the draft of now; else it is the newest revision.
WRITING = (State.DRAFT, State.RETURNED)
APPROVALS = (TRANSITIONS[Move.APPROVE].event, ROUND_APPROVED)
EXACT = (Decimal, Fraction)


def freeze(plan) -> dict:
    """All that the plan's report says now, charts and worked out figures included."""
    return _plain(build(plan, Part.FULL, timezone.localdate()))


def thaw(content) -> Report:
    """Equal to the frozen report. A field that was added since needs a default."""
    return _typed(content, Report)


def current_report(plan, part) -> Report:
    """What the plan's report says officially: of now while it is written, else as it was sent."""
    revision = current_revision(plan)
    if revision is None:
        return build(plan, part, timezone.localdate())
    return revision_report(revision, part)


def current_revision(plan):
    """The one whose figures count; None while the staff write."""
    revision = None if plan.state in WRITING else plan.revisions.first()
    if revision is not None:
        revision.plan = plan
    return revision


def frozen_analysis(plan) -> Analysis | None:
    """Of the revision whose figures count; None while the staff write. One query."""
    return analysis_in(current_revision(plan))


def analysis_in(revision) -> Analysis | None:
    return thaw(revision.content).result.analysis if revision else None


def revision_report(revision, part) -> Report:
    """The part of the frozen report, with what has become of the revision since."""
    return replace(thaw(revision.content), part=Part(part), seal=_seal(revision))


def _seal(revision):
    signer, position = revision.signer_name, revision.signer_position
    if not revision.signed_at:
        executives = people_with(revision.plan.agency, Role.EXECUTIVE)
        # Of two nobody knows which will sign; the lines stay empty.
        if len(executives) == 1:
            signer, position = executives[0].get_full_name(), executives[0].position
    approver, approver_position = _approver(revision) if revision.approved_at else ("", "")
    # Names of before were not asked whether a report can show them.
    return Seal(
        number=revision.number,
        digest=revision.short_digest,
        approver=printable(approver),
        approver_position=printable(approver_position),
        approved_on=_day(revision.approved_at),
        own_approval_reason=revision.own_approval_reason,
        signer=printable(signer),
        position=printable(position),
        signed_on=_day(revision.signed_at),
        on_paper=revision.signature_scan_id is not None,
        replaced_by=revision.replaced_by,
    )


def _approver(revision):
    """Name and position that she then had, which the log keeps."""
    event = revision.events.filter(verb__in=APPROVALS).last()
    return (event.actor_name, event.after.get("approver_position", "")) if event else ("", "")


def _day(moment):
    return timezone.localdate(moment) if moment else None


def digest_of(content) -> str:
    """SHA-256 of the JSON, the same whatever order a database keeps its keys in."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value):
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        # Pairs: PostgreSQL would not keep the order of keys, and they need not be texts.
        return [[_plain(key), _plain(item)] for key, item in value.items()]
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(map(_plain, value))
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, int)):
        return value
    raise TypeError(f"A report holds a {type(value)}, which cannot be frozen.")


def _typed(value, hint):
    """The `value` of `_plain` as the type hint says."""
    origin, inner = get_origin(hint), get_args(hint)
    if value is None:
        return None
    if origin is UnionType:
        kinds = [one for one in inner if one is not type(None)]
        hint = kinds[0]
        if hint not in EXACT and len(kinds) > 1:
            raise TypeError(f"Which of {kinds} a frozen value is cannot be told.")
        return _typed(value, hint)
    if origin is tuple:
        if inner[-1] is Ellipsis:
            return tuple(_typed(item, inner[0]) for item in value)
        return tuple(_typed(item, one) for item, one in zip(value, inner, strict=True))
    if origin is frozenset:
        return frozenset(_typed(item, inner[0]) for item in value)
    if origin is Mapping:
        return {_typed(key, inner[0]): _typed(item, inner[1]) for key, item in value}
    if is_dataclass(hint):
        hints = _hints(hint)
        return hint(**{name: _typed(item, hints[name]) for name, item in value.items()})
    if hint in EXACT:
        # Where either may stand, the stroke tells which it was.
        return Fraction(value) if "/" in value else Decimal(value)
    if issubclass(hint, date):
        return hint.fromisoformat(value)
    return hint(value)


@cache
def _hints(cls):
    return get_type_hints(cls)
