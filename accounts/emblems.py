"""The emblem on the cover of an agency's documents: looked at, drawn anew as PNG, kept."""

import hashlib
from io import BytesIO

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import events, pictures
from accounts.actions import one_at_a_time, require_operator_or
from accounts.models import Emblem
from accounts.permissions import Permission
from accounts.uploads import MB, Refused, begins_as

MOST_BYTES = 5 * MB
#: Pixels each way: in 3 cm of print more than an eye can tell.
SIDE = 600
BEGINS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
ACCEPT = ".jpg,.jpeg,.png,image/jpeg,image/png"


def drawn(upload) -> bytes:
    """The PNG that is kept of what was sent; raises Refused. Whatever it is called, its content
    says what it is.
    """
    name = upload.name
    if upload.size > MOST_BYTES:
        raise Refused(
            _("“%(name)s” is larger than %(most)s MB. Shrink the picture and choose it again.")
            % {"name": name, "most": MOST_BYTES // MB}
        )
    if not any(begins_as(upload, begins) for begins in BEGINS):
        raise Refused(
            _("“%(name)s” is not a JPG or PNG picture. Save the emblem as PNG and choose it again.")
            % {"name": name}
        )
    upload.seek(0)
    made = BytesIO()
    pictures.write_small(upload, name, made, SIDE)
    return made.getvalue()


@transaction.atomic
def change_emblem(*, agency, image, by):
    """Puts the PNG in the place of the emblem; None takes it away. Documents that were made or
    sent keep the one they had.
    """
    require_operator_or(Permission.CHANGE_SETTINGS, by, agency)
    # Before the event: nothing that others wait for is locked after it.
    one_at_a_time(agency)
    digest = hashlib.sha256(image).hexdigest() if image else ""
    # Without the images, which are long.
    known = agency.emblems.filter(Q(pk=agency.emblem_id) | Q(digest=digest)).defer("image")
    known = {emblem.digest: emblem for emblem in known}
    before = next((one.digest for one in known.values() if one.pk == agency.emblem_id), "")
    if digest == before:
        return
    if image and digest not in known:
        known[digest] = Emblem.objects.create(
            agency=agency, digest=digest, image=image, added_by=by
        )
    agency.emblem = known.get(digest)
    agency.save(update_fields=["emblem"])
    events.record(
        verb="agency.emblem_changed",
        by=by,
        agency=agency,
        obj=agency,
        before={"emblem": before},
        after={"emblem": digest},
    )
