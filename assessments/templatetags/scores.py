from django import template

from assessments import numbers

register = template.Library()

register.filter("score", numbers.format_score)
register.filter("score_change", numbers.format_change)
register.filter("threshold", numbers.format_threshold)
