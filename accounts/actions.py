"""Every write to agencies, people and their roles."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import Agency, Membership, User
from accounts.permissions import (
    Permission,
    Role,
    forget_memberships,
    memberships_of,
    require,
)


def require_operator_or(permission, by, agency):
    """A command (None) and the system operator may always; others need the right in the agency."""
    if by is not None and not by.is_superuser:
        require(by, permission, agency)


def require_operator(by):
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
    record.full_clean(exclude={field.name for field in record._meta.fields} - after.keys())
    record.save(update_fields=list(after))
    return {"before": before, "after": after}


@transaction.atomic
def create_agency(*, by, **fields):
    require_operator(by)
    agency = Agency(**fields)
    agency.full_clean()
    agency.save()
    events.record(verb="agency.created", by=by, agency=agency, obj=agency, after=fields)
    return agency


@transaction.atomic
def change_agency(*, agency, by, **changes):
    """Changes fields of an agency; those of the agency's own settings page or of the operator's."""
    require_operator_or(Permission.CHANGE_SETTINGS, by, agency)
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
    unit=None,
    email="",
    position="",
    is_superuser=False,
):
    """Makes an account, and with an agency and a role its first membership.

    Without a password nobody can sign in with it: accounts.invitations gives the person a code.
    """
    if agency is not None:
        require_operator_or(Permission.MANAGE_PEOPLE, by, agency)
        # Before the first event: nothing that others wait for is locked after it.
        one_at_a_time(agency)
    if agency is None or is_superuser:
        require_operator(by)
    user = User(
        username=username.lower(),
        name=name,
        email=email,
        position=position,
        is_superuser=is_superuser,
    )
    user.set_password(password)
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
        set_role(user=user, agency=agency, role=role, unit=unit, by=by)
    return user


@transaction.atomic
def change_user(*, user, by, **changes):
    """Changes the account itself, which may serve several agencies: the operator's alone."""
    require_operator(by)
    if changed := _change(user, changes):
        events.record(verb="user.changed", by=by, agency=None, obj=user, **changed)
    return user


@transaction.atomic
def change_details(*, user, by, name, position, agency=None):
    """Name and position: a person's own, or those of one who serves the `agency` and no other.

    What was printed or frozen before keeps the old ones.
    """
    if by == user:
        served = memberships_of(user)
        agency = served[0].agency if len(served) == 1 else None
    else:
        require_operator_or(Permission.MANAGE_PEOPLE, by, agency)
        if not user.memberships.filter(agency=agency).exists():
            raise ValidationError(_("Choose a person of the agency."))
        refuse_beyond(user, agency)
    if changed := _change(user, {"name": name, "position": position}):
        events.record(verb="user.changed", by=by, agency=agency, obj=user, **changed)
    return user


@transaction.atomic
def change_password(*, user, password):
    """The person's own new password; a code on paper is of no use any more."""
    user.set_password(password)
    user.save(update_fields=["password"])
    user.invitations.filter(used_at=None).update(expires_at=timezone.now())
    events.record(verb="user.password_changed", by=user, agency=None, obj=user)


@transaction.atomic
def set_role(*, user, agency, role, by, unit=None):
    """Gives the person this role and unit in the agency, in place of those she had."""
    require_operator_or(Permission.MANAGE_PEOPLE, by, agency)
    refuse_own(user, by)
    one_at_a_time(agency)
    membership = Membership.objects.filter(user=user, agency=agency).first()
    before = _duty(membership) if membership else {}
    if membership is None:
        membership = Membership(user=user, agency=agency)
    membership.role, membership.unit = Role(role), unit
    membership.clean()
    membership.save()
    forget_memberships(user)
    _keeps_an_admin(agency, by, before.get("role"))
    events.record(
        verb="membership.set",
        by=by,
        agency=agency,
        obj=membership,
        before=before,
        after=_duty(membership),
    )
    return membership


@transaction.atomic
def remove_member(*, membership, by, closes=False):
    """Ends the person's access to the agency; all she wrote stays.

    `closes` also closes her account, which serves no other agency.
    """
    agency, user = membership.agency, membership.user
    require_operator_or(Permission.MANAGE_PEOPLE, by, agency)
    refuse_own(user, by)
    one_at_a_time(agency)
    if closes:
        refuse_beyond(user, agency)
    events.record(
        verb="membership.removed",
        by=by,
        agency=agency,
        obj=membership,
        before=_duty(membership),
    )
    role = membership.role
    membership.delete()
    forget_memberships(user)
    _keeps_an_admin(agency, by, role)
    if closes:
        user.is_active = False
        user.save(update_fields=["is_active"])
        events.record(verb="user.closed", by=by, agency=agency, obj=user)


def _duty(membership):
    unit = {"unit": membership.unit.name} if membership.unit else {}
    return {"role": membership.role} | unit


def refuse_beyond(user, agency):
    """Other agencies' data, or all of it, would come within the reach of an agency's admin."""
    if user.is_superuser or user.memberships.exclude(agency=agency).exists():
        raise ValidationError(
            _("This account reaches beyond your agency. Ask the system operator.")
        )


def refuse_own(user, by):
    if by is not None and by == user and not by.is_superuser:
        raise ValidationError(_("You cannot change your own account here. Ask another admin."))


def one_at_a_time(agency):
    """Two admins who end each other's role at the same moment would leave the agency to nobody;
    two who open the same year, each with an event before, would wait for each other.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _keeps_an_admin(agency, by, lost_role):
    """Without an admin nobody could approve or let people in."""
    lost_last = lost_role == Role.ADMIN and not agency.memberships.filter(role=Role.ADMIN).exists()
    if lost_last and not (by is None or by.is_superuser):
        raise ValidationError(_("The agency needs at least one admin."))
