from django.http import HttpResponse

from accounts.access import agency_page
from accounts.permissions import Permission


@agency_page(Permission.VIEW)
def judged(request, agency, year, kind):
    """Totals and warnings as the server works them out, for the page to take over."""
    return HttpResponse(status=204)
