"""Buddhist-Era years and Thai dates; no other place knows either.

A Thai fiscal year runs from 1 October of the year before to 30 September.
"""

from __future__ import annotations

import re
from calendar import month_abbr, month_name, monthrange
from datetime import date, datetime
from typing import Literal

from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.numbers import numeric_text

ERA = 543
FIRST_YEAR = 2540
LAST_YEAR = 2600

Style = Literal["full", "short"]

_THAI_MONTHS = {
    "full": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน "
    "กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "short": "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
}


class YearError(ValueError):
    """Text that is no year; `suggestion` is a typed Common-Era year in the Buddhist Era."""

    def __init__(self, typed: str, suggestion: int | None = None):
        super().__init__(typed, suggestion)
        self.typed = typed
        self.suggestion = suggestion

    @property
    def message(self) -> str:
        facts = {"typed": self.typed, "suggestion": self.suggestion}
        if self.suggestion is None:
            return _("The year must be a four-digit Buddhist-Era year, such as 2565")
        text = _(
            "The year must be a Buddhist-Era year (%(typed)s was entered; is %(suggestion)s meant?)"
        )
        return text % facts


def parse_year(text: str) -> int:
    """A Buddhist-Era year from 2540 to 2600, Thai digits too; raises YearError."""
    plain = numeric_text(text)
    if not re.fullmatch("[0-9]{4}", plain):
        raise YearError(plain)
    year = int(plain)
    if FIRST_YEAR <= year <= LAST_YEAR:
        return year
    meant = year + ERA
    raise YearError(plain, meant if FIRST_YEAR <= meant <= LAST_YEAR else None)


class DayError(ValueError):
    """Text that is no day; `suggestion` is a day that was typed in the Common Era, `last` the last
    one of a month that has fewer days.
    """

    def __init__(self, typed: str, suggestion: date | None = None, last: date | None = None):
        super().__init__(typed, suggestion)
        self.typed = typed
        self.suggestion = suggestion
        self.last = last

    @property
    def message(self) -> str:
        if self.last is not None:
            text = _("The last day of the month is %(last)s (“%(typed)s” was entered)")
            return text % {"last": local_date(self.last, "short"), "typed": self.typed}
        if self.suggestion is None:
            text = _("Type a date such as %(example)s or 31/12/2564 (“%(typed)s” was entered)")
            return text % {"example": local_date(date(2021, 12, 31), "short"), "typed": self.typed}
        text = _("Type the year in the Buddhist Era (%(typed)s was entered; is %(day)s meant?)")
        return text % {"typed": self.typed, "day": local_date(self.suggestion, "short")}


_DAY = re.compile(
    r"([0-9]{1,2}) ?(?:[/.-] ?([0-9]{1,2}) ?[/.-]|([ก-๙.]+|[a-z]+)) ?(?:พ\.?ศ\.?)? ?([0-9]{4})"
    r"(?: be)?"
)


def parse_day(text: str) -> date:
    """1 มี.ค. 2565, 1 มีนาคม พ.ศ. 2565 or 01/03/2565, Thai digits too; raises DayError."""
    typed = " ".join(text.split())
    found = _DAY.fullmatch(numeric_text(typed).lower())
    month = found and (int(found[2]) if found[2] else _month_named(found[3]))
    if not month:
        raise DayError(typed)
    year = int(found[4])
    in_common_era = FIRST_YEAR <= year + ERA <= LAST_YEAR
    if not in_common_era and not FIRST_YEAR <= year <= LAST_YEAR:
        raise DayError(typed)
    ce = year if in_common_era else year - ERA
    try:
        day = date(ce, month, int(found[1]))
    except ValueError:
        known = 1 <= month <= 12 and int(found[1])
        last = date(ce, month, monthrange(ce, month)[1]) if known else None
        raise DayError(typed, last=last) from None
    if in_common_era:
        raise DayError(typed, day)
    return day


def _month_named(name: str) -> int | None:
    """Of a Thai name, whole or short, the dots left out or not; or of an English one."""
    plain = name.replace(".", "").removesuffix("พศ")
    thai = (_THAI_MONTHS[style].replace(".", "").split() for style in _THAI_MONTHS)
    english = ([str(names[n]).lower() for n in range(1, 13)] for names in (month_name, month_abbr))
    return next((names.index(plain) + 1 for names in (*thai, *english) if plain in names), None)


def fiscal_year_of(day: date) -> int:
    local = _local(day)
    return local.year + ERA + (local.month >= 10)


def current_fiscal_year() -> int:
    return fiscal_year_of(timezone.now())


def fiscal_year_start(year: int) -> date:
    return date(year - ERA - 1, 10, 1)


def fiscal_year_label(year: int) -> str:
    """In the active language."""
    return _("Fiscal year %(year)s BE") % {"year": year}


def thai_date(day: date, style: Style = "full") -> str:
    """1 ตุลาคม 2564 or 1 ต.ค. 2564, whatever the active language."""
    local = _local(day)
    return f"{local.day} {_THAI_MONTHS[style].split()[local.month - 1]} {local.year + ERA}"


def thai_month(day: date) -> str:
    """ตุลาคม 2564, as a cover is dated."""
    return thai_date(day).split(" ", 1)[1]


def thai_time(moment: datetime) -> str:
    """14.05 น."""
    return f"{_local(moment):%H.%M} น."


def thai_datetime(moment: datetime, style: Style = "full") -> str:
    return f"{thai_date(moment, style)} เวลา {thai_time(moment)}"


def local_date(day: date, style: Style = "full") -> str:
    """As a page shows it: Thai, or 1 October 2564 BE when the interface is in English."""
    if _in_thai():
        return thai_date(day, style)
    local = _local(day)
    month = MONTHS[local.month] if style == "full" else MONTHS_3[local.month].title()
    return f"{local.day} {month} {local.year + ERA} BE"


def local_datetime(moment: datetime, style: Style = "full") -> str:
    if _in_thai():
        return thai_datetime(moment, style)
    return f"{local_date(moment, style)}, {_local(moment):%H:%M}"


def local_time(moment: datetime) -> str:
    return thai_time(moment) if _in_thai() else f"{_local(moment):%H:%M}"


def closed_on(day: date | None) -> str:
    """The closing day in words once it has passed; empty until then, and where there is none."""
    return local_date(day) if day and day < timezone.localdate() else ""


def _local(day: date) -> date:
    """A stored moment is in UTC; at 18.00 UTC on 30 September the next Thai year has begun."""
    if isinstance(day, datetime) and timezone.is_aware(day):
        return timezone.localtime(day)
    return day


def _in_thai() -> bool:
    return (get_language() or "th").startswith("th")
