from django.contrib import admin

from accounts.operator import ReadOnly
from accounts.support import UnfinishedOnVisit
from measures.models import Issue, Measure, Plan, ProgressEntry, ProgressRound


class Part(ReadOnly, admin.TabularInline):
    extra = 0


class IssuePart(Part):
    model = Issue
    fields = ["kind", "points", "updated_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("updated_by")


class MeasurePart(Part):
    model = Measure
    fields = ["title", "period", "responsible", "updated_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("updated_by")


@admin.register(Plan)
class PlanAdmin(UnfinishedOnVisit, ReadOnly, admin.ModelAdmin):
    list_display = ["agency", "year", "state", "submitted_at", "submitted_by", "reviewed_by"]
    list_filter = ["year", "state"]
    list_select_related = ["agency", "submitted_by", "reviewed_by"]
    search_fields = ["agency__name", "agency__code"]
    inlines = [IssuePart, MeasurePart]


class EntryPart(Part):
    model = ProgressEntry
    fields = ["measure", "state", "result", "suggestion"]


@admin.register(ProgressRound)
class ProgressRoundAdmin(UnfinishedOnVisit, ReadOnly, admin.ModelAdmin):
    list_display = ["plan", "months"]
    list_filter = ["months", "plan__year"]
    list_select_related = ["plan__agency"]
    inlines = [EntryPart]

    def record_of(self, obj):
        return obj.plan
