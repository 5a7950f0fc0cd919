"""PDF: kept as it came and never drawn here; only a public copy is written anew."""

import logging
import os
import threading

from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.filters import ASCII85Decode, FlateDecode
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from accounts.uploads import Refused, not_really
from measures.evidence import limits
from measures.evidence.jpegs import without_metadata

logger = logging.getLogger(__name__)
#: How near its end a PDF says that it ends, in bytes.
TAIL = 1024
#: Keys of what a document does by itself, or carries along.
ACTIVE = set(
    "/JavaScript /JS /AA /EmbeddedFiles /EF /RichMedia /RichMediaContent /XFA /Rendition".split()
)
#: Kinds of actions, not keys.
ACTIONS = set(
    "/JavaScript /Launch /SubmitForm /ImportData /GoToR /GoToE /Rendition /Movie /Sound".split()
)
#: What describes the document, a page or an object, and who worked on it with what.
DESCRIBING = ("/Metadata", "/PieceInfo", "/LastModified")
#: What may be wrapped around a photograph; a PDF that wraps it otherwise is not shown.
WRAPPINGS = {"/FlateDecode": FlateDecode, "/ASCII85Decode": ASCII85Decode}
#: One at a time in a process, so that several do not add up in its memory.
_rewriting = threading.Lock()


def check(file, name):
    file.seek(0, os.SEEK_END)
    file.seek(max(file.tell() - TAIL, 0))
    if b"%%EOF" not in file.read():
        raise not_really(name, "PDF")


def write_public(file, name, into):
    """The same pages without title, author and history; what acts by itself is refused."""
    with _rewriting:
        try:
            _rewrite(file, name, into)
        except Refused:
            raise
        # A broken PDF may raise anything from deep inside, RecursionError for one.
        except Exception as error:
            logger.warning("no public copy of a PDF: %s", type(error).__name__)
            raise not_really(name, "PDF") from error


def _rewrite(file, name, into):
    reader = PdfReader(file)
    if reader.is_encrypted:
        raise Refused(
            _("“%(name)s” is protected. Save it as PDF without a password to show it.")
            % {"name": name}
        )
    if len(reader.pages) > limits.PDF_PAGES:
        raise Refused(
            _("“%(name)s” has more than %(most)s pages. Split it to show it.")
            % {"name": name, "most": limits.PDF_PAGES}
        )
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    _clean(writer, name)
    writer.write(into)


def _clean(writer, name):
    """Judges and cleans every object, from the root; what is left out is not written at all."""
    waiting, kept = [writer.root_object.indirect_reference], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in kept:
                continue
            kept.add(one.idnum)
            one = writer._objects[one.idnum - 1]
        if isinstance(one, ArrayObject):
            waiting.extend(list.__iter__(one))
        elif isinstance(one, DictionaryObject):
            _clean_dictionary(one, name)
            waiting.extend(dict.values(one))
    for number in range(1, len(writer._objects) + 1):
        if number not in kept:
            writer._objects[number - 1] = None


def _clean_dictionary(one, name):
    if ACTIVE & set(one) or _value(one, "/S") in ACTIONS:
        raise Refused(
            _(
                "“%(name)s” contains files or commands that act by themselves. Print it into a "
                "new PDF to show it."
            )
            % {"name": name}
        )
    for key in DESCRIBING:
        one.pop(key, None)
    _forget_author(one)
    if isinstance(one, StreamObject):
        _forget_camera(one)


def _forget_author(one):
    """Of a remark on a page; a field of a form keeps its name, which stands in the same place."""
    if "/Rect" in one and "/FT" not in one and "/Parent" not in one:
        one.pop("/T", None)


def _forget_camera(stream):
    filters = _value(stream, "/Filter")
    *wrappings, kind = filters if isinstance(filters, list) else [filters]
    if kind != "/DCTDecode":
        return
    data = stream._data
    for wrapping in wrappings:
        data = WRAPPINGS[wrapping].decode(data)
    if wrappings:
        stream[NameObject("/Filter")] = NameObject(kind)
        stream.pop("/DecodeParms", None)
    stream._data = without_metadata(data)


def _value(one, key):
    """Itself, where a reference stands for it."""
    value = one.get(key)
    return value.get_object() if isinstance(value, IndirectObject) else value
