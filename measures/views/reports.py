"""The page of the three reports, and the reports themselves as PDF."""

import logging
import re
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import agency_page
from accounts.permissions import Permission
from measures.actions import record_download
from measures.models import Plan
from measures.report.build import build
from measures.report.content import Part
from measures.report.frozen import WRITING, current_report
from measures.report.html import pdf_of
from measures.report.worker import RenderBusy, RenderFailed
from measures.situation import situation_of

logger = logging.getLogger(__name__)

CONTENTS = {
    Part.FULL: _(
        "Cover, contents, how the assessment works, the two-year result with charts, strengths and "
        "weaknesses, issues, measures and progress."
    ),
    Part.MEASURES: _("The table of measures of the year, on its own."),
    Part.PROGRESS: _("What became of each measure, after 6 and 12 months."),
}
#: The beginning of the file's name: Thai, as an officer would name it.
FILE_NAMES = {
    Part.FULL: "รายงาน ITA",
    Part.MEASURES: "มาตรการ ITA",
    Part.PROGRESS: "ผลการดำเนินการ ITA",
}
KIND = re.compile("^(องค์การบริหารส่วน(ตำบล|จังหวัด)|เทศบาล(ตำบล|เมือง|นคร))")
RETRY_AFTER = 30  # seconds


@require_safe
@agency_page(Permission.VIEW)
def reports(request, agency, year):
    plans = Plan.objects.visible_to(request.user).for_year(year).filter(agency=agency)
    plan = plans.with_basis().first()
    context = {"year": year, "plan": plan}
    if plan is not None:
        shown = None if plan.state in WRITING else plan.revisions.defer("content").first()
        context |= {
            "shown": shown,
            # What is frozen lacks nothing that could still be added.
            "findings": None if shown else situation_of(plan).findings,
            "parts": [
                {
                    "part": part,
                    "contents": CONTENTS[part],
                    "url": plan.get_report_url(part.value),
                    "draft_url": plan.get_draft_url(part.value),
                }
                for part in Part
            ],
        }
    return render(request, "measures/reports.html", context)


@require_safe
@agency_page(Permission.EXPORT)
def report(request, agency, year, part):
    plan = _plan_of(request, agency, year, part)
    return pdf_response(request, plan, current_report(plan, part))


@require_safe
@agency_page(Permission.EXPORT)
def draft(request, agency, year, part):
    """What is not approved yet too, such as progress; with the draft mark whatever the state."""
    plan = _plan_of(request, agency, year, part)
    return pdf_response(request, plan, build(plan, part, timezone.localdate()))


def _plan_of(request, agency, year, part):
    if part not in Part.values:
        raise Http404
    plans = Plan.objects.visible_to(request.user).for_year(year).select_related("assessment")
    return get_object_or_404(plans.select_related("agency"), agency=agency)


def pdf_response(request, plan, report, number=None):
    """The report as PDF, noted as a download; `number` stands in its name where one was asked."""
    part = report.part
    try:
        pdf = pdf_of(report)
    except RenderBusy:
        response = _without_pdf(request, plan, busy=True, status=503)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    except RenderFailed:
        facts = (plan.agency.code, plan.year, part.value)
        logger.exception("report not rendered: agency %s, year %s, %s", *facts)
        return _without_pdf(request, plan, busy=False, status=500)
    record_download(plan=plan, part=part.value, by=request.user, revision=report.revision)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = _disposition(plan, part, number)
    response["Cache-Control"] = "private, no-store"
    return response


def _without_pdf(request, plan, *, busy, status):
    context = {"plan": plan, "year": plan.year, "busy": busy}
    response = render(request, "measures/report_unavailable.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _disposition(plan, part, number):
    """Both spellings of the name (RFC 6266): ASCII for old programs, Thai for all others."""
    short = KIND.sub("", plan.agency.name) or plan.agency.name
    thai, ascii_end = (f" ฉบับที่ {number}", f"-r{number}") if number else ("", "")
    name = quote(f"{FILE_NAMES[part]} {short} {plan.year}{thai}.pdf", safe="")
    ascii_name = f"ita-{plan.agency.code}-{plan.year}-{part.value}{ascii_end}.pdf"
    return f"inline; filename=\"{ascii_name}\"; filename*=UTF-8''{name}"
