from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SupportVisit(models.Model):
    """The system operator looks at an agency's drafts to help it, with a reason that it sees."""

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="support_visits", verbose_name=_("Agency")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(_("Reason"), max_length=500)
    at = models.DateTimeField(_("From"), auto_now_add=True)
    until = models.DateTimeField(_("Until"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("Visit to help an agency")
        verbose_name_plural = _("Visits to help an agency")

    def __str__(self):
        return f"{self.agency} · {self.at:%Y-%m-%d %H:%M}"
