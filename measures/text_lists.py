"""Stored plain text as lists: an item a line, `-` for a sub-item, typed or pasted from Word.

A line that is indented by two spaces goes on with the item above it. Numbers are shown as they were
typed; a text of several items without any number gets 1. 2. 3. drawn before them.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

INDENT = "  "
#: Word's own bullets, some of them from private fonts, in the spelling that is stored.
BULLETS = dict.fromkeys("-–—‐‑−", "-") | dict.fromkeys("•·●\uf0b7", "•")
BULLETS |= (
    dict.fromkeys("○◦", "◦") | dict.fromkeys("▪■\uf0a7", "▪") | dict.fromkeys("➢►\uf0d8", "➢")
)
_BULLET = re.compile(rf"(?:([{''.join(BULLETS)}])(?!\d)|(o)(?=\t)|(\*)(?=\s))\s*")
_NUMBER = re.compile(r"(\((?P<both>\d{1,2})\)|(?P<one>\d{1,2})(?P<end>[.)])(?!\d))\s*")
_SUBNUMBER = re.compile(r"(?P<path>\d{1,2}(?:\.\d{1,2}){1,3})(?!\.?\d)[.)]?\s*")
_SOFT_BREAK = re.compile("[\v\u2028]")
_LINE_BREAK = re.compile("\r\n|[\r\n\f\x1c-\x1e\x85\u2029]")


@dataclass(frozen=True)
class Item:
    """One item; `text` has a line break where the item goes on in a new line.

    `mark` is what stands before it: `1.`, `๑)`, `1.1`, `-`, or nothing.
    """

    text: str
    children: tuple["Item", ...] = ()
    mark: str = ""

    @property
    def is_numbered(self):
        return any(character.isdigit() for character in self.mark)


@dataclass(frozen=True)
class _Line:
    indented: bool
    style: str
    mark: str
    text: str


class _Node:
    def __init__(self, style, mark, text):
        self.style, self.mark, self.text, self.children = style, mark, text, []

    def item(self):
        return Item(self.text, tuple(child.item() for child in self.children), self.mark)


def parse(text, *, numbered=True):
    """The items of a text. `numbered` draws numbers where there are several items and no number."""
    roots = _tree(text)
    unmarked = len(roots) > 1 and not roots[0].mark
    if numbered and unmarked and not any(i.is_numbered for root in roots for i in _below(root)):
        return tuple(replace(root, mark=f"{n}.") for n, root in enumerate(roots, start=1))
    return roots


def normalise(text, *, numbered=True):
    """The text as it is stored: clean lines, one spelling a mark, no number that would be drawn."""
    roots = _tree(text)
    if numbered and roots:
        bare = _written(replace(root, mark="") for root in roots)
        if parse(bare) == roots:
            return bare
    return _written(roots)


def one_line(text):
    """For a title or a period: all white space, line breaks too, as single spaces."""
    return " ".join(_clean(text).split())


def heading(text):
    """One line without the number that it was pasted with: its place in the list is shown."""
    line = one_line(text)
    found = _NUMBER.match(line)
    return line[found.end() :] or line if found else line


def _below(item):
    for child in item.children:
        yield child
        yield from _below(child)


def _written(items):
    return "\n".join(line for item in items for line in _written_lines(item))


def _written_lines(item):
    first, *more = item.text.split("\n")
    yield f"{item.mark} {first}".strip()
    for line in more:
        yield INDENT + line
    for child in item.children:
        yield from _written_lines(child)


def _clean(text):
    text = _LINE_BREAK.sub("\n", unicodedata.normalize("NFC", text))
    text = _SOFT_BREAK.sub("\n" + INDENT, text)
    return "".join(
        character
        for character in text
        if character in "\n\t" or unicodedata.category(character) != "Cc"
    ).translate({0x200B: None, 0xFEFF: None})


def _tree(text):
    """A mark in the style of an open level goes on with it, a new style opens a level below."""
    roots, path = [], []
    for line in _lines(text, path):
        if not line.style and path and (line.indented or path[0].style):
            path[-1].text += "\n" + line.text
            continue
        depth = _depth(path, line.style)
        node = _Node(line.style, line.mark, line.text)
        (path[depth - 1].children if depth else roots).append(node)
        path[depth:] = [node]
    return tuple(root.item() for root in roots)


def _depth(path, style):
    for depth, node in enumerate(path):
        if node.style == style:
            return depth
    return len(path)


def _lines(text, path):
    """The lines that hold something; `path` is the branch that the caller has built so far."""
    lines = [line for line in _clean(text).split("\n") if line.strip()]
    indents = [_indent(line) for line in lines]
    least = min(indents, default=0)
    for line, indent in zip(lines, indents, strict=True):
        style, mark, rest = _mark(line.strip(), path)
        yield _Line(indent - least >= len(INDENT), style, mark, " ".join(rest.split()))


def _indent(line):
    white = line[: len(line) - len(line.lstrip())]
    return len(white.expandtabs(4))


def _mark(line, path):
    """Style, mark and text of a line. What only looks like a mark stays in the text."""
    if found := _SUBNUMBER.match(line):
        style = "sub" + "." * found["path"].count(".")
        if int(found["path"].rsplit(".", 1)[1]) == _next_number(path, style):
            return style, found[0].strip(), line[found.end() :]
    if found := _NUMBER.match(line):
        return found["end"] or "()", found[0].strip(), line[found.end() :]
    if found := _BULLET.match(line):
        mark = BULLETS.get(found[0][0], "◦" if found[2] else "•")
        return mark, mark, line[found.end() :]
    return "", "", line


def _next_number(path, style):
    """2.5 may be a sub-number or an amount: it is the former where it comes next under an item."""
    depth = _depth(path, style)
    return len(path[depth - 1].children) + 1 if depth else None
