"""Slowing those who guess passwords, without locking out the office whose address they share.

Of one account ten tries are looked at in 15 minutes, wherever they come from: allauth's limit
`login_failed`. Here is the other: once twenty different accounts have failed at an address, only
those that have signed in from it before are let try there.
"""

import hashlib

from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache

WINDOW = 15 * 60
#: Seconds for which a sign-in makes an account known at an address: 90 days.
KNOWN_FOR = 90 * 24 * 60 * 60


def may_try(request, username):
    return bool(
        ratelimit.consume(request, action="login_sprayed", dry_run=True)
        or cache.get(_key("known", request, username))
    )


def note_failure(request, username):
    """An account counts once, however often it fails."""
    if cache.add(_key("failed", request, username), True, WINDOW):
        ratelimit.consume(request, action="login_sprayed")


def note_success(request, username):
    cache.set(_key("known", request, username), True, KNOWN_FOR)


def _key(what, request, username):
    where = f"{get_ip(request)} {username.lower()}"
    return f"sign-in {what} {hashlib.sha256(where.encode()).hexdigest()}".replace(" ", ":")
