from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.fiscal import DayError, local_date, parse_day


class DayField(forms.Field):
    """A day as people write it, such as 31 ธ.ค. 2564; an empty one is None."""

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": 40})
        super().__init__(**{"required": False, "widget": widget} | options)

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else local_date(value, "short")

    def to_python(self, value):
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return parse_day(value)
        except DayError as error:
            raise ValidationError(
                _("%(field)s: %(problem)s") % {"field": self.label, "problem": error.message}
            ) from None
