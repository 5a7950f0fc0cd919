"""Forms for the texts of a plan. The actions check again; here all mistakes are told at once."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.fiscal import local_datetime
from measures.models import Issue, Measure, ProgressEntry
from measures.texts import clean_texts


class PlainText(forms.CharField):
    """A text of a record, with the record's words; `clean_texts` judges it."""

    def __init__(self, model, name, *, rows, **options):
        field = model._meta.get_field(name)
        options = {"label": field.verbose_name, "help_text": field.help_text} | options
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput
        super().__init__(required=not field.blank, strip=False, widget=widget, **options)

    def clean(self, value):
        return value or ""


class WritingForm(forms.Form):
    """Carries the version that the text was read at; 0 for a record that is not there yet."""

    model = None
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    @property
    def values(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def clean(self):
        names = [name for name, field in self.fields.items() if isinstance(field, PlainText)]
        try:
            self.cleaned_data |= clean_texts(
                self.model, {name: self.cleaned_data[name] for name in names}
            )
        except ValidationError as error:
            self.add_error(None, error)

    def shown(self, record):
        """The record's values as this form's fields would hold them."""
        return {name: getattr(record, name) for name in self.fields}

    def show_conflict(self, current):
        """Sets the record as it now stands beside what was typed; the next save replaces it."""
        self.data = self.data.copy()
        self.data["version"] = current.version
        theirs = self.shown(current)
        self.other_name = current.updated_by or _("somebody else")
        self.other_time = local_datetime(current.updated_at, "short")
        for name, field in self.fields.items():
            if name != "version" and theirs[name] != self.cleaned_data[name]:
                field.theirs = self.describe(name, theirs[name]) or _("(empty)")
        self.add_error(
            None,
            _(
                "%(name)s saved this on %(time)s, after you opened the page. Your text is in the "
                "form and the saved one under each field: bring them together and save again."
            )
            % {"name": self.other_name, "time": self.other_time},
        )

    def describe(self, name, value):
        choices = dict(getattr(self.fields[name], "choices", ()))
        return choices.get(value, value)


class _IndicatorForm(WritingForm):
    def __init__(self, *args, indicators, weak=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.indicators = indicators
        field = self.fields["indicators" if "indicators" in self.fields else "indicator"]
        field.coerce = lambda number: indicators[int(number)]
        field.choices = [
            (number, _("%(indicator)s (weak)") % {"indicator": i} if number in weak else str(i))
            for number, i in indicators.items()
        ]


class IssueForm(_IndicatorForm):
    model = Issue
    indicator = forms.TypedChoiceField(
        label=gettext_lazy("Indicator"),
        error_messages={
            "required": gettext_lazy("Choose the indicator."),
            "invalid_choice": gettext_lazy("Choose an indicator of the list."),
        },
    )
    kind = forms.ChoiceField(
        label=Issue._meta.get_field("kind").verbose_name,
        choices=Issue.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the kind of issue."),
            "invalid_choice": gettext_lazy("Choose the kind of issue."),
        },
    )
    points = PlainText(Issue, "points", rows=7)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["indicator"]
        # Set, not inserted: the control keeps a list of its own.
        field.choices = [("", _("Choose an indicator")), *field.choices]

    def describe(self, name, value):
        return str(value) if name == "indicator" else super().describe(name, value)


class MeasureForm(_IndicatorForm):
    model = Measure
    title = PlainText(Measure, "title", rows=2)
    indicators = forms.TypedMultipleChoiceField(
        label=Measure._meta.get_field("indicators").verbose_name,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one indicator that this measure serves."),
            "invalid_choice": gettext_lazy("Choose an indicator of the list."),
        },
    )
    steps = PlainText(Measure, "steps", rows=7)
    period = PlainText(Measure, "period", rows=0)
    follow_up = PlainText(Measure, "follow_up", rows=5)
    responsible = PlainText(Measure, "responsible", rows=3)

    def shown(self, record):
        served = sorted(record.indicators.all(), key=lambda indicator: indicator.number)
        return super().shown(record) | {"indicators": served}

    def describe(self, name, value):
        return "\n".join(map(str, value)) if name == "indicators" else value


class ProgressForm(WritingForm):
    model = ProgressEntry
    state = forms.ChoiceField(
        label=gettext_lazy("How far it is"),
        choices=ProgressEntry.State.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose how far the measure is."),
            "invalid_choice": gettext_lazy("Choose how far the measure is."),
        },
    )
    result = PlainText(ProgressEntry, "result", rows=8)
    suggestion = PlainText(ProgressEntry, "suggestion", rows=5)


class DeleteForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
