import django_tables2 as tables
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.tables import PortalTable
from assessments.models import Level
from assessments.numbers import format_score


class ImportTable(PortalTable):
    """The values that an import would write, old beside new; rows of (year, CellComparison)."""

    caption = gettext_lazy("Values that will change")
    year = tables.Column(gettext_lazy("Year"), orderable=False)
    column = tables.Column(gettext_lazy("Value"), orderable=False, accessor="cell__column")
    old = tables.Column(
        gettext_lazy("Now"),
        accessor="cell__old",
        orderable=False,
        empty_values=(),
        attrs={"td": {"class": "number"}, "th": {"class": "number"}},
    )
    new = tables.Column(
        gettext_lazy("After the import"),
        accessor="cell__new",
        orderable=False,
        empty_values=(),
        attrs={"td": {"class": "number"}, "th": {"class": "number"}},
    )

    class Meta(PortalTable.Meta):
        pass

    def __init__(self, comparison):
        super().__init__(
            [
                {"year": row.year, "cell": cell}
                for row in comparison.rows
                for cell in row.differences
            ]
        )

    def render_column(self, value):
        match value:
            case "published_total":
                return _("Announced total")
            case "published_level":
                return _("Announced level")
        return _("Indicator %(number)s") % {"number": value}

    def render_old(self, value):
        return value.name_th if isinstance(value, Level) else format_score(value)

    render_new = render_old
