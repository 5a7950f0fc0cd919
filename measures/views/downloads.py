"""Files that leave the portal: how they are named, and that nobody else may keep them."""

import re
from urllib.parse import quote

from django.http import HttpResponse

KIND = re.compile("^(องค์การบริหารส่วน(ตำบล|จังหวัด)|เทศบาล(ตำบล|เมือง|นคร))")


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
