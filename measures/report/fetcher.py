"""The only files a report may use: the project's static files, the Sarabun faces, and the pictures
that were handed over with it."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import fontpkg_sarabun

# A reserved name (RFC 2606): relative addresses become something that can never be fetched.
BASE_URL = "https://report.invalid/"

STATIC_DIR = Path(__file__).resolve().parents[2] / "static"
FONT_DIR = fontpkg_sarabun.ROOT / "files"

MEDIA_TYPES = {
    ".css": "text/css",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}


class Refused(Exception):
    """The report asks for something that is not packaged with the program."""


class PackagedFiles:
    """Maps `/static/...` and `/fonts/...` below BASE_URL to files; everything else is refused."""

    def __init__(self, static=STATIC_DIR, fonts=FONT_DIR):
        self.roots = {"static": Path(static).resolve(), "fonts": Path(fonts).resolve()}
        #: Name → PNG, of the report being rendered.
        self.given = {}

    def path(self, url):
        if not url.startswith(BASE_URL):
            raise Refused(f"not a packaged file: {url[:200]}")
        top, _, rest = unquote(urlsplit(url).path).lstrip("/").partition("/")
        root = self.roots.get(top)
        if root is None or "\0" in rest:
            raise Refused(f"not a packaged file: {url[:200]}")
        # Resolving first makes `..` and symbolic links show where they really lead.
        path = (root / rest.lstrip("/")).resolve()
        if not path.is_relative_to(root) or path.suffix not in MEDIA_TYPES or not path.is_file():
            raise Refused(f"not a packaged file: {url[:200]}")
        return path

    def read(self, url):
        """Returns (bytes, media type)."""
        if (body := self.given.get(url.removeprefix(f"{BASE_URL}given/"))) is not None:
            return body, "image/png"
        path = self.path(url)
        return path.read_bytes(), MEDIA_TYPES[path.suffix]
