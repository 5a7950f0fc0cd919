from django.http import Http404, HttpResponse

from accounts.access import agency_page
from accounts.permissions import Permission
from assessments.actions import note_export
from assessments.exchange.exporting import blank, export
from assessments.exchange.writing import CONTENT_TYPES
from assessments.results import two_years
from assessments.views.scores import no_framework


@agency_page(Permission.EXPORT)
def scores_export(request, agency, year, format):
    """The year and the one before; a year without scores is the form to fill in and import."""
    if format not in CONTENT_TYPES:
        raise Http404
    years = two_years(agency, year)
    if years.framework is None:
        return no_framework(request, year)
    current = years.current or blank(agency, years.framework)
    assessments = [years.last_year, current] if years.last_year else [current]
    content = export(assessments, format)
    note_export(
        agency=agency, years=[one.year for one in assessments], format=format, by=request.user
    )
    name = f"ita-scores-{agency.code}-{year}.{format}"
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@agency_page(Permission.EXPORT)
def template(request, agency, year):
    """The workbook to fill in, with last year's rows beside the empty ones."""
    return scores_export(request, agency=agency.code, year=year, format="xlsx")
