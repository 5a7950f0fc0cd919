"""A report as PDF: kept, or made while the person waits or looks at how far it is."""

import math

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import wants_json
from measures.actions import record_download
from measures.report import cache, jobs
from measures.report.content import Part
from measures.report.jobs import Failure, Standing
from measures.report.stamps import Made, made_at, remember, stamp_of
from measures.views.downloads import disposition, part_of, plan_of, seats, unmade
from measures.views.printing import printing_of

#: The beginning of the file's name: Thai, as an officer would name it.
FILE_NAMES = {
    Part.FULL: "รายงาน ITA",
    Part.MEASURES: "มาตรการ ITA",
    Part.PROGRESS: "ผลการดำเนินการ ITA",
}
#: Seconds after which a person sees how far it is, and between two looks without a script.
PATIENCE = 2
REFRESH = 3


def pdf_response(request, agency, year, part, report_of, which="current", number=None):
    """The report as PDF, noted as a download; else how far it is, or why there is none.

    `report_of(plan)` builds it, which is done only where `which` report it is has changed since it
    was last asked for; `number` stands in the file's name where a revision was asked for.
    """
    part = part_of(part)
    printing = printing_of(request, agency)
    stamp = stamp_of(agency, year, printing, part, which, number)
    made = made_at(stamp)
    pdf = cache.get(made.name) if made else None
    if pdf is None:
        if made is None or jobs.standing(made.name) is None:
            report = report_of(plan_of(request, agency, year))
            document = jobs.document_of(report, printing)
            made = Made(document.name, report.revision)
            remember(stamp, made)
            if not cache.has(made.name):
                jobs.begin(document)
        if standing := _waited(request, made.name):
            return _without_pdf(request, year, part, standing)
        pdf = cache.get(made.name)
    if wants_json(request):
        return JsonResponse({"waiting": False})
    if pdf is None:
        # Its process ended at work.
        return _without_pdf(request, year, part, Standing(failure=Failure.FAULT))
    _note_download(request, agency, year, part, made, stamp)
    response = HttpResponse(pdf, content_type="application/pdf")
    name, short = FILE_NAMES[part], part.value
    response["Content-Disposition"] = disposition(
        agency, year, name, short, "pdf", number=number, inline=True
    )
    response["Cache-Control"] = "private, no-store"
    # It is packed already; packing it again would take longer than all the rest.
    response["Content-Encoding"] = "identity"
    return response


def _waited(request, name):
    """How the job stands when the one who asks has waited long enough; None when it is done."""
    if wants_json(request):
        return jobs.standing(name)
    patience = PATIENCE if _is_browser(request) else math.inf
    if not seats.acquire(blocking=False):
        full = Standing(failure=Failure.BUSY)
        return jobs.standing(name) if _is_browser(request) else full
    try:
        standing = jobs.wait(name, patience)
    finally:
        seats.release()
    if standing and standing.failure:
        jobs.forget(name)
    return standing


def _is_browser(request):
    """Whether a page may stand in the PDF's place."""
    return request.get_preferred_type(["application/pdf", "text/html"]) == "text/html"


def _without_pdf(request, year, part, standing):
    failure = standing.failure
    if wants_json(request):
        answer = {"waiting": not failure, "text": _how_far(standing)}
        return JsonResponse(answer, headers={"Cache-Control": "private, no-store"})
    if failure:
        return unmade(request, year, failure)
    context = {"year": year, "part": part, "how_far": _how_far(standing), "refresh": REFRESH}
    response = render(request, "measures/report_waiting.html", context, status=202)
    response["Cache-Control"] = "private, no-store"
    return response


def _how_far(standing):
    if not standing.pages:
        return _("It waits for its turn, or the first page is being laid out.")
    said = ngettext("%(count)d page laid out.", "%(count)d pages laid out.", standing.pages)
    return said % {"count": standing.pages}


def _note_download(request, agency, year, part, made, stamp):
    """Once in a session for the same document in the same state: looking again takes out nothing
    that was not noted.
    """
    session = request.session.session_key
    told = stamp and cache.name_of(session, stamp.plan, stamp.state, part, made.name) + ".told"
    if told and cache.has(told):
        return
    plan = plan_of(request, agency, year)
    event = record_download(plan=plan, part=part.value, by=request.user, revision=made.revision)
    if told:
        cache.put(told)
    if stamp and (after := stamp.after(event)):
        remember(after, made)
