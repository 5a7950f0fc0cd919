import uuid

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from measures.querysets import EvidenceQuerySet
from measures.rows import Row


def evidence_storage():
    return storages["evidence"]


class Evidence(models.Model):
    """A file that shows what was done, of a measure or of its progress in a round.

    It lies under a random name; `name` is what it was called. A file that was replaced or taken out
    stays. `public_copy` is a copy without metadata, made when somebody chose to show it.
    """

    class Check(models.TextChoices):
        CLEAN = "clean", _("Checked for viruses")
        UNCHECKED = "unchecked", _("Not checked for viruses")

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey("measures.Plan", models.PROTECT, related_name="evidence")
    measure = models.ForeignKey(
        "measures.Measure", models.SET_NULL, null=True, related_name="evidence"
    )
    months = models.PositiveSmallIntegerField(_("Round"), null=True)
    name = models.CharField(_("File name"), max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("Size"))
    digest = models.CharField(_("Digest"), max_length=64)
    file = models.FileField(storage=evidence_storage, max_length=100)
    public_copy = models.FileField(storage=evidence_storage, max_length=100, blank=True)
    check_state = models.CharField(max_length=10, choices=Check, default=Check.UNCHECKED)
    uploaded_at = models.DateTimeField(_("Uploaded on"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Uploaded by")
    )
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    removed_at = models.DateTimeField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "uploaded_at", "uid"]
        verbose_name = _("Evidence")
        verbose_name_plural = _("Evidence")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse(
            "measures:evidence-file", args=[self.plan.agency.code, self.plan.year, self.uid]
        )

    @property
    def history_place(self):
        kind = "progress" if self.months else "measure"
        row = str(Row(kind, self.measure_id, self.months)) if self.measure_id else ""
        return self.plan.year, row

    @property
    def is_public(self):
        return bool(self.public_copy)
