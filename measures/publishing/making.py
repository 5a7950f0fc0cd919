"""Makes the files of a publication before anything is locked: rendering takes seconds."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils import timezone

from measures.publishing.data import public_data
from measures.publishing.evidence import public_evidence
from measures.report.content import Part, Printing, PublishedCopy
from measures.report.frozen import revision_report
from measures.report.html import pdf_of

PDF, JSON = "application/pdf", "application/json"


@dataclass(frozen=True)
class MadeFile:
    name: str
    media_type: str
    content: bytes

    @cached_property
    def digest(self):
        return hashlib.sha256(self.content).hexdigest()


def make(revision, number, thai_digits):
    """Returns (data, files) of the publication with this number.

    Raises RenderBusy and RenderFailed of the worker.
    """
    plan = revision.plan
    copy = PublishedCopy(
        number=number,
        day=timezone.localdate(),
        url=settings.PORTAL_URL + plan.get_public_url(),
        digest=revision.short_digest,
    )
    printing = Printing(thai_digits=thai_digits, published=copy)
    files = [
        MadeFile(f"{part}.pdf", PDF, pdf_of(revision_report(revision, part), printing))
        for part in Part.values
    ]
    report = revision_report(revision, Part.FULL)
    data = public_data(report, agency=plan.agency, evidence=public_evidence(plan))
    text = json.dumps(data, ensure_ascii=False, indent=1)
    files.append(MadeFile("data.json", JSON, text.encode()))
    return data, files
