"""Fetching what an address names: a foreign agency is 404, a missing right is 403."""

from functools import partial, wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, JsonResponse
from django.shortcuts import render, resolve_url

from accounts.notices import read_where_they_lead
from accounts.once import taken_once
from accounts.permissions import allowed, memberships_of, require
from accounts.typed import typed_texts

#: Everybody comes here by signing in, which says nothing about having read what leads here.
FIRST_PAGE = "overview"


def agency_page(permission):
    """Wraps a view of an address with an agency's code: the view gets the agency itself.

    Anonymous goes to login, another agency's address is 404, a missing right is 403. The state of
    a record is asked by the action, not here.
    """

    def decorate(view):
        @wraps(view)
        def wrapped(request, agency, **kwargs):
            if not request.user.is_authenticated:
                return _sign_in_first(request)
            request.agency = agency = _own_agency(request.user, code=agency)
            require(request.user, permission, agency)
            if request.method == "GET" and request.resolver_match.view_name != FIRST_PAGE:
                read_where_they_lead(request.user, agency, request.path)
            return taken_once(request, partial(view, request, agency=agency, **kwargs))

        wrapped.permission = permission
        return wrapped

    return decorate


def _sign_in_first(request):
    """A session that ended while somebody was writing must not take the text along."""
    if wants_json(request):
        return JsonResponse({"sign_in": resolve_url(settings.LOGIN_URL)}, status=401)
    if typed := typed_texts(request):
        return render(request, "accounts/signed_out.html", {"typed": typed}, status=401)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "")


def wants_json(request):
    """Whether a script of the portal asks, and not a browser that loads a page."""
    # Most do not, and weighing all that one accepts takes longer than a question to the database.
    if "json" not in request.META.get("HTTP_ACCEPT", ""):
        return False
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _own_agency(user, code):
    for membership in memberships_of(user):
        if membership.agency.code == code:
            return membership.agency
    raise Http404


def can(request, permission, state=None):
    """Whether the signed-in person may do this now in the agency of the page."""
    return allowed(request.user, permission, request.agency, state)
