"""What a person without JavaScript does with a page."""

import re
from html import unescape

from django.urls import reverse


def scores_url(agency, year):
    return reverse("assessments:scores", args=[agency.code, year])


def fields(response, form=""):
    """What a browser would send untouched of the first form that has `form` in its tag."""
    forms = response.content.decode().split("<main")[1].split("<form")[1:]
    html = next(one for one in forms if form in one.split(">")[0]).split("</form>")[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", html):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") not in {"radio", "file"} and "name" in attributes:
            found[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def text(response):
    """The words of the page's main part, spaces folded."""
    main = response.content.decode().split("<main")[1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def enter(client, agency, year, page=None, **cells):
    """Opens the grid (or goes on from `page`), types into cells such as i9="29.24", and saves."""
    url = scores_url(agency, year)
    return client.post(url, fields(page or client.get(url)) | cells)
