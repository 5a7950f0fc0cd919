"""Puts a file that was let in where files lie, under a random name, and its row beside it."""

import uuid
from contextlib import contextmanager

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.uploads import Refused
from measures.evidence import limits
from measures.models import Evidence


def keep(examined, upload, *, plan, by, measure=None, months=None):
    """The row of a file that `gate.examine` let in; raises Refused (a ValidationError).

    Asks for no right and records no event: that is for the action which calls it, in a transaction.
    """
    _within_quota(plan.agency, examined.size)
    evidence = Evidence(
        plan=plan,
        measure=measure,
        months=months,
        name=examined.name,
        media_type=examined.media_type,
        size=examined.size,
        digest=examined.digest,
        check_state=examined.check_state,
        uploaded_by=by,
    )
    with written(evidence.file, upload):
        evidence.save()
    return evidence


@contextmanager
def written(field, content):
    """Within it the row is saved: the file lies there first, and goes when the row fails."""
    field.save(uuid.uuid4().hex, content, save=False)
    try:
        yield
    except BaseException:
        field.delete(save=False)
        raise


def _within_quota(agency, size):
    used = Evidence.objects.filter(plan__agency=agency).aggregate(all=Sum("size"))["all"] or 0
    if used + size > limits.AGENCY_BYTES:
        raise Refused(
            _("The agency's files fill its %(most)s GB. Ask the system operator for more.")
            % {"most": limits.AGENCY_BYTES // (1024 * limits.MB)}
        )
