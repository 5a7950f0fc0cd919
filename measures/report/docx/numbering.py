"""Lists that Word numbers by itself, in the marks that people typed."""

import re

from measures.report.digits import thai_digits
from measures.report.docx.elements import element, twips

ARABIC, THAI, BULLET = "decimal", "thaiNumbers", "bullet"
NUMBERED = re.compile(r"(?P<before>\(?(?:\d+\.)*)(?P<number>\d+)(?P<after>[.)]*)")
#: What a mark and its text, and one level and the next, are apart; in cm.
HANGING = 0.75
#: Of the headings of three levels, which are numbered by their styles.
HEADINGS = ("ส่วนที่ %1", "%1.%2", "(%3)")
HEADING_LIST = 1


class Numbering:
    """The lists of one document; those that look alike share a definition."""

    def __init__(self, part, *, thai_digits=False):
        self.root = part.element
        self.thai_digits = thai_digits
        self.kinds = {}
        self.lists = self.definitions = 0
        self._start(self._define(self._headings(), "multilevel"))

    def of_marks(self, marks, depth=0) -> int | None:
        """The number of a new list with these marks; None where Word cannot count like that."""
        found = [NUMBERED.fullmatch(mark) for mark in marks]
        if not all(found):
            alike = len(set(marks)) == 1 and not any(sign.isdigit() for sign in marks[0])
            return self._start(self._kind(BULLET, marks[0], depth), 1) if alike else None
        looks = {(one["before"], one["after"]) for one in found}
        first = int(found[0]["number"])
        if len(looks) > 1 or any(int(one["number"]) != n for n, one in enumerate(found, first)):
            return None
        is_thai = self.thai_digits or not found[0]["number"].isascii()
        before, after = looks.pop()
        text = f"{thai_digits(before) if is_thai else before}%1{after}"
        return self._start(self._kind(THAI if is_thai else ARABIC, text, depth), first)

    def _headings(self):
        for index, text in enumerate(HEADINGS):
            style = element("w:pStyle", val=f"Heading{index + 1}")
            kind = THAI if self.thai_digits else ARABIC
            yield self._level(kind, text, index, style, element("w:suff", val="space"))

    def _kind(self, kind, text, depth):
        key = (kind, text, depth)
        if key not in self.kinds:
            indent = element("w:ind", left=twips(HANGING * (depth + 1)), hanging=twips(HANGING))
            level = self._level(kind, text)
            level.append(element("w:pPr", [indent]))
            self.kinds[key] = self._define([level], "hybridMultilevel")
        return self.kinds[key]

    def _level(self, kind, text, index=0, *more):
        inside = [element("w:start", val=1), element("w:numFmt", val=kind), *more]
        inside += [element("w:lvlText", val=text), element("w:lvlJc", val="left")]
        return element("w:lvl", inside, ilvl=index)

    def _define(self, levels, several):
        inside = [element("w:multiLevelType", val=several), *levels]
        self.definitions += 1
        made = element("w:abstractNum", inside, abstractNumId=self.definitions)
        # Word wants all definitions before the first list that is of one.
        self.root.insert(self.definitions - 1, made)
        return self.definitions

    def _start(self, definition, first=None):
        self.lists += 1
        inside = [element("w:abstractNumId", val=definition)]
        if first is not None:
            start = element("w:startOverride", val=first)
            inside.append(element("w:lvlOverride", [start], ilvl=0))
        self.root.append(element("w:num", inside, numId=self.lists))
        return self.lists
