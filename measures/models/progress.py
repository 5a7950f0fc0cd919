from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.versioning import Versioned
from assessments.fiscal import closed_on
from measures.rows import Row


class ProgressRound(models.Model):
    """A report on all measures of a plan, after 6 or 12 months of the fiscal year.

    After `closes_on`, and once it is approved, nothing in it can be changed.
    """

    class Months(models.IntegerChoices):
        SIX = 6, _("6 months")
        TWELVE = 12, _("12 months")

    plan = models.ForeignKey("measures.Plan", models.CASCADE, related_name="rounds")
    months = models.PositiveSmallIntegerField(_("Round"), choices=Months)
    opens_on = models.DateField(_("Opens on"), null=True, blank=True)
    closes_on = models.DateField(_("Closes on"), null=True, blank=True)
    approved_at = models.DateTimeField(_("Approved on"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ["plan", "months"]
        verbose_name = _("Progress round")
        verbose_name_plural = _("Progress rounds")
        constraints = [
            models.UniqueConstraint(fields=["plan", "months"], name="one_round_a_plan_and_months")
        ]

    def __str__(self):
        return f"{self.plan} · {self.get_months_display()}"

    def get_absolute_url(self):
        return self.plan.get_progress_url(self.months)

    @property
    def history_place(self):
        return self.plan.year, ""

    @property
    def closed(self):
        """The day, in words, on which the round or its year closed; empty while it is open."""
        return closed_on(self.closes_on) or self.plan.closed


class ProgressEntry(Versioned):
    """What became of one measure in one round; its own text is shown beside, never copied."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("Not started")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        NOT_DONE = "not_done", _("Not done")

    #: These say something even without a text.
    SETTLED = frozenset({State.DONE, State.NOT_DONE})

    round = models.ForeignKey(ProgressRound, models.CASCADE, related_name="entries")
    measure = models.ForeignKey("measures.Measure", models.CASCADE, related_name="progress")
    state = models.CharField(_("Progress"), max_length=12, choices=State, default=State.NOT_STARTED)
    percent = models.PositiveSmallIntegerField(
        _("Per cent done"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    result = models.TextField(
        _("Result"), max_length=5000, blank=True, help_text=_("What was done, one item a line.")
    )
    suggestion = models.TextField(_("Suggestion"), max_length=5000, blank=True)

    class Meta:
        ordering = ["round", "measure__order", "measure"]
        verbose_name = _("Progress entry")
        verbose_name_plural = _("Progress entries")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "measure"], name="one_entry_a_round_and_measure"
            )
        ]

    def __str__(self):
        return f"{self.measure} · {self.round.get_months_display()}"

    def clean(self):
        if self.state == self.State.DONE:
            self.percent = 100

    def get_absolute_url(self):
        plan = self.round.plan
        return reverse(
            "measures:progress-edit",
            args=[plan.agency.code, plan.year, self.round.months, self.measure_id],
        )

    @property
    def history_place(self):
        return self.round.plan.year, str(Row("progress", self.measure_id, self.round.months))

    @property
    def is_reported(self):
        return bool(self.result) or self.state in self.SETTLED
