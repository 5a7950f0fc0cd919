"""What reports cost: made, kept, published, beside other pages, and many in a row."""

import itertools
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from shutil import rmtree

from script.benchmark import load, server

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
#: Seconds between two requests of somebody who reads pages.
PAUSE = 0.05
READERS = 4
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


def p95_of_pages(address, cookie, seconds):
    """In ms, of people who read one page after the other."""
    ends, taken, failures = time.perf_counter() + seconds, [], []

    def read(index):
        pages = itertools.islice(itertools.cycle(MIXED), index, None)
        connection = load.Connection(address, MIXED[0], cookie, BROWSER)
        try:
            while time.perf_counter() < ends:
                connection.path = next(pages)
                started = time.perf_counter()
                connection.get()
                taken.append((time.perf_counter() - started) * 1000)
                time.sleep(PAUSE)
        except Exception as error:  # the thread's end is the run's end
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=(index,)) for index in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return statistics.quantiles(taken, n=20)[-1]


class Renders:
    """Eight browsers, each of which asks for one new report after the other."""

    def __init__(self, address, cookie, addresses):
        self.address, self.cookie, self.addresses = address, cookie, addresses
        self.done, self.failures, self.ending = 0, [], threading.Event()
        self.lock = threading.Lock()

    def __enter__(self):
        self.threads = [threading.Thread(target=self.work) for _ in range(AT_ONCE)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        if self.failures:
            raise self.failures[0]

    def work(self):
        try:
            while not self.ending.is_set():
                with self.lock:
                    path = next(self.addresses)
                connection = load.Connection(self.address, path, self.cookie, BROWSER)
                connection.get()
                while not connection.ready and not self.ending.wait(1):
                    connection.get()
                self.done += connection.ready
                connection.close()
        except Exception as error:
            self.failures.append(error)


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
    idle = p95_of_pages(address, prepared["cookie"], options.seconds)
    with Renders(address, prepared["of_many"], addresses) as renders:
        busy = p95_of_pages(address, prepared["cookie"], options.seconds)
    print(
        f"{'pages, p95, alone':<40}{idle:>10.0f} ms; with {AT_ONCE} reports being made"
        f"{busy:>6.0f} ms, {busy / idle:.2f} x ({renders.done} were made meanwhile)"
    )
