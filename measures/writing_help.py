"""What a careful reader would point at in a text: doubled words, and years that do not fit."""

import re

from django.utils.translation import gettext as _

from assessments.numbers import numeric_text
from measures.thai_words import words

#: The fields that are read: the others are chosen or counted.
TEXTS = {
    *("title", "steps", "period", "follow_up", "responsible"),
    *("points", "result", "suggestion"),
}
#: Of two signs only these are asked about; in ที่ที่เหมาะสม both are meant.
_SHORT = {"ใน", "ณ", "จะ", "มี"}
_MAY_DOUBLE = {"ที่"}
#: Written before another word, as in การการสื่อสาร, which the dictionary may take for one.
_PREFIXES = ("การ", "ความ")
_THAI = re.compile("[ก-ฮเ-ไ][ก-๎]*")
_LATIN_DOUBLE = re.compile(r"\b([a-z]{2,}) \1\b", re.IGNORECASE)

_YEAR = re.compile(r"(?<![0-9.,/])25[4-9][0-9](?![0-9.,]*[0-9])")
_RANGE = re.compile(r"25[0-9]{2} ?[-–] ?25[0-9]{2}")
_OF_A_LAW = re.compile(
    "(?:พระราชบัญญัติ|พ.ร.บ|พระราชกฤษฎีกา|รัฐธรรมนูญ|กฎ|ระเบียบ|ข้อบังคับ|ข้อบัญญัติ|ประกาศ|คำสั่ง|มติ|แผน|ยุทธศาสตร์)"
)
#: So far before a year its law or plan is named.
_NEAR = 70
#: The fiscal year begins in October of the year before.
_FIRST_MONTHS = re.compile(r"(?:ต\.?ค\.?|ตุลาคม|พ\.?ย\.?|พฤศจิกายน|ธ\.?ค\.?|ธันวาคม) ?(?:พ\.ศ\. ?)?$")


def hints(name, text, year):
    """Sentences about a field's text in the plan of the year (BE); empty where it reads well."""
    found = []
    if name not in TEXTS:
        return found
    if doubled := doubled_words(text):
        found.append(_("Written twice: %(words)s") % {"words": ", ".join(doubled)})
    if years := strange_years(text, year, is_period=name == "period"):
        found.append(
            _("Year %(years)s in a plan of %(year)s: check whether it is meant.")
            % {"years": ", ".join(map(str, years)), "year": year}
        )
    return found


def doubled_words(text):
    """As they stand in the text, each once. ต่าง ๆ and จัดการการเงิน are no doubled words."""
    found = [match[0] for match in _LATIN_DOUBLE.finditer(text)]
    # The dictionary has no ดำเนินการ: its การ is no second one.
    parts = words(text.replace("ดำเนินการ", "ดำเนิน "))
    for first, second in zip(parts, parts[1:], strict=False):
        if _is_doubled(first, second):
            found.append(first + second)
    return list(dict.fromkeys(found))


def _is_doubled(first, second):
    if not _THAI.fullmatch(first) or first in _MAY_DOUBLE:
        return False
    if first == second:
        return len(first) >= 3 or first in _SHORT
    return first in _PREFIXES and second.startswith(first)


def strange_years(text, year, is_period=False):
    """Years (BE) other than the plan's and, outside its period, that of the result.

    Years of laws, plans and ranges are not of the plan's making.
    """
    plain = _RANGE.sub(" ", numeric_text(text))
    found = []
    for match in _YEAR.finditer(plain):
        before, typed = plain[max(match.start() - _NEAR, 0) : match.start()], int(match[0])
        if typed == year or _OF_A_LAW.search(before.rsplit("\n", 1)[-1]):
            continue
        if typed == year - 1 and (not is_period or _FIRST_MONTHS.search(before)):
            continue
        found.append(typed)
    return sorted(set(found))
