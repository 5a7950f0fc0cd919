"""Forms for what is finer than an indicator: marks of OIT items, averages of questions."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.cells import cell_name, mark_refusal
from assessments.forms import CellsForm, ScoreField
from assessments.numbers import format_threshold


def mark_label(points, marks) -> str:
    """The points of an item in words; `marks` are all that it can get."""
    if points is None:
        return _("Not marked yet")
    words = {marks[0]: _("Not there"), marks[-1]: _("There")}.get(points, _("Partly there"))
    return f"{words} ({format_threshold(points)})"


class MarkField(ScoreField):
    """One of the points that an item can get in its year; None when nobody has marked it."""

    def __init__(self, name, marks, **options):
        choices = [("", mark_label(None, marks))]
        choices += [(str(mark), mark_label(mark, marks)) for mark in reversed(marks)]
        super().__init__(name, widget=forms.Select({"class": "form-select"}, choices), **options)
        self.marks = marks

    def validate(self, value):
        if value is not None and value not in self.marks:
            raise ValidationError(mark_refusal(self.name, self.marks))

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else format_threshold(value)


class ItemsForm(CellsForm):
    """A mark for every OIT item of the year."""

    def add_cells(self, framework, assessment):
        stored = _stored(assessment, "item_id")
        for indicator in framework.ordered_indicators():
            for part in indicator.subindicators.all():
                for item in part.items.all():
                    key = f"o{item.number}"
                    field = MarkField(cell_name(key), framework.item_marks, label=str(item))
                    self.add_cell(key, field, stored.get(item.pk))


class QuestionsForm(CellsForm):
    """The average of every question of the year."""

    def add_cells(self, framework, assessment):
        stored = _stored(assessment, "question_id")
        for indicator in framework.ordered_indicators():
            for question in indicator.questions.all():
                key = f"q_{question.code}"
                field = ScoreField(cell_name(key), label=str(question))
                self.add_cell(key, field, stored.get(question.pk))


def _stored(assessment, of):
    return {getattr(one, of): one for one in assessment.subscores.all()} if assessment else {}
