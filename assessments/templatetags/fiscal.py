from django import template

from assessments import fiscal

register = template.Library()

register.filter("date_text", fiscal.local_date)
register.filter("time_text", fiscal.local_datetime)
