from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from measures.querysets import FixedQuerySet, PublicationQuerySet

#: All that is written to a publication later.
WITHDRAWAL = ("withdrawn_at", "withdrawn_by", "withdrawal_reason")


class Fixed(models.Model):
    """Written once: saved again or deleted, it refuses."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("What was published is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("What was published is never deleted.")


class Publication(Fixed):
    """A revision made public: its files as stored bytes and a copy of its data, fixed for ever.

    Addressed by agency, year and `number` (v1, v2 …), which is never used again. `data` is the
    document of the open data (measures/publishing/data.py), `edition` the state of the print
    templates that made the files. Nothing but its withdrawal is ever written to it again.
    """

    plan = models.ForeignKey("measures.Plan", models.PROTECT, related_name="publications")
    revision = models.ForeignKey("measures.Revision", models.PROTECT, related_name="publications")
    number = models.PositiveSmallIntegerField(_("Version"))
    published_at = models.DateTimeField(_("Published on"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("Published by"),
    )
    own_url = models.URLField(_("Page on the agency's own website"), max_length=500, blank=True)
    thai_digits = models.BooleanField(default=False)
    edition = models.CharField(max_length=64)
    data = models.JSONField()
    withdrawn_at = models.DateTimeField(_("Withdrawn on"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawal_reason = models.TextField(_("Reason for withdrawing"), blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "-number"]
        verbose_name = _("Publication")
        verbose_name_plural = _("Publications")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="one_publication_a_plan_and_number"
            ),
            models.CheckConstraint(
                name="withdrawn_publication_says_when_who_and_why",
                condition=models.Q(withdrawn_at=None, withdrawn_by=None, withdrawal_reason="")
                | (
                    models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~models.Q(withdrawal_reason="")
                ),
            ),
        ]

    def __str__(self):
        return f"{self.plan} · v{self.number}"

    def get_absolute_url(self):
        """Of this version, for ever."""
        return reverse("public:version", args=[self.plan.agency.code, self.plan.year, self.number])

    def get_newest_url(self):
        """Of whatever version is the newest; printed on the document."""
        return reverse("public:newest", args=[self.plan.agency.code, self.plan.year])

    def get_file_url(self, name):
        args = [self.plan.agency.code, self.plan.year, self.number, name]
        return reverse("public:file", args=args)

    def get_withdraw_url(self):
        args = [self.plan.agency.code, self.plan.year, self.number]
        return reverse("measures:publication-withdraw", args=args)

    @property
    def history_place(self):
        return self.plan.year, ""

    @property
    def is_withdrawn(self):
        return self.withdrawn_at is not None

    def replacement_in(self, versions):
        """The newest later one that stands; where all were withdrawn, the newest; or None.

        `versions` of the same plan, the newest first.
        """
        newer = [one for one in versions if one.number > self.number]
        return next((one for one in newer if not one.is_withdrawn), newer[0] if newer else None)

    def withdraw(self, *, by, reason, at):
        """Once; the bytes stay, and nobody is shown them any more."""
        if self.is_withdrawn:
            raise TypeError("It was withdrawn before.")
        self.withdrawn_at, self.withdrawn_by, self.withdrawal_reason = at, by, reason
        models.Model.save(self, update_fields=WITHDRAWAL)


class PublishedFile(Fixed):
    """One file of a publication as it is served: `name` stands in its address."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="files")
    name = models.CharField(max_length=40)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField()

    objects = FixedQuerySet.as_manager()

    class Meta:
        ordering = ["publication", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "name"], name="one_file_a_publication_and_name"
            )
        ]

    def __str__(self):
        return f"{self.publication} · {self.name}"
