"""How far the engine is with a report, told to the process that waits for it."""

import logging
import time

from measures.report.frames import LAID_OUT, write_frame

#: Seconds between two tellings.
EVERY = 0.25


class PagesLaidOut(logging.Handler):
    """Listens to WeasyPrint's log of its progress, which names each page that it lays out."""

    def __init__(self, answers):
        super().__init__()
        self.answers, self.told_at = answers, 0.0
        logger = logging.getLogger("weasyprint.progress")
        logger.setLevel(logging.INFO)
        logger.addHandler(self)

    def emit(self, record):
        now = time.monotonic()
        if record.msg.endswith("Page %d") and now - self.told_at > EVERY:
            self.told_at = now
            write_frame(self.answers, LAID_OUT, b"%d" % record.args[0])
