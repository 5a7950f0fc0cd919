"""What is let in: PDF, JPG, PNG, DOCX and XLSX that are what their names say."""

import hashlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from measures.evidence import limits
from measures.evidence.names import clean_name, suffix_of


class Refused(ValidationError):
    """The message names the file, says what is wrong and what to do."""


@dataclass(frozen=True)
class Kind:
    label: str
    media_type: str
    begins: bytes


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_JPG = Kind("JPG", "image/jpeg", b"\xff\xd8\xff")
KINDS = {
    ".pdf": Kind("PDF", "application/pdf", b"%PDF-"),
    ".jpg": _JPG,
    ".jpeg": _JPG,
    ".png": Kind("PNG", "image/png", b"\x89PNG\r\n\x1a\n"),
    ".docx": Kind("DOCX", _WORD, b"PK\x03\x04"),
    ".xlsx": Kind("XLSX", _EXCEL, b"PK\x03\x04"),
}


@dataclass(frozen=True)
class Examined:
    name: str
    media_type: str
    size: int
    digest: str


def examine(upload):
    """What is known of a file that may come in; raises Refused."""
    name = clean_name(upload.name or "")
    kind = KINDS.get(suffix_of(name).lower())
    if kind is None:
        raise Refused(
            _("Files of type %(kind)s cannot be attached. Use PDF, JPG, PNG, DOCX or XLSX.")
            % {"kind": suffix_of(name) or _("(none)")}
        )
    if upload.size > limits.FILE_BYTES:
        raise Refused(
            _("“%(name)s” has %(size)s MB, more than %(most)s MB. Shrink the picture or split it.")
            % {
                "name": name,
                "size": round(upload.size / limits.MB),
                "most": limits.FILE_BYTES // limits.MB,
            }
        )
    upload.seek(0)
    if upload.read(len(kind.begins)) != kind.begins:
        raise Refused(
            _("“%(name)s” is not really %(kind)s. Open it and save it as %(kind)s again.")
            % {"name": name, "kind": kind.label}
        )
    return Examined(name, kind.media_type, upload.size, _digest(upload))


def _digest(upload):
    upload.seek(0)
    return hashlib.file_digest(upload, "sha256").hexdigest()
