"""The report to go on with: as editable documents, and all its figures as a workbook."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import agency_page
from accounts.permissions import Permission
from assessments.spreadsheets import CONTENT_TYPES
from measures.actions import record_document
from measures.report.content import Part
from measures.report.docx.reports import DOCX, docx_of
from measures.report.frozen import current_report, revision_report
from measures.report.xlsx import xlsx_of
from measures.views.downloads import (
    disposition,
    download,
    part_of,
    plan_of,
    revisions_of,
    told_when_unmade,
)
from measures.views.printing import printing_of
from measures.views.report_pdf import FILE_NAMES

FIGURES = "ตัวเลข ITA"


@require_safe
@agency_page(Permission.EXPORT)
@told_when_unmade
def document(request, agency, year, part):
    plan = plan_of(request, agency, year)
    return _document(request, plan, current_report(plan, part_of(part)))


@require_safe
@agency_page(Permission.EXPORT)
@told_when_unmade
def revision_document(request, agency, year, number, part):
    revision = get_object_or_404(revisions_of(request, agency, year), number=number)
    return _document(request, revision.plan, revision_report(revision, part_of(part)), number)


@require_safe
@agency_page(Permission.EXPORT)
def figures(request, agency, year):
    plan = plan_of(request, agency, year)
    report = current_report(plan, Part.FULL)
    content = xlsx_of(report, agency)
    record_document(plan=plan, document="figures.xlsx", by=request.user, revision=report.revision)
    return download(
        content, CONTENT_TYPES["xlsx"], disposition(agency, year, FIGURES, "figures", "xlsx")
    )


def _document(request, plan, report, number=None):
    part = report.part
    content = docx_of(report, printing_of(request, plan.agency))
    record_document(
        plan=plan, document=f"{part.value}.docx", by=request.user, revision=report.revision
    )
    name = disposition(plan.agency, plan.year, FILE_NAMES[part], part.value, "docx", number=number)
    return download(content, DOCX, name)
