"""What the Thai report says about numbers and dates beside the filters that pages share."""

from django import template

from assessments import fiscal, numbers
from measures.report.qr import qr_svg

register = template.Library()

LINES_KEPT_TOGETHER = 9

register.filter("thai_month", fiscal.thai_month)


@register.filter
def qr(url):
    """Its code, with the address as the text for those who cannot see it."""
    return qr_svg(url, f"คิวอาร์โค้ดของ {url}")


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


@register.simple_tag
def row_class(characters, *texts):
    """`long` may go over a page, as kept whole it would leave half of one empty. `characters` go
    on a line of the fullest column, Thai marks counted too.
    """
    lines = max(sum(len(line) // characters + 1 for line in t.splitlines()) for t in texts)
    return "long" if lines > LINES_KEPT_TOGETHER else ""
