"""gunicorn as script/server starts it, and what its processes have used."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def environment(database_url, folder):
    return os.environ | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "script.benchmark.settings",
        "SECRET_KEY": "benchmark",
        "HTTPS": "0",
        "VAR_DIR": str(folder),
        "LOG_LEVEL": "WARNING",
    }


def prepare(env, reports):
    """Returns what script/benchmark/prepare.py prints."""
    done = subprocess.run(
        [sys.executable, "-m", "script.benchmark.prepare", str(reports)],
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def gunicorn(env):
    """Yields (address, the process)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = probe.getsockname()
    options = ["-w", "2", "-k", "gthread", "--threads", "12", "--no-control-socket"]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "ita_portal.wsgi", *options),
            *("--bind", f"{address[0]}:{address[1]}", "--log-level", "error"),
        ],
        env=env,
        start_new_session=True,
    )
    try:
        while True:
            try:
                socket.create_connection(address, timeout=1).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError("gunicorn did not start") from None
                time.sleep(0.05)
        yield address, process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def cpu_seconds(root):
    """User and system time of the process and all below it, living or ended."""
    total = 0
    for pid in descendants(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / TICK


def descendants(root):
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            queue += map(int, task.read_text().split())
    return found
