"""When a measure is carried out: the whole fiscal year, between two days, or as it is written."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.fiscal import fiscal_year_of, local_date, thai_date
from measures.calendar import whole_year
from measures.day_fields import DayField


class PeriodKind(models.TextChoices):
    YEAR = "year", gettext_lazy("The whole fiscal year")
    DATES = "dates", gettext_lazy("Between two days")
    WORDS = "words", gettext_lazy("In other words")


def kind_of(measure, year):
    if measure.starts_on:
        return PeriodKind.DATES
    return PeriodKind.YEAR if measure.period == whole_year(year) else PeriodKind.WORDS


def read_period(kind, year, starts_on=None, ends_on=None, words=""):
    """The values of a measure; raises ValidationError with a message for each wrong control."""
    if kind == PeriodKind.YEAR:
        return {"period": whole_year(year), "starts_on": None, "ends_on": None}
    if kind == PeriodKind.WORDS:
        return {"period": words, "starts_on": None, "ends_on": None}
    days = {"starts_on": starts_on, "ends_on": ends_on}
    if missing := [name for name, day in days.items() if day is None]:
        raise ValidationError({missing[0]: _("Fill in the first and the last day of the period.")})
    if ends_on < starts_on:
        raise ValidationError(
            {
                "ends_on": _("The last day, %(end)s, is before the first day, %(start)s.")
                % {"end": local_date(ends_on), "start": local_date(starts_on)}
            }
        )
    return days | {"period": _in_words(starts_on, ends_on)}


def _in_words(starts_on, ends_on):
    days = dict.fromkeys((thai_date(starts_on), thai_date(ends_on)))
    return " ถึง ".join(days)


def is_outside(measure, year):
    """Whether it has a day that is not of the fiscal year."""
    days = (measure.starts_on, measure.ends_on)
    return any(day and fiscal_year_of(day) != year for day in days)


def period_text(measure, year):
    """The controls of the form, a line each: the kind, two days, the words."""
    kind = kind_of(measure, year)
    words = measure.period if kind == PeriodKind.WORDS else ""
    days = (measure.starts_on, measure.ends_on)
    return "\n".join([kind, *(local_date(day, "short") if day else "" for day in days), words])


def typed_period(text, year):
    """The values that such a text means; raises ValidationError."""
    kind, starts_on, ends_on, words = [*text.split("\n", 3), "", "", ""][:4]
    if kind != PeriodKind.DATES:
        return read_period(kind, year, words=words)
    return read_period(
        kind,
        year,
        DayField(label=_("First day")).clean(starts_on),
        DayField(label=_("Last day")).clean(ends_on),
    )
