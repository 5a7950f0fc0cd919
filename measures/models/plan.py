from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import State
from assessments.fiscal import closed_on
from measures.querysets import PlanQuerySet
from measures.workflow import TRANSITIONS, Move


class Plan(models.Model):
    """What an agency will do in a year about last year's result: the record that is reviewed."""

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="plans", verbose_name=_("Agency")
    )
    year = models.PositiveSmallIntegerField(_("Fiscal year"))
    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="plans", verbose_name=_("Based on")
    )
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(_("Submitted on"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("Submitted by"),
    )
    reviewed_at = models.DateTimeField(_("Reviewed on"), null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("Reviewed by"),
    )
    return_reason = models.TextField(_("Reason for returning"), blank=True, editable=False)
    # Since when a reviewer has read what was submitted: from then on it is not taken back.
    opened_at = models.DateTimeField(null=True, editable=False)
    due_on = models.DateField(_("To be submitted by"), null=True, blank=True)
    closes_on = models.DateField(_("Year closes on"), null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "agency__name"]
        verbose_name = _("Plan")
        verbose_name_plural = _("Plans")
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="one_plan_an_agency_and_year"),
            models.CheckConstraint(
                name="submitted_by_and_at_go_together",
                condition=models.Q(submitted_by__isnull=True, submitted_at__isnull=True)
                | models.Q(submitted_by__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reviewed_by_and_at_go_together",
                condition=models.Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | models.Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="returned_plan_has_a_reason",
                condition=~models.Q(state=State.RETURNED) | ~models.Q(return_reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.agency} · {self.year}"

    def get_absolute_url(self):
        return reverse("overview", args=[self.agency.code, self.year])

    @property
    def history_place(self):
        """Where an event of this record stands in the history: year of the plan, and row."""
        return self.year, ""

    @property
    def closed(self):
        """The day, in words, on which the year closed; empty while it is open."""
        return closed_on(self.closes_on)

    def _url(self, name, *args):
        return reverse(f"measures:{name}", args=[self.agency.code, self.year, *args])

    def get_issues_url(self):
        return self._url("issues")

    def get_measures_url(self):
        return self._url("measures")

    def get_progress_url(self, months):
        return self._url("progress", months)

    def get_review_url(self):
        return self._url("review")

    def get_move_url(self, move):
        page = TRANSITIONS[Move(move)].page
        return self._url(page) if page else self._url("review-move", move)

    def get_sign_url(self):
        return self._url("sign")

    def get_publication_url(self):
        return self._url("publication")

    def get_preview_url(self):
        return self._url("publication-preview")

    def get_preview_file_url(self, name):
        return self._url("publication-preview-file", name)

    def get_public_url(self):
        """Where the public sees the newest publication."""
        return reverse("public:newest", args=[self.agency.code, self.year])

    def get_revisions_url(self):
        return self._url("revisions")

    def get_report_url(self, part):
        return self._url("report", part)

    def get_document_url(self, part):
        return self._url("report-document", part)

    def get_figures_url(self):
        return self._url("report-figures")

    def get_draft_url(self, part):
        return self._url("report-draft", part)
