from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.permissions import State
from accounts.versioning import Versioned
from assessments.querysets import AssessmentQuerySet


class Assessment(Versioned):
    """One agency's result of one fiscal year: ten scores, and the total and level as announced.

    `version` guards the published total and level; each score has a version of its own.
    """

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("Official result")
        SELF = "self", _("Self-assessment")

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="assessments", verbose_name=_("Agency")
    )
    framework = models.ForeignKey(
        "assessments.Framework", models.PROTECT, related_name="assessments"
    )
    kind = models.CharField(_("Kind of result"), max_length=10, choices=Kind, default=Kind.OFFICIAL)
    published_total = models.DecimalField(
        _("Published total"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    published_level = models.ForeignKey(
        "assessments.Level",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Published level"),
    )
    # Set while a plan built on this result is under review or approved; the plan's actions keep it.
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-framework__year", "agency__name", "kind"]
        verbose_name = _("Assessment")
        verbose_name_plural = _("Assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "framework", "kind"], name="one_assessment_a_kind_and_year"
            ),
            models.CheckConstraint(
                name="published_total_is_0_to_100",
                condition=models.Q(published_total__isnull=True)
                | models.Q(published_total__gte=0, published_total__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.agency} · ITA {self.framework.year}"

    @property
    def year(self):
        return self.framework.year

    @cached_property
    def values(self):
        """Indicator number → points (0–100) or None, in the order of the framework."""
        scores = {score.indicator_id: score.value for score in self.scores.all()}
        return {
            indicator.number: scores.get(indicator.pk)
            for indicator in self.framework.ordered_indicators()
        }

    def get_absolute_url(self):
        return reverse("assessments:scores", args=[self.agency.code, self.framework.year])

    def get_analysis_url(self):
        return reverse("assessments:analysis", args=[self.agency.code, self.framework.year])


class Score(Versioned):
    """The points of one indicator. Empty means not known, which is not zero."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    indicator = models.ForeignKey("assessments.Indicator", models.PROTECT, related_name="scores")
    value = models.DecimalField(_("Score"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["assessment", "indicator__number"]
        verbose_name = _("Score")
        verbose_name_plural = _("Scores")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "indicator"], name="one_score_an_indicator"
            ),
            models.CheckConstraint(
                name="score_is_0_to_100",
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0, value__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.indicator} · {self.assessment}"
