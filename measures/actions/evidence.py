"""Attaches, replaces, takes out and shows files. A file that was let in is never changed."""

from tempfile import SpooledTemporaryFile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.permissions import Permission, require
from measures.actions.rounds import open_round
from measures.actions.rows import locked, require_own
from measures.evidence import Refused
from measures.evidence.gate import examine, kind_of
from measures.evidence.limits import MB
from measures.evidence.storing import keep, written
from measures.evidence.viruses import scan
from measures.models import Evidence, Revision

RIGHT = Permission.EDIT_EVIDENCE


def add_evidence(*, plan, uploads, by, measure=None, months=None):
    """(the rows, the messages about files that were refused). A file sent again is the first one.

    `months` is the round of progress; without it the file belongs to the measure itself.
    """
    require(by, RIGHT, plan.agency, plan.state, plan.closed)
    passed, refused = _examined(uploads)
    rows = []
    with transaction.atomic():
        plan = _open(plan, measure, months, by)
        for examined, upload in passed:
            place = {"plan": plan, "measure": measure, "months": months}
            same = {"name": examined.name, "digest": examined.digest}
            row = Evidence.objects.filter(**place, **same).standing().first()
            if row is None:
                try:
                    row = keep(examined, upload, by=by, **place)
                except Refused as error:
                    refused += error.messages
                    continue
                _record("added", row, by)
            rows.append(row)
    return rows, refused


def _examined(uploads):
    """Before anything is locked: it takes a while."""
    passed, refused = [], []
    for upload in uploads:
        try:
            passed.append((examine(upload), upload))
        except Refused as error:
            refused += error.messages
    return passed, refused


def replace_evidence(*, evidence, upload, by):
    """The new row; the old one stays, and nobody outside sees it any more."""
    _may(evidence, by)
    examined = examine(upload)
    with transaction.atomic():
        old = _standing(evidence, by)
        place = {"plan": old.plan, "measure": old.measure, "months": old.months}
        new = keep(examined, upload, by=by, **place)
        old.replaced_by = new
        _withdraw_copy(old)
        old.save(update_fields=["replaced_by", "public_copy"])
        _record("replaced", new, by, before=_facts(old))
    return new


@transaction.atomic
def remove_evidence(*, evidence, by):
    """Out of every list but that of former files; the file stays."""
    old = _standing(evidence, by)
    old.removed_at = timezone.now()
    _withdraw_copy(old)
    old.save(update_fields=["removed_at", "public_copy"])
    _record("removed", old, by)


def show_evidence(*, evidence, by, reminded):
    """Makes the public copy. `reminded`: she has looked for personal data in the file."""
    _may(evidence, by)
    if not reminded:
        raise ValidationError(
            _("Look through the file for personal data, then tick that you have done so."),
            code="reminder",
        )
    with evidence.file.open("rb") as original, SpooledTemporaryFile(max_size=MB) as copy:
        check_state = _checked(evidence, original)
        kind_of(evidence.name).write_public(original, evidence.name, copy)
        with transaction.atomic():
            row = _standing(evidence, by)
            if row.public_copy:
                return row
            row.check_state = check_state
            with written(row.public_copy, File(copy)):
                row.save(update_fields=["public_copy", "check_state"])
                _record("shown", row, by)
    return row


@transaction.atomic
def hide_evidence(*, evidence, by):
    row = _standing(evidence, by)
    if row.public_copy:
        _withdraw_copy(row)
        row.save(update_fields=["public_copy"])
        _record("hidden", row, by)


def _checked(evidence, original):
    """What could not be checked when it came is checked now; without that it is not shown."""
    if evidence.check_state == Evidence.Check.CLEAN or not settings.CLAMD:
        return evidence.check_state
    if scan(original, evidence.name) != Evidence.Check.CLEAN:
        raise Refused(
            _("“%(name)s” has not been checked for viruses yet, so it cannot be shown. Try later.")
            % {"name": evidence.name}
        )
    return Evidence.Check.CLEAN


def _may(evidence, by):
    """At once, before the slow part; asked again under the lock."""
    plan = evidence.plan
    require(by, RIGHT, plan.agency, plan.state, plan.closed)


def _open(plan, measure, months, by):
    """The plan under its lock, where the person may change files of this measure now."""
    if months is None:
        plan = locked(plan, RIGHT, by)
    else:
        plan = open_round(plan.rounds.get(months=months), by, RIGHT).plan
    if measure is not None:
        if measure.plan_id != plan.pk:
            raise ValidationError(_("The measure belongs to another plan."))
        require_own(by, plan, measure)
    return plan


def _standing(evidence, by):
    plan = _open(evidence.plan, evidence.measure, evidence.months, by)
    row = Evidence.objects.select_related("measure").get(pk=evidence.pk)
    row.plan = plan
    if row.replaced_by_id or row.removed_at:
        raise ValidationError(
            _("Somebody else has replaced this file or taken it out meanwhile."), code="gone"
        )
    if Revision.objects.filter(signature_scan=row).exists():
        raise ValidationError(_("The signed page belongs to its revision and stays."), code="bound")
    return row


def _withdraw_copy(row):
    """The file goes once it is certain that nothing refers to it."""
    if name := row.public_copy.name:
        storage = row.public_copy.storage
        transaction.on_commit(lambda: storage.delete(name), robust=True)
        row.public_copy = ""


def _facts(row):
    return {"name": row.name, "size": row.size, "digest": row.digest}


def _record(deed, row, by, before=None):
    events.record(
        verb=f"evidence.{deed}",
        by=by,
        agency=row.plan.agency,
        obj=row,
        before=before,
        after=_facts(row),
    )
