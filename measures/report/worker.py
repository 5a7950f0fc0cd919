"""The web process' side of rendering: hands HTML to worker processes and waits for the PDF."""

import atexit
import fcntl
import io
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from base64 import b64encode
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from measures.report import cache
from measures.report.frames import DONE, ENDING, LAID_OUT, read_frame, write_frame

ROOT = Path(__file__).resolve().parents[2]
# The engine gets nothing of the web process' environment: it needs no secret and no database.
ENVIRONMENT = {
    "FONTCONFIG_FILE": str(Path(__file__).with_name("fonts.conf")),
    "LC_ALL": "C.UTF-8",
    "PATH": os.defpath,
}
COMMAND = [sys.executable, "-W", "ignore:No fonts configured", "-m", "measures.report.engine"]
# A process is replaced after so many PDFs, before what WeasyPrint and Pango leak adds up.
RENDERS_PER_PROCESS = 300
# Renders under way and waiting; beyond that the caller is better told at once.
PLACES = 32
# A report may take REPORT_TIMEOUT seconds of processor time, and so many times that by the clock:
# where pages keep the processors busy it gets a small share of them.
CLOCK_TO_PROCESSOR = 5
# Seconds for a new process to import WeasyPrint and to warm up: 2, but for the same reason.
START_LIMIT = 300
# Seconds between two looks for a free slot, which a process anywhere on the machine may hold.
LOOK_AGAIN = 0.05


class RenderFailed(Exception):
    """No PDF; the message has WeasyPrint's log lines or says how the worker process ended."""


class RenderTooLarge(RenderFailed):
    """The document takes more time or memory than there is for one."""


class RenderBusy(Exception):
    """Too many PDFs are being made at the moment; worth another try."""


def render(html, *, title="", images=None, laid_out=None):
    """The PDF of a whole HTML document; `title` replaces that of its <title>, `images` {name: PNG}
    lie below `/given/`; `laid_out` is called with the number of pages while it goes on.

    RenderFailed on any warning, time-out or crash; RenderBusy when the queue is full.
    """
    given = {name: b64encode(body).decode() for name, body in (images or {}).items()}
    request = json.dumps({"html": html, "title": title, "images": given}, ensure_ascii=False)
    return _current_pool().render(request.encode(), laid_out=laid_out)


def make_docx(**source):
    """The DOCX of what `measures.report.docx.making` takes, under the same limits."""
    request = json.dumps({"docx": source}, ensure_ascii=False)
    return _current_pool().render(request.encode())


def shutdown():
    """Ends the worker processes; the next render starts new ones with the settings of then."""
    global _pool
    with _pool_lock:
        pool, _pool = _pool, None
    if pool is not None:
        pool.stop()


class Worker:
    """One worker process: started when first needed and again after it has ended."""

    def __init__(self, timeout, memory_mb):
        self.timeout = timeout
        self.memory_mb = memory_mb
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [*COMMAND, str(self.memory_mb), str(self.timeout)],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            # A group of its own keeps Ctrl-C in a terminal from killing a render half way; not a
            # session: Linux weighs sessions against each other whatever their niceness.
            process_group=0,
        )
        give_way(self.process.pid)
        self.answers = io.BufferedReader(self.process.stdout)
        self.renders = 0
        self.warm = False

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.answers.close()
            self.process = None

    def render(self, request, laid_out=None):
        if self.process is None or self.process.poll() is not None:
            self.stop()
            self.start()
        if not self.warm:
            self.exchange(None, START_LIMIT)
            self.warm = True
        pdf = self.exchange(request, self.timeout * CLOCK_TO_PROCESSOR, laid_out)
        self.renders += 1
        if self.renders == RENDERS_PER_PROCESS:
            self.stop()
            self.start()
        return pdf

    def exchange(self, request, limit, laid_out=None):
        """Sends the request, if any, and returns the body of the answer."""
        overdue = threading.Event()

        def end():
            overdue.set()
            self.process.kill()

        timer = threading.Timer(limit, end)
        timer.start()
        try:
            if request is not None:
                write_frame(self.process.stdin, b"?", request)
            while (frame := read_frame(self.answers)) and frame[0] == LAID_OUT:
                if laid_out is not None:
                    laid_out(int(frame[1]))
        except BrokenPipeError:
            frame = None
        finally:
            timer.cancel()
        if frame is None:
            code = self.process.wait()
            self.stop()
            if overdue.is_set():
                raise RenderTooLarge(f"not done within {limit} seconds")
            if code == -signal.SIGXCPU:
                raise RenderTooLarge(f"not done in {self.timeout} seconds of processor time")
            raise RenderFailed(f"the worker process ended with code {code}")
        kind, body = frame
        if kind == DONE:
            return body
        if kind == ENDING:
            self.stop()
        lines = json.loads(body)
        too_large = kind == ENDING and lines[0].startswith(MemoryError.__name__)
        raise (RenderTooLarge if too_large else RenderFailed)("\n".join(lines))

    def abandon(self):
        """In a forked child: let go of the parent's process, which lives as long as its pipe."""
        if self.process is not None:
            self.process.stdin.close()
            self.process.returncode = 0


def give_way(pid):
    """Whoever waits for a page comes before the pages that are being laid out."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, settings.REPORT_NICENESS)


@contextmanager
def _slot(seconds):
    """One of the renders that the whole machine does at once: a file locked by who renders.

    The lock goes with its process, however that ends. RenderBusy after so many seconds.
    """
    folder = cache.folder_of_files()
    files = [
        os.open(folder / f"slot-{n}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        for n in range(settings.REPORTS_AT_ONCE)
    ]
    try:
        until = time.monotonic() + seconds
        while not any(map(locked, files)):
            if time.monotonic() > until:
                raise RenderBusy
            time.sleep(LOOK_AGAIN)
        yield
    finally:
        for file in files:
            os.close(file)


def locked(file, kind=fcntl.LOCK_EX):
    """Whether the lock is now held here; it goes with the file's closing."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Pool:
    def __init__(self, workers, timeout, memory_mb):
        self.patience = timeout * CLOCK_TO_PROCESSOR
        self.places = threading.BoundedSemaphore(PLACES)
        self.workers = [Worker(timeout, memory_mb) for _ in range(workers)]
        self.idle = queue.LifoQueue()
        for worker in self.workers:
            self.idle.put(worker)

    def render(self, request, laid_out=None):
        if not self.places.acquire(blocking=False):
            raise RenderBusy
        try:
            worker = self.idle.get(timeout=self.patience)
            try:
                with _slot(self.patience):
                    return worker.render(request, laid_out)
            finally:
                self.idle.put(worker)
        except queue.Empty:
            raise RenderBusy from None
        finally:
            self.places.release()

    def stop(self):
        for worker in self.workers:
            worker.stop()


_pool = None
_pool_lock = threading.Lock()


def _current_pool():
    global _pool
    with _pool_lock:
        if _pool is None:
            _pool = Pool(
                workers=settings.REPORT_WORKERS,
                timeout=settings.REPORT_TIMEOUT,
                memory_mb=settings.REPORT_MEMORY_MB,
            )
        return _pool


def _start_anew_in_child():
    """A server forks its web processes: two of them must never share one worker's pipes."""
    global _pool, _pool_lock
    pool, _pool, _pool_lock = _pool, None, threading.Lock()
    if pool is not None:
        for worker in pool.workers:
            worker.abandon()


os.register_at_fork(after_in_child=_start_anew_in_child)
atexit.register(shutdown)
