"""Which files come in, and what is left of them in a public copy."""

import base64
import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader
from pypdf.actions import JavaScript
from pypdf.annotations import Text
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from measures.evidence import Refused, gate, names
from measures.evidence.jpegs import without_metadata
from tests.measures import files
from tests.measures.files import AUTHOR, docx, office, pdf, picture, upload, word_parts, xlsx

# What no database decides.
pytestmark = pytest.mark.one_database("sqlite")

JPG, PNG, PDF, DOCX, XLSX = picture(), picture("PNG"), pdf(), docx(), xlsx()
TAKEN = {
    "รูป.jpg": JPG,
    "รูป.JPEG": JPG,
    "แผนผัง.png": PNG,
    "คำสั่งแต่งตั้งคณะทำงาน ITA.pdf": PDF,
    "รายงาน.docx": DOCX,
    "ทะเบียน.xlsx": XLSX,
}


def refusal(name, content):
    with pytest.raises(Refused) as refused:
        gate.examine(upload(name, content))
    return refused.value.messages[0]


def public(name, content):
    into = io.BytesIO()
    gate.kind_of(name).write_public(upload(name, content), name, into)
    return into.getvalue()


@pytest.mark.parametrize("name", TAKEN)
def test_a_file_of_five_kinds_is_taken_under_its_own_name(name):
    examined = gate.examine(upload(name, TAKEN[name]))
    assert (examined.name, examined.size) == (name, len(TAKEN[name]))


# --- kinds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "suffix"),
    [
        ("ตรา.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", ".svg"),
        ("x.html", b"<html>", ".html"),
        ("x.xhtml", b"<html>", ".xhtml"),
        ("x.mht", b"MIME-Version: 1.0", ".mht"),
        ("x.js", b"alert(1)", ".js"),
        ("x.pdf.exe", b"MZ", ".exe"),
        ("x.php", b"<?php", ".php"),
        ("x.docm", DOCX, ".docm"),
        ("x.xlsm", XLSX, ".xlsm"),
        ("x.gif", b"GIF89a/*", ".gif"),
        ("ไม่มีนามสกุล", PDF, "(ไม่มีนามสกุลไฟล์)"),
    ],
)
def test_other_types_are_named_and_refused(name, content, suffix):
    """T-U1, and the files with macros of T-U12."""
    assert refusal(name, content) == f"แนบไฟล์ชนิด {suffix} ไม่ได้ ใช้ PDF, JPG, PNG, DOCX หรือ XLSX"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("คำสั่ง.pdf", b"<html><script>alert(1)</script>"),
        ("คำสั่ง.pdf", b"<html>" + PDF),
        ("คำสั่ง.pdf", PDF[:9] + b"<script>alert(1)</script>" + PDF[9:]),
        ("คำสั่ง.pdf", PDF + b"\n<HTML onload=x()>"),
        ("คำสั่ง.pdf", PDF + DOCX),
        ("คำสั่ง.pdf", b"%PDF-1.7\n" + b"x" * 2000),
        ("คำสั่ง.pdf", b"MZ\x90\x00"),
        ("คำสั่ง.pdf", b""),
        ("คำสั่ง.pdf", JPG),
        ("รูป.jpg", b"GIF89a=1;alert(1)//"),
        ("รูป.jpg", PNG),
        ("รูป.jpg", JPG + DOCX),
        ("รูป.jpg", JPG[:20] + b"<?php system($_GET[0]);" + JPG[20:]),
        ("รูป.png", b"<svg/>"),
        ("แบบ.docx", PDF),
        ("แบบ.docx", XLSX),
        ("แบบ.docx", b"PK\x03\x04" + b"x" * 50),
        ("แบบ.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old or with a password"),
        ("ทะเบียน.xlsx", DOCX),
        ("ทะเบียน.xlsx", office({"page.html": "<html>"})),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name, content):
    """T-U1: wrong names and files that are two things at once."""
    told = refusal(name, content)
    assert f'ไฟล์ "{name}"' in told
    assert "จริง เปิดไฟล์แล้วบันทึกเป็น" in told or "มีไฟล์อื่นซ่อนอยู่" in told


