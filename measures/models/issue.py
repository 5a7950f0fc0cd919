from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.versioning import Versioned
from measures.querysets import RowQuerySet
from measures.rows import Row


class Issue(Versioned):
    """What the agency makes of weak indicators: points to develop, points to fix, or why neither.

    That an indicator has one answer is for the actions to see: no constraint reaches it here.
    `is_as_begun`: nobody has changed the text, or part of it, that it was made with.
    """

    class Kind(models.TextChoices):
        DEVELOP = "develop", _("Points to develop")
        FIX = "fix", _("Points to fix")
        LEFT_OUT = "left_out", _("Not taken up this year")

    plan = models.ForeignKey("measures.Plan", models.CASCADE, related_name="issues")
    indicators = models.ManyToManyField(
        "assessments.Indicator", related_name="issues", verbose_name=_("Indicators")
    )
    kind = models.CharField(_("Kind of issue"), max_length=10, choices=Kind, default=Kind.DEVELOP)
    points = models.TextField(
        _("Points, or the reason for not taking it up"),
        max_length=5000,
        help_text=_("One point a line; a line that starts with - belongs to the point above it."),
    )
    order = models.PositiveIntegerField(default=0, editable=False)
    # Kept, not found by comparing: the text is made from scores, which may change afterwards.
    is_as_begun = models.BooleanField(default=False, editable=False)

    objects = RowQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "order", "pk"]
        verbose_name = _("Issue")
        verbose_name_plural = _("Issues")

    @cached_property
    def numbers(self):
        """Of its indicators, in order."""
        return sorted(indicator.number for indicator in self.indicators.all())

    def __str__(self):
        return f"{self.get_kind_display()} · {', '.join(map(str, self.indicators.all()))}"

    @property
    def is_taken_up(self):
        return self.kind != self.Kind.LEFT_OUT

    def get_absolute_url(self):
        return reverse("measures:issue-edit", args=[self.plan.agency.code, self.plan.year, self.pk])

    @property
    def history_place(self):
        return self.plan.year, str(Row("issue", self.pk))
