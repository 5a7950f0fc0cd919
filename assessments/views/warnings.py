from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.access import agency_page
from accounts.permissions import Permission


@agency_page(Permission.EDIT_SCORES)
@require_POST
def confirm(request, agency, year, kind):
    """Confirms the figures that a warning is about."""
    return HttpResponse(status=204)
