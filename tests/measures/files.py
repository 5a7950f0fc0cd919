"""Files as people attach them, and as nobody should."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
AUTHOR = "สมชาย ผู้เขียน"


def upload(name, content):
    return SimpleUploadedFile(name, content)


def pdf(change=None):
    """One empty page by an author; `change(writer)` adds to it."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": AUTHOR, "/Company": "อบต."})
    if change:
        change(writer)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def picture(kind="JPEG", mode="RGB", size=(40, 20), exif=False):
    content = io.BytesIO()
    image = Image.new(mode, size, "white" if mode != "CMYK" else (0, 0, 0, 0))
    options = {"exif": camera_words()} if exif else {}
    image.save(content, kind, **options)
    return content.getvalue()


def camera_words():
    """Where, by whom and how a telephone held sideways took a picture."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "Somchai"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (14.0, 37.0, 12.0)
    return exif


def office(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def docx(body=""):
    return office(word_parts(body))


def word_parts(body=""):
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="x"><dc:creator>{AUTHOR}</dc:creator></cp:coreProperties>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
    }


def xlsx(parts=()):
    book, content = Workbook(), io.BytesIO()
    book.active["A1"] = "งบประมาณ"
    book.properties.creator = AUTHOR
    book.save(content)
    if not parts:
        return content.getvalue()
    with zipfile.ZipFile(content) as archive:
        own = {name: archive.read(name) for name in archive.namelist()}
    return office(own | dict(parts))


def linked(kind, target="http://example.org/x"):
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="x" '
        f'Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )
