from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.versioning import Versioned


class Issue(Versioned):
    """What the agency makes of one indicator: points to develop, points to fix, or why neither."""

    class Kind(models.TextChoices):
        DEVELOP = "develop", _("Points to develop")
        FIX = "fix", _("Points to fix")
        LEFT_OUT = "left_out", _("Not taken up this year")

    plan = models.ForeignKey("measures.Plan", models.CASCADE, related_name="issues")
    indicator = models.ForeignKey("assessments.Indicator", models.PROTECT, related_name="issues")
    kind = models.CharField(_("Kind of issue"), max_length=10, choices=Kind, default=Kind.DEVELOP)
    points = models.TextField(
        _("Points, or the reason for not taking it up"),
        max_length=5000,
        help_text=_("One point a line; a line that starts with - belongs to the point above it."),
    )
    order = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["plan", "order", "pk"]
        verbose_name = _("Issue")
        verbose_name_plural = _("Issues")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "indicator", "kind"], name="one_issue_an_indicator_and_kind"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.indicator}"

    @property
    def is_taken_up(self):
        return self.kind != self.Kind.LEFT_OUT

    def get_absolute_url(self):
        return reverse("measures:issue-edit", args=[self.plan.agency.code, self.plan.year, self.pk])
