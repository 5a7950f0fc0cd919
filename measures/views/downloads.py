"""Files that leave the portal: of what, how they are named, and that nobody else may keep them."""

import re
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from measures.models import Plan, Revision
from measures.report.content import Part

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
