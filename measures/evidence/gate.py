"""What is let in: PDF, JPG, PNG, DOCX and XLSX that are what their names say."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts import pictures
from accounts.uploads import Refused, begins_as, not_really
from measures.evidence import documents, limits, pdfs, viruses
from measures.evidence.names import clean_name, suffix_of


@dataclass(frozen=True)
class Kind:
    """`check(file, name)` raises Refused; `write_public(file, name, into)` too."""

    label: str
    media_type: str
    begins: bytes
    check: Callable
    write_public: Callable
    is_archive: bool = False
    is_picture: bool = False


def _picture(label, media_type, begins):
    return Kind(label, media_type, begins, pictures.check, pictures.write_public, is_picture=True)


def _document(label, name):
    media_type = f"application/vnd.openxmlformats-officedocument.{name}"
    return Kind(
        label, media_type, b"PK\x03\x04", documents.check, documents.write_public, is_archive=True
    )


KINDS = {
    ".pdf": Kind("PDF", "application/pdf", b"%PDF-", pdfs.check, pdfs.write_public),
    ".jpg": _picture("JPG", "image/jpeg", b"\xff\xd8\xff"),
    ".png": _picture("PNG", "image/png", b"\x89PNG\r\n\x1a\n"),
    ".docx": _document("DOCX", "wordprocessingml.document"),
    ".xlsx": _document("XLSX", "spreadsheetml.sheet"),
}
KINDS[".jpeg"] = KINDS[".jpg"]
#: For the file box of a page, where a telephone then offers its camera too.
ACCEPT = ",".join([*KINDS, "image/jpeg", "image/png"])


def kind_of(name):
    return KINDS.get(suffix_of(name).lower())


@dataclass(frozen=True)
class Examined:
    name: str
    media_type: str
    size: int
    digest: str
    check_state: str


def examine(upload):
    """What is known of a file that may come in; raises Refused."""
    name = clean_name(upload.name or "")
    kind = kind_of(name)
    if kind is None:
        raise Refused(
            _("Files of type %(kind)s cannot be attached. Use PDF, JPG, PNG, DOCX or XLSX.")
            % {"kind": suffix_of(name) or _("(none)")}
        )
    if upload.size > limits.FILE_BYTES:
        raise _too_big(name, upload.size)
    if not begins_as(upload, kind.begins, is_archive=kind.is_archive):
        raise not_really(name, kind.label)
    upload.seek(0)
    kind.check(upload, name)
    check_state = viruses.scan(upload, name)
    upload.seek(0)
    digest = hashlib.file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    return Examined(name, kind.media_type, upload.size, digest, check_state)


def _too_big(name, size):
    return Refused(
        _("“%(name)s” has %(size)s MB, more than %(most)s MB. Shrink the picture or split it.")
        # Rounded up: "20 MB, more than 20 MB" helps nobody.
        % {"name": name, "size": -(-size // limits.MB), "most": limits.FILE_BYTES // limits.MB}
    )
