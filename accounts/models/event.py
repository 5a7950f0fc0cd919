from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import EventQuerySet


class Event(models.Model):
    """One change: who did what to which record, with the values before and after.

    No foreign keys, so that the log never stands in the way of live data and outlives it.
    """

    at = models.DateTimeField(_("Time"), default=timezone.now, editable=False, db_index=True)
    verb = models.CharField(_("Action"), max_length=50)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("By"), max_length=150, blank=True)
    agency_id = models.BigIntegerField(null=True, db_index=True)
    agency_code = models.CharField(_("Agency"), max_length=50, blank=True)
    object_type = models.CharField(max_length=50, blank=True)
    object_id = models.BigIntegerField(null=True)
    object_label = models.CharField(_("Record"), max_length=250, blank=True)
    # Which plan (its year, BE) and which row of it the record belongs to: both outlive the record.
    year = models.PositiveSmallIntegerField(_("Fiscal year"), null=True)
    row = models.CharField(max_length=40, blank=True)
    before = models.JSONField(_("Before"), default=dict)
    after = models.JSONField(_("After"), default=dict)
    # The chain of the agency: each event carries the digest of the one before it.
    number = models.PositiveBigIntegerField(_("Number"), null=True)
    digest = models.CharField(_("Digest"), max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("Event")
        verbose_name_plural = _("Events")
        indexes = [models.Index(fields=["object_type", "object_id"], name="event_of_record")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.verb}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("An event is written once and never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("An event is never deleted.")


class ChainEnd(models.Model):
    """The newest event of an agency's chain; 0 is the chain of events of no agency.

    Its row is locked while an event is added, so that two at once get different numbers.
    """

    agency_id = models.BigIntegerField(unique=True)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self):
        return f"{self.agency_id}: {self.number}"
