"""Files that people send: each is what it says and nothing else besides, and runs nowhere."""

import re
import zipfile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MB = 1024 * 1024
#: What a browser or a server would take for a page or a program, wherever it begins.
MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg|\?php)", re.I)
#: Bytes at either end in which it is looked for.
ENDS = 4096
#: Whatever it may hold, nothing of it runs where it is shown.
SANDBOX = "sandbox; default-src 'none'"


class Refused(ValidationError):
    """A file is not taken, or not shown. The message names it and says what to do."""


def not_really(name, label):
    return Refused(
        _("“%(name)s” is not really %(kind)s. Open it and save it as %(kind)s again.")
        % {"name": name, "kind": label}
    )


def begins_as(upload, begins, *, is_archive=False):
    """By its first bytes; and nothing else at the same time."""
    upload.seek(0)
    begin = upload.read(ENDS)
    upload.seek(max(upload.size - ENDS, 0))
    end = upload.read(ENDS)
    if not begin.startswith(begins) or MARKUP.search(begin) or MARKUP.search(end):
        return False
    return is_archive or not zipfile.is_zipfile(upload)


def shut(response):
    """A file that people sent, as the answer to one of those who may see it."""
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    # Packed already; packing it again would lose the length.
    response["Content-Encoding"] = "identity"
    return response
