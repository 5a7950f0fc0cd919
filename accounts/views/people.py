from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django_tables2 import RequestConfig

from accounts import actions
from accounts.access import agency_page
from accounts.forms import ExistingPersonForm, PersonForm, RoleForm
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.tables import PeopleTable


def _memberships(request, agency):
    return Membership.objects.visible_to(request.user).filter(agency=agency).select_related("user")


@agency_page(Permission.MANAGE_PEOPLE)
def people(request, agency):
    table = PeopleTable(_memberships(request, agency), agency=agency)
    RequestConfig(request, paginate={"per_page": 25}).configure(table)
    return render(request, "accounts/people.html", {"table": table})


@agency_page(Permission.MANAGE_PEOPLE)
def add(request, agency):
    form = PersonForm(_data(request))
    if form.is_valid():
        try:
            user = actions.create_user(**form.cleaned_data, agency=agency, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _initial_password(request, user, user.initial_password)
    return render(request, "accounts/person_add.html", {"form": form})


@agency_page(Permission.MANAGE_PEOPLE)
def add_existing(request, agency):
    form = ExistingPersonForm(_data(request), agency=agency)
    if form.is_valid():
        actions.set_role(
            user=form.user, agency=agency, role=form.cleaned_data["role"], by=request.user
        )
        messages.success(request, _("The person was added."))
        return redirect(agency.get_people_url())
    return render(request, "accounts/person_add_existing.html", {"form": form})


@agency_page(Permission.MANAGE_PEOPLE)
def change(request, agency, pk):
    membership = get_object_or_404(_memberships(request, agency), pk=pk)
    # A copy, because a form writes into its instance even what an action then refuses.
    form = RoleForm(_data(request), instance=Membership(role=membership.role))
    if form.is_valid():
        try:
            actions.set_role(
                user=membership.user,
                agency=agency,
                role=form.cleaned_data["role"],
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The role was changed."))
            return redirect(agency.get_people_url())
    return render(request, "accounts/person.html", {"form": form, "membership": membership})


@agency_page(Permission.MANAGE_PEOPLE)
def remove(request, agency, pk):
    membership = get_object_or_404(_memberships(request, agency), pk=pk)
    form = forms.Form(_data(request))
    if form.is_valid():
        try:
            actions.remove_member(membership=membership, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The person was removed from the agency."))
            return redirect(agency.get_people_url())
    return render(request, "accounts/person_remove.html", {"form": form, "membership": membership})


@agency_page(Permission.MANAGE_PEOPLE)
def password(request, agency, pk):
    membership = get_object_or_404(_memberships(request, agency), pk=pk)
    form = forms.Form(_data(request))
    if form.is_valid():
        user = membership.user
        try:
            initial = actions.renew_initial_password(user=user, agency=agency, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _initial_password(request, user, initial)
    context = {"form": form, "membership": membership}
    return render(request, "accounts/person_password.html", context)


def _data(request):
    """None leaves a form unbound."""
    return request.POST if request.method == "POST" else None


def _initial_password(request, user, password):
    """Answers the POST itself, so that the password is kept nowhere."""
    return render(request, "accounts/initial_password.html", {"people": [(user, password)]})
