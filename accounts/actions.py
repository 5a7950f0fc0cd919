"""Every write to agencies, people and their roles."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import Agency, Membership, User
from accounts.permissions import Permission, Role, require


def _operator_or(permission, by, agency):
    """A command (None) and the system operator may always; others need the right in the agency."""
    if by is not None and not by.is_superuser:
        require(by, permission, agency)


@transaction.atomic
def create_agency(*, by, **fields):
    agency = Agency(**fields)
    agency.full_clean()
    agency.save()
    events.record(verb="agency.created", by=by, agency=agency, obj=agency, after=fields)
    return agency


@transaction.atomic
def change_agency(*, agency, by, **changes):
    """Changes fields of an agency; those of the agency's own settings page or of the operator's."""
    _operator_or(Permission.CHANGE_SETTINGS, by, agency)
    before = {name: getattr(agency, name) for name in changes}
    for name, value in changes.items():
        setattr(agency, name, value)
    agency.full_clean()
    agency.save(update_fields=list(changes))
    events.record(
        verb="agency.changed", by=by, agency=agency, obj=agency, before=before, after=changes
    )
    return agency


@transaction.atomic
def create_user(*, username, name, password, by, agency=None, role=None, email="", position=""):
    """Makes an account, and with an agency and a role its first membership."""
    if agency is not None:
        _operator_or(Permission.MANAGE_PEOPLE, by, agency)
    user = User(username=username, name=name, email=email, position=position)
    user.set_password(password)
    user.full_clean()
    user.save()
    events.record(
        verb="user.created", by=by, agency=agency, obj=user, after={"username": username, "name": name}
    )
    if agency is not None:
        set_role(user=user, agency=agency, role=role, by=by)
    return user


@transaction.atomic
def set_role(*, user, agency, role, by):
    """Gives the person this role in the agency, in place of the one she had."""
    _operator_or(Permission.MANAGE_PEOPLE, by, agency)
    _not_own(user, by)
    membership = Membership.objects.filter(user=user, agency=agency).first()
    before = {"role": membership.role} if membership else {}
    if membership is None:
        membership = Membership(user=user, agency=agency)
    membership.role = Role(role)
    membership.save()
    _keeps_an_admin(agency, by, before.get("role"))
    events.record(
        verb="membership.set",
        by=by,
        agency=agency,
        obj=membership,
        before=before,
        after={"role": membership.role},
    )
    return membership


@transaction.atomic
def remove_member(*, membership, by):
    """Ends the person's access to the agency; the account and all she wrote stay."""
    agency = membership.agency
    _operator_or(Permission.MANAGE_PEOPLE, by, agency)
    _not_own(membership.user, by)
    events.record(
        verb="membership.removed",
        by=by,
        agency=agency,
        obj=membership,
        before={"role": membership.role},
    )
    role = membership.role
    membership.delete()
    _keeps_an_admin(agency, by, role)


def _not_own(user, by):
    if by is not None and by == user and not by.is_superuser:
        raise ValidationError(_("You cannot change your own role. Ask another admin."))


def _keeps_an_admin(agency, by, lost_role):
    """Without an admin nobody could approve or let people in."""
    lost_last = lost_role == Role.ADMIN and not agency.memberships.filter(role=Role.ADMIN).exists()
    if lost_last and not (by is None or by.is_superuser):
        raise ValidationError(_("The agency needs at least one admin."))
