"""Optimistic locking: a save names the version it was made from, and fails when that is gone."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StaleWrite(Exception):
    """Somebody saved in between: `current` is the record as it stands, `typed` what was refused."""

    def __init__(self, current, typed):
        super().__init__(f"{current} has changed in the meantime")
        self.current = current
        self.typed = typed


class Versioned(models.Model):
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("Last change"), auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        abstract = True


def save_if_current(obj, *, version, by, **changes):
    """One conditional UPDATE: checking first and saving after would lose writes.

    Returns the record with its new version; raises StaleWrite, and writes nothing, if `version`
    is not the current one.
    """
    model = type(obj)
    changes_with_stamp = {**changes, "updated_by": by, "updated_at": timezone.now()}
    written = model._base_manager.filter(pk=obj.pk, version=version).update(
        **changes_with_stamp, version=models.F("version") + 1
    )
    if not written:
        current = model._base_manager.select_related("updated_by").filter(pk=obj.pk).first()
        raise StaleWrite(current=current, typed=changes)
    for field, value in changes_with_stamp.items():
        setattr(obj, field, value)
    obj.version = version + 1
    return obj
