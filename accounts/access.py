"""Fetching what an address names: a foreign agency is 404, a missing right is 403."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404

from accounts.models import Agency
from accounts.permissions import allowed, require


def agency_page(permission):
    """Wraps a view of an address with an agency's code: the view gets the agency itself.

    Anonymous goes to login, another agency's address is 404, a missing right is 403. The state of
    a record is asked by the action, not here.
    """

    def decorate(view):
        @login_required
        @wraps(view)
        def wrapped(request, agency, **kwargs):
            agency = get_object_or_404(Agency.objects.visible_to(request.user), code=agency)
            require(request.user, permission, agency)
            request.agency = agency
            return view(request, agency=agency, **kwargs)

        wrapped.permission = permission
        return wrapped

    return decorate


def can(request, permission, state=None):
    """Whether the signed-in person may do this now in the agency of the page."""
    return allowed(request.user, permission, request.agency, state)
