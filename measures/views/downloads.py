"""Files that leave the portal: of what, how they are named, and that nobody else may keep them."""

import logging
import re
import threading
from functools import wraps
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from measures.models import Plan, Revision
from measures.report.content import Part
from measures.report.jobs import Failure
from measures.report.worker import RenderBusy, RenderFailed, RenderTooLarge

logger = logging.getLogger(__name__)

RETRY_AFTER = 30  # seconds
STATUS = {Failure.BUSY: 503, Failure.TOO_LARGE: 422, Failure.FAULT: 500}
#: Of the threads of a web process, 12 in script/server, those that may wait for a report or a
#: document: the pages keep the rest.
seats = threading.BoundedSemaphore(8)
KIND = re.compile("^(องค์การบริหารส่วน(ตำบล|จังหวัด)|เทศบาล(ตำบล|เมือง|นคร))")


def part_of(name) -> Part:
    if name not in Part.values:
        raise Http404
    return Part(name)


def plan_of(request, agency, year) -> Plan:
    """With what its report begins with; without the image of the emblem, which is long."""
    plans = Plan.objects.visible_to(request.user).for_year(year)
    plans = plans.select_related("agency__emblem", "assessment").defer("agency__emblem__image")
    return get_object_or_404(plans, agency=agency)


def revisions_of(request, agency, year):
    found = Revision.objects.visible_to(request.user).filter(plan__agency=agency, plan__year=year)
    return found.select_related("plan__agency", "plan__assessment")


def download(content, media_type, disposition):
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": disposition, "Cache-Control": "private, no-store"},
    )


def told_when_unmade(view):
    """Wraps a view that has a document made: where it cannot be, a page says why."""

    @wraps(view)
    def wrapped(request, agency, year, **kwargs):
        if not seats.acquire(blocking=False):
            return unmade(request, year, Failure.BUSY)
        try:
            return view(request, agency, year, **kwargs)
        except (RenderBusy, RenderFailed) as error:
            return unmade(request, year, failure_of(error))
        finally:
            seats.release()

    return wrapped


def failure_of(error):
    if isinstance(error, RenderBusy):
        return Failure.BUSY
    logger.exception("document not made")
    return Failure.TOO_LARGE if isinstance(error, RenderTooLarge) else Failure.FAULT


def unmade(request, year, failure):
    """The page in place of a document."""
    context = {"year": year, "failure": failure}
    template = "measures/report_unavailable.html"
    response = render(request, template, context, status=STATUS[failure])
    response["Cache-Control"] = "private, no-store"
    if failure == Failure.BUSY:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def disposition(agency, year, name, short, ending, *, number=None, inline=False):
    """Both spellings of the name (RFC 6266): ASCII for old programs, Thai for all others.

    `number` of the revision, where one was asked for.
    """
    of = KIND.sub("", agency.name) or agency.name
    thai, ascii_end = (f" รายงานฉบับที่ {number}", f"-r{number}") if number else ("", "")
    name = quote(f"{name} {of} {year}{thai}.{ending}", safe="")
    ascii_name = f"ita-{agency.code}-{year}-{short}{ascii_end}.{ending}"
    how = "inline" if inline else "attachment"
    return f"{how}; filename=\"{ascii_name}\"; filename*=UTF-8''{name}"
