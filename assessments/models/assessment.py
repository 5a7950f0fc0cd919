from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.permissions import State
from accounts.versioning import Versioned
from assessments.fiscal import closed_on
from assessments.querysets import AssessmentQuerySet
from assessments.scoring import mean
from assessments.subscores import derived_values


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
    threshold = models.DecimalField(
        _("Strength threshold of this year"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Empty means the agency's own."),
    )
    # Both are those of the plan built on this result; the plan's actions keep them.
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    closes_on = models.DateField(null=True, editable=False)

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
        name = f"{self.agency} · ITA {self.framework.year}"
        return f"{name} · {self.get_kind_display()}" if self.kind == self.Kind.SELF else name

    @property
    def year(self):
        return self.framework.year

    @property
    def history_place(self):
        """A result belongs to the year of the plan that is built on it."""
        return self.framework.year + 1, ""

    @cached_property
    def cells(self) -> dict[str, "Score"]:
        """Key → score, of those that are there; no query when `scores` is prefetched."""
        keys = {indicator.pk: f"i{indicator.number}" for indicator in self._indicators}
        codes = {one.pk: one.code.casefold() for one in self.framework.instruments.all()}
        return {
            cell_key(keys.get(score.indicator_id) or codes[score.instrument_id], score.part): score
            for score in self.scores.all()
        }

    @cached_property
    def values(self) -> dict[int, Decimal | Fraction | None]:
        """Indicator number → points (0–100) or None, in the order of the framework.

        Of two parts the exact mean; of a self-assessment what its finer marks come to.
        """
        derived = derived_values(self) if self.kind == self.Kind.SELF else {}
        return {
            indicator.number: derived.get(indicator.number, self._figure(f"i{indicator.number}"))
            for indicator in self._indicators
        }

    @cached_property
    def instrument_values(self) -> dict[str, Decimal | Fraction]:
        """Instrument code → points, where one was entered as announced."""
        figures = {
            one.code: self._figure(one.code.casefold()) for one in self.framework.instruments.all()
        }
        return {code: figure for code, figure in figures.items() if figure is not None}

    @property
    def _indicators(self):
        return self.framework.ordered_indicators()

    def _figure(self, key):
        """The finest complete figures decide, because rounding comes last."""
        whole, *parts = (
            cell.value if (cell := self.cells.get(cell_key(key, part))) else None
            for part in Score.Part.values
        )
        return mean(parts) if None not in parts else whole

    @property
    def closed(self):
        """The day, in words, on which the year closed; empty while it is open."""
        return closed_on(self.closes_on)

    def get_absolute_url(self):
        return self._url("scores")

    def get_analysis_url(self):
        return self._url("analysis")

    def get_warning_url(self):
        return self._url("scores-warning")

    def _url(self, name):
        return result_url(name, self.agency, self.framework.year, self.kind)


class Points(Versioned):
    """The points of one thing, 0 to 100. Empty means not known, which is not zero."""

    value = models.DecimalField(_("Score"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        abstract = True


class Score(Points):
    """The points of an indicator or, as announced, of an instrument; EIT may have two parts."""

    class Part(models.IntegerChoices):
        WHOLE = 0, _("Whole")
        FIRST = 1, _("Part 1")
        SECOND = 2, _("Part 2")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    indicator = models.ForeignKey(
        "assessments.Indicator", models.PROTECT, null=True, related_name="scores"
    )
    instrument = models.ForeignKey(
        "assessments.Instrument", models.PROTECT, null=True, related_name="scores"
    )
    part = models.PositiveSmallIntegerField(_("Part"), choices=Part, default=Part.WHOLE)

    class Meta:
        ordering = ["assessment", "indicator__number", "instrument", "part"]
        verbose_name = _("Score")
        verbose_name_plural = _("Scores")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "indicator", "part"], name="one_score_an_indicator_and_part"
            ),
            models.UniqueConstraint(
                fields=["assessment", "instrument", "part"], name="one_score_an_instrument_and_part"
            ),
            models.CheckConstraint(
                name="score_of_an_indicator_or_an_instrument",
                condition=models.Q(indicator__isnull=True) ^ models.Q(instrument__isnull=True),
            ),
            models.CheckConstraint(
                name="score_is_0_to_100",
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0, value__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.indicator or self.instrument} · {self.assessment}"


class SubScore(Points):
    """The points of an OIT item or of a question: finer than an indicator's, and optional."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="subscores")
    item = models.ForeignKey(
        "assessments.Item", models.PROTECT, null=True, related_name="subscores"
    )
    question = models.ForeignKey(
        "assessments.Question", models.PROTECT, null=True, related_name="subscores"
    )

    class Meta:
        ordering = ["assessment", "item__number", "question__order"]
        verbose_name = _("Sub-score")
        verbose_name_plural = _("Sub-scores")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item"], name="one_mark_an_item"),
            models.UniqueConstraint(fields=["assessment", "question"], name="one_mark_a_question"),
            models.CheckConstraint(
                name="subscore_of_an_item_or_a_question",
                condition=models.Q(item__isnull=True) ^ models.Q(question__isnull=True),
            ),
            models.CheckConstraint(
                name="subscore_is_0_to_100",
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0, value__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.item or self.question} · {self.assessment}"


class Confirmation(models.Model):
    """Somebody found the figures that a warning is about right; other figures warn anew."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="confirmations")
    warning = models.CharField(_("Warning"), max_length=20)
    figures = models.CharField(_("Figures"), max_length=250)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Confirmed by")
    )
    at = models.DateTimeField(_("Confirmed on"), auto_now_add=True)

    class Meta:
        ordering = ["assessment", "at"]
        verbose_name = _("Confirmation")
        verbose_name_plural = _("Confirmations")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "warning", "figures"], name="a_warning_is_confirmed_once"
            )
        ]

    def __str__(self):
        return f"{self.warning} {self.figures} · {self.assessment}"


class AnalysisText(Versioned):
    """A paragraph of the analysis in the officer's words; empty means the generated one.

    In `text` the figures that she left as they were are marks, which follow the scores; `facts`
    are the figures as she saw them.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="texts")
    section = models.CharField(_("Section"), max_length=20)
    text = models.TextField(_("Text"), max_length=5000, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["assessment", "section"]
        verbose_name = _("Text of the analysis")
        verbose_name_plural = _("Texts of the analysis")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "section"], name="one_text_a_section")
        ]

    def __str__(self):
        return f"{self.section} · {self.assessment}"

    @property
    def history_place(self):
        return self.assessment.history_place


def result_url(name, agency, year, kind):
    """The address of a page that both kinds of result have; `year` in Buddhist Era."""
    suffix = "-self" if kind == Assessment.Kind.SELF else ""
    return reverse(f"assessments:{name}{suffix}", args=[agency.code, year])


def cell_key(of, part=Score.Part.WHOLE):
    """How addresses, forms and files name a cell: i9, i6_1, eit, eit_2."""
    return f"{of}_{part}" if part else of
