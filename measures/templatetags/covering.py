from django import template

from measures.covering import Kind

register = template.Library()


@register.simple_tag
def covering_kinds():
    return list(Kind)
