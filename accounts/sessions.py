"""When a session begins and ends; the server's own record of it decides, not the cookie."""

import time

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from accounts import events

BEGAN_AT, SEEN_AT = "began_at", "seen_at"


@receiver(user_logged_in)
def note_beginning(request, **kwargs):
    request.session[BEGAN_AT] = request.session[SEEN_AT] = time.time()


@transaction.atomic
def end_all(*, user):
    """Signs the person out on every device; sessions are not filed by person, so it reads all."""
    running = Session.objects.filter(expire_date__gt=timezone.now())
    hers = [
        session.pk
        for session in running.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(pk__in=hers).delete()
    events.record(verb="user.signed_out_everywhere", by=user, agency=None, obj=user)
