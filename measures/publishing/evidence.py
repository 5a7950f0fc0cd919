"""The files that the public may open with a plan: their copies without metadata."""

import hashlib
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PublicFile:
    """`size` and `digest` (SHA-256) are of the public copy, not of what was sent."""

    uid: UUID
    name: str
    media_type: str
    size: int
    digest: str
    measure_id: int | None
    months: int | None


def public_evidence(plan) -> list[PublicFile]:
    """What stands and was chosen to be shown; each copy is read once for its digest."""
    return [_file(row) for row in plan.evidence.public()]


def _file(row):
    with row.public_copy.open("rb") as copy:
        digest = hashlib.file_digest(copy, "sha256").hexdigest()
        size = copy.tell()
    return PublicFile(row.uid, row.name, row.media_type, size, digest, row.measure_id, row.months)
