"""The form of a measure, whose period, budget and units are several controls each."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.budgets import BudgetKind, amount, budget_kind, budget_words, read_budget
from measures.day_fields import DayField
from measures.forms import IndicatorForm, PlainText
from measures.models import Measure
from measures.periods import PeriodKind, kind_of, read_period


class MeasureForm(IndicatorForm):
    model = Measure
    field_order = ["title", "indicators"]
    title = PlainText(Measure, "title", rows=2)
    steps = PlainText(Measure, "steps", rows=7)
    period_kind = forms.ChoiceField(
        label=gettext_lazy("Period"),
        choices=PeriodKind.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose the kind of period.")},
    )
    starts_on = DayField(
        label=gettext_lazy("First day"),
        help_text=gettext_lazy("Such as 1 มี.ค. 2565 or 01/03/2565."),
    )
    ends_on = DayField(label=gettext_lazy("Last day"))
    period = PlainText(
        Measure,
        "period",
        rows=0,
        label=gettext_lazy("The period in words"),
        help_text=gettext_lazy("As it stands in Word, such as quarters 1 and 2."),
    )
    budget_kind = forms.ChoiceField(
        label=gettext_lazy("Budget"),
        choices=BudgetKind.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose the kind of budget.")},
    )
    budget = forms.CharField(
        label=Measure._meta.get_field("budget").verbose_name,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    follow_up = PlainText(Measure, "follow_up", rows=5)
    units = forms.MultipleChoiceField(
        label=Measure._meta.get_field("responsible").verbose_name,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose a unit of the list.")},
    )
    responsible = PlainText(Measure, "responsible", rows=3)

    def __init__(self, *args, year, units=(), **kwargs):
        """`units` are the names of the agency's own list, which may be empty."""
        super().__init__(*args, **kwargs)
        served = self.fields["indicators"]
        served.label = Measure._meta.get_field("indicators").verbose_name
        served.error_messages["required"] = _(
            "Choose at least one indicator that this measure serves."
        )
        self.year = year
        self.several = {
            "period": ("period_kind", "starts_on", "ends_on", "period"),
            "budget": ("budget_kind", "budget"),
        }
        fields = self.fields
        fields["period_kind"].choices = [
            (PeriodKind.YEAR, _("The whole fiscal year %(year)s") % {"year": year}),
            *PeriodKind.choices[1:],
        ]
        # One of the choices always holds, and what belongs to it is asked for.
        for name in ("period_kind", "starts_on", "ends_on", "budget_kind", "budget", "units"):
            fields[name].no_optional_mark = True
        if units:
            self.several["responsible"] = ("units", "responsible")
            fields["units"].choices = [(name, name) for name in units]
            fields["responsible"].label = _("Others responsible")
            fields["responsible"].required = False
        else:
            del fields["units"]
            fields["responsible"].help_text += " " + _(
                "An admin of the agency can enter the list of its units, to be ticked here."
            )

    @staticmethod
    def initial_of(measure, year, units=()):
        named = measure.responsible.splitlines()
        kind = kind_of(measure, year)
        return {
            "title": measure.title,
            "indicators": measure.numbers,
            "steps": measure.steps,
            "period_kind": kind,
            "starts_on": measure.starts_on,
            "ends_on": measure.ends_on,
            "period": measure.period if kind == PeriodKind.WORDS else "",
            "budget_kind": budget_kind(measure.budget),
            "budget": amount(measure.budget),
            "follow_up": measure.follow_up,
            "units": [name for name in units if name in named],
            "responsible": "\n".join(line for line in named if line not in units),
            "version": measure.version,
        }

    def clean(self):
        self._take("period", self._period)
        self._take("budget", self._budget)
        typed = self.cleaned_data
        names = [*typed.get("units", ()), typed["responsible"]]
        typed["responsible"] = "\n".join(filter(None, names))
        super().clean()

    def _take(self, name, read):
        """What was chosen and typed in the controls of a field becomes its values."""
        typed = self.cleaned_data
        try:
            self.cleaned_data |= read(typed.pop(name, ""), typed)
        except ValidationError as error:
            self.add_error(None, error)

    def _period(self, words, typed):
        kind = typed.get("period_kind") or (PeriodKind.WORDS if words else PeriodKind.YEAR)
        if kind == PeriodKind.DATES and {"starts_on", "ends_on"} & set(self.errors):
            return {}
        return read_period(kind, self.year, typed.get("starts_on"), typed.get("ends_on"), words)

    @staticmethod
    def _budget(amount, typed):
        return {"budget": read_budget(typed.get("budget_kind"), amount)}

    @property
    def values(self):
        parts = ("period_kind", "budget_kind", "units")
        return {name: value for name, value in super().values.items() if name not in parts}

    def shown(self, record):
        stored = super().shown(record)
        return stored | {"period": record.period, "budget": record.budget}

    def describe(self, name, value):
        return budget_words(value) if name == "budget" else super().describe(name, value)
