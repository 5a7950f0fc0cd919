from django.shortcuts import redirect

from accounts.access import agency_page
from accounts.permissions import Permission


@agency_page(Permission.EDIT_ANALYSIS)
def texts(request, agency, year):
    """Saves paragraphs of the analysis in the officer's own words."""
    return redirect("assessments:analysis", agency.code, year)
