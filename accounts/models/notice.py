import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.querysets import NoticeQuerySet


class Notice(models.Model):
    """What a person should know or do: a sentence, and the address of the very row.

    `key` keeps a reminder from being given twice to the same person.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+")
    text = models.CharField(_("Notice"), max_length=500)
    url = models.CharField(max_length=500)
    key = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(_("Time"), auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("Notice")
        verbose_name_plural = _("Notices")
        indexes = [models.Index(fields=["user", "read_at"], name="unread_notices")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                condition=~models.Q(key=""),
                name="one_reminder_a_key_and_person",
            )
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("accounts:notice", args=[self.uid])
