"""Which state of the print templates makes a document: the same one gives the same pages."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "templates/reports/**/*.html",
    "static/css/report*.css",
    "measures/report/**/*.py",
    "assessments/charts.py",
    "templates/charts/**/*.html",
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
