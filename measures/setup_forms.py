from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import NamingErrors
from assessments.fiscal import closed_on, local_date
from assessments.models import Assessment
from assessments.numbers import ScoreError, format_threshold, parse_score
from measures.calendar import CLOSING, LABELS
from measures.day_fields import DayField


class DaysForm(forms.Form):
    """The days of a year. What has closed is shown; it is the system operator's to extend."""

    def __init__(self, data=None, *, days, proposed):
        super().__init__(data, initial=dict(days))
        for name, label in LABELS.items():
            closed = closed_on(days.get(name)) if name in CLOSING else ""
            field = self.fields[name] = DayField(
                label=label, disabled=bool(closed), show_hidden_initial=not closed
            )
            if closed:
                field.help_text = _("It has closed. Ask the system operator to extend it.")
            elif name in proposed:
                facts = {"day": local_date(proposed[name], "short")}
                field.help_text = _("Proposed: %(day)s (no official date)") % facts

    @property
    def changes(self):
        """What she changed: the rest may have been changed by somebody else meanwhile."""
        return {name: self.cleaned_data[name] for name in LABELS if name in self.changed_data}


class ThresholdField(forms.Field):
    """0 to 100; empty, which is None, means the agency's own."""

    def __init__(self, own):
        super().__init__(
            label=Assessment._meta.get_field("threshold").verbose_name,
            required=False,
            widget=forms.TextInput(
                attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 20}
            ),
            help_text=_(
                "Indicators with this score or more are strong this year. "
                "Empty means the agency's own, %(threshold)s."
            )
            % {"threshold": format_threshold(own)},
        )

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else format_threshold(value)

    def to_python(self, value):
        try:
            return parse_score(value or "")
        except ScoreError as error:
            raise ValidationError(error.message(str(self.label))) from None


class ThresholdForm(forms.Form):
    """`own` is the agency's."""

    def __init__(self, data=None, *, own, threshold):
        super().__init__(data, initial={"threshold": threshold})
        self.fields["threshold"] = ThresholdField(own)


class OpeningForm(DaysForm):
    """The days of a year that is not begun, as they are proposed, and its threshold."""

    def __init__(self, data=None, *, own, threshold, **days):
        super().__init__(data, **days)
        self.initial["threshold"] = threshold
        self.fields["threshold"] = ThresholdField(own)

    @property
    def chosen_days(self):
        return {name: self.cleaned_data[name] for name in LABELS}


class ExtensionForm(NamingErrors, forms.Form):
    """The system operator's: which closing day moves, to which later one, and why."""

    name = forms.ChoiceField(label=gettext_lazy("What is extended"))
    until = DayField(label=gettext_lazy("Extended until"), required=True)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The agency reads it, and with your name the public in what is published: write no "
            "personal data in it."
        ),
    )

    def __init__(self, data=None, *, days):
        super().__init__(data)
        # The action asks for it, with a sentence of its own.
        self.fields["reason"].no_optional_mark = True
        self.fields["name"].choices = [
            (name, f"{LABELS[name]} {local_date(days[name])}") for name in CLOSING if days.get(name)
        ]
