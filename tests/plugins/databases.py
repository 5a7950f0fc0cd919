"""Runs the tests on SQLite or PostgreSQL.

`--dist=each --tx popen//id=sqlite --tx popen//id=postgres` runs them on both at once (script/test);
plain pytest takes SQLite, or PostgreSQL with ITA_DB=postgres.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

WORKER = "PYTEST_XDIST_WORKER"
# Opening it fails, so that nothing writes to a database that is not the test's own. Not in memory:
# live_server would take that for one connection to share between its threads.
NOWHERE = "sqlite:////nowhere/tests.sqlite3"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


class Postgres:
    """A throw-away PostgreSQL server behind a Unix socket: no port to clash, nothing listens."""

    def __init__(self):
        self.folder = None

    def start(self):
        """Returns the DATABASE_URL; starts the server on the first call."""
        if not self.folder:
            # Being terminated, too, must end in pytest_unconfigure and stop the server.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            # Not below TMPDIR: user postgres must reach it, and socket paths end at 107 bytes.
            self.folder = Path(tempfile.mkdtemp(prefix="ita-postgres-", dir="/tmp"))
            if os.geteuid() == 0:
                shutil.chown(self.folder, "postgres", "postgres")
            self._run("initdb", "-U", "ita", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
            options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
            self._run("pg_ctl", "-w", "-l", "log", "-o", options, "start")
        return f"postgres://ita:@/{self.folder}/ita"

    def stop(self):
        if self.folder:
            self._run("pg_ctl", "-m", "immediate", "stop")
            shutil.rmtree(self.folder)
            self.folder = None

    def _run(self, program, *arguments):
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
        if not found:
            pytest.exit("PostgreSQL is not installed. Run script/bootstrap test.", returncode=2)
        # PostgreSQL refuses to run as root.
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        done = subprocess.run(
            [found[-1] / program, "-D", "data", *arguments],
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **(user if os.geteuid() == 0 else {}),
        )
        if done.returncode:
            pytest.exit(f"{program} failed: {done.stdout}{done.stderr}", returncode=2)


postgres = Postgres()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests():
    """Before pytest-django reads the settings; a worker inherits what its controller set."""
    if WORKER not in os.environ:
        on_postgres = os.environ.get("ITA_DB") == "postgres"
        os.environ |= {
            "DATABASE_URL": postgres.start() if on_postgres else NOWHERE,
            "SECRET_KEY": "only-for-tests",
            "DEBUG": "0",
            "HTTPS": "0",
            "EVIDENCE_DIR": tempfile.mkdtemp(prefix="ita-evidence-"),
        }
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs):
    for spec in specs:
        if spec.id == "postgres":
            spec.env["DATABASE_URL"] = postgres.start()
            spec.env["ITA_DB"] = "postgres"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report):
    """A failure says on which worker, and so on which database, it happened."""
    if report.failed and hasattr(report, "node"):
        report.nodeid += f"[{report.node.gateway.id}]"


def pytest_unconfigure():
    postgres.stop()
    if WORKER not in os.environ:
        shutil.rmtree(os.environ["EVIDENCE_DIR"], ignore_errors=True)


def pytest_configure(config):
    config.addinivalue_line(
        "markers",
        "one_database(name): what is tested is not the database's doing; once is enough",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Tests with real transactions come last, because they leave the database empty.

    Where both databases run, what one of them suffices for runs on one worker only.
    """
    items.sort(key=empties_database)
    worker = os.environ.get(WORKER)
    if worker in ("sqlite", "postgres"):
        elsewhere = [item for item in items if only_worker(item) not in (None, worker)]
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def empties_database(item):
    marker = item.get_closest_marker("django_db")
    return bool(
        {"transactional_db", "live_server"} & set(item.fixturenames)
        or (marker and marker.kwargs.get("transaction"))
    )


def only_worker(item):
    """None when the test runs on both; the marks share the single runs out to two workers."""
    if marker := item.get_closest_marker("one_database"):
        return marker.args[0]
    asks = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames)
    return None if asks else "sqlite"
