"""Leaves an event of each sign-in, failed sign-in and sign-out; no password, no typed name."""

from allauth.account.signals import user_logged_in
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver

from accounts import events
from accounts.models import User


@receiver(user_logged_in)
def signed_in(user, **facts):
    _record("user.signed_in", user, user)


@receiver(user_logged_out)
def signed_out(user, **facts):
    if user is not None:
        _record("user.signed_out", user, user)


@receiver(user_login_failed)
def failed(credentials, **facts):
    """An unknown name may be a password in the wrong field, so it is not kept."""
    user = User.objects.filter(username=str(credentials.get("username")).lower()).first()
    _record("user.sign_in_failed", None, user or User())


@transaction.atomic
def _record(verb, by, user):
    events.record(verb=verb, by=by, agency=None, obj=user)
