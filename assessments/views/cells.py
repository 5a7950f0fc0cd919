from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.access import agency_page
from accounts.permissions import Permission


@agency_page(Permission.EDIT_SCORES)
@require_POST
def cells(request, agency, year, kind):
    """Saves cells as they are typed."""
    return HttpResponse(status=204)
