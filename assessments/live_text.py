"""Thai texts whose figures stay live: in a template each fact is a mark, all else is words.

A mark is the fact's key between two private-use characters, which nobody can type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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


def tokens(template: str) -> list[str]:
    """Words and numbers; a mark is one token."""
    return [
        token
        for place, part in enumerate(_MARK.split(template))
        for token in ([mark(part)] if place % 2 else _TOKEN.findall(part))
    ]


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


def settle(template: str, facts: Mapping[str, str]) -> str:
    """Prints these facts for good; the marks of all others stay."""
    return _MARK.sub(lambda found: facts.get(found[1], found[0]), template)


def anchor(edited: str, sources: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    """The edited text as a template: facts that stand where they stood, unchanged, are marks.

    `sources` are the templates and facts that the text may have been made from, the likeliest
    first. A figure typed by hand, also an equal one in another place, is the writer's.
    """
    edited = without_marks(edited)
    after = _TOKEN.findall(edited)
    out = list(after)
    taken = [False] * len(after)
    for template, facts in sources:
        for key, first, end in _standing(pieces(template, facts), after):
            if not any(taken[first:end]):
                out[first:end] = [mark(key), *[""] * (end - first - 1)]
                taken[first:end] = [True] * (end - first)
    return "".join(out)


def _standing(shown, after):
    """(key, first token, end) in the edited text of every fact that was left as it was."""
    before = _TOKEN.findall("".join(piece.text for piece in shown))
    spans = _spans(shown, before)
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for key, first, end in spans:
            inside = block.a <= first and end <= block.a + block.size
            if inside and _in_context(before, after, block, first, end):
                move = block.b - block.a
                yield key, first + move, end + move


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
