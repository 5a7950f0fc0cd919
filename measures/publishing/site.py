"""The copy of a version for another site: one ZIP, whose page works from any folder.

The same publication gives the same bytes, whenever it is asked for: no later version, no clock.
"""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.utils import timezone

from measures.publishing.page import known_files, version_page
from measures.publishing.published import facts_with

PAGE, STYLESHEET = "index.html", "style.css"
#: Packed already.
STORED = (".pdf", ".docx", ".xlsx")
#: As there are none of the fonts in the folder, the reader's own are taken.
_FONT_FACE = re.compile(r"^@font-face .*\n", re.MULTILINE)


def make_site(publication) -> bytes:
    """All that is in it lies in one folder, named after the agency's code and the year."""
    plan = publication.plan
    files = list(publication.files.order_by("name"))
    folder = f"ita-{plan.agency.code}-{plan.year}-v{publication.number}"
    members = [
        (PAGE, version_page(publication.data, _facts(publication, files)).encode()),
        (STYLESHEET, _stylesheet().encode()),
        *((file.name, bytes(file.content)) for file in files),
    ]
    moment = timezone.localtime(publication.published_at).timetuple()[:6]
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, content in members:
            member = ZipInfo(f"{folder}/{name}", moment)
            member.external_attr = 0o644 << 16
            packing = ZIP_STORED if name.endswith(STORED) else ZIP_DEFLATED
            archive.writestr(member, content, packing)
    return written.getvalue()


def _facts(publication, files):
    """Other versions and years come and go: the page leads to the portal's for them."""
    evidence_url = f"{settings.PORTAL_URL}{publication.get_absolute_url()}evidence/"
    return facts_with(
        publication,
        files=known_files((file.name, file.name, file.size, file.digest) for file in files),
        evidence_url=evidence_url,
        stylesheet=STYLESHEET,
    )


def _stylesheet():
    return _FONT_FACE.sub("", Path(find("css/public.css")).read_text("utf-8"))
