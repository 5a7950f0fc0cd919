from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Event
from measures.querysets import OfPlanQuerySet


def _person(verbose_name):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=verbose_name,
    )


class Revision(models.Model):
    """What was sent, frozen: each submission and each approved progress round makes one.

    `content` never changes and `digest` is its SHA-256; who approved and signed it is written
    beside it once.
    """

    class Cause(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted for review")
        PROGRESS = "progress", _("Progress round approved")

    plan = models.ForeignKey("measures.Plan", models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("Revision"))
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.SUBMITTED)
    content = models.JSONField()
    digest = models.CharField(_("Digest"), max_length=64)
    made_at = models.DateTimeField(_("Submitted on"))
    made_by = _person(_("Submitted by"))
    note = models.TextField(_("Note to the reviewer"), max_length=2000, blank=True)
    approved_at = models.DateTimeField(_("Approved on"), null=True)
    approved_by = _person(_("Approved by"))
    # Given only where the approver wrote part of it, by the exemption of a small office.
    own_approval_reason = models.TextField(blank=True)
    signed_at = models.DateTimeField(_("Signed on"), null=True)
    signed_by = _person(_("Signed by"))
    signer_name = models.CharField(_("Signer"), max_length=150, blank=True)
    signer_position = models.CharField(_("Position of the signer"), max_length=150, blank=True)
    # The scan of a signature on paper, bound to `digest` by standing here.
    signature_scan = models.ForeignKey(
        "measures.Evidence", models.PROTECT, null=True, related_name="+"
    )

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "-number"]
        verbose_name = _("Revision")
        verbose_name_plural = _("Revisions")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="one_revision_a_plan_and_number"
            )
        ]

    def __str__(self):
        return f"{self.plan} · {self.number}"

    def get_absolute_url(self):
        return reverse(
            "measures:revision", args=[self.plan.agency.code, self.plan.year, self.number]
        )

    @property
    def history_place(self):
        return self.plan.year, ""

    def get_report_url(self, part):
        return reverse(
            "measures:revision-report",
            args=[self.plan.agency.code, self.plan.year, self.number, part],
        )

    @cached_property
    def replaced_by(self):
        """The number of the newest later one, or None; what is approved stands until another is."""
        later = Revision.objects.filter(plan=self.plan_id, number__gt=self.number)
        if self.approved_at:
            later = later.exclude(approved_at=None)
        return later.values_list("number", flat=True).first()

    @property
    def events(self):
        """What has happened to it, the first first."""
        plan = self._meta.get_field("plan").related_model._meta.label_lower
        found = Event.objects.filter(object_type=plan, object_id=self.plan_id)
        return found.filter(after__revision=self.number).order_by("pk")

    @property
    def short_digest(self):
        """As people compare it: the first 16 signs, in fours."""
        return " ".join(self.digest[at : at + 4] for at in range(0, 16, 4))
