"""Sends the stored files of publications: whole, in parts, or not where a cache has them."""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from django.db import connection
from django.http import HttpResponse
from django.utils.cache import get_conditional_response

from accounts.uploads import SANDBOX
from measures.models import PublishedFile
from measures.publishing.page import label_of

#: Files that each process keeps in memory: most requests are for few of them.
KEPT = 32
LARGEST_KEPT = 1024 * 1024
#: Seconds for which caches may give out a file that was withdrawn meanwhile. As its bytes never
#: change, asking again after that costs an answer without content.
CACHED = 300
#: Browsers show no PDF that is in a sandbox, and this one is the portal's own work.
SHOWN, SHOWN_POLICY = "application/pdf", "frame-ancestors 'none'"
#: No file has as many bytes as 18 digits say.
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")

#: Written out, as putting it together takes longer than all the rest of an answer.
_QUERY = """
    SELECT file.id, file.media_type, file.size, file.digest, agency.name,
           publication.withdrawn_at IS NOT NULL
    FROM measures_publishedfile file
    JOIN measures_publication publication ON publication.id = file.publication_id
    JOIN measures_plan plan ON plan.id = publication.plan_id
    JOIN accounts_agency agency ON agency.id = plan.agency_id
    WHERE agency.code = %s AND plan.year = %s AND publication.number = %s AND file.name = %s
"""


class StoredFile(NamedTuple):
    pk: int
    media_type: str
    size: int
    digest: str
    agency_name: str
    is_withdrawn: bool

    @property
    def etag(self):
        return f'"{self.digest}"'


def stored_file(code, year, number, name) -> StoredFile | None:
    """One query, which leaves the bytes and the data document where they are."""
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, [code, year, number, name])
        row = cursor.fetchone()
    return row and StoredFile(*row)


def send(request, file, *, name, code, year, number):
    """The answer to GET or HEAD: 200, 206, 304, 412 or 416."""
    response = get_conditional_response(request, etag=file.etag) or _content(request, file)
    label, ending = label_of(name), name.rsplit(".", 1)[-1]
    thai = quote(f"{label} {file.agency_name} {year} ฉบับเผยแพร่ที่ {number}.{ending}", safe="")
    shown = file.media_type == SHOWN
    way = "inline" if shown else "attachment"
    ascii_name = f"ita-{code}-{year}-v{number}-{name}"
    described(response, f"{way}; filename=\"{ascii_name}\"; filename*=UTF-8''{thai}")
    if shown:
        response["Content-Security-Policy"] = SHOWN_POLICY
    response["ETag"] = file.etag
    response["Accept-Ranges"] = "bytes"
    if response.status_code >= 400:
        # It answers this one asker; kept by a cache, others would get it for the file.
        response["Cache-Control"] = "no-store"
    return response


def described(response, disposition):
    """With what all that is downloaded here has in common."""
    response["Content-Disposition"] = disposition
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = f"public, max-age={CACHED}, must-revalidate"
    # Compressed they would be other bytes than their tag names.
    response["Content-Encoding"] = "identity"
    return response


def _content(request, file):
    asked = _range(request, file)
    if asked is None:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{file.size}"
        return response
    first, end = asked
    content = b"" if request.method == "HEAD" else _bytes_of(file)[first:end]
    response = HttpResponse(content, content_type=file.media_type)
    response["Content-Length"] = end - first
    if end - first < file.size:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{end - 1}/{file.size}"
    return response


def _range(request, file):
    """The first byte and the one after the last; all where none or several are asked for, or the
    asker has another file; None where there are no such bytes (RFC 9110, 14).
    """
    whole = (0, file.size)
    found = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if request.method == "HEAD" or not found or found[0] == "bytes=-":
        return whole
    if request.headers.get("If-Range", file.etag) != file.etag:
        return whole
    if not found[1]:
        length = int(found[2])
        return (max(0, file.size - length), file.size) if length else None
    first = int(found[1])
    last = int(found[2]) if found[2] else max(first, file.size)
    if first > last:
        return whole
    return (first, min(last + 1, file.size)) if first < file.size else None


def _bytes_of(file):
    if file.size > LARGEST_KEPT:
        return _read(file.pk, file.digest)
    return _kept(file.pk, file.digest)


def _read(pk, digest):
    return bytes(PublishedFile.objects.values_list("content", flat=True).get(pk=pk, digest=digest))


_kept = lru_cache(maxsize=KEPT)(_read)
