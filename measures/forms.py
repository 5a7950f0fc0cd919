"""Forms for the texts of a plan. The actions check again; here all mistakes are told at once."""

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.portal import CHOICE_LISTS
from assessments.fiscal import local_datetime
from measures.fields import text_of, values_of, version_of
from measures.models import Issue, ProgressEntry
from measures.texts import clean_texts
from measures.writing_help import hints


class PlainText(forms.CharField):
    """A text of a record, with the record's words; `clean_texts` judges it."""

    def __init__(self, model, name, *, rows, **options):
        field = model._meta.get_field(name)
        options = {"label": field.verbose_name, "help_text": field.help_text} | options
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput
        super().__init__(required=not field.blank, strip=False, widget=widget, **options)
        self.limit = field.max_length

    def clean(self, value):
        return value or ""


@dataclass(frozen=True)
class Group:
    """Controls that are one field of the record. Where it is saved as one types, `box` is the id
    for messages, and `holder` the attributes of a hidden input where no one control has it all.
    """

    controls: list
    box: str = ""
    holder: str = ""
    hints: tuple = ()


class WritingForm(forms.Form):
    """Carries the version that the text was read at; 0 for a record that is not there yet."""

    model = None
    #: Fields of the record that have several controls: name → names of the form's fields.
    several = {}
    stored = None
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def as_typed(self, row, record, year=None):
        """Lets each field be saved by itself, as `<row>.<field>` with the record's text of it.

        With hints about the texts where the plan's `year` is given.
        """
        self.row, self.year_of_hints = row, year
        self.stored = {name: text_of(record, name) for name, _controls in self._fields()}
        return self

    @property
    def groups(self):
        """Its visible fields, as they belong together."""
        return [self._group(name, controls) for name, controls in self._fields()]

    def _fields(self):
        parts = {part for parts in self.several.values() for part in parts}
        for name in self.fields:
            if name in self.several:
                yield name, self.several[name]
            elif name != "version" and name not in parts:
                yield name, (name,)

    def _group(self, name, controls):
        controls = [self[control] for control in controls]
        if self.stored is None:
            return Group(controls)
        key, text = f"{self.row}.{name}", self.stored[name]
        saved = {"data-key": key, "data-version": version_of(text), "data-saved": text}
        saved["data-conflict"] = box = f"conflict-{key}"
        year, is_text = self.year_of_hints, isinstance(controls[-1].field, PlainText)
        said = hints(name, text, year) if year and is_text else ()
        if len(controls) > 1 or isinstance(controls[0].field.widget, CHOICE_LISTS):
            return Group(controls, box, flatatt(saved | {"value": text}), said)
        controls[0].field.widget.attrs |= saved
        return Group(controls, box, hints=said)

    @property
    def values(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def clean(self):
        typed = self.cleaned_data
        names = [name for name, field in self.fields.items() if isinstance(field, PlainText)]
        try:
            self.cleaned_data |= clean_texts(
                self.model, {name: typed[name] for name in names if name in typed}
            )
        except ValidationError as error:
            self.add_error(None, error)

    def shown(self, record):
        """The record's values as this form's fields would hold them."""
        return {name: getattr(record, name) for name, _controls in self._fields()}

    def show_conflict(self, current):
        """Sets the record as it now stands beside what was typed; the next save replaces it."""
        self.data = self.data.copy()
        self.data["version"] = current.version
        theirs = self.shown(current)
        self.other_name = current.updated_by or _("somebody else")
        self.other_time = local_datetime(current.updated_at, "short")
        for name, value in theirs.items():
            if value != self.cleaned_data[name]:
                self.fields[name].theirs = self.describe(name, value) or _("(empty)")
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


class IndicatorForm(WritingForm):
    indicators = forms.TypedMultipleChoiceField(
        label=Issue._meta.get_field("indicators").verbose_name,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one indicator."),
            "invalid_choice": gettext_lazy("Choose an indicator of the list."),
        },
    )

    def __init__(self, *args, indicators, weak=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.indicators = indicators
        field = self.fields["indicators"]
        field.coerce = lambda number: indicators[int(number)]
        field.choices = [
            (number, _("%(indicator)s (weak)") % {"indicator": i} if number in weak else str(i))
            for number, i in indicators.items()
        ]

    def shown(self, record):
        chosen = sorted(record.indicators.all(), key=lambda indicator: indicator.number)
        return super().shown(record) | {"indicators": chosen}

    def describe(self, name, value):
        if name == "indicators":
            return "\n".join(map(str, value))
        return super().describe(name, value)


class IssueForm(IndicatorForm):
    model = Issue
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


class PercentField(forms.CharField):
    def __init__(self):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 8})
        label = ProgressEntry._meta.get_field("percent").verbose_name
        super().__init__(required=False, label=label, widget=widget)

    def clean(self, value):
        return values_of(None, "percent", value or "")["percent"]


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
    percent = PercentField()
    result = PlainText(ProgressEntry, "result", rows=8)
    suggestion = PlainText(ProgressEntry, "suggestion", rows=5)


class LeaveOutForm(forms.Form):
    """Why the indicators of one issue are not taken up; its controls belong to one form of all."""

    FIELD = re.compile(r"issue-([0-9]{1,18})-reason")
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"form": "leave-out"}))
    reason = PlainText(
        Issue, "points", rows=2, label=gettext_lazy("Reason for not taking it up"), help_text=""
    )

    def __init__(self, data, *, issue, reason):
        initial = {"version": issue.version, "reason": reason}
        super().__init__(data, prefix=f"issue-{issue.pk}", initial=initial)
        self.issue = issue
        self.fields["reason"].widget.attrs["form"] = "leave-out"

    def clean_reason(self):
        if not self.cleaned_data["reason"].strip():
            raise ValidationError(_("Write the reason before you save it."))
        try:
            return clean_texts(Issue, {"points": self.cleaned_data["reason"]})["points"]
        except ValidationError as error:
            raise ValidationError(error.message_dict["points"]) from error

    @classmethod
    def typed(cls, data):
        """Primary key of the issue → reason, where one was written or its button was pressed."""
        reasons = {cls.FIELD.fullmatch(name): text for name, text in data.items()}
        pressed = data.get("row")
        return {
            int(name[1]): text
            for name, text in reasons.items()
            if name and (text.strip() or name[1] == pressed)
        }


class DeleteForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
