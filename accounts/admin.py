from django import forms
from django.contrib import admin, messages
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions, invitations, second_factor, support
from accounts.models import Agency, Event, Membership, Unit, User
from accounts.operator import ReadOnly, SeenFieldsOnly
from accounts.views.invitation import code_page


def changes_in(form):
    return {name: form.cleaned_data[name] for name in form.changed_data}


class Kept(admin.ModelAdmin):
    """Records that others refer to for ever: taken out of use, never deleted."""

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Agency)
class AgencyAdmin(Kept):
    list_display = ["name", "code", "kind", "province", "threshold", "is_active"]
    list_filter = ["is_active", "kind", "province"]
    search_fields = ["name", "code", "district", "province"]
    actions = ["open_to_help"]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            stored = Agency.objects.get(pk=obj.pk)
            actions.change_agency(agency=stored, by=request.user, **changes_in(form))
        else:
            obj.pk = actions.create_agency(by=request.user, **form.cleaned_data).pk

    @admin.action(description=_("Look at unfinished records to help"))
    def open_to_help(self, request, queryset):
        form = support.VisitForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {"form": form, "agencies": queryset}
            return render(request, "admin/support_visit.html", context)
        for agency in queryset:
            support.visit(agency=agency, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, gettext("The agencies' admins have been told."))
        return None


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "name", "position", "email", "is_active", "is_superuser"]

    def clean_username(self):
        return self.cleaned_data["username"].lower()


@admin.register(User)
class UserAdmin(SeenFieldsOnly, Kept):
    form = UserForm
    list_display = ["name", "username", "position", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "memberships__agency"]
    search_fields = ["name", "username", "email"]
    actions = ["make_codes", "remove_second_factors"]

    def get_readonly_fields(self, request, obj=None):
        """Nobody locks herself out."""
        return ["is_active", "is_superuser"] if obj == request.user else []

    def get_exclude(self, request, obj=None):
        return None if obj else ["is_active"]

    def save_model(self, request, obj, form, change):
        if change:
            stored = User.objects.get(pk=obj.pk)
            actions.change_user(user=stored, by=request.user, **changes_in(form))
        else:
            made, obj.code = invitations.invite(by=request.user, **form.cleaned_data)
            obj.pk = made.pk

    def response_add(self, request, obj, post_url_continue=None) -> HttpResponse:
        return code_page(request, [(obj, obj.code)], reverse("admin:accounts_user_changelist"))

    @admin.action(description=_("Make new invitation codes"))
    def make_codes(self, request, queryset):
        others = queryset.exclude(pk=request.user.pk)
        made = [(user, invitations.make_code(user=user, by=request.user)) for user in others]
        return code_page(request, made, request.get_full_path())

    @admin.action(description=_("Switch off the second step of signing in"))
    def remove_second_factors(self, request, queryset):
        for user in queryset:
            second_factor.remove(user=user, by=request.user)


class MembershipForm(forms.ModelForm):
    """The units of the agency; before one is chosen those of all, each with its agency."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        units = self.fields["unit"]
        if self.instance.pk:
            units.queryset = self.instance.agency.units.all()
        else:
            units.queryset = Unit.objects.select_related("agency").order_by("agency__name", "order")
            units.label_from_instance = lambda unit: f"{unit.agency} · {unit}"


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    form = MembershipForm
    list_display = ["user", "agency", "role", "unit"]
    list_filter = ["role", "agency"]
    list_select_related = ["user", "agency", "unit"]
    search_fields = ["user__name", "user__username", "agency__name", "agency__code"]
    autocomplete_fields = ["user", "agency"]

    def get_readonly_fields(self, request, obj=None):
        return ["user", "agency"] if obj else []

    def save_model(self, request, obj, form, change):
        made = actions.set_role(
            user=obj.user, agency=obj.agency, role=obj.role, unit=obj.unit, by=request.user
        )
        obj.pk = made.pk

    def delete_model(self, request, obj):
        actions.remove_member(membership=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for membership in queryset:
            self.delete_model(request, membership)


@admin.register(Event)
class EventAdmin(SeenFieldsOnly, ReadOnly, admin.ModelAdmin):
    """The values of an agency's records, and what these are called, may be drafts."""

    list_display = ["at", "actor_name", "verb", "agency_code", "record"]
    list_filter = ["at", "verb", "agency_code"]
    search_fields = ["actor_name", "agency_code"]
    date_hierarchy = "at"

    def get_queryset(self, request):
        visited = support.visited_agencies(request.user).filter(agency=OuterRef("agency_id"))
        is_open = Q(agency_id=None) | Q(Exists(visited))
        wrapped = ExpressionWrapper(is_open, BooleanField())
        return super().get_queryset(request).annotate(is_open=wrapped)

    @admin.display(description=_("Record"))
    def record(self, event):
        is_draft = not (event.is_open or event.object_type.startswith("accounts."))
        return "–" if is_draft else event.object_label

    def get_fields(self, request, obj=None):
        if obj is None or obj.is_open:
            return super().get_fields(request, obj)
        hidden = ("object_label", "before", "after")
        return [name for name in super().get_fields(request, obj) if name not in hidden]
