"""What the Thai report says about numbers and dates beside the filters that pages share."""

from django import template

from assessments import fiscal, numbers

register = template.Library()

register.filter("thai_month", fiscal.thai_month)


@register.filter
def size(value):
    """A change without its sign, where the words already say the direction."""
    return numbers.format_score(abs(value))


@register.filter
def listed(values):
    """2, 6 และ 7"""
    *first, last = map(str, values)
    return f"{', '.join(first)} และ {last}" if first else last


@register.filter
def named(number, names):
    return names[number]
