from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import actions
from accounts.access import agency_page
from accounts.forms import AgencyForm
from accounts.models import Agency
from accounts.permissions import Permission


@agency_page(Permission.CHANGE_SETTINGS)
def settings(request, agency):
    # A copy, because a form writes into its instance even what is then refused.
    shown = Agency.objects.get(pk=agency.pk)
    form = AgencyForm(request.POST if request.method == "POST" else None, instance=shown)
    if form.is_valid():
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        actions.change_agency(agency=agency, by=request.user, **changes)
        messages.success(request, _("The settings were saved."))
        return redirect("accounts:settings", agency.code)
    visits = agency.support_visits.select_related("by")[:5]
    return render(request, "accounts/settings.html", {"form": form, "visits": visits})
