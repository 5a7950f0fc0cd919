"""Thai texts whose figures stay live: in a template each fact is a mark, all else is words.

A mark is the fact's key between two private-use characters, which nobody can type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

OPEN, CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_MARK_SIGNS = str.maketrans("", "", OPEN + CLOSE)
#: A number, a Latin word, or a sign with the vowels and tone marks on it: what changes as a whole.
_TOKEN = re.compile(
    "[0-9๐-๙]+(?:[.,][0-9๐-๙]+)*[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*"
    "|[A-Za-z]+|.[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*",
    re.DOTALL,
)
#: So many signs beside a fact must have stayed as they were.
CONTEXT = 3


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `key` is that of the fact it prints, or empty for words."""

    text: str
    key: str = ""


def mark(key: str) -> str:
    return f"{OPEN}{key}{CLOSE}"


def without_marks(text: str) -> str:
    """What was typed cannot pretend to be a fact."""
    return text.translate(_MARK_SIGNS)


def keys_of(template: str) -> list[str]:
    """The facts that a template prints, each once."""
    return list(dict.fromkeys(_MARK.findall(template)))


def pieces(template: str, facts: Mapping[str, str]) -> list[Piece]:
    """The text in stretches; a fact that is not known prints nothing."""
    parts = _MARK.split(template)
    found = [
        Piece(facts.get(part, ""), part) if place % 2 else Piece(without_marks(part))
        for place, part in enumerate(parts)
    ]
    return [piece for piece in found if piece.text]


def render(template: str, facts: Mapping[str, str]) -> str:
    return "".join(piece.text for piece in pieces(template, facts))


def anchor(edited: str, template: str, facts: Mapping[str, str]) -> str:
    """The edited text as a template: facts that stand where they stood, unchanged, are marks.

    `template` and `facts` are what the edited text was made from. A figure typed by hand, also
    an equal one in another place, is the writer's.
    """
    edited = without_marks(edited)
    shown = pieces(template, facts)
    before = _TOKEN.findall("".join(piece.text for piece in shown))
    after = _TOKEN.findall(edited)
    spans = _spans(shown, before)
    out = list(after)
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for key, first, end in spans:
            inside = block.a <= first and end <= block.a + block.size
            if inside and _in_context(before, after, block, first, end):
                here = block.b + first - block.a
                out[here : here + end - first] = [mark(key), *[""] * (end - first - 1)]
    return "".join(out)


def _spans(shown, tokens):
    """(key, first token, end) of each fact that begins and ends with tokens of its own."""
    starts, place = {}, 0
    for number, token in enumerate(tokens):
        starts[place] = number
        place += len(token)
    starts[place] = len(tokens)
    spans, place = [], 0
    for piece in shown:
        end = place + len(piece.text)
        if piece.key and place in starts and end in starts:
            spans.append((piece.key, starts[place], starts[end]))
        place = end
    return spans


def _in_context(before, after, block, first, end):
    at_start = block.a == block.b == 0
    at_end = block.a + block.size == len(before) and block.b + block.size == len(after)
    beside = before[block.a : first] + before[end : block.a + block.size]
    return at_start or at_end or sum(not token.isspace() for token in beside) >= CONTEXT
