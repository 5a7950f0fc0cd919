"""What a workbook may be, judged before openpyxl, which is slow and trusting, sees it."""

import io
import re
import stat
import zipfile
from collections import Counter
from pathlib import PurePath
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

MAX_UNPACKED = 10 * 1024 * 1024
MAX_PARTS = 200
#: In all sheets together: a few bytes can claim thousands of rows in each.
MAX_ROWS = 20_000
#: A province's agencies stand beside one another in a sideways table.
MAX_COLUMNS = 400
#: Elements of one name in the whole workbook: openpyxl makes objects of them, some of them dear.
MAX_CELLS, MAX_TEXTS, MAX_OTHERS = 250_000, 60_000, 10_000
MOST = {"c": MAX_CELLS, "v": MAX_CELLS, "f": MAX_CELLS, "row": MAX_CELLS}
MOST |= {"si": MAX_TEXTS, "is": MAX_TEXTS, "t": 2 * MAX_TEXTS}

#: Bytes of XML read at a time, and how long a single tag may be.
CHUNK, LONGEST_TAG = 64 * 1024, 256 * 1024

_LETTERS = re.compile("[A-Z]{1,3}")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


class UnreadableFile(ValueError):
    """The message says in the active language what is wrong with the file and what to do."""


def check_workbook(content: bytes) -> int:
    """The number of the last column that holds anything in any sheet.

    Raises UnreadableFile for what is no plain workbook of a harmless size.
    """
    if content.startswith(OLE):
        raise _old_or_encrypted(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise _too_large()
            inspection = _Inspection(archive)
            inspection.inspect(parts)
            names = {part.filename.casefold() for part in parts}
            if not {"[content_types].xml", "xl/workbook.xml"} <= names:
                raise not_really("Excel")
            return inspection.last_column
    except UnreadableFile:
        raise
    # A broken archive may raise anything from deep inside, NotImplementedError for one.
    except Exception as error:
        raise not_really("Excel") from error


class _Inspection:
    def __init__(self, archive):
        self.archive = archive
        self.met = Counter()
        self.row = self.column = self.last_column = 0

    def inspect(self, parts):
        for part in parts:
            name = part.filename.casefold()
            if stat.S_ISLNK(part.external_attr >> 16):
                raise not_really("Excel")
            if "vbaproject" in name or "macrosheet" in name:
                raise _macros()
            if name.startswith("xl/externallinks/") or name == "xl/connections.xml":
                raise _linked()
            content = self.archive.read(part)
            if content.startswith(PACKED) or content.startswith(OLE):
                raise UnreadableFile(
                    _("The workbook contains other files. Copy the scores into a new one.")
                )
            if PurePath(name).suffix in (".xml", ".rels", ".vml"):
                self._read(content)

    def _read(self, content):
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = self._doctype
        for start in range(0, len(content), CHUNK):
            parser.Parse(content[start : start + CHUNK])
            if start - parser.CurrentByteIndex > LONGEST_TAG:
                raise _too_large()
        parser.Parse(b"", True)

    def _doctype(self, *_declared):
        raise UnreadableFile(
            _("The workbook contains declarations that Excel never writes. Save it anew in Excel.")
        )

    def _element(self, name, attributes):
        name = name.rpartition(":")[2]
        self.met[name] += 1
        if self.met[name] > MOST.get(name, MAX_OTHERS):
            raise _too_large()
        if name == "sheetData":
            self.row = 0
        elif name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif name == "c":
            letters = _LETTERS.match(attributes.get("r", ""))
            self.column = column_index_from_string(letters[0]) if letters else self.column + 1
        elif name in ("v", "is", "f"):
            self._filled()
        elif name == "Relationship" and attributes.get("TargetMode", "").casefold() == "external":
            if not attributes.get("Type", "").endswith("/hyperlink"):
                raise _linked()
        elif name in ("ddeLink", "oleLink"):
            raise _linked()
        elif "macroenabled" in attributes.get("ContentType", "").casefold():
            raise _macros()

    def _filled(self):
        """What stands beyond the limits is refused, never left out."""
        self.last_column = max(self.last_column, self.column)
        if self.last_column > MAX_COLUMNS:
            raise too_many_columns()
        if self.row > MAX_ROWS:
            raise too_many_rows()


def _old_or_encrypted(content):
    if "EncryptedPackage".encode("utf-16-le") in content:
        return UnreadableFile(
            _("The workbook is protected by a password. Save it without one and choose it anew.")
        )
    return UnreadableFile(
        _("The workbook is of the old type .xls. Save it as Excel workbook (.xlsx).")
    )


def _too_large():
    return UnreadableFile(
        _("The workbook is too large when unpacked. Copy the scores into a new one.")
    )


def _macros():
    return UnreadableFile(
        _("The workbook contains macros. Save it as Excel workbook (.xlsx) without.")
    )


def _linked():
    return UnreadableFile(
        _(
            "The workbook takes data from other files. Copy the scores as values into a new one, "
            "without links."
        )
    )


def too_many_rows():
    return UnreadableFile(
        _("The file has more than %(rows)s rows. Split it and import the parts.")
        % {"rows": MAX_ROWS}
    )


def too_many_columns():
    return UnreadableFile(
        _("The file has more than %(columns)s columns. Keep only scores in the file.")
        % {"columns": MAX_COLUMNS}
    )


def not_really(kind):
    return UnreadableFile(
        _("The file cannot be read as %(kind)s. Open it, save it again and choose it anew.")
        % {"kind": kind}
    )
