from copy import copy

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import actions
from accounts.access import agency_page
from accounts.emblems import change_emblem
from accounts.forms import AgencyForm
from accounts.permissions import Permission
from accounts.uploads import shut


@agency_page(Permission.CHANGE_SETTINGS)
def settings(request, agency):
    # A form writes into its instance even what is then refused.
    shown = copy(agency)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AgencyForm(*sent, instance=shown)
    if form.is_valid():
        _save(form, agency, request.user)
        messages.success(request, _("The settings were saved."))
        return redirect("accounts:settings", agency.code)
    visits = agency.support_visits.select_related("by")[:5]
    return render(request, "accounts/settings.html", {"form": form, "visits": visits})


@transaction.atomic
def _save(form, agency, by):
    given = form.cleaned_data
    changes = {name: given[name] for name in form.changed_data if name in form.Meta.fields}
    if changes:
        actions.change_agency(agency=agency, by=by, **changes)
    if given["emblem"] or given.get("remove_emblem"):
        change_emblem(agency=agency, image=given["emblem"], by=by)


@require_safe
@agency_page(Permission.VIEW)
def emblem(request, agency):
    if agency.emblem is None:
        raise Http404
    return shut(HttpResponse(bytes(agency.emblem.image), content_type="image/png"))
