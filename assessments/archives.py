"""What XLSX and DOCX may be as ZIP archives of XML, judged before any program believes them.

Sizes are judged before anything is unpacked, and parts are read in pieces: what is refused costs
neither time nor memory. Links to web pages are let through; they open by hand alone.
"""

import stat
import zipfile
from enum import Enum, auto
from xml.parsers import expat

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
#: Bytes read at a time, and how long a single tag may be.
CHUNK, LONGEST_TAG = 64 * 1024, 256 * 1024


def ending_of(name):
    """What follows the last dot of a part's name: "rels" of "_rels/.rels"."""
    return name.rpartition(".")[2]


class Trouble(Enum):
    BROKEN = auto()
    TOO_LARGE = auto()
    MACROS = auto()
    #: Data, templates or objects from elsewhere.
    LINKED = auto()
    #: Other files inside.
    NESTED = auto()
    #: A DOCTYPE, which no office program writes.
    DECLARED = auto()


class Unreadable(ValueError):
    """The file is not taken."""


class BadArchive(Unreadable):
    def __init__(self, trouble):
        super().__init__(trouble)
        self.trouble = trouble


class Inspection:
    """Reads an archive once; what derives from it looks closer at `element`."""

    def __init__(self, *, most_bytes, most_parts):
        self.most_bytes, self.most_parts = most_bytes, most_parts
        self.names = set()

    def inspect(self, file):
        """Raises BadArchive, or whatever Unreadable a closer look raises."""
        try:
            with zipfile.ZipFile(file) as archive:
                parts = archive.infolist()
                size = sum(part.file_size for part in parts)
                if len(parts) > self.most_parts or size > self.most_bytes:
                    raise BadArchive(Trouble.TOO_LARGE)
                for part in parts:
                    self._inspect_part(archive, part)
        except Unreadable:
            raise
        # A broken archive may raise anything from deep inside, NotImplementedError for one.
        except Exception as error:
            raise BadArchive(Trouble.BROKEN) from error

    def _inspect_part(self, archive, part):
        name = part.filename.casefold()
        if stat.S_ISLNK(part.external_attr >> 16):
            raise BadArchive(Trouble.BROKEN)
        if "vbaproject" in name or "macrosheet" in name:
            raise BadArchive(Trouble.MACROS)
        if name.startswith("xl/externallinks/") or name == "xl/connections.xml":
            raise BadArchive(Trouble.LINKED)
        self.names.add(name)
        with archive.open(part) as content:
            first = content.read(CHUNK)
            if first.startswith(PACKED) or first.startswith(OLE):
                raise BadArchive(Trouble.NESTED)
            if ending_of(name) in ("xml", "rels", "vml"):
                self._read(name, first, content)
            else:
                # To its end: only then is it known that it is whole.
                while content.read(CHUNK):
                    pass

    def _read(self, name, piece, content):
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = self._doctype
        self.begin(name, parser)
        start = 0
        while piece:
            parser.Parse(piece)
            if start - parser.CurrentByteIndex > LONGEST_TAG:
                raise BadArchive(Trouble.TOO_LARGE)
            start += len(piece)
            piece = content.read(CHUNK)
        parser.Parse(b"", True)

    def begin(self, name, parser):
        """A part of XML begins."""

    def element(self, name, attributes):
        """An element begins; `name` without its prefix."""

    def _doctype(self, *_declared):
        raise BadArchive(Trouble.DECLARED)

    def _element(self, name, attributes):
        name = name.rpartition(":")[2]
        self.element(name, attributes)
        if name == "Relationship" and attributes.get("TargetMode", "").casefold() == "external":
            if not attributes.get("Type", "").endswith("/hyperlink"):
                raise BadArchive(Trouble.LINKED)
        elif name in ("ddeLink", "oleLink"):
            raise BadArchive(Trouble.LINKED)
        elif "macroenabled" in attributes.get("ContentType", "").casefold():
            raise BadArchive(Trouble.MACROS)
