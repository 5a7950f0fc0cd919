"""What a workbook may be, judged before openpyxl, which is slow and trusting, sees it."""

import io
import re
from collections import Counter

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from assessments.archives import OLE, BadArchive, Inspection, Trouble, Unreadable

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

_LETTERS = re.compile("[A-Z]{1,3}")


class UnreadableFile(Unreadable):
    """The message says in the active language what is wrong with the file and what to do."""


def check_workbook(content: bytes) -> int:
    """The number of the last column that holds anything in any sheet.

    Raises UnreadableFile for what is no plain workbook of a harmless size.
    """
    if content.startswith(OLE):
        raise _old_or_encrypted(content)
    inspection = _Inspection(most_bytes=MAX_UNPACKED, most_parts=MAX_PARTS)
    try:
        inspection.inspect(io.BytesIO(content))
    except BadArchive as bad:
        raise _told(bad.trouble) from bad
    if not {"[content_types].xml", "xl/workbook.xml"} <= inspection.names:
        raise not_really("Excel")
    return inspection.last_column


class _Inspection(Inspection):
    def __init__(self, **limits):
        super().__init__(**limits)
        self.met = Counter()
        self.row = self.column = self.last_column = 0

    def element(self, name, attributes):
        self.met[name] += 1
        if self.met[name] > MOST.get(name, MAX_OTHERS):
            raise BadArchive(Trouble.TOO_LARGE)
        if name == "sheetData":
            self.row = 0
        elif name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif name == "c":
            letters = _LETTERS.match(attributes.get("r", ""))
            self.column = column_index_from_string(letters[0]) if letters else self.column + 1
        elif name in ("v", "is", "f"):
            self._filled()

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


def _told(trouble):
    if trouble is Trouble.BROKEN:
        return not_really("Excel")
    messages = {
        Trouble.TOO_LARGE: _(
            "The workbook is too large when unpacked. Copy the scores into a new one."
        ),
        Trouble.MACROS: _(
            "The workbook contains macros. Save it as Excel workbook (.xlsx) without."
        ),
        Trouble.LINKED: _(
            "The workbook takes data from other files. Copy the scores as values into a new one, "
            "without links."
        ),
        Trouble.NESTED: _("The workbook contains other files. Copy the scores into a new one."),
        Trouble.DECLARED: _(
            "The workbook contains declarations that Excel never writes. Save it anew in Excel."
        ),
    }
    return UnreadableFile(messages[trouble])


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
