"""The pages of allauth that the portal has; no sign-up, no management of e-mail addresses."""

from allauth.account import views
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes.views import view_recovery_codes
from django.contrib.auth.decorators import login_required
from django.urls import path, re_path

from accounts.proof import needs_recent_proof
from accounts.views import own_account
from accounts.views.invitation import invitation


def own(view):
    return login_required(needs_recent_proof(view))


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("invitation/", invitation, name="account_invitation"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("details/", own_account.details, name="account_details"),
    path("proof/", own_account.proof, name="account_proof"),
    path(
        "sign-out-everywhere/",
        own_account.sign_out_everywhere,
        name="account_sign_out_everywhere",
    ),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/code/", second_factor.authenticate, name="mfa_authenticate"),
    path(
        "second-factor/set-up/",
        own(own_account.SetUpSecondFactor.as_view()),
        name="mfa_activate_totp",
    ),
    path(
        "second-factor/remove/",
        own(own_account.RemoveSecondFactor.as_view()),
        name="mfa_deactivate_totp",
    ),
    path("second-factor/recovery-codes/", own(view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "second-factor/recovery-codes/new/",
        own(own_account.RenewRecoveryCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
]
