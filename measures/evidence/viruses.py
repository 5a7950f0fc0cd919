"""Asks a ClamAV daemon, where the installation has one."""

import logging
import socket

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.uploads import Refused
from measures.models import Evidence

logger = logging.getLogger(__name__)
#: Seconds for each step of the talk, and bytes sent at a time.
TIMEOUT, CHUNK = 20, 64 * 1024


def scan(file, name):
    """CLEAN, or UNCHECKED where no daemon answers; raises Refused for a virus."""
    if not settings.CLAMD:
        return Evidence.Check.UNCHECKED
    try:
        answer = _ask(file)
    except OSError as error:
        logger.warning("clamd did not answer: %s", error)
        return Evidence.Check.UNCHECKED
    if answer.endswith(" FOUND"):
        logger.warning("an upload was refused: %s", answer)
        raise Refused(
            _(
                "“%(name)s” is not taken, because a virus was found in it. Nothing has changed. "
                "Tell the agency's computer staff."
            )
            % {"name": name}
        )
    if answer != "stream: OK":
        logger.warning("clamd could not check: %s", answer)
        return Evidence.Check.UNCHECKED
    return Evidence.Check.CLEAN


def _ask(file):
    """Sends the file in pieces, each after its length (INSTREAM); the daemon's one line."""
    file.seek(0)
    with _connected() as daemon:
        daemon.sendall(b"zINSTREAM\0")
        while piece := file.read(CHUNK):
            daemon.sendall(len(piece).to_bytes(4, "big") + piece)
        daemon.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and (piece := daemon.recv(CHUNK)):
            answer += piece
    return answer.rstrip(b"\0").decode(errors="replace").strip()


def _connected():
    way, _colon, place = settings.CLAMD.partition(":")
    if way == "unix":
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(TIMEOUT)
        try:
            daemon.connect(place)
        except OSError:
            daemon.close()
            raise
        return daemon
    host, _colon, port = place.rpartition(":")
    return socket.create_connection((host, int(port)), TIMEOUT)
