"""What of a text was kept, added and removed, word by word."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from measures.thai_words import words

#: Two stretches with more pairs of words than this are shown as one replaced by the other.
MOST_PAIRS = 4_000_000
#: Of what was kept between two changes, so many words are shown at either end.
AROUND = 12


class Kind(StrEnum):
    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """`skipped` stands for kept words that are not shown."""

    kind: Kind
    text: str
    skipped: bool = False


def pieces_of(old: str, new: str) -> tuple[Piece, ...]:
    """The new text with what it replaces; long kept stretches are cut in the middle."""
    steps = _together(_word_steps(old.splitlines(True), new.splitlines(True)))
    pieces = [piece for step in steps for piece in _pieces(*step)]
    return tuple(_shortened(pieces))


def _word_steps(old, new) -> Iterator[tuple[list[str], list[str]]]:
    """(removed, added) words, which are the same words where they were kept.

    Lines first, so that long texts with few changes are compared in their changed lines only.
    """
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        before, after = words("".join(old[i1:i2])), words("".join(new[j1:j2]))
        if tag != "replace" or len(before) * len(after) > MOST_PAIRS:
            yield before, after
            continue
        for _tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after).get_opcodes():
            yield before[a1:a2], after[b1:b2]


def _together(steps):
    """Joins neighbours of one kind; a lone space between two changes belongs to them."""
    joined = []
    for before, after in steps:
        kept = before == after
        if joined and kept == (joined[-1][0] == joined[-1][1]):
            joined[-1] = (joined[-1][0] + before, joined[-1][1] + after)
        elif joined and kept and before == [" "]:
            joined.append((before, after))
        elif len(joined) > 1 and joined[-1][0] == joined[-1][1] == [" "]:
            space, change = joined.pop()[0], joined.pop()
            joined.append((change[0] + space + before, change[1] + space + after))
        else:
            joined.append((before, after))
    return joined


def _pieces(before, after):
    if before == after:
        return [Piece(Kind.KEPT, "".join(after))]
    found = ((Kind.REMOVED, before), (Kind.ADDED, after))
    return [Piece(kind, "".join(part)) for kind, part in found if part]


def _shortened(pieces):
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        parts = words(piece.text) if piece.kind == Kind.KEPT else []
        if len(parts) <= 3 * AROUND or not last:
            yield piece
            continue
        if place:
            yield Piece(Kind.KEPT, "".join(parts[:AROUND]))
        yield Piece(Kind.KEPT, " … ", skipped=True)
        if place < last:
            yield Piece(Kind.KEPT, "".join(parts[-AROUND:]))
