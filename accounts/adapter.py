from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import actions, attempts


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an agency's admin or the operator, never by the visitor."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # The same words whether the name or the password is wrong.
        "username_password_mismatch": _("The username and the password do not match."),
        "too_many_login_attempts": _(
            "There were too many attempts to sign in. Try again in 15 minutes, "
            "or ask an admin of your agency for a one-time code."
        ),
        "rate_limited": _("There were too many attempts. Try again in 15 minutes."),
        "enter_current_password": _("This is not your current password. Enter it again."),
    }

    def is_open_for_signup(self, request):
        return False

    def pre_authenticate(self, request, **credentials):
        if not attempts.may_try(request, credentials["username"]):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request, **credentials):
        attempts.note_failure(request, credentials["username"])

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user:
            attempts.note_success(request, credentials["username"])
        return user

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Of the account alone: allauth adds the Host header, which has any port one likes."""
        return credentials.get("username", credentials.get("email", "")).lower()

    def forget_failures(self, request, username):
        """The tries of the old password say nothing about one that was set by a code on paper."""
        self._delete_login_attempts_cached_email(request, username=username)
        attempts.note_success(request, username)

    def set_password(self, user, password):
        actions.change_password(user=user, password=password)

    def get_password_change_redirect_url(self, request):
        return reverse("home")
