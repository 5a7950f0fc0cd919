"""What the grid costs on a slow line: its page and all that it links, as production sends them.

HTML comes through the portal's own compression; static files are compressed as WhiteNoise does it
when they are collected.
"""

import re
from pathlib import Path
from posixpath import join, normpath, splitext

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find

from tests.assessments.pages import scores_url

#: Bytes of the headers of one answer.
HEADERS = 700
LINKS = {
    ".html": r'(?:href|src)="(/static/[^"]+)"',
    ".css": r'url\("?([^")]+)',
    ".js": r'from "([^"]+)"',
}


def linked(address, text, kind):
    """The addresses of the static files that a page, a style sheet or a module asks for."""
    found = {link for link in re.findall(LINKS.get(kind, "(?!)"), text) if link[:5] != "data:"}
    return {normpath(join(address, "..", link)) for link in found}


def all_linked(html):
    waiting, seen = linked("/", html, ".html"), {}
    while waiting:
        address = waiting.pop()
        content = Path(find(address.removeprefix("/static/"))).read_bytes()
        kind = splitext(address)[1]
        seen[address] = content
        inside = linked(address, content.decode(errors="ignore"), kind)
        waiting |= inside - seen.keys()
    return seen


def sent(address, content):
    left_alone = splitext(address)[1][1:] in settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS
    return HEADERS + len(content if left_alone else brotli.compress(content))


@pytest.mark.one_database("sqlite")
def test_the_grid_is_light_at_first_and_lighter_after(client, staff, results, agency):
    client.force_login(staff)
    url = scores_url(agency, 2566)
    page = client.get(url, headers={"accept-encoding": "gzip"})
    files = all_linked(client.get(url).content.decode())
    for name in ("js/autosave-box.js", "css/scores.css", "vendor/sarabun/Sarabun-Bold.ttf"):
        assert f"/static/{name}" in files, "what is asked for in turn counts too"
    after = HEADERS + len(page.content)
    assert after <= 20_000
    assert after + sum(sent(*file) for file in files.items()) <= 150_000
