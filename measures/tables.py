import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Role, State
from accounts.tables import PortalTable
from assessments.fiscal import current_fiscal_year


class AgencyTable(PortalTable):
    caption = _("Agencies that I serve")

    name = tables.Column(verbose_name=_("Agency"))
    place = tables.Column(
        verbose_name=_("Place"), order_by=("province", "district"), empty_values=()
    )
    role = tables.Column(verbose_name=_("My role"))
    plan_year = tables.Column(verbose_name=_("Newest plan"), default="–")
    plan_state = tables.Column(verbose_name=_("State"), default="–")

    class Meta(PortalTable.Meta):
        empty_text = _("Your account serves no agency yet. Ask an admin of your agency to add you.")

    def render_name(self, value, record):
        year = record.plan_year or current_fiscal_year()
        return format_html('<a href="{}">{}</a>', reverse("overview", args=[record.code, year]), value)

    def render_role(self, value):
        return Role(value).label

    def render_plan_state(self, value):
        return format_html('<span class="badge-state state-{}">{}</span>', value, State(value).label)
