from django.http import Http404, HttpResponse

from accounts.access import agency_page
from accounts.permissions import Permission
from assessments.actions import note_export
from assessments.exchange.exporting import blank, export, holds_anything
from assessments.exchange.template import template as form_to_fill_in
from assessments.exchange.writing import CONTENT_TYPES
from assessments.results import two_years
from assessments.views.scores import no_framework


@agency_page(Permission.EXPORT)
def scores_export(request, agency, year, format):
    """The year and the one before; a year without scores is a row to fill in and import."""
    if format not in CONTENT_TYPES:
        raise Http404
    years = two_years(agency, year)
    if years.framework is None:
        return no_framework(request, year)
    current = years.current or blank(agency, years.framework)
    before = [one for one in (years.last_year,) if one and holds_anything(one)]
    assessments = [*before, current]
    content = export(assessments, format)
    note_export(
        agency=agency, years=[one.year for one in assessments], format=format, by=request.user
    )
    return _download(content, f"ita-scores-{agency.code}-{year}.{format}", format)


@agency_page(Permission.EXPORT)
def template(request, agency, year):
    """The workbook to fill in, with last year's scores beside the empty cells."""
    years = two_years(agency, year)
    if years.framework is None:
        return no_framework(request, year)
    content = form_to_fill_in(years)
    both = [one.year for one in (years.last_year, years.framework) if one]
    note_export(agency=agency, years=both, format="template", by=request.user)
    return _download(content, f"ita-form-{agency.code}-{year}.xlsx", "xlsx")


def _download(content, name, format):
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
