"""What the letters are filled with, read from a plan and its people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from accounts.models import Membership
from accounts.permissions import Role, State
from measures.calendar import days_of
from measures.handing_in import asked_items
from measures.report.content import Part, Report
from measures.report.frozen import current_report


@dataclass(frozen=True)
class Person:
    name: str = ""
    position: str = ""


@dataclass(frozen=True)
class Member(Person):
    """Of the agency, in a role, of a unit where one is known."""

    role: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Facts:
    """`executive` and `sender` are blank where nobody or several could be meant; `items` are the
    numbers of the disclosure that are verified; `url` is there once it is published.
    """

    report: Report
    state: str
    executive: Person
    sender: Member
    members: tuple[Member, ...]
    units: tuple[str, ...]
    days: Mapping[str, date | None]
    items: tuple[str, ...]
    url: str

    @property
    def is_draft(self):
        return self.report.is_draft


def facts_of(plan) -> Facts:
    """As the plan's report says it now: a draft while it is written, else what was sent."""
    report = current_report(plan, Part.FULL)
    members = _members(plan.agency)
    executive = _only(members, Role.EXECUTIVE)
    seal = report.seal
    if seal and seal.signer:
        executive = Person(seal.signer, seal.position)
    published = plan.state == State.PUBLISHED
    return Facts(
        report=report,
        state=plan.state if seal else State.DRAFT,
        executive=executive,
        sender=_only(members, Role.COORDINATOR),
        members=members,
        units=tuple(unit.name for unit in plan.agency.units.all()),
        days=days_of(plan, plan.rounds.all()),
        items=tuple(item.code for item in asked_items(plan.year) if item and item.has_sure_code),
        url=settings.PORTAL_URL + plan.get_public_url() if published else "",
    )


def _members(agency):
    found = Membership.objects.filter(agency=agency, user__is_active=True)
    return tuple(
        Member(
            one.user.get_full_name(),
            one.user.position,
            one.role,
            one.unit.name if one.unit else "",
        )
        for one in found.select_related("user", "unit").order_by("user__name", "pk")
    )


def _only(members, role):
    found = [member for member in members if member.role == role]
    return found[0] if len(found) == 1 else Member()
