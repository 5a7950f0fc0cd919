"""Forms for scores as they are typed. Every form remembers the version its reader saw."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.versioning import StaleWrite
from assessments.actions import ScoreChange
from assessments.fiscal import local_datetime
from assessments.numbers import ScoreError, ScoreProblem, format_score, parse_score

CHOICE = re.compile(r"(mine|theirs)-([0-9]{1,9})")


class ScoreInput(forms.TextInput):
    """Never type=number: there the wheel changes values and Thai digits are refused."""

    def __init__(self):
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "score-input"})


class ScoreField(forms.Field):
    """0 to 100 as Decimal; None when empty."""

    widget = ScoreInput

    def __init__(self, number=None, **options):
        super().__init__(required=False, **options)
        self.number = number

    def to_python(self, value):
        try:
            return parse_score(value or "")
        except ScoreError as error:
            raise ValidationError(self.message(error), code=error.code.value) from error

    def message(self, error):
        return error.message(self.number)

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


class ScoresForm(forms.Form):
    """A cell is the field `i<number>` with its version, and after a conflict a choice.

    Only cells that differ from what this page was opened with are changes, so that two people in
    different cells never meet.
    """

    def __init__(self, data=None, *, framework, assessment=None):
        super().__init__(data)
        self.indicators = framework.ordered_indicators()
        cells = assessment.cells if assessment else {}
        for indicator in self.indicators:
            number = indicator.number
            score = cells.get(f"i{number}")
            label = _("Indicator %(number)s %(name)s of %(year)s") % {
                "number": number,
                "name": indicator.name,
                "year": framework.year,
            }
            self.fields[f"i{number}"] = ScoreField(
                number, label=label, initial=score and score.value, show_hidden_initial=True
            )
            self.fields[f"i{number}_version"] = forms.IntegerField(
                min_value=1, initial=score.version if score else 1, widget=forms.HiddenInput
            )
            self.fields[f"i{number}_choice"] = forms.RegexField(CHOICE, required=False)

    def changes(self):
        """What was typed anew, as ScoreChange; a cell left to the other person is none."""
        changed = set(self.changed_data)
        for indicator in self.indicators:
            name = f"i{indicator.number}"
            version = self.cleaned_data[f"{name}_version"]
            if choice := CHOICE.fullmatch(self.cleaned_data[f"{name}_choice"]):
                if choice[1] == "theirs":
                    continue
                version = int(choice[2])
            if name in changed:
                yield ScoreChange(name, self.cleaned_data[name], version)

    def keep_conflicts(self, saved, assessment):
        """This form again with what is stored now, and the stale cells still as typed."""
        fresh = ScoresForm(framework=assessment.framework, assessment=assessment)
        data = {}
        for indicator in self.indicators:
            name = f"i{indicator.number}"
            if name in saved.stale:
                data |= {key: self.data.get(key, "") for key in _keys(name)}
            else:
                value = format_score(fresh[name].initial) if fresh[name].initial is not None else ""
                version = fresh[f"{name}_version"].initial
                data |= dict(zip(_keys(name), (value, value, version), strict=True))
        form = ScoresForm(data, framework=assessment.framework, assessment=assessment)
        for key, (typed, score) in saved.stale.items():
            form.add_error(key, conflict_message(key, typed, score))
        return form


def _keys(name):
    return name, f"initial-{name}", f"{name}_version"


def conflict_message(key, typed, score):
    return _(
        "Indicator %(number)s: yours is %(typed)s, that of %(person)s is %(value)s "
        "(%(moment)s). Choose which to use."
    ) % {
        "number": key.removeprefix("i"),
        "typed": format_score(typed),
        "person": person_name(score.updated_by),
        "value": format_score(score.value),
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
