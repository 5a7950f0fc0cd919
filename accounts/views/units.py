from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import units as actions
from accounts.access import agency_page
from accounts.forms import NamingErrors
from accounts.permissions import Permission


class NewUnitsForm(NamingErrors, forms.Form):
    names = forms.CharField(
        label=gettext_lazy("Names of units"),
        max_length=3000,
        help_text=gettext_lazy("One a line; several at once."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@agency_page(Permission.CHANGE_SETTINGS)
def units(request, agency):
    """The list, whose buttons also save the names beside them, and a box to add to it."""
    adding, sent = "add" in request.POST, request.method == "POST"
    new = NewUnitsForm(request.POST if adding else None)
    form = new if adding else forms.Form(request.POST if sent else None)
    if form.is_valid():
        try:
            if adding:
                names = form.cleaned_data["names"].splitlines()
                actions.add_units(agency=agency, names=names, by=request.user)
            else:
                _change_list(request, agency)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The list was saved."))
            return redirect("accounts:units", agency.code)
    listed = list(agency.units.all())
    for unit in listed:
        unit.typed = request.POST.get(f"name-{unit.pk}", unit.name)
    context = {"form": form, "new": new, "units": listed, "usual": actions.USUAL}
    return render(request, "accounts/units.html", context)


@transaction.atomic
def _change_list(request, agency):
    by = request.user
    if "usual" in request.POST:
        actions.add_units(agency=agency, names=actions.USUAL, by=by)
    for unit in agency.units.all():
        if typed := request.POST.get(f"name-{unit.pk}"):
            actions.rename_unit(unit=unit, name=typed, by=by)
    for name in ("up", "down", "remove"):
        if pk := request.POST.get(name):
            unit = get_object_or_404(agency.units, pk=pk if pk.isdecimal() else 0)
            if name == "remove":
                actions.remove_unit(unit=unit, by=by)
            else:
                actions.move_unit(unit=unit, up=name == "up", by=by)
