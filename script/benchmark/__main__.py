import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2

from script.benchmark import load, reports, server
from tests.plugins.databases import Postgres

PAGES = (
    ("empty answer", "/bench/empty/"),
    ("bare template page, one query", "/bench/template/"),
    ("list of agencies", "/agencies/"),
    ("task list", "/a/nongkong/2565/"),
    ("score grid", "/a/nongkong/2564/scores/"),
    ("analysis", "/a/nongkong/2564/analysis/"),
    ("trend", "/a/nongkong/trend/"),
    ("measures", "/a/nongkong/2565/measures/"),
    ("progress", "/a/nongkong/2565/progress/6/"),
    ("review", "/a/nongkong/2565/review/"),
    ("history", "/a/nongkong/2565/history/"),
    ("saving a score", "/a/nongkong/2567/scores/cells/"),
)
SAVING = PAGES[-1][1]
BASE = "/bench/template/"


def measure(name, database_url, folder, options):
    env = server.environment(database_url, folder)
    prepared = server.prepare(env, options.reports)
    cookie = prepared["cookie"]
    print(f"\n{name}: gunicorn 2 processes x 12 threads, {options.connections} connections")
    print(f"{'page':<32}{'requests/s':>12}{'CPU ms':>9}{'ratio':>8}{'slowest ms':>12}")
    with server.gunicorn(env) as (address, process):
        rows = {}
        for title, path in PAGES:
            saving = path == SAVING
            load.run(address, path, cookie, options.connections, 0.5, saving=saving)
            before = server.cpu_seconds(process.pid)
            result = load.run(
                address, path, cookie, options.connections, options.seconds, saving=saving
            )
            cpu = (server.cpu_seconds(process.pid) - before) * 1000 / result.requests
            rows[path] = (title, result, cpu)
        base = rows[BASE][2]
        for title, result, cpu in rows.values():
            print(
                f"{title:<32}{result.rate:>12.0f}{cpu:>9.2f}{cpu / base:>8.2f}"
                f"{result.slowest_ms:>12.0f}"
            )
        reports.measure(address, process, prepared, options)


def measure_many(database_url, folder, count):
    env = server.environment(database_url, folder)
    one, all_cores = reports.many(env, folder, count)
    print(
        f"{f'reports of {count} agencies and the demo':<40}{one:>8.1f} s by one process"
        f"{all_cores:>8.1f} s on all cores, {all_cores / one:.2f} x"
    )


def create_database(socket_folder):
    connection = psycopg2.connect(host=str(socket_folder), user="ita", dbname="postgres")
    connection.autocommit = True
    connection.cursor().execute("CREATE DATABASE ita")
    connection.close()


def main():
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--renders", type=int, default=7)
    parser.add_argument("--reports", type=int, default=20, help="agencies with a plan of their own")
    options = parser.parse_args()
    # In the order in which it is found, into a file too.
    sys.stdout.reconfigure(line_buffering=True)
    folder = Path(tempfile.mkdtemp(prefix="ita-bench-"))
    postgres = Postgres()
    try:
        (folder / "sqlite").mkdir()
        (folder / "postgres").mkdir()
        database = folder / "sqlite" / "ita.sqlite3"
        measure("SQLite", f"sqlite:///{database}", folder / "sqlite", options)
        url = postgres.start()
        create_database(postgres.folder)
        measure("PostgreSQL", url, folder / "postgres", options)
        # What a province does, and what its database has little part in.
        measure_many(url, folder / "postgres", options.reports)
        print("\nfirst renders beside a plain WeasyPrint call on the same HTML")
        subprocess.run([sys.executable, "-m", "script.benchmark.pdf"], check=True)
    finally:
        postgres.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
