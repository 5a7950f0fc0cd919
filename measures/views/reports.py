"""The page of the three reports in all their forms, and the reports themselves as PDF."""

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import agency_page
from accounts.permissions import Permission
from measures.models import Plan
from measures.report.build import build
from measures.report.content import Part
from measures.report.frozen import WRITING, current_report
from measures.situation import situation_of
from measures.views.printing import DIGITS, printing_of
from measures.views.report_pdf import pdf_response

CONTENTS = {
    Part.FULL: _(
        "Cover, contents, how the assessment works, the two-year result with charts, strengths and "
        "weaknesses, issues, measures and progress."
    ),
    Part.MEASURES: _("The table of measures of the year, on its own."),
    Part.PROGRESS: _("What became of each measure, after 6 and 12 months."),
}


@require_safe
@agency_page(Permission.VIEW)
def reports(request, agency, year):
    plans = Plan.objects.visible_to(request.user).for_year(year).filter(agency=agency)
    plan = plans.with_basis().with_publication().first()
    context = {"year": year, "plan": plan}
    if plan is not None:
        shown = None if plan.state in WRITING else plan.revisions.defer("content").first()
        thai_digits = printing_of(request, agency).thai_digits
        context |= {
            "shown": shown,
            "thai_digits": thai_digits,
            # In the addresses below only where it is not what the agency prints anyway.
            "digits": DIGITS[thai_digits] if thai_digits != agency.thai_digits else "",
            "address": settings.PORTAL_URL + plan.get_public_url(),
            # What is frozen lacks nothing that could still be added.
            "findings": None if shown else situation_of(plan).findings,
            "parts": [
                {
                    "part": part,
                    "contents": CONTENTS[part],
                    "url": plan.get_report_url(part.value),
                    "document_url": plan.get_document_url(part.value),
                    "draft_url": plan.get_draft_url(part.value),
                }
                for part in Part
            ],
        }
    return render(request, "measures/reports.html", context)


@require_safe
@agency_page(Permission.EXPORT)
def report(request, agency, year, part):
    def of_now(plan):
        return current_report(plan, part)

    return pdf_response(request, agency, year, part, of_now)


@require_safe
@agency_page(Permission.EXPORT)
def draft(request, agency, year, part):
    """What is not approved yet too, such as progress; with the draft mark whatever the state."""

    def of_now(plan):
        return build(plan, part, timezone.localdate())

    return pdf_response(request, agency, year, part, of_now, which="draft")
