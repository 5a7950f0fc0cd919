"""What was made of reports, in files that all web processes share.

A name says what the content was made of, so nothing is ever out of date. Who may read it is asked
before by whoever looks here. A file that is not whole, or that somebody else wrote, counts as none.
"""

import hashlib
import hmac
import logging
import os
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

MARK_SIZE = hashlib.sha256().digest_size
#: Seconds after which a file that nobody reads goes; reading it puts that off, once an hour.
KEPT_FOR = 7 * 24 * 60 * 60
TOUCHED_AFTER = 60 * 60
#: What even an empty file takes on the disk.
BLOCK = 4096


def name_of(*facts) -> str:
    """SHA-256 over texts and bytes, each with its length: no two lists of them give the same."""
    digest = hashlib.sha256()
    for fact in facts:
        fact = fact if isinstance(fact, bytes) else str(fact).encode()
        digest.update(b"%d:" % len(fact))
        digest.update(fact)
    return digest.hexdigest()


def get(name) -> bytes | None:
    path = settings.REPORT_CACHE_DIR / name
    try:
        with path.open("rb") as file:
            mark, body = file.read(MARK_SIZE), file.read()
            state = os.fstat(file.fileno())
    except OSError:
        return None
    # Nobody but the system sets the time of a file's change: what was checked once is still so.
    checked = (name, state.st_ino, state.st_ctime_ns, state.st_size)
    if checked not in _checked:
        if not hmac.compare_digest(mark, _mark(name, body)):
            with suppress(OSError):
                path.unlink()
            return None
        _checked[checked] = True
        if len(_checked) > 10_000:
            _checked.clear()
    if time.time() - state.st_mtime > TOUCHED_AFTER:
        with suppress(OSError):
            os.utime(path)
    return body


def put(name, body=b""):
    """Whole or not at all. Where there is no room the report is made anew the next time."""
    try:
        folder = folder_of_files()
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".new")
        temporary = Path(temporary)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_mark(name, body))
                file.write(body)
            temporary.rename(folder / name)
        except BaseException:
            temporary.unlink()
            raise
    except OSError:
        logger.exception("a report was not kept")


def has(name) -> bool:
    return (settings.REPORT_CACHE_DIR / name).exists()


def folder_of_files() -> Path:
    folder = settings.REPORT_CACHE_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def sweep():
    """Removes what nobody has read for long, and the oldest beyond REPORT_CACHE_MB."""
    found = []
    with os.scandir(folder_of_files()) as entries:
        for entry in entries:
            # The file of a slot is held open by name: another of the same name would be another.
            if not entry.name.endswith(".lock"):
                with suppress(OSError):
                    found.append((entry.stat().st_mtime, entry.stat().st_size, entry.path))
    found.sort(reverse=True)
    oldest, room = time.time() - KEPT_FOR, settings.REPORT_CACHE_MB * 2**20
    for changed, size, path in found:
        room -= max(size, BLOCK)
        if room < 0 or changed < oldest:
            with suppress(OSError):
                Path(path).unlink()


#: Files whose mark was right.
_checked: dict[tuple, bool] = {}


def _mark(name, body):
    return hmac.digest(_key(settings.SECRET_KEY), name.encode() + b"\0" + body, "sha256")


@lru_cache
def _key(secret):
    return hashlib.sha256(b"measures.report.cache " + secret.encode()).digest()
