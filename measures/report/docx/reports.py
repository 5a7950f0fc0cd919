"""The report as an editable document, in the words of its printed form."""

import io

import segno

from measures.report.content import Printing, Report
from measures.report.docx.converting import Converter
from measures.report.docx.writing import Writer
from measures.report.html import AS_IT_IS, images_of, plain_html, title_of

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
        running=lambda: _running(writer, report, printing),
        images=images_of(report),
        qr=_qr(printing),
    )
    converter.convert(plain_html(report, printing))
    return writer.content()


def _running(writer, report, printing):
    draft = DRAFT if report.is_draft else ""
    writer.header(report.agency, draft, f"ITA พ.ศ. {report.year}", bold=True, colour=DRAFT_COLOUR)
    writer.page_numbers(left=_which(report, printing))


def _which(report, printing):
    """Revision and digest; of a published copy its version too."""
    if report.seal is None:
        return ""
    which = f"ฉบับที่ {report.seal.number} รหัสยืนยันเนื้อหา {report.seal.digest}"
    copy = printing.published
    return f"{which} เผยแพร่ครั้งที่ {copy.number}" if copy else which


def _qr(printing):
    if not printing.published:
        return b""
    image = io.BytesIO()
    segno.make(printing.published.url, error="m", micro=False).save(image, kind="png", scale=8)
    return image.getvalue()
