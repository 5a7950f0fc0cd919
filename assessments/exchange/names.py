"""What a row or column of a table is about, from the words that people write there."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import Enum

from assessments.numbers import numeric_text

#: Keys of rows that hold no score of an indicator; the others are keys as in `cells`.
TOTAL, LEVEL, HEADING = "total", "level", "heading"

#: How alike a mistyped name must be to the right one, and how much less to any other.
SIMILAR, CLEARLY = 0.8, 0.08
#: No name is longer, and comparing takes time that grows with the square of the length.
MAX_LENGTH = 300

_NUMBERED = re.compile(
    r"\s*[(\[]?\s*(?:(?:ตัวชี้วัด|ตัวที่|ข้อ|indicator)\s*(?:ที่|no\.?)?\s*|i)?"
    r"0?([1-9][0-9]?)(?![0-9])(?!\s?[.,][0-9])\s*[.):\]–—-]*\s*"
)
_PREFIX = re.compile(r"\s*(?:ตัวชี้วัด(?:ที่)?|indicator)(?![a-z])[\s:]*")
_ASIDE = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_KEY = re.compile("(i[0-9]{1,2}|eit)_([12])")
_PART = re.compile(r"(.+?)(?:ส่วนที่|ส่วน|part)([12])")
#: Words around an instrument's name that do not change what the row is about.
_AROUND = re.compile("ผลคะแนน|คะแนนของ|คะแนน|ค่าเฉลี่ย|เฉลี่ย|รวม|เครื่องมือ|meanof|average|score")

_VARIANTS = (
    ("ของทางราชการ", "ของราชการ"),
    ("ปรับปรุงระบบการทำงาน", "ปรับปรุงการทำงาน"),
    ("ข้อมูลสู่สาธารณะ", "ข้อมูลสาธารณะ"),
)
_TOTALS = (
    "รวม,รวมทั้งหมด,รวมทั้งสิ้น,คะแนนรวม,รวมคะแนน,ผลรวม,ผลคะแนนรวม,คะแนนรวมทั้งหมด,เฉลี่ย,ค่าเฉลี่ย,"
    "คะแนนเฉลี่ย,ค่าคะแนนเฉลี่ย,เฉลี่ยรวม,คะแนนเฉลี่ยรวม,รวมเฉลี่ย,ภาพรวม,คะแนนภาพรวม,ผลคะแนนภาพรวม,"
    "คะแนนภาพรวมหน่วยงาน,คะแนนรวมถ่วงน้ำหนัก,คะแนนถ่วงน้ำหนักรวม,คะแนนita,ผลคะแนนita,คะแนนรวมita,"
    "total,total score,total (weighted),weighted total,overall,overall score,average,"
    "grand total,ita"
)
_LEVELS = (
    "ระดับ,ระดับผลการประเมิน,ระดับคะแนน,ระดับผลคะแนน,ผลการประเมิน,ผลการประเมินระดับ,เกรด,"
    "level,rating,rating score,grade"
)
_HEADINGS = (
    "เครื่องมือ,เครื่องมือการประเมิน,เครื่องมือ/ตัวชี้วัด,เครื่องมือและตัวชี้วัด,ตัวชี้วัด,ชื่อตัวชี้วัด,ตัวชี้วัดที่,"
    "ประเด็นตัวชี้วัด,รายการ,ประเด็น,ลำดับ,ลำดับที่,ที่,ข้อ,คะแนน,ผลคะแนน,คะแนนที่ได้,คะแนนที่ได้รับ,คะแนนเต็ม,"
    "ผลการประเมิน ita,ปี,ปีงบประมาณ,น้ำหนัก,น้ำหนักร้อยละ,ร้อยละ,คะแนนถ่วงน้ำหนัก,เปลี่ยนแปลง,การเปลี่ยนแปลง,"
    "ผลการเปลี่ยนแปลง,เปรียบเทียบ,ผลต่าง,ส่วนต่าง,เพิ่มลด,เพิ่มขึ้น/ลดลง,แนวโน้ม,หมายเหตุ,"
    "instrument,indicator,indicators,no.,score,scores,weight,change,change (points),year,"
    "fiscal year,note"
)


class Doubt(Enum):
    """Why a match is not sure."""

    SIMILAR = "similar"
    NUMBER_DIFFERS = "number differs"
    NAME_UNKNOWN = "name unknown"


@dataclass(frozen=True)
class Match:
    """`key` is that of a cell (i9, eit, eit_1) or TOTAL, LEVEL, HEADING.

    `by_name` tells a name from a bare number, `number` is the one written before the name.
    """

    key: str
    by_name: bool
    doubt: Doubt | None = None
    number: int | None = None

    @property
    def sure(self):
        return self.doubt is None


def is_indicator(key: str) -> bool:
    """Also of one of its two parts."""
    return key.startswith("i") and key != "iit"


def loose(text: str) -> str:
    """What is left of a name when everything that people write differently is dropped."""
    plain = unicodedata.normalize("NFC", numeric_text(text)).casefold()
    plain = re.sub("\u0e4d([่-๋]?)า", r"\1ำ", plain).replace("เเ", "แ")
    plain = "".join(char for char in plain if unicodedata.category(char)[0] in "LMN")
    for written, meant in _VARIANTS:
        plain = plain.replace(written, meant)
    # A word typed twice in a row, as in ประสิทธิภาพการการสื่อสาร.
    return re.sub(r"([^0-9]{3,}?)\1+", r"\1", plain)


def _all(listed):
    return {loose(word) for word in listed.split(",")}


_ROWS = {
    **dict.fromkeys(_all(_HEADINGS), HEADING),
    **dict.fromkeys(_all(_LEVELS), LEVEL),
    **dict.fromkeys(_all(_TOTALS), TOTAL),
}


class Names:
    """The names of one framework; `parts` are the indicators that have two."""

    def __init__(
        self,
        indicators: Mapping[int, Sequence[str]],
        instruments: Mapping[str, Iterable[str]],
        *,
        parts: Iterable[int] = (),
    ):
        self.numbers = tuple(sorted(indicators))
        self._matches = {}
        #: How each is called in a message.
        self.shown = {number: names[0] for number, names in indicators.items()}
        self.with_parts = {f"i{number}" for number in parts}
        if self.with_parts:
            self.with_parts.add("eit")
        self.indicators = {
            loose(name): f"i{number}" for number, names in indicators.items() for name in names
        }
        self.instruments = {
            loose(name): code.casefold()
            for code, names in instruments.items()
            for name in (code, *names)
        }
        self.known = self.instruments | self.indicators
        self.known.pop("", None)

    @classmethod
    def of(cls, framework):
        """No query when `instruments__indicators` is prefetched."""
        eit = (one for one in framework.instruments.all() if one.code == "EIT")
        return cls(
            {i.number: (i.name_th, i.name_en) for i in framework.ordered_indicators()},
            {i.code: (i.name_th, i.name_en) for i in framework.instruments.all()},
            parts=[i.number for one in eit for i in one.indicators.all()]
            if framework.eit_parts
            else (),
        )

    def match(self, text: str) -> Match | None:
        """None for words that name nothing in the framework, such as a sub-indicator."""
        if len(text) > MAX_LENGTH:
            return None
        if text not in self._matches:
            self._matches[text] = self._match(text)
        return self._matches[text]

    def _match(self, text):
        # Lower case first, as the patterns know only that; NFC leaves ํ + า alone here.
        plain = " ".join(numeric_text(text).casefold().split())
        if (part := _KEY.fullmatch(plain)) or (part := _PART.fullmatch(loose(plain))):
            whole = self.match(part[1])
            of_part = whole is not None and whole.key in self.with_parts
            return replace(whole, key=f"{whole.key}_{part[2]}") if of_part else None
        if found := self._whole(plain):
            return Match(found, by_name=True)
        number, name = self._split(plain)
        if number is not None and not loose(name):
            return Match(f"i{number}", by_name=False, number=number)
        if not any(char.isalpha() for char in name):
            return None
        key = self._exact(name)
        doubt = None
        if key is None and (key := self._similar(name)):
            # Two clues that agree are as good as the name in full.
            doubt = None if key == f"i{number}" else Doubt.SIMILAR
        if key is None:
            if number is None:
                return None
            return Match(f"i{number}", by_name=False, doubt=Doubt.NAME_UNKNOWN, number=number)
        # Instruments are numbered too (1. IIT, 2. EIT), but by another count.
        if number is not None and is_indicator(key) and key != f"i{number}":
            doubt = Doubt.NUMBER_DIFFERS
        return Match(key, by_name=True, doubt=doubt, number=number)

    def _split(self, plain):
        """The number before the name, and the name."""
        found = _NUMBERED.match(plain)
        if found and int(found[1]) in self.numbers:
            return int(found[1]), _PREFIX.sub("", plain[found.end() :], count=1)
        unprefixed = _PREFIX.match(plain)
        return None, plain[unprefixed.end() :] if unprefixed else plain

    def _whole(self, plain):
        """A text that is all name, also one that begins with a digit or is a row of its own."""
        folded = loose(plain)
        return self.known.get(folded) or _ROWS.get(folded) or _ROWS.get(loose(_without(plain)))

    def _exact(self, name):
        """The name, also with something in brackets beside it: its English, its code."""
        for part in (name, _without(name), *_ASIDE.findall(name)):
            if key := self.known.get(loose(part)) or _ROWS.get(loose(part)):
                return key
        rest = _AROUND.sub("", loose(name))
        return self.instruments.get(rest) or self._with_code(rest)

    def _with_code(self, folded):
        """IIT แบบวัดการรับรู้ ผู้มีส่วนได้ส่วนเสียภายใน: the code, and the name in some wording."""
        for code in set(self.instruments.values()):
            rest = folded.removeprefix(code).removesuffix(code)
            # An instrument beside an indicator in one cell is of the latter, but not surely.
            if rest != folded and rest not in self.indicators:
                return code
        return None

    def _similar(self, name):
        """The one known name that this is nearly, or None."""
        folded = loose(_without(name))
        if len(folded) < 5:
            return None
        matcher = SequenceMatcher(None, "", folded, autojunk=False)
        alike = dict.fromkeys(self.known.values(), 0)
        for known, key in self.known.items():
            matcher.set_seq1(known)
            # The quick ones are upper bounds, and nearly always low enough.
            bounds = (matcher.real_quick_ratio, matcher.quick_ratio)
            if all(bound() > SIMILAR - CLEARLY for bound in bounds):
                alike[key] = max(matcher.ratio(), alike[key])
        (best, key), (second, _key) = sorted(((r, k) for k, r in alike.items()), reverse=True)[:2]
        return key if best >= SIMILAR and best - second >= CLEARLY else None


def _without(name):
    return _ASIDE.sub(" ", name)
