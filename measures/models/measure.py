from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.versioning import Versioned
from measures.querysets import RowQuerySet
from measures.rows import Row


class Measure(Versioned):
    """One row of the measures. Lists are plain text, an item a line, `-` for a sub-item.

    `period` is what is printed; the two dates are there where it is made of dates. `budget` is in
    baht: 0 is "no budget used", None is not stated. `carried_year` is the one it was carried from.
    """

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
    starts_on = models.DateField(_("From"), null=True, blank=True)
    ends_on = models.DateField(_("To"), null=True, blank=True)
    budget = models.DecimalField(
        _("Budget (baht)"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="carried_to", editable=False
    )
    carried_year = models.PositiveSmallIntegerField(null=True, editable=False)
    order = models.PositiveIntegerField(default=0, editable=False)

    objects = RowQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "order", "pk"]
        verbose_name = _("Measure")
        verbose_name_plural = _("Measures")
        constraints = [
            models.CheckConstraint(
                name="measure_ends_after_it_starts",
                condition=models.Q(starts_on__isnull=True, ends_on__isnull=True)
                | models.Q(starts_on__lte=models.F("ends_on")),
            ),
            models.CheckConstraint(
                name="budget_is_not_negative",
                condition=models.Q(budget__isnull=True) | models.Q(budget__gte=0),
            ),
        ]

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

    @property
    def history_place(self):
        return self.plan.year, str(Row("measure", self.pk))
