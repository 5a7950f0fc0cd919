import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class PortalTable(tables.Table):
    """Base of every list: a caption, `aria-sort`, an empty text, and no template per cell.

    Columns that need more than a value define `render_<column>`; the queryset brings the data.
    """

    caption = ""

    class Meta:
        template_name = "components/table.html"
        empty_text = _("There is nothing here yet.")


class PeopleTable(PortalTable):
    """Who may enter the agency, one row a membership of the queryset's `with_standing()`."""

    name = tables.Column(_("Name"), accessor="user__name", order_by=("given_name", "pk"))
    username = tables.Column(_("Username"), accessor="user__username")
    position = tables.Column(_("Position"), accessor="user__position", default="–")
    role = tables.Column(_("Role"))
    unit = tables.Column(_("Unit"), accessor="unit__name", default="–")
    last_login = tables.Column(_("Last sign-in"), accessor="user__last_login", empty_values=())
    standing = tables.Column(_("Account"), order_by=("standing", "given_name"))

    caption = _("Accounts and roles")

    class Meta(PortalTable.Meta):
        order_by = "name"

    def __init__(self, *args, agency, **kwargs):
        super().__init__(*args, **kwargs)
        self.agency = agency

    def render_name(self, record):
        url = reverse("accounts:person-change", args=[self.agency.code, record.pk])
        return format_html('<a href="{}">{}</a>', url, record.user.get_full_name())

    def render_last_login(self, value):
        """In days, which need no calendar."""
        if value is None:
            return _("never")
        days = (localdate() - localdate(value)).days
        if days < 1:
            return _("today")
        return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}

    def render_standing(self, record):
        return standing_text(record)


def standing_text(membership):
    """How far the person is on her way in; the membership comes from `with_standing()`."""
    if membership.standing == "closed":
        return _("Closed")
    if membership.standing == "two_factors":
        return _("Signs in with two factors")
    if membership.standing == "one_factor":
        return _("Signs in with a password")
    if membership.code_expires_at is None or membership.code_expires_at <= now():
        return _("Needs a new code")
    days = (localdate(membership.code_expires_at) - localdate()).days
    return ngettext("Invited, %(days)d day left", "Invited, %(days)d days left", days) % {
        "days": days
    }
