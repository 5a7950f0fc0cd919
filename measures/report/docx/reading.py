"""The report's own HTML as pieces of text with their looks, whatever its elements are."""

import re
from dataclasses import dataclass

#: What begins on a line of its own.
BLOCKS = frozenset(
    "p div section header footer h1 h2 h3 ul ol table figure figcaption img svg".split()
)
LOOKS = {"bold": ("b", "strong"), "italic": ("i", "em"), "superscript": ("sup",)}
#: Spans that are shown as blocks.
OWN_LINE = frozenset({"line", "serves", "english", "ita-bars-previous"})
#: Lines to write on by hand: class → number of dots; the shorter ones have two classes.
BLANKS = {"short": 12, "month": 24, "line": 44, "blank": 44}
#: Keys of a chart's legend, which are drawn by colours: class → sign and colour.
KEYS = {
    "ita-key-bar": ("■", "0B5394"),
    "ita-key-bar-previous": ("□", "B45309"),
    "ita-key-threshold": ("┆", ""),
    "ita-key-line": ("━", "0B5394"),
    "ita-key-line-previous": ("╍", "B45309"),
}
WIDTH = re.compile(r"w-(\d+)")
SPACES = re.compile(r"[ \t\n\r\f]+")
BREAK = "\n"


@dataclass(frozen=True)
class Piece:
    text: str
    bold: bool = False
    italic: bool = False
    superscript: bool = False
    colour: str = ""

    @property
    def looks(self):
        return {key: value for key, value in vars(self).items() if key != "text"}


def classes(node) -> frozenset[str]:
    return frozenset(node.get("class", "").split())


def is_block(node):
    """Comments are no elements of their own either."""
    return isinstance(node.tag, str) and node.tag in BLOCKS


def pieces(node) -> list[Piece]:
    """The text in an element outside its blocks, white space as a browser shows it."""
    return tidy(_inside(node, {}))


def inline_text(text):
    return [Piece(text)] if text else []


def tidy(found) -> list[Piece]:
    """One space for many, none at the ends of a line."""
    kept = []
    for piece in found:
        if piece.text == BREAK:
            _end_line(kept)
            text = BREAK if kept and kept[-1].text != BREAK else ""
        else:
            text = SPACES.sub(" ", piece.text)
            if not kept or kept[-1].text.endswith((" ", BREAK)):
                text = text.lstrip(" ")
        if text:
            kept.append(Piece(text, **piece.looks))
    _end_line(kept)
    while kept and kept[-1].text == BREAK:
        kept.pop()
    return kept


def without_start(found, length) -> list[Piece]:
    """The pieces without their first signs."""
    kept = []
    for piece in found:
        cut = min(length, len(piece.text))
        length -= cut
        if cut < len(piece.text):
            kept.append(Piece(piece.text[cut:], **piece.looks))
    return kept


def words(node) -> str:
    """All its text in one line."""
    return "".join(" " if one.text == BREAK else one.text for one in pieces(node)).strip()


def inline(node, looks=None):
    """Of an element within a line, with its own looks."""
    if not isinstance(node.tag, str):
        return
    looks, own = dict(looks or {}), classes(node)
    if node.tag == "br":
        yield Piece(BREAK)
    elif key := next((KEYS[name] for name in own if name in KEYS), None):
        yield Piece(key[0], colour=key[1])
        yield Piece(" ")
    elif dots := next((BLANKS[name] for name in BLANKS if name in own and is_empty(node)), 0):
        yield Piece("." * dots, **looks)
    else:
        looks |= {name: True for name, tags in LOOKS.items() if node.tag in tags}
        if own & OWN_LINE:
            yield Piece(BREAK)
        yield from _inside(node, looks)
        if "line" in own:
            yield Piece(BREAK)


def is_empty(node):
    return not node.text and not len(node)


def _inside(node, looks):
    if node.text:
        yield Piece(node.text, **looks)
    for child in node:
        if not is_block(child):
            yield from inline(child, looks)
        if child.tail:
            yield Piece(child.tail, **looks)


def _end_line(kept):
    if kept and kept[-1].text != BREAK:
        last = kept.pop()
        if text := last.text.rstrip(" "):
            kept.append(Piece(text, **last.looks))


def shares(table):
    """Of the columns in the width of the table."""
    widths = [WIDTH.search(column.get("class", "")) for column in table.iter("col")]
    if widths and all(widths):
        return [int(width[1]) for width in widths]
    if "ita-bars" in classes(table):
        return [42, 42, 16]
    first = next(table.iter("tr"))
    return [1] * sum(int(cell.get("colspan", 1)) for cell in first)


def goes_with_seal(row):
    """As the printed form takes the last row along; Word would take a long one whole."""
    return "long" not in classes(row) and bool(row.xpath("following::*[1][@class='seal']"))


def alternative(svg):
    title = svg.find("title")
    return "" if title is None else title.text or ""
