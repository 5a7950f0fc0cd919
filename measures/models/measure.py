from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.versioning import Versioned
from measures.querysets import RowQuerySet


class Measure(Versioned):
    """One row of the measures. Lists are plain text, an item a line, `-` for a sub-item."""

    plan = models.ForeignKey("measures.Plan", models.CASCADE, related_name="measures")
    title = models.CharField(_("Measure"), max_length=500)
    steps = models.TextField(_("Steps"), max_length=5000, help_text=_("One step a line."))
    period = models.CharField(
        _("Period"), max_length=200, help_text=_("Such as the whole fiscal year, or two dates.")
    )
    follow_up = models.TextField(
        _("Follow-up"),
        max_length=5000,
        help_text=_("The evidence that shows it was done, one a line."),
    )
    responsible = models.TextField(
        _("Responsible units"), max_length=1000, help_text=_("One unit a line.")
    )
    indicators = models.ManyToManyField(
        "assessments.Indicator", related_name="measures", verbose_name=_("Indicators it serves")
    )
    order = models.PositiveIntegerField(default=0, editable=False)

    objects = RowQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "order", "pk"]
        verbose_name = _("Measure")
        verbose_name_plural = _("Measures")

    @cached_property
    def numbers(self):
        """Of its indicators, in order."""
        return sorted(indicator.number for indicator in self.indicators.all())

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse(
            "measures:measure-edit", args=[self.plan.agency.code, self.plan.year, self.pk]
        )
