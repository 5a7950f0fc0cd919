from django.http import HttpResponse

from accounts.access import agency_page
from accounts.permissions import Permission


@agency_page(Permission.VIEW)
def items(request, agency, year, kind):
    """The marks of the OIT items."""
    return HttpResponse(status=204)


@agency_page(Permission.VIEW)
def questions(request, agency, year, kind):
    """The averages of the questions of IIT and EIT."""
    return HttpResponse(status=204)
