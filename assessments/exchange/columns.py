"""The columns of the files: one list for import and export."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.cells import cell_name
from assessments.exchange import names
from assessments.exchange.names import Names
from assessments.numbers import numeric_text

AGENCY, NAME, YEAR, KIND = "agency_code", "agency_name", "fiscal_year", "kind"
INDICATOR, SCORE = "indicator", "score"
#: As announced. With an instrument after it, also the column of that instrument's score.
PUBLISHED = "published_"
TOTAL, LEVEL = "published_total", "published_level"
#: Worked out by the portal: written on export, ignored on import.
COMPUTED = ("iit", "eit", "oit", "total", "level")
#: A remark, a rank, a change: known, and nothing to import.
IGNORED = "ignored"

#: To compare a text with every name takes long: longer ones, and more of them, name nothing.
LONGEST, MOST_WORDS = 150, 1000

_WORDS = {
    AGENCY: "รหัสหน่วยงาน",
    NAME: "หน่วยงาน,ชื่อหน่วยงาน",
    YEAR: "ปีงบประมาณ,ปี,ปีงบประมาณ พ.ศ.",
    KIND: "ประเภทผล",
    INDICATOR: "ตัวชี้วัด,ตัวชี้วัดที่,ชื่อตัวชี้วัด,เครื่องมือ/ตัวชี้วัด,รายการ,ประเด็นตัวชี้วัด",
    SCORE: "คะแนน,คะแนนที่ได้,ผลคะแนน",
    TOTAL: "คะแนนรวมที่ประกาศ",
    LEVEL: "ระดับที่ประกาศ",
}
_KNOWN = {word: column for column, words in _WORDS.items() for word in (column, *words.split(","))}
_KNOWN |= {column: column for column in COMPUTED}
#: What stands in the column of the kind; values as in Assessment.Kind.
KINDS = {"official": "official", "ผลทางการ": "official", "self": "self", "ประเมินตนเอง": "self"}
_INDICATOR = re.compile(r"(?:i|indicator ?|ตัวชี้วัด(?:ที่)? ?)0?([1-9][0-9]?)(_[12])?")
_INSTRUMENT = re.compile(r"published_(?:iit|eit(?:_[12])?|oit)")
_SCORE_KEY = re.compile(r"i[0-9]+(?:_[12])?")
_FINER = re.compile(r"o[0-9]{1,3}|q_[a-z][0-9]{1,3}")
_ANNOUNCED = re.compile("(?:ตาม)?ที่ประกาศ|ตามประกาศ|ประกาศ|announced|published")


@dataclass(frozen=True)
class Meaning:
    """What a heading or the name of a row is about; not `sure` where only nearly a known name."""

    column: str
    sure: bool = True

    @property
    def holds_values(self):
        return holds_values(self.column)


def holds_values(column: str) -> bool:
    """Whether scores, or what was announced, stand in it: i9, i6_1, o42, published_eit."""
    is_score = _SCORE_KEY.fullmatch(column) or is_finer(column)
    return bool(is_score) or column.startswith(PUBLISHED)


def is_finer(column: str) -> bool:
    """Whether the marks of an OIT item (o42) or the averages of a question (q_i12) stand in it."""
    return bool(_FINER.fullmatch(column))


def column_of(heading: str) -> str | None:
    """The column of a heading of the documented files."""
    plain = " ".join(numeric_text(heading).casefold().split())
    if column := _KNOWN.get(plain):
        return column
    if found := _INDICATOR.fullmatch(plain):
        return f"i{int(found[1])}{found[2] or ''}"
    return plain if _INSTRUMENT.fullmatch(plain) or is_finer(plain) else None


class Words:
    """What people write over columns and before rows, by the names of each fiscal year."""

    def __init__(self, names: Mapping[int, Names]):
        self.names = names
        self.met: dict[tuple[str, Names | None], Meaning | None] = {}

    def meaning(self, text: str, year: int | None = None) -> Meaning | None:
        """By the names of the year (BE), or of the newest where it is not known."""
        known = self.names.get(year) or (self.names[max(self.names)] if self.names else None)
        if (text, known) not in self.met:
            if len(self.met) >= MOST_WORDS:
                known = None
            self.met[text, known] = _meaning(text, known)
        return self.met[text, known]


def _meaning(text, known):
    if not text.strip() or len(text) > LONGEST:
        return None
    if column := column_of(text):
        return Meaning(column)
    rest = _ANNOUNCED.sub("", text.casefold())
    match = known.match(rest) if known else None
    if match is None:
        return None
    announced = PUBLISHED if rest != text.casefold() else ""
    if match.key == names.HEADING:
        column = IGNORED
    elif match.key in COMPUTED:
        column = f"{announced}{match.key}"
    elif match.key.startswith("eit"):
        # Nobody but the commission works out the parts of EIT.
        column = f"{PUBLISHED}{match.key}"
    else:
        column = match.key
    return Meaning(column, match.sure)


def titled(column: str) -> str:
    """A heading to be added to a file: รหัสหน่วยงาน (agency_code)."""
    return f"{_WORDS[column].partition(',')[0]} ({column})"


def score_columns(keys) -> list[str]:
    """The columns of cells by key (i9, i6_1, eit, o42), parts after their whole."""
    columns = [f"{PUBLISHED}{key}" if key[:3] in COMPUTED else key for key in keys]
    return sorted(columns, key=_order)


def cell_key(column: str) -> str:
    """The way back from `score_columns`."""
    return column.removeprefix(PUBLISHED)


def _order(column):
    if is_finer(column):
        kind, number = re.fullmatch("([^0-9]+)([0-9]+)", column).groups()
        return 2, kind, int(number)
    whole, _sign, part = cell_key(column).partition("_")
    if column.startswith(PUBLISHED):
        return 1, COMPUTED.index(whole), part
    return 0, int(whole[1:]), part


def spoken(column: str) -> str:
    """In the active language: Indicator 6 part 1, EIT as announced."""
    if column == TOTAL:
        return _("Announced total")
    if column == LEVEL:
        return _("Announced level")
    if is_finer(column):
        return cell_name(column)
    announced = column.startswith(PUBLISHED)
    whole, _sign, part = cell_key(column).partition("_")
    name = whole.upper() if announced else _("Indicator %(number)s") % {"number": whole[1:]}
    if part:
        name = _("%(whole)s part %(part)s") % {"whole": name, "part": part}
    return _("%(instrument)s as announced") % {"instrument": name} if announced else name
