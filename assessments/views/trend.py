from django.http import HttpResponse

from accounts.access import agency_page
from accounts.permissions import Permission


@agency_page(Permission.VIEW)
def trend(request, agency):
    """All years that the agency has results of."""
    return HttpResponse(status=204)
