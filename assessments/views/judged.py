from django.http import Http404
from django.shortcuts import render

from accounts.access import agency_page, can
from accounts.permissions import Permission, State
from assessments.results import two_years
from assessments.views.grid import grid_context


@agency_page(Permission.VIEW)
def judged(request, agency, year, kind):
    """Totals and warnings as the server works them out, for the page to take over."""
    years = two_years(agency, year, kind)
    if years.framework is None:
        raise Http404
    state = years.current.state if years.current else State.DRAFT
    context = grid_context(years, kind) | {
        "assessment": years.current,
        "may_edit": can(request, Permission.EDIT_SCORES, state),
    }
    return render(request, "assessments/parts/judged.html", context)
