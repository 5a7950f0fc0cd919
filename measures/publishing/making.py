"""Makes the files of a publication before anything is locked: rendering takes seconds."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from assessments.spreadsheets import CONTENT_TYPES
from measures.models import Revision
from measures.publishing.data import public_data
from measures.publishing.evidence import public_evidence
from measures.publishing.tables import measures_csv, progress_csv, scores_csv
from measures.report.content import Part, Printing, PublishedCopy, Report
from measures.report.docx.reports import DOCX, docx_of
from measures.report.frozen import revision_report
from measures.report.jobs import document_of, pdf_now
from measures.report.xlsx import xlsx_of

PDF, JSON, CSV = "application/pdf", "application/json", CONTENT_TYPES["csv"]
XLSX = CONTENT_TYPES["xlsx"]


@dataclass(frozen=True)
class MadeFile:
    name: str
    media_type: str
    content: bytes

    @cached_property
    def digest(self):
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Copy:
    """A revision as it is, or would be, published as v`number` at this moment."""

    revision: Revision
    number: int
    at: datetime
    thai_digits: bool

    @cached_property
    def _full(self) -> Report:
        return revision_report(self.revision, Part.FULL)

    def report(self, part=Part.FULL) -> Report:
        return replace(self._full, part=part)

    @cached_property
    def printing(self) -> Printing:
        plan = self.revision.plan
        published = PublishedCopy(
            number=self.number,
            day=timezone.localdate(self.at),
            url=settings.PORTAL_URL + plan.get_public_url(),
            digest=self.revision.short_digest,
        )
        return Printing(thai_digits=self.thai_digits, published=published)

    @cached_property
    def data(self) -> dict:
        """The document of the open data; `url` is the address that stays."""
        plan = self.revision.plan
        url = reverse("public:version", args=[plan.agency.code, plan.year, self.number])
        data = public_data(self.report(), agency=plan.agency, evidence=public_evidence(plan))
        return data | {
            "publication": {
                "number": self.number,
                "published_on": timezone.localdate(self.at).isoformat(),
                "url": settings.PORTAL_URL + url,
            }
        }


def _pdf(part, copy):
    return pdf_now(document_of(copy.report(part), copy.printing))


def _json(copy):
    return json.dumps(copy.data, ensure_ascii=False, indent=1).encode()


#: Name in the address → media type, and what makes it.
MAKERS: dict[str, tuple[str, Callable[[Copy], bytes]]] = {
    "full.pdf": (PDF, partial(_pdf, Part.FULL)),
    "measures.pdf": (PDF, partial(_pdf, Part.MEASURES)),
    "progress.pdf": (PDF, partial(_pdf, Part.PROGRESS)),
    "report.docx": (DOCX, lambda copy: docx_of(copy.report(), copy.printing)),
    "figures.xlsx": (XLSX, lambda copy: xlsx_of(copy.report(), copy.revision.plan.agency)),
    "data.json": (JSON, _json),
    "scores.csv": (CSV, lambda copy: scores_csv(copy.data)),
    "measures.csv": (CSV, lambda copy: measures_csv(copy.data)),
    "progress.csv": (CSV, lambda copy: progress_csv(copy.data)),
}


def make(copy, name) -> MadeFile:
    """Raises RenderBusy and RenderFailed of the worker."""
    media_type, maker = MAKERS[name]
    return MadeFile(name, media_type, maker(copy))


def make_all(copy) -> list[MadeFile]:
    return [make(copy, name) for name in MAKERS]
