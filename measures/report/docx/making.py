"""A report's HTML as an editable document, in the process of the engine: no Django in here."""

from base64 import b64decode
from datetime import date

from measures.report.docx.converting import Converter
from measures.report.docx.writing import Writer

DRAFT_COLOUR = "9A1F1B"


def make(*, html, title, author, day, mark, thai_digits, images, qr) -> bytes:
    """The same gives the same bytes. `day` is ISO, `mark` runs along the pages; `images` {name:
    picture} and `qr` are PNG in Base64, empty where there is none.
    """
    day = date.fromisoformat(day)
    writer = Writer(title=title, author=author, day=day, thai_digits=thai_digits)

    def running(body):
        agency, over = body.get("data-agency"), body.get("data-title")
        writer.header(agency, over, mark=mark, bold=True, colour=DRAFT_COLOUR)
        writer.page_numbers(body.get("data-edition", ""))

    given = {name: b64decode(body) for name, body in images.items()}
    Converter(writer, running=running, images=given, qr=b64decode(qr)).convert(html)
    return writer.content()
