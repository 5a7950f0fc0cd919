from django.http import HttpResponse

from accounts.access import agency_page
from accounts.permissions import Permission


@agency_page(Permission.EDIT_SCORES)
def paste(request, agency, year, kind):
    """Reads a table copied from elsewhere and shows what it gives before anything is kept."""
    return HttpResponse(status=204)