def test_a_large_file_is_refused_with_its_size(monkeypatch):
    monkeypatch.setattr("measures.evidence.limits.FILE_BYTES", 2 * 1024 * 1024)
    told = refusal("รูปประชุม.jpg", JPG + b"x" * 2 * 1024 * 1024)
    assert told == 'ไฟล์ "รูปประชุม.jpg" มีขนาด 3 MB เกิน 2 MB ย่อรูปหรือแบ่งไฟล์'


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("คำสั่งแต่งตั้งคณะทำงาน ITA.pdf", "คำสั่งแต่งตั้งคณะทำงาน ITA.pdf"),
        ("น้ำ (ฉบับที่ ๒) ปี๖๕ & อื่นๆ.pdf", "น้ำ (ฉบับที่ ๒) ปี๖๕ & อื่นๆ.pdf"),
        ("../../etc/x.pdf", "x.pdf"),
        ("C:\\Users\\somchai\\x.pdf", "x.pdf"),
        ("x\0y\r\nSet-Cookie: a=b.pdf", "xySet-Cookie: a=b.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("x.pdf... ", "x.pdf"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ("ก" * 300 + ".pdf", "ก" * 251 + ".pdf"),
    ],
)
def test_names_keep_what_is_seen_and_lose_the_rest(given, kept):
    """T-U3."""
    assert names.clean_name(given) == kept


# --- archives -------------------------------------------------------------------------------------


def symlink():
    info = zipfile.ZipInfo("word/media/x.png")
    info.external_attr = 0o120777 << 16
    return info


FIELD = '<w:fldChar w:fldCharType="begin"/><w:instrText>{}</w:instrText>'
RELS = "word/_rels/settings.xml.rels"
BILLION = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
LINKED, NESTED, MACROS, BROKEN = "ดึงข้อมูลจากไฟล์อื่น", "มีไฟล์อื่นซ่อนอยู่", "มีแมโคร", "ไม่ใช่"
ARCHIVES = {
    "macros": ({"word/vbaProject.bin": b"x"}, MACROS),
    "a remote template": ({RELS: files.linked("attachedTemplate")}, LINKED),
    "a linked picture": ({RELS: files.linked("image")}, LINKED),
    "a linked object": ({RELS: files.linked("oleObject")}, LINKED),
    "an object": ({"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}, NESTED),
    "a workbook inside": ({"word/embeddings/Book1.xlsx": XLSX}, NESTED),
    "a page inside": ({"word/afchunk.mht": "MIME-Version: 1.0"}, NESTED),
    "a link of the file system": ({symlink(): "/etc/passwd"}, BROKEN),
    "entities that grow": ({"word/styles.xml": BILLION}, BROKEN),
    "an entity from outside": ({"word/styles.xml": EXTERNAL}, BROKEN),
    "DDE": (word_parts(FIELD.format("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe")), LINKED),
    "DDE in two pieces": (
        word_parts("<w:instrText>DD</w:instrText><w:instrText>E cmd</w:instrText>"),
        LINKED,
    ),
    "DDE in a simple field": (word_parts('<w:fldSimple w:instr=" DDE cmd /c calc"/>'), LINKED),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_documents_with_something_hidden_are_refused(name):
    """T-U4, T-U7 and T-U12 for DOCX."""
    parts, told = ARCHIVES[name]
    assert told in refusal("แบบ.docx", office(word_parts() | parts))


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"xl/externalLinks/externalLink1.xml": "<x/>"}, LINKED),
        ({"xl/x.xml": '<ddeLink ddeService="cmd"/>'}, LINKED),
        ({"xl/worksheets/sheet1.xml": "<x><f>cmd|'/c calc'!A0</f></x>"}, LINKED),
        ({"xl/macrosheets/sheet1.xml": "<x/>"}, MACROS),
        ({"xl/sharedStrings.xml": BILLION}, BROKEN),
    ],
)
def test_workbooks_with_links_and_commands_are_refused(parts, told):
    """T-U7 and T-U12 for XLSX."""
    assert told in refusal("ทะเบียน.xlsx", xlsx(parts))


def test_fields_and_links_of_everyday_documents_are_taken():
    body = FIELD.format('TOC \\o "1-3"') + FIELD.format('HYPERLINK "http://example.org/DDE"')
    parts = word_parts(body) | {RELS: files.linked("hyperlink")}
    gate.examine(upload("รายงาน.docx", office(parts)))
    gate.examine(upload("ก.xlsx", xlsx({"xl/x.xml": '<x><f>A1&amp;"|"</f></x>'})))


