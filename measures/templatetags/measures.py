"""Texts as lists, alike on page and paper; their look is static/css/text-list.css."""

from django import template
from django.utils.html import format_html, format_html_join

from measures import budgets, text_lists

register = template.Library()

register.filter("budget_words", budgets.budget_words)


@register.filter
def state_budgets(measures):
    """Whether one of them says what it costs, and be it nothing."""
    return any(measure.budget is not None for measure in measures)


@register.filter
def text_list(text):
    """A list, numbered where the text has several items and no marks of its own."""
    return _html(text_lists.parse(text or ""))


@register.filter
def text_lines(text):
    """The same without drawing numbers, as for names of units."""
    return _html(text_lists.parse(text or "", numbered=False))


def _html(items):
    if len(items) == 1 and not items[0].mark:
        return format_html(
            '<p class="text-line">{}</p>{}', _text(items[0]), _list(items[0].children)
        )
    return _list(items)


def _list(items):
    if not items:
        return ""
    tag = "ol" if any(item.is_numbered for item in items) else "ul"
    rows = format_html_join(
        "", "<li>{}{}{}</li>", ((_mark(i), _text(i), _list(i.children)) for i in items)
    )
    css = "text-list" if items[0].mark else "text-list unmarked"
    return format_html('<{} class="{}">{}</{}>', tag, css, rows, tag)


def _mark(item):
    if not item.mark:
        return ""
    return format_html('<span class="item-mark">{}</span> ', "–" if item.mark == "-" else item.mark)


def _text(item):
    first, *more = item.text.split("\n")
    return format_html("{}{}", first, format_html_join("", "<br>{}", ((line,) for line in more)))
