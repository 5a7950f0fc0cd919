"""Reports that are made while somebody waits, or has gone: each web process knows of all of them.

A job is a file beside the PDF to come, locked by the process that makes it for as long as it does;
in it stands how far that is. Where nobody holds the lock, the job has failed or its process ended.
"""

import fcntl
import json
import logging
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import TextChoices

from measures.report import cache
from measures.report.edition import edition
from measures.report.html import images_of, title_of, to_html
from measures.report.worker import RenderBusy, RenderTooLarge, locked, render

logger = logging.getLogger(__name__)

LOOK_AGAIN = 0.02  # seconds


class Failure(TextChoices):
    BUSY = "busy"
    TOO_LARGE = "too_large"
    FAULT = "fault"


@dataclass(frozen=True)
class Standing:
    """How a job stands: under way with so many `pages` laid out, unless it has a `failure`."""

    pages: int = 0
    failure: Failure | None = None


@dataclass(frozen=True)
class Document:
    """All that a PDF is made of, and so what its file is named by; `label` is for the log."""

    html: str = field(repr=False)
    title: str
    images: dict = field(repr=False)
    label: str = ""

    @cached_property
    def name(self):
        images = [part for item in sorted(self.images.items()) for part in item]
        return cache.name_of(edition(), self.title, self.html, *images) + ".pdf"


def document_of(report, printing) -> Document:
    return Document(
        to_html(report, printing),
        title_of(report.part, report.year),
        images_of(report),
        f"{report.agency} {report.year} {report.part.value}",
    )


def pdf_now(document) -> bytes:
    """Kept or made here and now; raises RenderBusy and RenderFailed of the worker."""
    name = document.name
    pdf = cache.get(name)
    if pdf is None:
        pdf = render(document.html, title=document.title, images=document.images)
        cache.put(name, pdf)
        cache.sweep()
    return pdf


def standing(name) -> Standing | None:
    """Of the document of that name; None where it is not being made, as when it is there."""
    try:
        file = os.open(_path(name), os.O_RDONLY)
    except OSError:
        return None
    try:
        free = locked(file, fcntl.LOCK_SH)
        said = _said(file)
    finally:
        os.close(file)
    if free and not said.failure:
        return None
    return said


def forget(name):
    """A failure that somebody was told of: the next one who asks begins anew."""
    _path(name).unlink(missing_ok=True)


def begin(document):
    """Has it made in the background, unless somebody is at it. OSError where no file can be."""
    name = document.name
    file = os.open(_path(name), os.O_RDWR | os.O_CREAT, 0o600)
    if not locked(file):
        os.close(file)
        return
    _say(file, Standing())
    threading.Thread(target=_make, args=(document, name, file), daemon=True).start()


def wait(name, seconds) -> Standing | None:
    """At most so long; returns how it then stands, None where nothing is to be waited for."""
    until = time.monotonic() + seconds
    while (now := standing(name)) and not now.failure and time.monotonic() < until:
        time.sleep(LOOK_AGAIN)
    return now


def _make(document, name, file):
    def laid_out(pages):
        # A page whose contents came out otherwise is laid out again: the number goes back.
        _say(file, Standing(max(pages, _said(file).pages)))

    try:
        # It may have been finished between the look for it and the lock.
        if not cache.has(name):
            made = {"title": document.title, "images": document.images, "laid_out": laid_out}
            cache.put(name, render(document.html, **made))
        if not cache.has(name):
            raise OSError("the report could not be kept")
        forget(name)
    except RenderBusy:
        _say(file, Standing(failure=Failure.BUSY))
    except RenderTooLarge:
        logger.exception("report too large: %s", document.label)
        _say(file, Standing(failure=Failure.TOO_LARGE))
    except Exception:  # whatever it is, those who wait are to be told
        logger.exception("report not rendered: %s", document.label)
        _say(file, Standing(failure=Failure.FAULT))
    finally:
        os.close(file)
    with suppress(OSError):
        cache.sweep()


def _path(name):
    return cache.folder_of_files() / f"{name}.job"


def _say(file, standing):
    # One write that is never shorter than the one before: a reader sees one of the two.
    os.pwrite(file, json.dumps(vars(standing)).encode().ljust(100), 0)


def _said(file):
    try:
        said = json.loads(os.pread(file, 100, 0))
    except ValueError:
        return Standing()
    return Standing(**said)
