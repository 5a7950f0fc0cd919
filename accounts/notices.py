"""Telling people what waits for them: a list in the portal, and one digest by mail."""

from datetime import timedelta

from django.db import models
from django.utils import timezone, translation

from accounts.models import Membership, Notice
from accounts.permissions import memberships_of

#: How long a notice that was read stays.
READ_FOR = timedelta(days=365)


def notify(people, *, agency, text, url, facts=None, by=None, key=""):
    """Tells each of the people, except `by`, who did it; returns those who were told, for the page.

    Within the caller's transaction, so that nobody is told what did not happen. `text` is a lazy
    sentence and `facts` fills it: it is stored in Thai. A `key` tells a person once only.
    """
    told = [person for person in people if person != by and person.is_active]
    with translation.override("th"):
        sentence = str(text) % (facts or {})
    notices = [
        Notice(user=person, agency=agency, text=sentence[:500], url=url, key=key) for person in told
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=bool(key))
    return told


def people_with(agency, *roles):
    """The people who serve the agency in one of the roles, in the order of their names."""
    memberships = Membership.objects.filter(agency=agency, role__in=roles, user__is_active=True)
    return [membership.user for membership in memberships.select_related("user")]


def mark_read(notices):
    """What somebody only reads leaves no event."""
    return notices.unread().update(read_at=timezone.now())


def read_where_they_lead(user, agency, path):
    """Whoever opens what her notices are about has read them: a query only where some wait."""
    mine = next((one for one in memberships_of(user) if one.agency_id == agency.pk), None)
    if mine is None or not mine.unread:
        return
    here = models.Q(url=path) | models.Q(url__startswith=f"{path}#")
    # The frame of the page counts what is left.
    mine.unread -= mark_read(Notice.objects.filter(here, user=user, agency=agency))


def sweep():
    """Removes what was read long ago; returns how many."""
    return Notice.objects.filter(read_at__lt=timezone.now() - READ_FOR).delete()[0]
