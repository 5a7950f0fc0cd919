"""An empty document of Thai official looks, and a finished one as the same bytes at any time."""

import io
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path

from docx import Document

BASE = Path(__file__).with_name("base")
#: The first moment that a ZIP archive knows.
NO_TIME = (1980, 1, 1, 0, 0, 0)
FIRST = "[Content_Types].xml"


def new_document(*, title, author, day):
    """A python-docx Document with the styles of `base/`; `day` is the day it is of."""
    document = Document(io.BytesIO(_base()))
    facts = document.core_properties
    facts.title, facts.author, facts.last_modified_by = title[:255], author[:255], author[:255]
    facts.language, facts.revision = "th-TH", 1
    facts.created = facts.modified = datetime(day.year, day.month, day.day)
    return document


def saved(document) -> bytes:
    content, timeless = io.BytesIO(), io.BytesIO()
    document.save(content)
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(timeless, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != FIRST, name)):
            target.writestr(zipfile.ZipInfo(name, NO_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return timeless.getvalue()


@cache
def _base():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(BASE.rglob("*")):
            if path.is_file():
                archive.writestr(path.relative_to(BASE).as_posix(), path.read_bytes())
    return content.getvalue()
