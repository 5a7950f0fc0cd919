from django.contrib import admin

from accounts.operator import ReadOnly
from accounts.support import UnfinishedOnVisit
from assessments.models import (
    Assessment,
    Fact,
    Framework,
    Indicator,
    Instrument,
    Item,
    Level,
    Question,
    Score,
    SubScore,
)


class Part(ReadOnly, admin.TabularInline):
    extra = 0


class InstrumentPart(Part):
    model = Instrument
    fields = ["code", "name_th", "weight"]


class IndicatorPart(Part):
    model = Indicator
    fk_name = "framework"
    fields = ["number", "name_th", "instrument", "predecessor"]


class LevelPart(Part):
    model = Level
    fields = ["code", "name_th", "min_total", "min_instrument", "passes"]


class FactPart(Part):
    model = Fact
    fields = ["group", "status", "source", "note"]


@admin.register(Framework)
class FrameworkAdmin(ReadOnly, admin.ModelAdmin):
    """The rules come from assessments/frameworks/ by load_frameworks alone."""

    list_display = ["year", "name", "pass_mark", "item_marks", "measures_item", "progress_item"]
    inlines = [InstrumentPart, IndicatorPart, LevelPart, FactPart]


@admin.register(Item)
class ItemAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "name_th", "subindicator"]
    list_filter = ["subindicator__indicator__framework"]
    list_select_related = ["subindicator"]
    search_fields = ["name_th"]


@admin.register(Question)
class QuestionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "topic_th", "indicator"]
    list_filter = ["indicator__framework"]
    list_select_related = ["indicator"]
    search_fields = ["topic_th"]


class ScorePart(Part):
    model = Score
    fields = ["indicator", "value", "version", "updated_at", "updated_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("indicator", "updated_by")


class SubScorePart(Part):
    model = SubScore
    fields = ["item", "question", "value", "version", "updated_at", "updated_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("item", "question", "updated_by")


@admin.register(Assessment)
class AssessmentAdmin(UnfinishedOnVisit, ReadOnly, admin.ModelAdmin):
    list_display = ["agency", "year", "kind", "state"]
    list_filter = ["framework", "kind", "state"]
    list_select_related = ["agency", "framework"]
    search_fields = ["agency__name", "agency__code"]
    inlines = [ScorePart, SubScorePart]
