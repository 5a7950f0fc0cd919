"""The second step of signing in: codes of an app, with recovery codes on paper for its loss."""

from textwrap import wrap

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.forms import NamingErrors
from accounts.permissions import Permission, allowed_somewhere

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def is_required_of(user):
    """Those who approve, sign or operate."""
    return user.is_superuser or any(
        allowed_somewhere(user, right) for right in (Permission.APPROVE, Permission.SIGN)
    )


def has(user):
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


@transaction.atomic
def remove(*, user, by):
    """For a person who lost both the app and the recovery codes; the operator's alone."""
    if by is not None and not by.is_superuser:
        raise PermissionDenied(gettext("Only the system operator may do this."))
    removed, _kinds = Authenticator.objects.filter(user=user).delete()
    if removed:
        events.record(verb="user.second_factor_removed", by=by, agency=None, obj=user)


class Adapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code does not work. Enter the one that the app shows now; each works once. "
            "The phone's clock must be right."
        ),
        "cannot_generate_recovery_codes": _("Set up the app before you make recovery codes."),
    }

    def get_totp_label(self, user):
        return user.username

    def get_totp_issuer(self):
        return gettext("ITA portal")


class CodeField(forms.CharField):
    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": 12}
    )

    def to_python(self, value):
        return super().to_python(value).translate(THAI_DIGITS)


class SetUpForm(NamingErrors, ActivateTOTPForm):
    code = CodeField(label=_("The six digits that the app shows"))

    @property
    def is_required(self):
        return is_required_of(self.user)

    @property
    def key(self):
        """In groups of four, as it is typed from a screen into a phone."""
        return " ".join(wrap(self.secret, 4))


class CodeForm(NamingErrors, AllauthAuthenticateForm):
    code = CodeField(label=_("Six-digit code of the app, or a recovery code"))
