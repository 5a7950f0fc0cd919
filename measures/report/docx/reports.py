"""The report as an editable document, in the words of its printed form."""

import io
from base64 import b64encode

import segno

from measures.report.content import Printing, Report
from measures.report.html import AS_IT_IS, images_of, plain_html, title_of
from measures.report.worker import make_docx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFT = "ร่าง"


def docx_of(report: Report, printing: Printing = AS_IT_IS) -> bytes:
    """The same report printed the same way gives the same bytes.

    Raises RenderBusy and RenderFailed of the worker.
    """
    return make_docx(
        html=plain_html(report, printing),
        title=title_of(report.part, report.year),
        author=report.agency,
        day=report.day.isoformat(),
        mark=DRAFT if report.is_draft else "",
        thai_digits=printing.thai_digits,
        images={name: b64encode(body).decode() for name, body in images_of(report).items()},
        qr=b64encode(_qr(printing)).decode(),
    )


def _qr(printing):
    if not printing.published:
        return b""
    image = io.BytesIO()
    segno.make(printing.published.url, error="m", micro=False).save(image, kind="png", scale=8)
    return image.getvalue()
