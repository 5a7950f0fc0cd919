import django_tables2 as tables
from django.utils.translation import gettext_lazy

from accounts.tables import PortalTable
from assessments.exchange.columns import spoken
from assessments.models import Level
from assessments.numbers import format_change, format_score

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class ImportTable(PortalTable):
    """The values that an import would write, old beside new; rows of (RowComparison, cell)."""

    caption = gettext_lazy("Values that will change")
    agency = tables.Column(gettext_lazy("Agency"), orderable=False, accessor="row__agency__name")
    year = tables.Column(gettext_lazy("Year"), orderable=False, accessor="row__year")
    column = tables.Column(gettext_lazy("Value"), orderable=False, accessor="cell__column")
    old = tables.Column(
        gettext_lazy("Now"), orderable=False, accessor="cell__old", empty_values=(), attrs=NUMBER
    )
    new = tables.Column(
        gettext_lazy("After the import"),
        orderable=False,
        accessor="cell__new",
        empty_values=(),
        attrs=NUMBER,
    )
    difference = tables.Column(
        gettext_lazy("Difference"), orderable=False, accessor="cell", attrs=NUMBER
    )

    class Meta(PortalTable.Meta):
        pass

    def render_column(self, value, record):
        names = record["row"].names
        return f"{spoken(value)} {names.get(value.partition('_')[0], '')}".strip()

    def render_old(self, value):
        return value.name_th if isinstance(value, Level) else format_score(value)

    render_new = render_old

    def render_difference(self, value):
        return format_change(value.difference)


class NewValuesTable(ImportTable):
    caption = gettext_lazy("New values")

    class Meta(ImportTable.Meta):
        exclude = ("old", "difference")


def import_tables(comparison, *, most, with_agency):
    """Changed values before new ones; of each at most so many, and how many are left out."""
    pairs = [{"row": row, "cell": cell} for row in comparison.rows for cell in row.differences]
    changed = [pair for pair in pairs if pair["cell"].old is not None]
    new = [pair for pair in pairs if pair["cell"].old is None]
    hidden = () if with_agency else ("agency",)
    return [
        (table(rows[:most], exclude=hidden), max(len(rows) - most, 0))
        for table, rows in ((ImportTable, changed), (NewValuesTable, new))
        if rows
    ]
