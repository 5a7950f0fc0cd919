"""Each field of a row as one text, so that it can be saved by itself: `measure-5.title`."""

import hashlib
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.models import Indicator
from assessments.numbers import numeric_text
from measures.budgets import budget_text, typed_budget
from measures.models import Issue, Measure, ProgressEntry
from measures.periods import period_text, typed_period

FIELDS = {
    Issue: ("indicators", "kind", "points"),
    Measure: ("title", "indicators", "steps", "period", "budget", "follow_up", "responsible"),
    ProgressEntry: ("state", "percent", "result", "suggestion"),
}


def version_of(text):
    """A number that JavaScript holds exactly."""
    # Of the text, not the row's: two people in different fields of a row never meet, and who
    # writes what already stands there has not changed anything.
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])


def text_of(row, name):
    """The stored value as the page holds it; a field of several controls is a line for each."""
    if name == "indicators":
        return "\n".join(map(str, row.numbers))
    if name == "period":
        return period_text(row, row.plan.year)
    if name == "budget":
        return budget_text(row.budget)
    value = getattr(row, name)
    return "" if value is None else str(value)


def values_of(row, name, text):
    """What the typed text means to the record; raises ValidationError where it means nothing."""
    if name == "indicators":
        return {name: _indicators(row.plan, text)}
    if name == "period":
        return typed_period(text, row.plan.year)
    if name == "budget":
        return {name: typed_budget(text)}
    if name == "percent":
        return {name: _percent(text)}
    return {name: text}


def _indicators(plan, text):
    numbers = [int(line) for line in text.splitlines() if re.fullmatch("[0-9]{1,3}", line)]
    framework = plan.assessment.framework_id
    return list(Indicator.objects.filter(framework=framework, number__in=numbers))


def _percent(text):
    plain = numeric_text(text).removesuffix("%").rstrip()
    if not plain:
        return None
    if not re.fullmatch("[0-9]{1,3}", plain) or int(plain) > 100:
        raise ValidationError(
            _("Type the per cent done as a whole number from 0 to 100, such as 60.")
        )
    return int(plain)
