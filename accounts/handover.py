"""Work that goes to a successor when somebody is transferred, and the sheet that both sign.

Each app names in its own `handover.py` what it lists as somebody's work.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import events
from accounts.actions import one_at_a_time, refuse_own, remove_member, require_operator_or, set_role
from accounts.models import Event, Notice
from accounts.notices import notify
from accounts.permissions import Permission

VERB = "work.handed_over"
#: {name: (title, lines)}; `lines(agency, user)` gives plain texts.
_LISTS = {}


def lists_work(name, title):
    """Decorates a function that lists a kind of work."""

    def decorate(lines):
        _LISTS[name] = (title, lines)
        return lines

    return decorate


def work_of(membership):
    """{name: lines} of all that waits for the person in the agency, in Thai."""
    with translation.override("th"):
        found = {
            name: lines(membership.agency, membership.user)
            for name, (_title, lines) in _LISTS.items()
        }
    return {name: lines for name, lines in found.items() if lines}


def with_titles(work):
    """(title, lines) of each kind, for a page."""
    return [(_LISTS[name][0], lines) for name, lines in work.items() if name in _LISTS]


@transaction.atomic
def hand_over(*, membership, successor, by, with_role=False, leaves=False):
    """Gives a person's work to the `successor`, another membership of the agency.

    `with_role` gives role and unit too; `leaves` ends her access, and closes her account where it
    serves no other agency. Returns the event, which is the sheet.
    """
    agency, giver, taker = membership.agency, membership.user, successor.user
    require_operator_or(Permission.MANAGE_PEOPLE, by, agency)
    refuse_own(giver, by)
    if successor.agency_id != agency.pk or taker == giver or not taker.is_active:
        raise ValidationError(_("Choose another person of the agency."))
    one_at_a_time(agency)
    elsewhere = giver.is_superuser or giver.memberships.exclude(pk=membership.pk).exists()
    closes = leaves and not elsewhere
    after = {
        **_person("from", membership),
        **_person("to", successor),
        "with_role": with_role,
        "left": leaves,
        "closed": closes,
        "notices": _move_notices(giver, taker, agency),
        "work": work_of(membership),
    }
    done = events.record(verb=VERB, by=by, agency=agency, obj=membership, after=after)
    if with_role:
        duty = {"role": membership.role, "unit": membership.unit}
        set_role(user=taker, agency=agency, by=by, **duty)
    if leaves:
        remove_member(membership=membership, closes=closes, by=by)
    notify(
        [taker],
        agency=agency,
        text=gettext_lazy("The work of %(name)s was handed over to you."),
        facts={"name": giver.get_full_name()},
        url=reverse("accounts:handover-sheet", args=[agency.code, done.pk]),
        by=by,
    )
    return done


def handovers_of(agency):
    """The events that are sheets, newest first."""
    return Event.objects.filter(verb=VERB, agency_id=agency.pk).order_by("-pk")


def _person(side, membership):
    user = membership.user
    return {
        f"{side}_id": user.pk,
        side: user.get_full_name(),
        f"{side}_position": user.position,
        f"{side}_role": membership.role,
        f"{side}_unit": membership.unit.name if membership.unit else "",
    }


def _move_notices(giver, taker, agency):
    """Unread ones go over, but for those that the taker has been given already."""
    unread = Notice.objects.filter(user=giver, agency=agency, read_at=None)
    hers = Notice.objects.filter(user=taker)
    known = hers.exclude(key="").values("key")
    same = hers.filter(agency=agency, url=OuterRef("url"), text=OuterRef("text"))
    return unread.exclude(key__in=known).exclude(Exists(same)).update(user=taker)
