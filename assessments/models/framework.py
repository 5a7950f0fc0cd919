"""What is scored in one fiscal year, and how. Loaded from assessments/frameworks/<year>.toml."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessments.scoring import InstrumentRule, LevelRule, Rules

PER_CENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


def no_partial_marks():
    return [0, 100]


class Bilingual(models.Model):
    """A name in Thai and English; `name` follows the active language, else Thai."""

    name_th = models.CharField(_("Thai name"), max_length=255)
    name_en = models.CharField(_("English name"), max_length=255, blank=True)

    class Meta:
        abstract = True

    @property
    def name(self):
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name_th


class Framework(models.Model):
    """The rules of one fiscal year (Buddhist Era)."""

    year = models.PositiveSmallIntegerField(_("fiscal year"), unique=True)
    name = models.CharField(_("name"), max_length=255)
    pass_mark = models.DecimalField(
        _("pass mark"), max_digits=5, decimal_places=2, validators=PER_CENT
    )
    measures_item = models.CharField(_("item of the measures"), max_length=8, blank=True)
    progress_item = models.CharField(_("item of the progress report"), max_length=8, blank=True)
    eit_parts = models.BooleanField(_("EIT has two equal parts"), default=False)
    #: The points that an OIT item can get; between them only where the year knows partial ones.
    item_marks = models.JSONField(_("points of an OIT item"), default=no_partial_marks)
    scale_note = models.TextField(_("note on the level scale"), blank=True)
    checksum = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("assessment framework")
        verbose_name_plural = _("assessment frameworks")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_mark__gte=0, pass_mark__lte=100),
                name="framework_pass_mark_in_range",
            )
        ]

    def __str__(self):
        return f"ITA {self.year}"

    def rules(self):
        """No query when `instruments__indicators` and `levels` are prefetched."""
        return Rules(
            year=self.year,
            instruments=tuple(instrument.rule() for instrument in self.instruments.all()),
            levels=tuple(level.rule() for level in self.levels.all()),
            pass_mark=self.pass_mark,
        )

    def ordered_indicators(self):
        """By instrument and number; no query when `instruments__indicators` is prefetched."""
        return [
            indicator
            for instrument in self.instruments.all()
            for indicator in instrument.indicators.all()
        ]


class Instrument(Bilingual):
    class Code(models.TextChoices):
        IIT = "IIT", "IIT"
        EIT = "EIT", "EIT"
        OIT = "OIT", "OIT"

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="instruments")
    code = models.CharField(_("code"), max_length=3, choices=Code.choices)
    description_th = models.TextField(_("description"), blank=True)
    weight = models.DecimalField(
        _("weight (per cent)"), max_digits=5, decimal_places=2, validators=PER_CENT
    )
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["framework_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="instrument_code_once"),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100), name="instrument_weight_in_range"
            ),
        ]

    def __str__(self):
        return self.code

    def rule(self):
        return InstrumentRule(
            code=self.code,
            weight=self.weight,
            indicators=tuple(indicator.number for indicator in self.indicators.all()),
        )


class Indicator(Bilingual):
    # Repeats instrument.framework so that the database keeps a number unique in its year.
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="indicators")
    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="indicators")
    number = models.PositiveSmallIntegerField(_("number"))
    description_th = models.TextField(_("what it assesses"), blank=True)
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("same indicator of the year before"),
        related_name="successors",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["framework_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="indicator_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="indicator_number_from_one"),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"


class SubIndicator(models.Model):
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="subindicators")
    code = models.CharField(_("code"), max_length=8)
    name_th = models.CharField(_("Thai name"), max_length=255)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("sub-indicator")
        verbose_name_plural = _("sub-indicators")
        ordering = ["indicator_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "code"], name="subindicator_code_once")
        ]

    def __str__(self):
        return f"{self.code} {self.name_th}"


class Item(models.Model):
    """One OIT item. Numbers are unique in a framework; the loading of a file sees to that."""

    subindicator = models.ForeignKey(SubIndicator, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("number"))
    name_th = models.CharField(_("Thai name"), max_length=255)
    content_th = models.TextField(_("what it must contain"), blank=True)

    class Meta:
        verbose_name = _("OIT item")
        verbose_name_plural = _("OIT items")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["subindicator", "number"], name="item_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="item_number_from_one"),
        ]

    def __str__(self):
        return f"{self.code} {self.name_th}"

    @property
    def code(self):
        return f"O{self.number}"


class Question(models.Model):
    """One question of IIT or EIT: i1 … or e1 …, as the survey of the year counts them."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="questions")
    code = models.CharField(_("code"), max_length=8)
    topic_th = models.CharField(_("topic"), max_length=255)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["indicator_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "code"], name="question_code_once")
        ]

    def __str__(self):
        return f"{self.code} {self.topic_th}"


class Level(models.Model):
    """A level of the result; the first from order 0 whose conditions hold is reached."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="levels")
    code = models.CharField(_("code"), max_length=16)
    name_th = models.CharField(_("Thai name"), max_length=64)
    min_total = models.DecimalField(
        _("lowest total"), max_digits=5, decimal_places=2, validators=PER_CENT
    )
    min_instrument = models.DecimalField(
        _("lowest score of each instrument"),
        max_digits=5,
        decimal_places=2,
        validators=PER_CENT,
        null=True,
        blank=True,
    )
    order = models.PositiveSmallIntegerField(_("order"))
    passes = models.BooleanField(_("passes"))

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["framework_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="level_code_once"),
            models.CheckConstraint(
                condition=Q(min_total__gte=0, min_total__lte=100), name="level_min_total_in_range"
            ),
        ]

    def __str__(self):
        return self.name_th

    def rule(self):
        return LevelRule(
            code=self.code,
            name=self.name_th,
            min_total=self.min_total,
            min_instrument=self.min_instrument,
            passes=self.passes,
        )


class Fact(models.Model):
    """How sure a group of a framework's facts is, and where they come from."""

    class Group(models.TextChoices):
        WEIGHTS = "weights", _("Weights")
        INDICATORS = "indicators", _("Indicators")
        SUBINDICATORS = "subindicators", _("Sub-indicators")
        ITEMS = "items", _("OIT items")
        # Apart from the names: what an item must contain is often less sure than what it is called.
        ITEM_CONTENTS = "item_contents", _("Contents of the OIT items")
        ITEM_SCORING = "item_scoring", _("Worth of the OIT items")
        QUESTIONS = "questions", _("Questions")
        LEVELS = "levels", _("Levels")
        PASS_MARK = "pass_mark", _("Pass mark")
        DOCUMENT_ITEMS = "document_items", _("Items of the two documents")

    class Status(models.TextChoices):
        VERIFIED = "verified", _("Verified")
        DERIVED = "derived", _("Derived from published results")
        SECONDARY = "secondary", _("Secondary source")
        UNVERIFIED = "unverified", _("Not verified")

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="facts")
    group = models.CharField(_("group"), max_length=16, choices=Group.choices)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices)
    source = models.TextField(_("source"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("fact group")
        verbose_name_plural = _("fact groups")
        ordering = ["framework_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "group"], name="fact_group_once"),
            models.CheckConstraint(
                condition=Q(status__in=["verified", "derived", "secondary", "unverified"]),
                name="fact_status_known",
            ),
        ]

    def __str__(self):
        return f"{self.framework_id}: {self.get_group_display()} – {self.get_status_display()}"
