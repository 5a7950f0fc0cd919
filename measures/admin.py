from django.contrib import admin
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.operator import ReadOnly, SeenFieldsOnly
from accounts.support import UnfinishedOnVisit
from measures.actions import extend, withdraw_publication
from measures.calendar import days_of
from measures.models import Issue, Measure, Plan, ProgressEntry, ProgressRound, Publication
from measures.setup_forms import ExtensionForm
from measures.views.returning import WithdrawForm


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
    list_display = [
        *("agency", "year", "state", "submitted_at", "submitted_by", "reviewed_by"),
        *("closes_on", "extension"),
    ]
    list_filter = ["year", "state"]
    list_select_related = ["agency", "submitted_by", "reviewed_by"]
    search_fields = ["agency__name", "agency__code"]
    inlines = [IssuePart, MeasurePart]

    @admin.display(description=_("Extension"))
    def extension(self, plan):
        url = reverse("admin:measures_plan_extend", args=[plan.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Extend"))

    def get_urls(self):
        extend = self.admin_site.admin_view(self.extend)
        path_ = path("<int:pk>/extend/", extend, name="measures_plan_extend")
        return [path_, *super().get_urls()]

    def extend(self, request, pk):
        plan = get_object_or_404(Plan.objects.select_related("agency"), pk=pk)
        days = days_of(plan, plan.rounds.all())
        form = ExtensionForm(request.POST if request.method == "POST" else None, days=days)
        if form.is_valid():
            try:
                told = extend(plan=plan, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                text = gettext("Extended. Told: %(names)s")
                self.message_user(request, text % {"names": _names(told)})
                return redirect("admin:measures_plan_changelist")
        return render(request, "admin/measures/extend.html", {"plan": plan, "form": form})


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

    def is_unfinished(self, obj):
        return super().is_unfinished(obj) or obj.approved_at is None


@admin.register(Publication)
class PublicationAdmin(SeenFieldsOnly, ReadOnly, admin.ModelAdmin):
    """To withdraw what must not stay public where nobody of the agency does."""

    fields = [
        *("plan", "number", "published_at", "published_by"),
        *("own_url", "withdrawn_at", "withdrawn_by", "withdrawal_reason"),
    ]
    list_display = ["record", "number", "published_at", "withdrawn_at", "page", "withdrawal"]
    list_filter = ["plan__year"]
    list_select_related = ["plan__agency"]
    search_fields = ["plan__agency__name", "plan__agency__code"]
    ordering = ["-published_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("data")

    @admin.display(description=_("Plan"))
    def record(self, publication):
        return publication.plan

    @admin.display(description=_("Public page"))
    def page(self, publication):
        return format_html('<a href="{0}">{0}</a>', publication.get_absolute_url())

    @admin.display(description=_("Withdrawal"))
    def withdrawal(self, publication):
        if publication.is_withdrawn:
            return "–"
        url = reverse("admin:measures_publication_withdraw", args=[publication.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Withdraw"))

    def get_urls(self):
        withdraw = self.admin_site.admin_view(self.withdraw)
        path_ = path("<int:pk>/withdraw/", withdraw, name="measures_publication_withdraw")
        return [path_, *super().get_urls()]

    def withdraw(self, request, pk):
        found = self.get_queryset(request).select_related("plan__agency")
        publication = get_object_or_404(found, pk=pk)
        form = WithdrawForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                told = withdraw_publication(
                    publication=publication, by=request.user, **form.cleaned_data
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                text = gettext("Withdrawn. Told: %(names)s")
                self.message_user(request, text % {"names": _names(told)})
                return redirect("admin:measures_publication_changelist")
        standing = publication.plan.publications.filter(withdrawn_at=None).defer("data")
        others = standing.exclude(pk=publication.pk)
        context = {"publication": publication, "others": others, "form": form}
        return render(request, "admin/measures/withdraw.html", context)


def _names(people):
    return ", ".join(person.get_full_name() for person in people) or "–"
