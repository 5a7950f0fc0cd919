"""Which state of the print templates makes a document: the same one gives the same pages."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "templates/reports/**/*.html",
    "templates/assessments/charts/*.html",
    "static/css/report*.css",
    "static/css/charts.css",
    "static/css/text-list.css",
    "static/img/draft.svg",
    "measures/report/**/*.py",
    "measures/report/docx/base/**/*.xml",
    "measures/templatetags/*.py",
    "measures/text_lists.py",
    "assessments/charts.py",
)
LIBRARIES = ("WeasyPrint", "fontpkg-sarabun", "segno")


@cache
def edition() -> str:
    """SHA-256 over all that decides how a report looks; of the program as it is installed."""
    found = hashlib.sha256()
    for name in LIBRARIES:
        found.update(f"{name} {version(name)}\n".encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()
