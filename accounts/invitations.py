"""One-time codes, handed over on paper, with which people set their passwords themselves."""

import re
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import events
from accounts.actions import (
    create_user,
    one_at_a_time,
    refuse_beyond,
    refuse_own,
    require_operator,
    require_operator_or,
    set_role,
)
from accounts.models import Event, Invitation, User
from accounts.permissions import Permission

#: Nothing that is mistaken for another sign, read off paper or read out.
LETTERS = "ACDEFGHJKMNPQRTUVWXY23456789"
VALID_FOR = timedelta(days=7)
GUESSES = 10


def _new_code():
    """Sixteen signs in fours, some 77 bits."""
    signs = [secrets.choice(LETTERS) for place in range(16)]
    return "-".join("".join(signs[start : start + 4]) for start in range(0, 16, 4))


def _digest(user, code):
    """Fast: nobody finds 77 random bits by trying, not even with the digest in hand."""
    typed = re.sub(r"[\W_]", "", code).upper()
    key = f"{user.pk if user else 0}:{typed}"
    return salted_hmac("accounts.invitation", key, algorithm="sha256").hexdigest()


@transaction.atomic
def make_code(*, user, by, agency=None):
    """A new code for the person, which is returned and kept nowhere.

    It ends earlier ones, her password and her sessions at once: she forgot it, or others know it.
    """
    if agency is None:
        require_operator(by)
    else:
        require_operator_or(Permission.MANAGE_PEOPLE, by, agency)
        refuse_beyond(user, agency)
    refuse_own(user, by)
    code = _new_code()
    user.invitations.filter(used_at=None).delete()
    invitation = Invitation.objects.create(
        user=user, digest=_digest(user, code), made_by=by, expires_at=timezone.now() + VALID_FOR
    )
    user.set_unusable_password()
    user.save(update_fields=["password"])
    events.record(
        verb="invitation.made",
        by=by,
        agency=agency,
        obj=user,
        after={"expires_at": invitation.expires_at.isoformat()},
    )
    return code


@transaction.atomic
def invite(*, by, agency=None, **fields):
    """A new account and its first code; the fields are those of accounts.actions.create_user."""
    user = create_user(by=by, agency=agency, **fields)
    return user, make_code(user=user, agency=agency, by=by)


def may_reopen(user, agency):
    """Whether the agency closed the account itself; what the operator closed stays closed."""
    closings = Event.objects.filter(
        object_type=User._meta.label_lower,
        object_id=user.pk,
        verb__in=("user.closed", "user.changed"),
    )
    last = closings.order_by("-pk").first()
    return last is not None and (last.verb, last.agency_id) == ("user.closed", agency.pk)


@transaction.atomic
def reopen(*, user, agency, role, by, unit=None):
    """Lets somebody back in whose account the agency had closed; returns the new code."""
    require_operator_or(Permission.MANAGE_PEOPLE, by, agency)
    if user.is_active or not may_reopen(user, agency):
        raise ValidationError(_("Only an account that your agency closed can be opened again."))
    one_at_a_time(agency)
    user.is_active = True
    user.save(update_fields=["is_active"])
    events.record(verb="user.reopened", by=by, agency=agency, obj=user)
    set_role(user=user, agency=agency, role=role, unit=unit, by=by)
    return make_code(user=user, agency=agency, by=by)


@transaction.atomic
def use_code(*, username, code, password):
    """The person whose code this is, with her new password; None where it opens nothing.

    Raises ValidationError for a password that is too easy to guess.
    """
    invitations = Invitation.objects.select_for_update(of=("self",)).select_related("user")
    found = invitations.filter(
        user__username=username.lower(),
        user__is_active=True,
        used_at=None,
        expires_at__gt=timezone.now(),
        tries__lt=GUESSES,
    ).first()
    digest = _digest(found.user if found else None, code)
    if not constant_time_compare(digest, found.digest if found else ""):
        if found:
            found.tries += 1
            found.save(update_fields=["tries"])
        return None
    user = found.user
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    found.used_at = timezone.now()
    found.save(update_fields=["used_at"])
    events.record(verb="invitation.used", by=user, agency=None, obj=user)
    return user
