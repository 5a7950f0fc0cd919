import django_tables2 as tables
from django.utils.translation import gettext_lazy as _


class PortalTable(tables.Table):
    """Base of every list: a caption, `aria-sort`, an empty text, and no template per cell.

    Columns that need more than a value define `render_<column>`; the queryset brings the data.
    """

    caption = ""

    class Meta:
        template_name = "components/table.html"
        empty_text = _("There is nothing here yet.")
