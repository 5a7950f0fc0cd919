"""What a workbook may not be: it is refused before anything in it costs time or memory."""

import io
import random
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook

from assessments.exchange import files, workbooks

# What no database decides.
pytestmark = pytest.mark.one_database("postgres")

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def plain():
    book = Workbook()
    book.active["A1"] = "agency_code"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_parts(parts):
    """A sound workbook with these parts put in or over its own."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(plain())) as source,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in set(source.namelist()) - set(parts):
            target.writestr(name, source.read(name))
        for name, part in parts.items():
            target.writestr(name, part)
    return content.getvalue()


def sheet(rows):
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return {"xl/worksheets/sheet1.xml": xml}


def linked(kind, target, name="xl/_rels/workbook.xml.rels"):
    relation = (
        f'<Relationship Id="x" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="External"/>'
    )
    return {name: f'<Relationships xmlns="{PACKAGE}">{relation}</Relationships>'}


def refusal(content, name="scores.xlsx"):
    with pytest.raises(workbooks.UnreadableFile) as refused:
        files.read_sheets(name, content)
    return str(refused.value)


def types(main):
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>'
    }


LINKED, LARGE, MACROS = "ดึงข้อมูลจากไฟล์อื่น", "เมื่อคลายการบีบอัด", "แมโคร"
REFUSED = {
    "macros": ({"xl/vbaProject.bin": b"x"}, MACROS),
    "macros by type": (types("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), MACROS),
    "old macro sheets": ({"xl/macrosheets/sheet1.xml": "<x/>"}, MACROS),
    "an external workbook": ({"xl/externalLinks/externalLink1.xml": "<x/>"}, LINKED),
    "a linked picture": (linked("image", "http://example.org/x.png"), LINKED),
    "a data connection": ({"xl/connections.xml": "<connections/>"}, LINKED),
    "DDE": ({"xl/other.xml": '<x:ddeLink xmlns:x="y" ddeService="cmd"/>'}, LINKED),
    "entities": (
        {"xl/sharedStrings.xml": f'<!DOCTYPE x [<!ENTITY a "b">]><sst xmlns="{MAIN}"/>'},
        "คำสั่ง XML",
    ),
    "an external entity in UTF-16": (
        {
            "xl/sharedStrings.xml": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY '
            'a SYSTEM "file:///etc/passwd">]><x/>'.encode("utf-16")
        },
        "คำสั่ง XML",
    ),
    "an archive inside": ({"xl/embeddings/book.bin": plain()}, "มีไฟล์อื่นฝังอยู่"),
    "too many parts": ({f"xl/media/{n}.png": b"" for n in range(200)}, LARGE),
    "a row of endless cells": (sheet("<row>" + "<c/>" * 300_000 + "</row>"), LARGE),
    "endless styles": (
        {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 50_000}</cellXfs>'},
        LARGE,
    ),
    "one endless tag": (
        sheet("<row " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>"),
        LARGE,
    ),
    "a value far to the right": (sheet('<row><c r="ZZ1"><v>1</v></c></row>'), "เกิน 400 คอลัมน์"),
    "a value far below": (sheet('<row r="20001"><c><v>1</v></c></row>'), "เกิน 20000 แถว"),
    "broken XML": (sheet("<row>"), "เป็น Excel ไม่ได้"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_workbook_that_is_more_than_scores_is_refused_in_words(what):
    parts, expected = REFUSED[what]
    assert expected in refusal(with_parts(parts))


def test_a_symbolic_link_in_the_archive_is_refused():
    content = io.BytesIO(plain())
    with zipfile.ZipFile(content, "a") as archive:
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "เป็น Excel ไม่ได้" in refusal(content.getvalue())


def test_a_hyperlink_in_a_cell_is_no_reason_to_refuse():
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    content = with_parts(linked("hyperlink", "http://example.org", name))
    assert files.read_sheets("scores.xlsx", content)[0].rows == [["agency_code"]]


def test_passwords_and_old_workbooks_are_told_apart():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert "มีรหัสผ่าน" in refusal(ole + "EncryptedPackage".encode("utf-16-le"))
    assert ".xls" in refusal(ole + b"Workbook")
    for kind in (".xls", ".ods", ".xlsm", ".xlsb"):
        assert f"ชนิด {kind} ไม่ได้" in refusal(ole, f"scores{kind}")


def test_a_bomb_of_two_megabytes_costs_next_to_nothing():
    """openpyxl alone would take seconds and hundreds of MiB for such."""
    cells = sheet("<row><c><v>87.54</v></c></row>" * 400_000)
    bomb = with_parts({"xl/media/1.png": random.Random(1).randbytes(1_400_000), **cells})
    tracemalloc.start()
    try:
        for content in (bomb, with_parts(sheet("<row>" + "<c/>" * 1_000_000 + "</row>"))):
            tracemalloc.reset_peak()
            assert len(content) < files.MAX_BYTES
            assert LARGE in refusal(content)
            assert tracemalloc.get_traced_memory()[1] < 60 * 1024 * 1024
    finally:
        tracemalloc.stop()
