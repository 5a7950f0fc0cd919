from django import template

from assessments import fiscal

register = template.Library()

register.filter("thai_date", fiscal.thai_date)
