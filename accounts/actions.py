"""Every write to agencies, people and their roles."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import Agency, Membership, User
from accounts.passwords import initial_password
from accounts.permissions import Permission, Role, forget_memberships, require


def _operator_or(permission, by, agency):
    """A command (None) and the system operator may always; others need the right in the agency."""
    if by is not None and not by.is_superuser:
        require(by, permission, agency)


def _operator_only(by):
    if by is not None and not by.is_superuser:
        raise PermissionDenied(_("Only the system operator may do this."))


def _change(record, changes):
    """Stores what differs; returns it for the event, or None where nothing does."""
    after = {name: value for name, value in changes.items() if getattr(record, name) != value}
    if not after:
        return None
    before = {name: getattr(record, name) for name in after}
    for name, value in after.items():
        setattr(record, name, value)
    record.full_clean()
    record.save(update_fields=list(after))
    return {"before": before, "after": after}


@transaction.atomic
def create_agency(*, by, **fields):
    _operator_only(by)
    agency = Agency(**fields)
    agency.full_clean()
    agency.save()
    events.record(verb="agency.created", by=by, agency=agency, obj=agency, after=fields)
    return agency


@transaction.atomic
def change_agency(*, agency, by, **changes):
    """Changes fields of an agency; those of the agency's own settings page or of the operator's."""
    _operator_or(Permission.CHANGE_SETTINGS, by, agency)
    if changed := _change(agency, changes):
        events.record(verb="agency.changed", by=by, agency=agency, obj=agency, **changed)
    return agency


@transaction.atomic
def create_user(
    *,
    username,
    name,
    by,
    password=None,
    agency=None,
    role=None,
    email="",
    position="",
    is_superuser=False,
):
    """Makes an account, and with an agency and a role its first membership.

    Without a password the account gets an initial one; it is left on `user.initial_password`.
    """
    if agency is not None:
        _operator_or(Permission.MANAGE_PEOPLE, by, agency)
    if agency is None or is_superuser:
        _operator_only(by)
    user = User(
        username=username.lower(),
        name=name,
        email=email,
        position=position,
        is_superuser=is_superuser,
        must_change_password=password is None,
    )
    user.initial_password = None if password else initial_password()
    user.set_password(password or user.initial_password)
    user.full_clean()
    user.save()
    events.record(
        verb="user.created",
        by=by,
        agency=agency,
        obj=user,
        after={"username": username, "name": name},
    )
    if agency is not None:
        set_role(user=user, agency=agency, role=role, by=by)
    return user


@transaction.atomic
def change_user(*, user, by, **changes):
    """Changes the account itself, which may serve several agencies: the operator's alone."""
    _operator_only(by)
    if changed := _change(user, changes):
        events.record(verb="user.changed", by=by, agency=None, obj=user, **changed)
    return user


@transaction.atomic
def change_password(*, user, password):
    """The person's own new password."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    events.record(verb="user.password_changed", by=user, agency=None, obj=user)


@transaction.atomic
def renew_initial_password(*, user, by, agency=None):
    """Gives a person who forgot hers a new initial password, which is returned.

    Not for one who serves another agency too: its data would come within the admin's reach.
    """
    if agency is None:
        _operator_only(by)
    else:
        _operator_or(Permission.MANAGE_PEOPLE, by, agency)
        _not_own(user, by)
        if user.is_superuser or user.memberships.exclude(agency=agency).exists():
            raise ValidationError(
                _("This account reaches beyond your agency. Ask the system operator.")
            )
    password = initial_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    events.record(verb="user.password_renewed", by=by, agency=agency, obj=user)
    return password


@transaction.atomic
def set_role(*, user, agency, role, by):
    """Gives the person this role in the agency, in place of the one she had."""
    _operator_or(Permission.MANAGE_PEOPLE, by, agency)
    _not_own(user, by)
    _one_at_a_time(agency)
    membership = Membership.objects.filter(user=user, agency=agency).first()
    before = {"role": membership.role} if membership else {}
    if membership is None:
        membership = Membership(user=user, agency=agency)
    membership.role = Role(role)
    membership.save()
    forget_memberships(user)
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
    _one_at_a_time(agency)
    events.record(
        verb="membership.removed",
        by=by,
        agency=agency,
        obj=membership,
        before={"role": membership.role},
    )
    role = membership.role
    membership.delete()
    forget_memberships(membership.user)
    _keeps_an_admin(agency, by, role)


def _not_own(user, by):
    if by is not None and by == user and not by.is_superuser:
        raise ValidationError(_("You cannot change your own account here. Ask another admin."))


def _one_at_a_time(agency):
    """Two admins who end each other's role at the same moment would leave the agency to nobody."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _keeps_an_admin(agency, by, lost_role):
    """Without an admin nobody could approve or let people in."""
    lost_last = lost_role == Role.ADMIN and not agency.memberships.filter(role=Role.ADMIN).exists()
    if lost_last and not (by is None or by.is_superuser):
        raise ValidationError(_("The agency needs at least one admin."))
