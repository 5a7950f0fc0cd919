from urllib.parse import urlencode

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Role, State
from accounts.tables import PortalTable
from assessments.fiscal import current_fiscal_year
from measures.budgets import budget_words
from measures.models import Issue
from measures.templatetags.comments import comments_of_row
from measures.templatetags.measures import text_lines, text_list


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
        return format_html(
            '<a href="{}">{}</a>', reverse("overview", args=[record.code, year]), value
        )

    def render_role(self, value):
        return Role(value).label

    def render_plan_state(self, value):
        return format_html(
            '<span class="badge-state state-{}">{}</span>', value, State(value).label
        )


class OrderedTable(PortalTable):
    """Rows in an order that people set; buttons to change, delete and move them where they may."""

    actions = tables.Column(verbose_name=_("Manage"), empty_values=())

    class Meta(PortalTable.Meta):
        orderable = False
        row_attrs = {"id": lambda record, table: table.row_name(record)}

    def row_name(self, record):
        return f"{record._meta.model_name}-{record.pk}"

    def comments_of(self, record):
        """Where the request is known: what is said of the row, and where to say more."""
        user = self.request.user
        return comments_of_row(user, record.plan, self.row_name(record), subject=record)

    def __init__(self, rows, *, may_edit, **options):
        super().__init__(rows, exclude=() if may_edit else ("actions",), **options)
        self.may_edit = may_edit

    def render_actions(self, record):
        url = record.get_absolute_url()
        return format_html(
            '<div class="row-actions">{}{}<span class="move" data-row="{}">{}{}</span></div>',
            _link("btn-outline-primary", url, gettext("Edit"), record),
            _link("btn-outline-danger", f"{url}delete/", gettext("Delete"), record),
            record.pk,
            "" if record.is_first else _move(record, "up", "↑", gettext("Move up")),
            "" if record.is_last else _move(record, "down", "↓", gettext("Move down")),
        )


def _link(css, url, label, subject):
    link = '<a class="btn btn-sm {}" href="{}">{}<span class="visually-hidden"> {}</span></a>'
    return format_html(link, css, url, label, subject)


def _move(record, way, arrow, label):
    """A button of the form `order` of the page; its id is where the page comes back to."""
    return format_html(
        '<button class="btn btn-sm btn-light" form="order" id="move-{pk}-{way}" name="{way}"'
        ' value="{pk}" title="{label}"><span aria-hidden="true">{arrow}</span>'
        '<span class="visually-hidden">{label} {record}</span></button>',
        pk=record.pk,
        way=way,
        arrow=arrow,
        label=label,
        record=record,
    )


def _numbered(record, said):
    return format_html("<strong>{}. {}</strong>{}", record.place, record.title, said)


class IssueTable(OrderedTable):
    indicators = tables.Column(verbose_name=_("Indicators"), empty_values=())
    assessed = tables.Column(
        verbose_name=_("What is assessed"), accessor="indicators", empty_values=()
    )

    class Meta(OrderedTable.Meta):
        empty_text = _("No issue of this kind yet.")
        sequence = ("indicators", "assessed", "points", "actions")

    def __init__(self, rows, *, kind, **options):
        self.caption = kind.label
        heading = _("Reason") if kind == Issue.Kind.LEFT_OUT else kind.label
        points = tables.Column(verbose_name=heading)
        super().__init__(rows, extra_columns=[("points", points)], **options)

    def render_indicators(self, record):
        return render_to_string(
            "measures/parts/issue_indicators.html",
            {"issue": record, "may_edit": self.may_edit, "said": self.comments_of(record)},
        )

    def render_assessed(self, record):
        return format_html_join(
            "", "<p>{}</p>", ((i.description_th,) for i in record.indicators.all())
        )

    def render_points(self, record):
        return render_to_string("measures/parts/issue_points.html", {"issue": record})

    def render_actions(self, record):
        actions = super().render_actions(record)
        if not record.is_taken_up:
            return actions
        plan = record.plan
        library = reverse("measures:measures-library", args=[plan.agency.code, plan.year])
        url = f"{library}?{urlencode([('indicator', number) for number in record.numbers])}"
        add = _link(
            "btn-outline-primary add-measure",
            url,
            gettext("Add a measure from the library"),
            record,
        )
        return add + actions


def _carried(record):
    if not record.carried_year:
        return ""
    words = gettext("Carried over from %(year)s") % {"year": record.carried_year}
    return format_html('<p class="quiet">{}</p>', words)


class MeasureTable(OrderedTable):
    caption = _("Measures")

    title = tables.Column(verbose_name=_("Measure"))
    steps = tables.Column(verbose_name=_("Steps"))
    period = tables.Column(verbose_name=_("Period"))
    follow_up = tables.Column(verbose_name=_("Follow-up"))
    responsible = tables.Column(verbose_name=_("Responsible units"))
    indicators = tables.Column(verbose_name=_("Indicators"), empty_values=())

    class Meta(OrderedTable.Meta):
        empty_text = _("No measure has been written yet.")
        sequence = ("title", "steps", "period", "follow_up", "responsible", "indicators", "actions")

    def render_title(self, record):
        return format_html("{}{}", _numbered(record, self.comments_of(record)), _carried(record))

    def render_steps(self, value):
        return text_list(value)

    render_follow_up = render_steps

    def render_period(self, record):
        budget = budget_words(record.budget)
        if not budget:
            return record.period
        return format_html(
            '{}<p class="quiet">{}<br>{}</p>', record.period, gettext("Budget"), budget
        )

    def render_responsible(self, value):
        return text_lines(value)

    def render_actions(self, record):
        if record.is_own:
            return super().render_actions(record)
        return format_html('<p class="quiet">{}</p>', gettext("Of another unit"))

    def render_indicators(self, record):
        served = sorted(record.indicators.all(), key=lambda indicator: indicator.number)
        badge = (
            '<li title="{}"><span aria-hidden="true">{}</span>'
            '<span class="visually-hidden">{}</span></li>'
        )
        badges = format_html_join(" ", badge, ((i, i.number, i) for i in served))
        return format_html('<ul class="numbers">{}</ul>', badges)
