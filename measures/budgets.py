"""The budget of a measure: not stated (None), none used (0), or an amount in baht."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.numbers import numeric_text

_AMOUNT = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?")


class BudgetKind(models.TextChoices):
    UNSTATED = "unstated", gettext_lazy("Not stated")
    NONE = "none", gettext_lazy("No budget used")
    AMOUNT = "amount", gettext_lazy("An amount in baht")


def budget_kind(budget):
    if budget is None:
        return BudgetKind.UNSTATED
    return BudgetKind.AMOUNT if budget else BudgetKind.NONE


def read_budget(kind, typed):
    """None, 0 or the typed amount, also with Thai digits and commas; raises ValidationError."""
    if kind == BudgetKind.NONE:
        return Decimal(0)
    if kind != BudgetKind.AMOUNT:
        return None
    plain = re.sub("บาท|[.,]-|[, ]", "", numeric_text(typed))
    if not _AMOUNT.fullmatch(plain):
        raise ValidationError(
            {"budget": _("Type the budget as an amount in baht, such as 25,000 or 1,250.50.")}
        )
    return Decimal(plain)


def amount(budget):
    """25,000 or 1,250.50; empty where there is none."""
    return f"{budget:,.2f}".removesuffix(".00") if budget else ""


def budget_words(budget):
    """As the document says it."""
    if budget is None:
        return ""
    return f"{amount(budget)} บาท" if budget else "ไม่ใช้งบประมาณ"


def budget_value(budget):
    """As a page compares it, without the unit."""
    if budget is None:
        return ""
    return amount(budget) or BudgetKind.NONE.label


def budget_text(budget):
    """The controls of the form, a line each: the kind and the amount."""
    return f"{budget_kind(budget)}\n{amount(budget)}"


def typed_budget(text):
    kind, typed = [*text.split("\n", 1), ""][:2]
    return read_budget(kind, typed)
