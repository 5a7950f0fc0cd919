"""Proving again who one is before what weighs most: signing, roles, the own second factor."""

import re
import time
from datetime import timedelta
from functools import partial, wraps
from urllib.parse import urlencode, urlsplit

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.forms import NamingErrors
from accounts.second_factor import THAI_DIGITS

RECENT = timedelta(minutes=15)
PROVEN_AT = "proven_at"


def is_recent(request):
    """Whether the person signed in, or proved again who she is, within the last 15 minutes."""
    return time.time() - request.session.get(PROVEN_AT, 0) < RECENT.total_seconds()


@receiver(user_logged_in)
def note_proof(request, **kwargs):
    request.session[PROVEN_AT] = time.time()


def needs_recent_proof(view=None, *, of_file=False):
    """Wraps a view: without a recent proof it leads to the page that asks.

    One comes back to send the form or ask for the file (`of_file`) oneself.
    """
    if view is None:
        return partial(needs_recent_proof, of_file=of_file)

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not request.user.is_authenticated or is_recent(request):
            return view(request, *args, **kwargs)
        return lead_to_proof(request, without_page=of_file or request.method == "POST")

    return wrapped


def lead_to_proof(request, without_page=False):
    """`without_page`: the address itself shows nothing, so one comes back to where it stands."""
    page = request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    if without_page and is_own_address(request, sent_from):
        parts = urlsplit(sent_from)
        page = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return redirect(f"{reverse('account_proof')}?{urlencode({'next': page})}")


def is_own_address(request, url):
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


class ProofForm(NamingErrors, forms.Form):
    """Asks for the password or a code; a valid one makes the proof recent and renews the session.

    Tries are limited like those of sign-in, and counted apart: a stranger cannot use them up.
    """

    proof = forms.CharField(
        label=_("Password, or the six-digit code of your app"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_proof(self):
        typed, user = self.cleaned_data["proof"], self.request.user
        attempts = {"action": "login_failed", "key": f"proof of {user.pk}"}
        if not ratelimit.consume(self.request, **attempts):
            raise ValidationError(_("There were too many attempts. Try again in 15 minutes."))
        if not (_is_code(user, typed) or user.check_password(typed)):
            raise ValidationError(
                _(
                    "This is neither your password nor the code that your app shows now. "
                    "Enter one of them again."
                )
            )
        ratelimit.clear(self.request, **attempts)
        # A session that somebody copied before ends here.
        self.request.session.cycle_key()
        note_proof(self.request)
        return typed


def _is_code(user, typed):
    code = typed.strip().translate(THAI_DIGITS)
    if not re.fullmatch(r"\d{6}", code):
        return False
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return app is not None and app.wrap().validate_code(code)