BOMBS = {
    "large when unpacked": lambda: {"word/media/x.png": b"\0" * (101 * 1024 * 1024)},
    "many parts": lambda: {f"word/media/{n}.png": b"" for n in range(1001)},
    "many elements": lambda: {"word/x.xml": b"<a>" + b"<a/>" * 100_001 + b"</a>"},
    "one endless tag": lambda: {"word/x.xml": b"<a " + b" " * (50 * 1024 * 1024) + b"/>"},
}


@pytest.mark.parametrize("name", BOMBS)
def test_archives_that_grow_are_refused_in_little_memory(monkeypatch, name):
    """T-U4."""
    monkeypatch.setattr("measures.evidence.documents.MOST_ELEMENTS", 100_000)
    file = upload("แบบ.docx", office(word_parts() | BOMBS[name]()))
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="ใหญ่เกินไปเมื่อคลายการบีบอัด"):
            gate.examine(file)
        assert tracemalloc.get_traced_memory()[1] < 10 * 1024 * 1024
    finally:
        tracemalloc.stop()


# --- pictures -------------------------------------------------------------------------------------


def png_that_claims(width, height):
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG[:8] + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(30_000, 30_000), (10_000, 9_000), (6_400, 6_400)])
def test_pictures_of_too_many_pixels_are_refused_before_they_are_drawn(size):
    """T-U5."""
    assert "มีเกิน 40 ล้านพิกเซล" in refusal("รูป.png", png_that_claims(*size))


@pytest.mark.parametrize(
    ("name", "content"),
    [("รูป.jpg", picture(size=(300, 300))[:900]), ("รูป.png", PNG[:-20]), ("รูป.png", PNG[:40])],
)
def test_broken_pictures_are_refused(name, content):
    """T-U5."""
    assert f'ไฟล์ "{name}" ไม่ใช่' in refusal(name, content)


@pytest.mark.parametrize(("name", "kind"), [("รูป.jpg", "JPEG"), ("รูป.png", "PNG")])
def test_the_public_copy_of_a_picture_is_upright_and_says_nothing_of_its_maker(name, kind):
    """T-U5 and T-U11."""
    content = picture(kind, exif=True)
    assert b"Somchai" in content
    gate.examine(upload(name, content))
    copy = public(name, content)
    with Image.open(io.BytesIO(copy)) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == (kind, (20, 40), {})
    assert b"Somchai" not in copy


def test_a_picture_for_print_is_shown_in_the_colours_of_a_screen():
    """T-U5: CMYK."""
    content = picture(mode="CMYK")
    gate.examine(upload("รูป.jpg", content))
    with Image.open(io.BytesIO(public("รูป.jpg", content))) as shown:
        assert (shown.mode, shown.getpixel((3, 3))) == ("RGB", (255, 255, 255))


def test_a_photograph_inside_a_document_loses_its_words_and_no_pixel():
    """T-U11."""
    content = picture(exif=True)
    parts = word_parts() | {"word/media/image1.jpeg": content, "word/media/image2.bin": content}
    with zipfile.ZipFile(io.BytesIO(public("แบบ.docx", office(parts)))) as copy:
        shown = copy.read("word/media/image1.jpeg")
        assert copy.read("word/media/image2.bin") == shown
    assert b"Somchai" in content
    assert b"Somchai" not in shown
    with Image.open(io.BytesIO(content)) as old, Image.open(io.BytesIO(shown)) as new:
        assert old.tobytes() == new.tobytes()
    assert without_metadata(b"no picture") == b"no picture"


# --- documents and PDF ----------------------------------------------------------------------------


def test_the_public_copy_of_a_document_does_not_say_who_wrote_it():
    """T-U11: DOCX and XLSX."""
    people = f'<w15:people xmlns:w15="x"><w15:person w15:author="{AUTHOR}"/></w15:people>'
    shared = f"<p:properties xmlns:p='x'><DisplayName>{AUTHOR}</DisplayName></p:properties>"
    folder = f'<x><mc:y xmlns:mc="y"><a:absPath xmlns:a="z" url="C:\\{AUTHOR}\\"/></mc:y></x>'
    for name, content in (
        ("แบบ.docx", office(word_parts() | {"word/people.xml": people})),
        ("แบบ.docx", office(word_parts() | {"customXml/item1.xml": shared})),
        ("ทะเบียน.xlsx", XLSX),
        ("ทะเบียน.xlsx", xlsx({"xl/workbook.xml": folder})),
    ):
        copy = public(name, content)
        with zipfile.ZipFile(io.BytesIO(copy)) as archive:
            whole = b"".join(archive.read(part) for part in archive.namelist())
        assert AUTHOR not in whole.decode()
        gate.examine(upload(name, copy))
    book = load_workbook(io.BytesIO(public("ทะเบียน.xlsx", XLSX)))
    assert book.active["A1"].value == "งบประมาณ"


