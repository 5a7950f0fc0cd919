"""The log: what was done, written in the same transaction as the change itself."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models, transaction
from django.utils import translation
from django.utils.functional import Promise

from accounts import chain
from accounts.models import Event


def _plain(value):
    if isinstance(value, (Decimal, models.Model, Promise)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    return value


def record(*, verb, by, agency, obj, before=None, after=None):
    """Writes what was done, inside the caller's transaction, after its other writes.

    `verb` is "<noun>.<past tense>", with a sentence in the app's sentences.py; `by` is None for a
    command; the rest are flat dicts.
    """
    [event] = record_all(
        [
            {
                "verb": verb,
                "by": by,
                "agency": agency,
                "obj": obj,
                "before": before,
                "after": after,
            }
        ]
    )
    return event


@transaction.atomic(savepoint=False)
def record_all(entries):
    """Writes many events, each the arguments of `record`, in a few statements."""
    events = [_event(**entry) for entry in entries]
    chain.append(events)
    return Event.objects.bulk_create(events)


def _event(*, verb, by, agency, obj, before=None, after=None):
    year, row = getattr(obj, "history_place", (None, ""))
    # Whoever reads the history later, it does not depend on the writer's language.
    with translation.override(settings.LANGUAGE_CODE):
        label = str(obj)[:250]
    return Event(
        verb=verb,
        actor_id=by.pk if by else None,
        actor_name=by.get_full_name() if by else "",
        agency_id=agency.pk if agency else None,
        agency_code=agency.code if agency else "",
        object_type=obj._meta.label_lower,
        object_id=obj.pk if isinstance(obj.pk, int) else None,
        object_label=label,
        year=year,
        row=row,
        before=_plain(before or {}),
        after=_plain(after or {}),
    )
