"""The Django admin under /operator/: superusers only, and every write through an action."""

from functools import wraps

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.proof import is_recent, lead_to_proof


class OperatorSite(admin.AdminSite):
    site_header = site_title = _("System operation")
    index_title = _("Records of all agencies")
    enable_nav_sidebar = False

    def has_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def admin_view(self, view, cacheable=False):
        """Everything here reaches all agencies, so it asks for a recent proof."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def proven(request, *args, **kwargs):
            if self.has_permission(request) and not is_recent(request):
                return lead_to_proof(request)
            return inner(request, *args, **kwargs)

        return proven

    def login(self, request, extra_context=None):
        """The portal's own page, which counts failed attempts; people of an agency find nothing."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")


class SeenFieldsOnly:
    """Mixed into an admin: what its list does not show is not asked for in the address either.

    Django would filter by any field of the record: a draft, or a password's hash, sign by sign.
    """

    def lookup_allowed(self, lookup, value, request):
        shown = (*self.list_display, *self.list_filter, self.date_hierarchy)
        seen = {str(name).partition("__")[0] for name in shown}
        return lookup.partition("__")[0] in seen and super().lookup_allowed(lookup, value, request)


class ReadOnly:
    """Mixed into an admin or an inline: seen, never changed."""

    def get_fields(self, request, obj=None):
        every = [field.name for field in self.model._meta.fields if not field.primary_key]
        return self.fields or every

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
