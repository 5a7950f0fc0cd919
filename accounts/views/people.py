from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tables2 import RequestConfig

from accounts import actions, invitations
from accounts.access import agency_page
from accounts.forms import (
    DUTIES,
    DetailsForm,
    ExistingPersonForm,
    PersonForm,
    RemovalForm,
    RoleForm,
)
from accounts.handover import handovers_of
from accounts.models import Membership
from accounts.permissions import Permission, Role
from accounts.proof import needs_recent_proof
from accounts.tables import PeopleTable, standing_text
from accounts.views.invitation import code_page

#: The button of the form of name and position.
DETAILS = "details"


def members_of(request, agency):
    members = Membership.objects.visible_to(request.user).filter(agency=agency)
    return members.select_related("user", "unit")


@agency_page(Permission.MANAGE_PEOPLE)
def people(request, agency):
    table = PeopleTable(members_of(request, agency).with_standing(), agency=agency)
    RequestConfig(request, paginate={"per_page": 25}).configure(table)
    admins = agency.memberships.filter(role=Role.ADMIN, user__is_active=True)
    context = {
        "table": table,
        "duties": _duties(),
        "only_admin": admins.count() == 1,
        "handovers": handovers_of(agency)[:10],
    }
    return render(request, "accounts/people.html", context)


def _duties():
    return [(role.label, duty) for role, duty in DUTIES.items()]


@needs_recent_proof
@agency_page(Permission.MANAGE_PEOPLE)
def add(request, agency):
    form = PersonForm(_data(request), agency=agency)
    if form.is_valid():
        try:
            user, code = invitations.invite(**form.cleaned_data, agency=agency, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _code_page(request, agency, user, code)
    return render(request, "accounts/person_add.html", {"form": form})


@needs_recent_proof
@agency_page(Permission.MANAGE_PEOPLE)
def add_existing(request, agency):
    form = ExistingPersonForm(_data(request), agency=agency)
    if form.is_valid():
        duty = {name: form.cleaned_data[name] for name in ("role", "unit")}
        duty |= {"user": form.user, "agency": agency, "by": request.user}
        if not form.user.is_active:
            return _code_page(request, agency, form.user, invitations.reopen(**duty))
        actions.set_role(**duty)
        messages.success(request, _("The person was added."))
        return redirect(agency.get_people_url())
    return render(request, "accounts/person_add_existing.html", {"form": form})


@needs_recent_proof
@agency_page(Permission.MANAGE_PEOPLE)
def change(request, agency, pk):
    membership = get_object_or_404(members_of(request, agency).with_standing(), pk=pk)
    duty = {"role": membership.role, "unit": membership.unit_id}
    details = _details(request, membership)
    if details is not None and details.is_valid():
        try:
            actions.change_details(
                user=membership.user, agency=agency, by=request.user, **details.cleaned_data
            )
        except ValidationError as error:
            details.add_error(None, error)
        else:
            messages.success(request, _("Name and position were saved."))
            return redirect(request.path)
    data = None if DETAILS in request.POST else _data(request)
    form = RoleForm(data, agency=agency, initial=duty)
    if form.is_valid():
        try:
            actions.set_role(
                user=membership.user, agency=agency, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The role was changed."))
            return redirect(agency.get_people_url())
    standing = standing_text(membership)
    context = {
        "form": form,
        "membership": membership,
        "standing": standing,
        "details": details,
        "has_errors": details is not None and details.errors,
    }
    return render(request, "accounts/person.html", context)


def _details(request, membership):
    """The form of name and position; None for an account that reaches beyond the agency."""
    try:
        actions.refuse_beyond(membership.user, membership.agency)
    except ValidationError:
        return None
    return DetailsForm(request.POST if DETAILS in request.POST else None, of=membership.user)


@needs_recent_proof
@agency_page(Permission.MANAGE_PEOPLE)
def remove(request, agency, pk):
    membership = get_object_or_404(members_of(request, agency), pk=pk)
    form = RemovalForm(_data(request), membership=membership)
    if form.is_valid():
        try:
            actions.remove_member(membership=membership, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The person was removed from the agency."))
            return redirect(agency.get_people_url())
    return render(request, "accounts/person_remove.html", {"form": form, "membership": membership})


@needs_recent_proof
@agency_page(Permission.MANAGE_PEOPLE)
def code(request, agency, pk):
    membership = get_object_or_404(members_of(request, agency), pk=pk)
    form = forms.Form(_data(request))
    if form.is_valid():
        user = membership.user
        try:
            made = invitations.make_code(user=user, agency=agency, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _code_page(request, agency, user, made)
    return render(request, "accounts/person_code.html", {"form": form, "membership": membership})


def _data(request):
    """None leaves a form unbound."""
    return request.POST if request.method == "POST" else None


def _code_page(request, agency, user, code):
    """Leads on to the newcomer's own page, or back to the handover for which she was invited."""
    membership = user.memberships.get(agency=agency)
    back = reverse("accounts:person-change", args=[agency.code, membership.pk])
    handing_over = request.GET.get("handover", "")
    if handing_over.isdecimal() and agency.memberships.filter(pk=handing_over).exists():
        page = reverse("accounts:person-handover", args=[agency.code, handing_over])
        back = f"{page}?to={membership.pk}"
    return code_page(request, [(user, code)], back, agency)
