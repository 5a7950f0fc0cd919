import django_tables2 as tables
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.tables import PortalTable
from assessments.fiscal import local_datetime
from measures.models import ProgressRound


class EvidenceTable(PortalTable):
    """Files of a year; `may_edit` adds the way to change them."""

    name = tables.Column()
    measure = tables.Column(verbose_name=_("Measure"), empty_values=())
    months = tables.Column(verbose_name=_("Round"), empty_values=())
    size = tables.Column()
    uploaded = tables.Column(verbose_name=_("Uploaded"), empty_values=())
    digest = tables.Column()
    actions = tables.Column(verbose_name=_("Manage"), empty_values=())

    class Meta(PortalTable.Meta):
        orderable = False
        empty_text = _("No file has been attached yet.")
        row_attrs = {"id": lambda record: f"evidence-{record.pk}"}

    def __init__(self, files, *, caption, may_open, may_edit, **options):
        super().__init__(files, exclude=() if may_edit else ("actions",), **options)
        self.caption, self.may_open = caption, may_open

    def render_name(self, record):
        return render_to_string(
            "measures/parts/evidence_name.html", {"file": record, "may_open": self.may_open}
        )

    def render_measure(self, record):
        if record.measure:
            return record.measure.title
        return gettext("Signed page") if record.is_bound else gettext("(the measure was deleted)")

    def render_months(self, value):
        return ProgressRound.Months(value).label if value else gettext("The measure itself")

    def render_size(self, value):
        return filesizeformat(value)

    def render_uploaded(self, record):
        return format_html(
            "{}<br>{}", record.uploaded_by, local_datetime(record.uploaded_at, "short")
        )

    def render_digest(self, value):
        return format_html(
            '<code class="text-reset" title="SHA-256 {}">{}</code>', value, value[:12]
        )

    def render_actions(self, record):
        if record.is_bound or not record.is_own:
            return "–"
        plan = record.plan
        return format_html(
            '<a class="btn btn-sm btn-outline-primary" href="{}">{}'
            '<span class="visually-hidden"> {}</span></a>',
            reverse("measures:evidence-change", args=[plan.agency.code, plan.year, record.pk]),
            gettext("Manage"),
            record.name,
        )
