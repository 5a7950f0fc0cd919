"""The figures in an edited text that are only words: no new score changes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from assessments import live_text

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_NUMBER = re.compile("[0-9]+(?:[.][0-9]+)?")
_SCORE = re.compile("[0-9]+[.][0-9]{2}")
#: So many signs around a changed figure must stand as they were generated.
CONTEXT = 6


def figure(text: str) -> str:
    """The text with Arabic digits."""
    return text.translate(_THAI_DIGITS)


def typed_figures(
    template: str, generated: str, facts: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, str]:
    """Number as typed → key of the fact it speaks of.

    That is the fact in whose place of the `generated` template it stands, or the one it was
    `known` to speak of, or the first one that it equals.
    """
    after = live_text.tokens(template)
    places = _in_place_of(live_text.tokens(generated), after, facts)
    equal = {text: key for key, text in reversed(facts.items()) if _SCORE.fullmatch(text)}
    found = {}
    for place, token in enumerate(after):
        key = places.get(place) or known.get(token) or equal.get(figure(token))
        if key:
            found.setdefault(token, key)
    return found


def _in_place_of(before, after, facts):
    """Place in the edited text → key of the figure that is generated there."""
    found, blocks = {}, SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (kind, first, end, start, stop) in enumerate(blocks):
        figures = [key for token in before[first:end] if (key := _figure_key(token, facts))]
        places = [place for place in range(start, stop) if _NUMBER.fullmatch(figure(after[place]))]
        beside = [one for one in blocks[max(number - 1, 0) : number + 2] if one[0] == "equal"]
        around = sum(not token.isspace() for one in beside for token in before[one[1] : one[2]])
        if kind == "replace" and len(figures) == len(places) and around >= CONTEXT:
            found |= dict(zip(places, figures, strict=True))
    return found


def _figure_key(token, facts):
    keys = live_text.keys_of(token)
    return keys[0] if keys and _NUMBER.fullmatch(facts.get(keys[0], "")) else ""
