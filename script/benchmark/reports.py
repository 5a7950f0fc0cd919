"""What reports cost: made, kept, published, beside other pages, and many in a row."""

import itertools
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from shutil import rmtree

from script.benchmark import load, server

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
#: What people at work ask for: it leaves the processors room, as a closed loop of clients does not.
PAGES_A_SECOND = 10
READERS = 8
AT_ONCE = 8
MIXED = (
    "/agencies/",
    "/a/nongkong/2565/",
    "/a/nongkong/2564/scores/",
    "/a/nongkong/2564/analysis/",
    "/a/nongkong/2565/measures/",
    "/a/nongkong/2565/progress/6/",
    "/a/nongkong/2565/review/",
)


def distinct(count):
    """Addresses of reports of which no two are alike, each to be made once only."""
    for digits, part in itertools.product(("arabic", "thai"), ("full", "progress", "measures")):
        for number in range(1, count + 1):
            yield f"/a/bench-{number:03}/2565/report/{part}.pdf?digits={digits}"


def first_renders(address, process, cookie, addresses, count):
    """Seconds of the first report, which starts the render process, the later ones' median, and
    the CPU seconds of each of these.
    """
    seconds = []
    for path in itertools.islice(addresses, count + 1):
        if len(seconds) == 1:
            before = server.cpu_seconds(process.pid)
        connection = load.Connection(address, path, cookie)
        started = time.perf_counter()
        assert connection.get().startswith(b"%PDF-")
        seconds.append(time.perf_counter() - started)
        connection.close()
    cpu = (server.cpu_seconds(process.pid) - before) / count
    return seconds[0], statistics.median(seconds[1:]), cpu


@dataclass(frozen=True)
class Served:
    """`rate` with one connection and with eight, CPU in ms a request."""

    one: float
    eight: float
    cpu_ms: float


def served(address, process, path, cookie, seconds):
    load.run(address, path, cookie, 1, 0.5)
    one = load.run(address, path, cookie, 1, seconds)
    before = server.cpu_seconds(process.pid)
    eight = load.run(address, path, cookie, AT_ONCE, seconds)
    cpu = (server.cpu_seconds(process.pid) - before) * 1000 / eight.requests
    return Served(one.rate, eight.rate, cpu)


def p95_of_pages(address, cookie, seconds, enough=lambda: True):
    """In ms, of pages that are asked for at a steady rate, whatever the earlier ones take.

    For so many seconds, and up to five times as many until it is `enough`.
    """
    began, turns, taken = time.perf_counter(), itertools.count(), []
    least = seconds * PAGES_A_SECOND

    def read(_reader):
        connection = load.Connection(address, MIXED[0], cookie, BROWSER)
        for turn in turns:
            if turn >= 5 * least or (turn >= least and enough()):
                break
            due = began + turn / PAGES_A_SECOND
            time.sleep(max(0, due - time.perf_counter()))
            connection.path = MIXED[turn % len(MIXED)]
            connection.get()
            taken.append((time.perf_counter() - due) * 1000)
        connection.close()

    with ThreadPoolExecutor(READERS) as readers:
        # Whatever went wrong in one of them is raised here.
        list(readers.map(read, range(READERS)))
    return statistics.quantiles(taken, n=20)[-1]


class Renders:
    """Eight browsers, each of which asks for one new report after the other."""

    def __init__(self, address, cookie, addresses):
        self.address, self.cookie, self.addresses = address, cookie, addresses
        self.done, self.ending = 0, threading.Event()
        self.lock = threading.Lock()

    def __enter__(self):
        self.pool = ThreadPoolExecutor(AT_ONCE)
        self.browsers = [self.pool.submit(self.work) for _ in range(AT_ONCE)]
        return self

    def __exit__(self, *error):
        self.ending.set()
        self.pool.shutdown()
        for browser in self.browsers:
            browser.result()

    def work(self):
        while not self.ending.is_set():
            with self.lock:
                path = next(self.addresses)
            connection = load.Connection(self.address, path, self.cookie, BROWSER)
            connection.get()
            while not connection.ready:
                time.sleep(1)
                connection.get()
            connection.close()
            self.done += not self.ending.is_set()


def many(env, folder, count):
    """Seconds of `render_report --all` by one process, and by one for each core."""
    seconds = []
    for processes in ("1", None):
        output = folder / "reports-of-all"
        kept = env | {"REPORT_CACHE_DIR": str(folder / f"kept-{processes}")}
        command = [sys.executable, "manage.py", "render_report", "--all", "--year", "2565"]
        command += ["--output", str(output)]
        command += ["--processes", processes] if processes else []
        started = time.perf_counter()
        subprocess.run(command, env=kept, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - started)
        assert len(list(output.iterdir())) > count
        rmtree(output)
    return seconds


def measure(address, process, prepared, options):
    addresses = distinct(options.reports)
    cookie = prepared["of_many"]
    first, again, cpu = first_renders(address, process, cookie, addresses, options.renders)
    draft = "/a/nongkong/2565/report/full.pdf"
    rows = {
        "published report": served(address, process, prepared["published"], "", options.seconds),
        "unchanged draft": served(address, process, draft, prepared["cookie"], options.seconds),
    }
    print(f"{'report PDF, first, with its process':<40}{first * 1000:>10.0f} ms")
    print(f"{'report PDF, made, median':<40}{again * 1000:>10.0f} ms; {cpu * 1000:.0f} ms CPU")
    for title, row in rows.items():
        print(
            f"{title:<40}{row.one:>8.0f}/s {row.one * again:>6.0f} x made; {AT_ONCE} connections"
            f"{row.eight:>6.0f}/s {row.eight * again:>6.0f} x; {row.cpu_ms:.2f} ms CPU, "
            f"{cpu * 1000 / row.cpu_ms:.0f} x"
        )
    longer = 3 * options.seconds
    p95_of_pages(address, prepared["cookie"], 1)
    idle = p95_of_pages(address, prepared["cookie"], longer)
    with Renders(address, prepared["of_many"], addresses) as renders:
        busy = p95_of_pages(address, prepared["cookie"], longer, lambda: renders.done >= AT_ONCE)
    print(
        f"{'pages, p95, alone':<40}{idle:>10.0f} ms; with {AT_ONCE} reports being made"
        f"{busy:>6.0f} ms, {busy / idle:.2f} x ({renders.done} were made meanwhile)"
    )
