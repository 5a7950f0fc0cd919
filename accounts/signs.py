"""Which signs a text may have so that Sarabun, the font of the reports, can show it."""

import re
import unicodedata
from functools import cache

import fontpkg_sarabun
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont

#: Line ends and what only steers the signs around it: no font need have them.
WITHOUT_PICTURE = re.compile(
    "[\t\n\r\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
SHOWN = 5


@cache
def _signs_of_the_font():
    # All faces have the same.
    with TTFont(fontpkg_sarabun.ROOT / "files/Sarabun-Regular.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


def unprintable_signs(text):
    """The signs that would stay empty in a report, each once."""
    return [sign for sign in dict.fromkeys(text) if not _is_printable(sign)]


def _is_printable(sign):
    known = _signs_of_the_font()
    return (
        ord(sign) in known
        or WITHOUT_PICTURE.match(sign)
        or unicodedata.category(sign) == "Zs"
        or all(ord(part) in known for part in unicodedata.normalize("NFD", sign))
    )


def sign_list(signs, typed):
    """The signs as a message names them, with their lines where the typed text has several."""
    lines = typed.splitlines()
    shown = []
    for sign in signs[:SHOWN]:
        facts = {"sign": sign, "code": f"U+{ord(sign):04X}"}
        line = next((n for n, line in enumerate(lines, start=1) if sign in line), None)
        if line is None or len(lines) == 1:
            shown.append(_("%(sign)s (%(code)s)") % facts)
        else:
            shown.append(_("%(sign)s (%(code)s) in line %(line)s") % (facts | {"line": line}))
    return ", ".join(shown)


def printable(text):
    """For what was written where nobody asked whether a report can show it."""
    return "".join(filter(_is_printable, text))


def validate_printable(text):
    if signs := unprintable_signs(text):
        raise ValidationError(
            _("The reports cannot show %(signs)s. Take it out or write it in words."),
            code="unprintable",
            params={"signs": sign_list(signs, text)},
        )
