"""The report as an editable document, in the words of its printed form."""

import io

import segno

from measures.report.content import Printing, Report
from measures.report.docx.converting import Converter
from measures.report.docx.writing import Writer
from measures.report.html import AS_IT_IS, images_of, plain_html, title_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFT, DRAFT_COLOUR = "ร่าง", "9A1F1B"


def docx_of(report: Report, printing: Printing = AS_IT_IS) -> bytes:
    """The same report printed the same way gives the same bytes."""
    writer = Writer(
        title=title_of(report.part, report.year),
        author=report.agency,
        day=report.day,
        thai_digits=printing.thai_digits,
    )

    converter = Converter(
        writer,
        running=lambda body: _running(writer, report, body),
        images=images_of(report),
        qr=_qr(printing),
    )
    converter.convert(plain_html(report, printing))
    return writer.content()


def _running(writer, report, body):
    """What the printed form has along its pages too."""
    mark = DRAFT if report.is_draft else ""
    agency, title = body.get("data-agency"), body.get("data-title")
    writer.header(agency, title, mark=mark, bold=True, colour=DRAFT_COLOUR)
    writer.page_numbers(body.get("data-edition", ""))


def _qr(printing):
    if not printing.published:
        return b""
    image = io.BytesIO()
    segno.make(printing.published.url, error="m", micro=False).save(image, kind="png", scale=8)
    return image.getvalue()
