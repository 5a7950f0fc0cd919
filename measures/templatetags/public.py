"""How the public page words what stands in a data document: points are texts, days ISO."""

from datetime import date, datetime
from decimal import Decimal

from django import template

from assessments import fiscal
from assessments.numbers import NONE_MARK
from measures.budgets import budget_words

register = template.Library()

KILO = 1024

register.filter("thai_moment", fiscal.thai_date)


@register.filter
def thai_day(iso):
    return fiscal.thai_date(date.fromisoformat(iso)) if iso else NONE_MARK


@register.filter
def figure(points):
    return NONE_MARK if points is None else points


@register.filter
def whole(points):
    """80 rather than 80.00, as thresholds are spoken of."""
    return points.removesuffix(".00")


@register.filter
def moved(points):
    """▼ ลดลง 5.68"""
    if points is None:
        return NONE_MARK
    size = points.lstrip("+-−")
    if not size.strip("0."):
        return "คงที่"
    return f"▼ ลดลง {size}" if points[0] in "-−" else f"▲ เพิ่มขึ้น {size}"


@register.filter
def signed(points):
    """+0.58, −8.89 with a true minus"""
    return points.replace("-", "−") if points[0] in "-−+" else f"+{points}"


@register.filter
def baht(amount):
    return budget_words(Decimal(amount))


@register.filter
def file_size(size):
    """18 KB, 1.4 MB"""
    kilobytes = -(-size // KILO)
    return f"{kilobytes} KB" if kilobytes < KILO else f"{size / KILO / KILO:.1f} MB"


@register.filter
def iso_moment(moment: datetime):
    return moment.isoformat(timespec="seconds")
