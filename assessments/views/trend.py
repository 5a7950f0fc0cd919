from django.shortcuts import render

from accounts.access import agency_page
from accounts.permissions import Permission
from assessments import charts
from assessments.results import all_years


@agency_page(Permission.VIEW)
def trend(request, agency):
    """All years that the agency has official results of, side by side."""
    found = all_years(agency)
    context = {"trend": found}
    if found:
        context |= {
            "chart": charts.line_chart(found.totals),
            "is_alone": len(found.years) == 1,
            "last_year": found.years[-1],
            "has_announced": any(point.is_announced for point in found.totals),
            # For the columns: which years begin another scale of levels.
            "new_scale": [point.new_scale for point in found.totals],
        }
    return render(request, "assessments/trend.html", context)
