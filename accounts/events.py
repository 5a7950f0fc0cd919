from decimal import Decimal

from django.db import models

from accounts.models import Event


def _plain(value):
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    return value


def record(*, verb, by, agency, obj, before=None, after=None):
    """Writes what was done, inside the caller's transaction.

    `verb` is "<noun>.<past tense>"; `by` is None for a command; the rest are flat dicts.
    """
    return Event.objects.create(
        verb=verb,
        actor_id=by.pk if by else None,
        actor_name=by.get_full_name() if by else "",
        agency_id=agency.pk if agency else None,
        agency_code=agency.code if agency else "",
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        object_label=str(obj)[:250],
        before=_plain(before or {}),
        after=_plain(after or {}),
    )
