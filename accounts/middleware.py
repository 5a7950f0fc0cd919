import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user, logout
from django.shortcuts import redirect

from accounts import second_factor
from accounts.sessions import BEGAN_AT, SEEN_AT

#: What a person may reach who has yet to set up the second factor that she must have.
OPEN_WITHOUT_SECOND_FACTOR = {
    "account_change_password",
    "account_logout",
    "account_proof",
    "account_sign_out_everywhere",
    "health",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "set_language",
}


class SessionAgeMiddleware:
    """Ends a session 12 hours after the sign-in; Django itself ends one that lies idle."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if SESSION_KEY in request.session:
            now = time.time()
            if now - request.session.get(BEGAN_AT, 0) > settings.SESSION_LONGEST:
                logout(request)
            elif now - request.session.get(SEEN_AT, 0) > 60:
                # Saving it is what puts off its end; not with each request.
                request.session[SEEN_AT] = now
        return self.get_response(request)


class SecondFactorMiddleware:
    """Leads a person who must have a second factor, and has none, to where she sets it up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        # She herself, not what stands for her until she is asked for: she is, dozens of times.
        request.user = request._cached_user = user = get_user(request)
        if not settings.SECOND_FACTOR or not user.is_authenticated:
            return None
        if request.resolver_match.view_name in OPEN_WITHOUT_SECOND_FACTOR:
            return None
        if second_factor.is_required_of(user) and not second_factor.has(user):
            return redirect("mfa_activate_totp")
        return None
