"""The official letters around a report: drafts in DOCX that the registry numbers and dates."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    MEMO = "memo", _("Memo to the executive")
    ANNOUNCEMENT = "announcement", _("Announcement of the agency")
    ORDER = "order", _("Order that appoints the ITA working group")
