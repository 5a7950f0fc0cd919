"""Sending a plan back: the rows to mend are ticked, each with its reason."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.actions.moves import NO_REASON
from measures.comments import rows_of
from measures.models import Comment
from measures.texts import clean_texts
from measures.workflow import Move


class _ReasonForm(forms.Form):
    move = None
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "Say what to change and where; the staff see it on the overview and while writing."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data=None):
        super().__init__(data, auto_id=f"id_{self.move}_%s")
        self.fields["reason"].error_messages["required"] = NO_REASON[self.move]


class WithdrawForm(_ReasonForm):
    move = Move.WITHDRAW

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["reason"].help_text = _(
            "The public reads it in place of the report: write no personal data in it."
        )


class ReopenForm(_ReasonForm):
    move = Move.REOPEN


class ReturnForm(_ReasonForm):
    """Needs one reason at least: of the whole, or of a row. `lists` are the rows with their ticks.

    A row is a checkbox `row` with its name, and a text `reason-<name>`.
    """

    move = Move.RETURN

    def __init__(self, data=None, *, plan):
        super().__init__(data)
        self.fields["reason"].label = _("Reason for the plan as a whole")
        self.fields["reason"].required = False
        # Not optional either: an empty form is refused.
        self.fields["reason"].no_optional_mark = True
        self.fields["reason"].help_text = _(
            "Leave it empty where the rows that you tick below say it all."
        )
        self.lists = []
        for title, rows in rows_of(plan).items():
            listed = [_TickedRow(row, data) for row in rows if row.name]
            self.lists.append((title, listed, any(row.is_ticked for row in listed)))
        self.lists = [entry for entry in self.lists if entry[1]]

    @property
    def rows(self):
        return [row for _title, rows, _ticked in self.lists for row in rows]

    @property
    def ticked(self):
        return [row for row in self.rows if row.is_ticked]

    def clean(self):
        if {row.name for row in self.ticked} != set(self.data.getlist("row")):
            raise Http404
        for row in self.ticked:
            row.clean()
        if not self.ticked and not self.cleaned_data.get("reason") and not self.errors:
            self.add_error("reason", NO_REASON[self.move])

    def is_valid(self):
        return super().is_valid() and not self.row_errors

    @property
    def row_errors(self):
        return [row for row in self.ticked if row.error]

    @property
    def reasons(self):
        return {row.name: row.text for row in self.ticked}


class _TickedRow:
    def __init__(self, row, data):
        self.name, self.label, self.url = row.name, row.label, row.url
        self.is_ticked = data is not None and row.name in data.getlist("row")
        self.text = data.get(f"reason-{row.name}", "") if data is not None else ""
        self.error = ""

    def clean(self):
        if not self.text.strip():
            text = _("Write the reason for “%(row)s”, or take its tick away.")
            self.error = text % {"row": self.label}
            return
        try:
            self.text = clean_texts(Comment, {"text": self.text})["text"]
        except ValidationError as error:
            self.error = f"{self.label}: {error.message_dict['text'][0]}"
