"""Forms for scores as they are typed. Every form remembers the version its reader saw."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.versioning import StaleWrite
from assessments.actions import ScoreChange
from assessments.cells import cell_name, cell_text
from assessments.fiscal import local_datetime
from assessments.models import Instrument, Score, cell_key
from assessments.numbers import NONE_MARK, ScoreError, ScoreProblem, format_score, parse_score

CHOICE = re.compile(r"(mine|theirs)-([0-9]{1,9})")


class PlainInput:
    """An input written without a template of its own: a grid has more than a hundred."""

    def _render(self, template_name, context, renderer=None):
        widget = context["widget"]
        named = {"type": widget["type"], "name": widget["name"], "value": widget["value"]}
        return format_html("<input{}>", flatatt(named | widget["attrs"]))


class HiddenInput(PlainInput, forms.HiddenInput):
    pass


class ScoreInput(PlainInput, forms.TextInput):
    """Never type=number: there the wheel changes values and Thai digits are refused."""

    def __init__(self):
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "score-input"})


class ScoreField(forms.Field):
    """0 to 100 as Decimal; None when empty. `name` is what messages call the score."""

    widget = ScoreInput
    hidden_widget = HiddenInput

    def __init__(self, name="", **options):
        super().__init__(required=False, **options)
        self.name = name

    def to_python(self, value):
        try:
            return parse_score(value or "")
        except ScoreError as error:
            raise ValidationError(self.message(error), code=error.code.value) from error

    def message(self, error):
        return error.message(self.name)

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else format_score(value)


class TotalField(ScoreField):
    def message(self, error):
        match error.code:
            case ScoreProblem.RANGE:
                return _("The announced total must be between 0 and 100")
            case ScoreProblem.DECIMALS:
                return _("The announced total can have at most 2 decimal places")
            case _:
                return _("The announced total must be a number, such as 58.24")


class CellsForm(forms.Form):
    """Cells of a result by key, each with its version, and after a conflict a choice.

    Only cells that differ from what this page was opened with are changes, so that two people in
    different cells never meet.
    """

    def __init__(self, data=None, *, framework, assessment=None):
        super().__init__(data)
        self.keys = []
        self.add_cells(framework, assessment)

    def add_cells(self, framework, assessment):
        """Each form adds its own, by `add_cell`; `assessment` is None before the first save."""

    def add_cell(self, key, field, cell):
        """`cell` as stored, or None where nobody has filled it."""
        value, version = (cell.value, cell.version) if cell else (None, 1)
        field.initial, field.show_hidden_initial = value, True
        field.widget.attrs |= {
            "data-key": key,
            "data-conflict": f"box_{key}",
            "data-saved": self.data.get(f"initial-{key}", field.prepare_value(value) or ""),
            "data-version": self.data.get(f"{key}_version", version),
        }
        self.keys.append(key)
        self.fields[key] = field
        self.fields[f"{key}_version"] = forms.IntegerField(
            min_value=1, initial=version, widget=HiddenInput
        )
        self.fields[f"{key}_choice"] = forms.RegexField(CHOICE, required=False)

    def changes(self):
        """What was typed anew, as ScoreChange; a cell left to the other person is none."""
        changed = set(self.changed_data)
        for key in self.keys:
            version = self.cleaned_data[f"{key}_version"]
            if choice := CHOICE.fullmatch(self.cleaned_data[f"{key}_choice"]):
                if choice[1] == "theirs":
                    continue
                version = int(choice[2])
            if key in changed:
                yield ScoreChange(key, self.cleaned_data[key], version)

    def keep_conflicts(self, saved, assessment):
        """This form again with what is stored now, and the stale cells still as typed."""
        fresh = type(self)(framework=assessment.framework, assessment=assessment)
        data = {}
        for key in self.keys:
            if key in saved.stale:
                data |= {name: self.data.get(name, "") for name in _names(key)}
            else:
                value = fresh.fields[key].prepare_value(fresh[key].initial) or ""
                version = fresh[f"{key}_version"].initial
                data |= dict(zip(_names(key), (value, value, version), strict=True))
        form = type(self)(data, framework=assessment.framework, assessment=assessment)
        for key, (typed, score) in saved.stale.items():
            form.add_error(key, conflict_message(key, typed, score))
        return form


class ScoresForm(CellsForm):
    """Every cell of the grid of scores."""

    def add_cells(self, framework, assessment):
        cells = assessment.cells if assessment else {}
        for instrument in framework.instruments.all():
            divided = framework.eit_parts and instrument.code == Instrument.Code.EIT
            parts = Score.Part.values if divided else [Score.Part.WHOLE]
            for indicator in instrument.indicators.all():
                for part in parts:
                    self._add(
                        cells, f"i{indicator.number}", part, indicator_label(indicator, framework)
                    )
            for part in parts:
                self._add(cells, instrument.code.casefold(), part, instrument_label(instrument))

    def _add(self, cells, of, part, label):
        key = cell_key(of, part)
        if part:
            label = _("%(label)s, part %(part)s") % {"label": label, "part": part}
        self.add_cell(key, ScoreField(cell_name(key), label=label), cells.get(key))


def indicator_label(indicator, framework):
    return _("Indicator %(number)s %(name)s of %(year)s") % {
        "number": indicator.number,
        "name": indicator.name,
        "year": framework.year,
    }


def instrument_label(instrument):
    return _("Score of %(code)s %(name)s") % {"code": instrument.code, "name": instrument.name}


def _names(key):
    return key, f"initial-{key}", f"{key}_version"


def conflict_message(key, typed, score):
    return _(
        "%(score)s: yours is %(typed)s, that of %(person)s is %(value)s "
        "(%(moment)s). Choose which to use."
    ) % {
        "score": cell_name(key),
        "typed": cell_text(key, typed) or NONE_MARK,
        "person": person_name(score.updated_by),
        "value": cell_text(key, score.value) or NONE_MARK,
        "moment": local_datetime(score.updated_at, "short"),
    }


def person_name(user):
    return user.get_full_name() if user else _("the system operator")


class PublishedForm(forms.Form):
    """Total and level as the commission announced them."""

    total = TotalField(label=gettext_lazy("Announced total"))
    level = forms.ChoiceField(label=gettext_lazy("Announced level"), required=False)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data=None, *, framework, assessment=None):
        super().__init__(
            data,
            prefix="published",
            initial={
                "total": assessment and assessment.published_total,
                "level": assessment and assessment.published_level_id,
                "version": assessment.version if assessment else 1,
            },
        )
        self.levels = {str(level.pk): level for level in framework.levels.all()}
        self.fields["level"].choices = [
            ("", _("Not announced")),
            *((key, level.name_th) for key, level in self.levels.items()),
        ]

    def clean_level(self):
        return self.levels.get(self.cleaned_data["level"])

    def refuse_stale(self, conflict: StaleWrite):
        """Keeps what was typed; a second save from here replaces the other person's knowingly."""
        current = conflict.current
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = current.version
        level = self.levels.get(str(current.published_level_id))
        self.add_error(
            "total",
            _(
                "%(person)s saved %(total)s, level %(level)s (%(moment)s) while this page was "
                "open. Your entry is still here; save again to replace it."
            )
            % {
                "person": person_name(current.updated_by),
                "total": format_score(current.published_total),
                "level": level.name_th if level else format_score(None),
                "moment": local_datetime(current.updated_at, "short"),
            },
        )


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File of scores"),
        help_text=gettext_lazy("CSV or Excel (.xlsx), at most 2 MB"),
        widget=forms.FileInput({"accept": ".csv,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose the file to import"),
            "empty": gettext_lazy("The file is empty. Choose a file with scores."),
        },
    )
