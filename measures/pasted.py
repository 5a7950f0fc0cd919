"""What a pasted table of measures would save, with what stands in the way."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from measures.budgets import BudgetKind, read_budget
from measures.calendar import whole_year
from measures.models import Measure
from measures.pasting import COLUMNS, MOST_ROWS, Unreadable, indicators_named, rows_of
from measures.text_lists import heading
from measures.texts import clean_texts
from measures.units import one_a_line
from measures.writing_help import hints

_TEXTS = ("title", "steps", "period", "follow_up", "responsible")
_WHOLE_YEAR = re.compile(r"ตลอด(?:ทั้ง)?ปี(?:งบประมาณ)? ?(?:พ\.?ศ\.? ?)?([0-9]{4})?")
_FIRST = re.compile(r"[(]?[1๑][.)]")
_MORE_NUMBERS = re.compile(r"\s[(]?[0-9๐-๙]{1,2}[.)]")


class Pasted:
    """`errors` are (row or None, column's label, message); `values` are for the action."""

    def __init__(self, table, columns, basis, data):
        self.basis, self.data, self.errors, self.values = basis, data, [], []
        self.units = [unit.name for unit in basis.agency.units.all()]
        self.columns = [
            (place, name, self._sample(table, place)) for place, name in enumerate(columns)
        ]
        self.choices = [(name, label) for name, (label, _words) in COLUMNS.items()]
        self._check_columns(columns)
        self.rows = rows_of(table, columns)
        if len(self.rows) > MOST_ROWS:
            raise Unreadable("rows")
        names = {number: one.name for number, one in basis.indicators.items()}
        waiting = basis.coverage.without_measure
        alone = list(waiting) if len(waiting) == 1 else []
        for row in self.rows:
            row.is_left_out = f"leave-{row.number}" in data
            row.mended = self._mend(row)
            row.chosen = self._chosen(row)
            if not row.chosen and "confirm" not in data:
                row.chosen = indicators_named(row.texts, names) or alone
            self._read(row)
        if "confirm" in data and not (self.values or self.errors):
            self.errors.append((None, "", _("All rows are left out, so there is nothing to save.")))

    @staticmethod
    def _sample(table, place):
        cells = (row[place] for row in table[1:] or table)
        return next((cell.replace("\n", " ")[:40] for cell in cells if cell), "")

    def _check_columns(self, columns):
        known = [name for name in columns if name]
        for name in {name for name in known if known.count(name) > 1 or name not in COLUMNS}:
            label = COLUMNS[name][0] if name in COLUMNS else name
            self.errors.append((None, label, _("This column was chosen twice.")))
        for name in ("title", "steps", "follow_up", "responsible"):
            if name not in known:
                label = COLUMNS[name][0]
                self.errors.append((None, label, _("Choose which column of the table it is.")))

    def _chosen(self, row):
        sent = self.data.getlist(f"row-{row.number}")
        return [number for number in self.basis.indicators if str(number) in sent]

    def _mend(self, row):
        """Names of the fields that were typed anew, which count instead of the table's."""
        if "again" in self.data:
            # Another column may be meant: it is to be seen as it is.
            return set()
        sent = {name: self.data.get(f"row-{row.number}-{name}") for name in COLUMNS}
        typed = {name: text for name, text in sent.items() if text is not None}
        row.texts |= typed
        return set(typed)

    def _read(self, row):
        texts = {name: row.texts.get(name, "") for name in _TEXTS}
        for name in ("steps", "follow_up", "responsible"):
            texts[name] = _without_only_number(texts[name])
        texts["responsible"] = one_a_line(texts["responsible"], self.units)
        found = _WHOLE_YEAR.fullmatch(texts["period"])
        if not texts["period"] or found and found[1] in (None, str(self.basis.year)):
            texts["period"] = whole_year(self.basis.year)
        problems = {}
        try:
            texts = clean_texts(Measure, texts)
        except ValidationError as error:
            problems |= error.message_dict
        budget = None
        try:
            budget = self._budget(row.texts.get("budget", ""))
        except ValidationError as error:
            problems |= error.message_dict
        row.title, row.budget = texts["title"], budget
        row.hints = {name: hints(name, text, self.basis.year) for name, text in texts.items()}
        if row.is_left_out:
            problems = {}
        wrong = row.mended | set(problems)
        row.shown = [
            (name, COLUMNS[name][0], texts[name], row.hints[name])
            for name in _TEXTS[1:]
            if name not in wrong
        ]
        row.to_mend = [
            (name, label, row.texts.get(name, ""), problems.get(name, ()))
            for name, (label, _words) in COLUMNS.items()
            if name in wrong and (name in row.mended or not self._unnamed(name))
        ]
        if row.is_left_out:
            return
        missing = not row.chosen
        if missing and "confirm" in self.data:
            problems["indicators"] = [_("Choose at least one indicator that this measure serves.")]
        for name, found in problems.items():
            if name in {"title", "steps", "follow_up", "responsible"} and self._unnamed(name):
                continue
            label = COLUMNS[name][0] if name in COLUMNS else _("Indicators")
            self.errors += [(row, label, message) for message in found]
        indicators = [self.basis.indicators[number] for number in row.chosen]
        self.values.append(texts | {"budget": budget, "indicators": indicators})

    def _unnamed(self, name):
        return all(column != name for _place, column, _sample in self.columns)

    @staticmethod
    def _budget(typed):
        plain = typed.strip()
        if plain in ("", "-", "–"):
            return None
        none = re.match("ไม่(?:ใช้|มี)", plain)
        return read_budget(BudgetKind.NONE if none else BudgetKind.AMOUNT, plain)


def _without_only_number(text):
    """The number of the only item of a cell counts nothing; those of several are drawn anew."""
    is_alone = "\n" not in text and _FIRST.match(text) and not _MORE_NUMBERS.search(text)
    return heading(text) if is_alone else text
