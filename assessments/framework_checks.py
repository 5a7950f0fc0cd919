"""What a year's framework must fulfil to be scored by. No database here."""

import re
from itertools import pairwise
from pathlib import Path

from django.utils.translation import gettext as _


class FrameworkError(Exception):
    """A framework that cannot be used; the message names the file and the place in it."""

    def __init__(self, file_name, place, message):
        super().__init__(": ".join(part for part in (file_name, place, message) if part))


def check(framework):
    """Whether a framework file is consistent in itself; raises FrameworkError."""
    _year(framework)
    _weights(framework)
    _numbers(framework)
    _references(framework)
    _item_marks(framework)
    _questions(framework)
    _levels(framework)
    _document_items(framework)


def _year(framework):
    if not 2500 <= framework.year < 2700:
        _refuse(framework, "year", _("%(year)s is not a Buddhist-Era year"), year=framework.year)
    stem = Path(framework.file_name).stem
    if stem.isdecimal() and int(stem) != framework.year:
        _refuse(framework, "year", _("%(year)s is not the year of the file"), year=framework.year)


def _weights(framework):
    for instrument in framework.instruments:
        if not instrument.weight:
            _refuse(framework, f"instruments {instrument.code} weight", _("must be above 0"))
    total = sum(instrument.weight for instrument in framework.instruments)
    if total != 100:
        _refuse(framework, "instruments", _("weights add up to %(total)s, not 100"), total=total)


def _numbers(framework):
    numbers = [indicator.number for indicator in framework.indicators]
    for expected, number in enumerate(numbers, start=1):
        if number != expected:
            _refuse(
                framework,
                f"indicators {number}",
                _("number %(expected)s should stand here, without a gap"),
                expected=expected,
            )
    for item in framework.items:
        if item.number < 1:
            _refuse(framework, f"items {item.number}", _("numbers start at 1"))


def _references(framework):
    codes = {instrument.code for instrument in framework.instruments}
    for indicator in framework.indicators:
        if indicator.instrument not in codes:
            _refuse(
                framework,
                f"indicators {indicator.number} instrument",
                _("there is no instrument %(code)s"),
                code=indicator.instrument,
            )
    for unused in codes - {indicator.instrument for indicator in framework.indicators}:
        _refuse(framework, f"instruments {unused}", _("has no indicator"))
    numbers = {indicator.number for indicator in framework.indicators}
    for subindicator in framework.subindicators:
        if subindicator.indicator not in numbers:
            _refuse(
                framework,
                f"subindicators {subindicator.code} indicator",
                _("there is no indicator %(number)s"),
                number=subindicator.indicator,
            )
    subindicators = {subindicator.code for subindicator in framework.subindicators}
    for item in framework.items:
        if item.subindicator not in subindicators:
            _refuse(
                framework,
                f"items {item.number} subindicator",
                _("there is no sub-indicator %(code)s"),
                code=item.subindicator,
            )


def _item_marks(framework):
    marks = framework.item_marks
    if list(marks) != sorted(set(marks)) or marks[:1] != (0,) or marks[-1:] != (100,):
        _refuse(framework, "item_marks", _("must rise from 0 to 100"))


def _questions(framework):
    asked = {
        indicator.number
        for indicator in framework.indicators
        if indicator.instrument in ("IIT", "EIT")
    }
    for question in framework.questions:
        place = f"questions {question.code}"
        if not re.fullmatch("[a-z][0-9]{1,7}", question.code):
            _refuse(framework, place, _("must be a small letter and a number, such as i12"))
        if question.indicator not in asked:
            _refuse(
                framework,
                f"{place} indicator",
                _("%(number)s is no indicator of IIT or EIT"),
                number=question.indicator,
            )


def _levels(framework):
    levels = framework.levels
    if not levels:
        _refuse(framework, "levels", _("is empty"))
    for higher, lower in pairwise(levels):
        place = f"levels {lower.code}"
        # None asks nothing of an instrument, which is less than any number.
        conditions = [
            -1 if level.min_instrument is None else level.min_instrument
            for level in (higher, lower)
        ]
        if lower.min_total > higher.min_total or conditions[1] > conditions[0]:
            _refuse(
                framework, place, _("stands below %(code)s but asks for more"), code=higher.code
            )
        if lower.min_total == higher.min_total and conditions[0] == conditions[1]:
            _refuse(framework, place, _("overlaps with %(code)s"), code=higher.code)
    lowest = levels[-1]
    if lowest.min_total != 0 or lowest.min_instrument is not None:
        _refuse(
            framework,
            f"levels {lowest.code}",
            _("the lowest level must start at 0 without a condition"),
        )
    if framework.pass_mark not in {level.min_total for level in levels}:
        _refuse(
            framework,
            "pass_mark",
            _("%(pass_mark)s is not where a level starts"),
            pass_mark=framework.pass_mark,
        )


def _document_items(framework):
    codes = {f"O{item.number}" for item in framework.items}
    for name in ("measures_item", "progress_item"):
        code = getattr(framework, name)
        if code and code not in codes:
            _refuse(framework, name, _("there is no item %(code)s"), code=code)


def _refuse(framework, place, message, **values):
    raise FrameworkError(framework.file_name, place, message % values)
