"""The columns of the files: one list for import and export."""

import re
import unicodedata

from assessments.numbers import numeric_text

AGENCY, NAME, YEAR = "agency_code", "agency_name", "fiscal_year"
INDICATOR, SCORE = "indicator", "score"
TOTAL, LEVEL = "published_total", "published_level"
#: Worked out by the portal: written on export, ignored on import.
COMPUTED = ("iit", "eit", "oit", "total", "level")

_THAI = {
    "รหัสหน่วยงาน": AGENCY,
    "หน่วยงาน": NAME,
    "ชื่อหน่วยงาน": NAME,
    "ปี": YEAR,
    "ปีงบประมาณ": YEAR,
    "ปีงบประมาณ พ.ศ.": YEAR,
    "ตัวชี้วัด": INDICATOR,
    "ตัวชี้วัดที่": INDICATOR,
    "คะแนน": SCORE,
    "คะแนนรวม": "total",
    "ระดับ": "level",
    "ระดับผลการประเมิน": "level",
    "คะแนนรวมที่ประกาศ": TOTAL,
    "ระดับที่ประกาศ": LEVEL,
}
_KNOWN = {AGENCY, NAME, YEAR, INDICATOR, SCORE, TOTAL, LEVEL, *COMPUTED}
_INDICATOR = re.compile(r"(?:i|indicator ?|ตัวชี้วัด(?:ที่)? ?)?0?([1-9][0-9]?)(?:[ .:].*)?", re.S)


def column_of(heading: str) -> str | int | None:
    """The canonical column; the number of an indicator; None for an unknown heading."""
    plain = " ".join(numeric_text(heading).casefold().split())
    if plain in _KNOWN:
        return plain
    return _THAI.get(plain) or indicator_number(plain)


def indicator_number(text: str) -> int | None:
    """9 from "9", "i9", "ตัวชี้วัดที่ ๙" or "ตัวชี้วัดที่ 9 การเปิดเผยข้อมูล"."""
    # ํ + า is another way to type ำ; neither occurs before the number, but both in names.
    plain = " ".join(numeric_text(unicodedata.normalize("NFC", text)).casefold().split())
    found = _INDICATOR.fullmatch(plain)
    return int(found[1]) if found else None


def wide_columns(numbers) -> list[str]:
    """The headings of an export with these indicators."""
    return [AGENCY, NAME, YEAR, *(f"i{n}" for n in numbers), *COMPUTED, TOTAL, LEVEL]