@pytest.mark.parametrize(
    "parts",
    [
        word_parts(f'<w:ins w:author="{AUTHOR}"/>'),
        {"word/comments.xml": f'<w:x xmlns:w="x"><w:comment w:author="{AUTHOR}"/></w:x>'},
    ],
)
def test_remarks_that_name_people_are_taken_but_not_shown(parts):
    """T-U11."""
    content = office(word_parts() | parts)
    gate.examine(upload("แบบ.docx", content))
    with pytest.raises(Refused, match="ระบุชื่อผู้เขียน"):
        public("แบบ.docx", content)


def test_the_public_copy_of_a_pdf_does_not_say_who_wrote_it():
    """T-U11."""

    def remark(writer):
        note = Text(rect=(10, 10, 20, 20), text="ดู")
        note[NameObject("/T")] = TextStringObject(AUTHOR)
        writer.add_annotation(0, note)
        writer.pages[0][NameObject("/PieceInfo")] = DictionaryObject()
        writer.xmp_metadata = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{AUTHOR}</x:xmpmeta>".encode()

    copy = public("คำสั่ง.pdf", pdf(remark))
    reader = PdfReader(io.BytesIO(copy))
    assert len(reader.pages) == 1
    assert not reader.metadata
    assert reader.xmp_metadata is None
    assert AUTHOR.encode("utf-16-be") not in copy
    assert AUTHOR.encode() not in copy
    assert "/PieceInfo" not in reader.pages[0]
    assert "/T" not in reader.pages[0]["/Annots"][0].get_object()


@pytest.mark.parametrize(
    ("filters", "wrap"),
    [
        (["/DCTDecode"], bytes),
        (["/FlateDecode", "/DCTDecode"], zlib.compress),
        (["/ASCII85Decode", "/DCTDecode"], lambda data: base64.a85encode(data) + b"~>"),
    ],
)
def test_a_photograph_inside_a_pdf_loses_its_words_however_it_is_wrapped(filters, wrap):
    def photograph(writer):
        stream = StreamObject()
        stream._data = wrap(picture(exif=True))
        names = ArrayObject(NameObject(name) for name in filters)
        stream[NameObject("/Filter")] = writer._add_object(names)
        writer.root_object[NameObject("/Photograph")] = writer._add_object(stream)

    content = pdf(photograph)
    shown = PdfReader(io.BytesIO(public("รูป.pdf", content))).root_object["/Photograph"]
    assert shown._data == without_metadata(picture(exif=True))
    assert b"Somchai" not in shown._data


def script(writer):
    writer.add_open_action(JavaScript("app.alert(1)"))


def launch(writer):
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch")})
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)


def launch_by_reference(writer):
    kind = writer._add_object(NameObject("/Launch"))
    action = DictionaryObject({NameObject("/S"): kind})
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (script, "คำสั่งที่ทำงานเอง"),
        (launch, "คำสั่งที่ทำงานเอง"),
        (launch_by_reference, "คำสั่งที่ทำงานเอง"),
        (lambda writer: writer.add_attachment("x.exe", b"MZ"), "คำสั่งที่ทำงานเอง"),
        (lambda writer: writer.encrypt("secret", algorithm="RC4-128"), "ไม่มีรหัสผ่าน"),
    ],
)
def test_a_pdf_that_acts_by_itself_or_is_locked_is_taken_but_not_shown(change, told):
    """T-U6: it leaves only as a download."""
    content = pdf(change)
    gate.examine(upload("คำสั่ง.pdf", content))
    with pytest.raises(Refused, match=told):
        public("คำสั่ง.pdf", content)


def test_a_broken_or_endless_pdf_is_taken_but_not_shown(monkeypatch):
    """T-U6."""
    broken = b"%PDF-1.7\n" + b"\x01" * 500 + b"\nstartxref\n9\n%%EOF\n"
    gate.examine(upload("คำสั่ง.pdf", broken))
    with pytest.raises(Refused, match="ไม่ใช่ PDF จริง"):
        public("คำสั่ง.pdf", broken)
    monkeypatch.setattr("measures.evidence.limits.PDF_PAGES", 0)
    with pytest.raises(Refused, match="มีเกิน 0 หน้า"):
        public("คำสั่ง.pdf", PDF)
