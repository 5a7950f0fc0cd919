"""Signs a plan's newest revision, on screen or on paper."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from measures.actions.moves import begin, finish
from measures.actions.revisions import newest_revision, other_revision
from measures.evidence import Refused
from measures.evidence.gate import examine
from measures.evidence.storing import keep
from measures.models import Revision
from measures.texts import clean_texts
from measures.workflow import TRANSITIONS, Move

SCANS = {"application/pdf", "image/jpeg", "image/png"}


@transaction.atomic
def sign(*, plan, by, digest, name, position):
    """Signs the revision of this `digest`, which is the one the person has read.

    Returns the people who were told.
    """
    transition = TRANSITIONS[Move.SIGN]
    plan = begin(plan, transition, by)
    revision = as_read(plan, digest)
    revision.signed_by = by
    facts = _signed(revision, name, position)
    return finish(plan, transition, by, revision, **facts)


def record_signature(*, plan, by, digest, name, position, upload):
    """Binds the scan of the signed print to the revision of this `digest`.

    Returns the people who were told.
    """
    transition = TRANSITIONS[Move.RECORD_SIGNATURE]
    require(by, transition.permission, plan.agency, plan.state, plan.closed)
    # Before anything is locked: it takes a while.
    examined = examine(upload)
    if examined.media_type not in SCANS:
        raise Refused(_("A scan is a PDF, JPG or PNG file."))
    with transaction.atomic():
        plan = begin(plan, transition, by)
        revision = as_read(plan, digest)
        scan = revision.signature_scan = keep(examined, upload, plan=plan, by=by)
        facts = _signed(revision, name, position)
        return finish(plan, transition, by, revision, scan=str(scan.pk), **facts)


def as_read(plan, digest):
    revision = newest_revision(plan)
    if revision is None or revision.digest != digest:
        raise other_revision()
    return revision


def _signed(revision, name, position):
    texts = clean_texts(Revision, {"signer_name": name, "signer_position": position})
    if missing := {field for field, text in texts.items() if not text}:
        label = Revision._meta.get_field(sorted(missing)[0]).verbose_name
        raise ValidationError(_("Fill in: %(field)s") % {"field": label})
    for field, text in texts.items():
        setattr(revision, field, text)
    revision.signed_at = timezone.now()
    revision.save(
        update_fields=["signed_at", "signed_by", "signer_name", "signer_position", "signature_scan"]
    )
    return {**texts, "digest": revision.digest}
