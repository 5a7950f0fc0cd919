from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Emblem(models.Model):
    """The picture on the cover of an agency's documents: a PNG drawn anew from what was uploaded.

    `digest` is its SHA-256, by which a frozen report names it; one that was replaced stays.
    """

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="emblems")
    digest = models.CharField(max_length=64, db_index=True)
    image = models.BinaryField()
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("Emblem")
        verbose_name_plural = _("Emblems")

    def __str__(self):
        return self.digest[:8]
