"""Reports as files: one, or those of all agencies on all cores of the machine."""

import multiprocessing
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from assessments.fiscal import YearError, current_fiscal_year, parse_year
from measures.actions import record_download
from measures.models import Plan
from measures.report import jobs
from measures.report.content import Part, Printing
from measures.report.frozen import current_report
from measures.report.worker import RenderBusy, RenderFailed

BAR = 30  # signs


class Command(BaseCommand):
    help = (
        "Writes a report of an agency's plan (YEAR in Buddhist Era) as PDF, or with --all those of "
        "every agency. What is up to date in the folder stays: after a break only the rest is made."
    )

    def add_arguments(self, parser):
        parser.add_argument("agency", nargs="?", help="the agency's code")
        parser.add_argument("plan_year", nargs="?", help="the fiscal year of the plan, BE")
        parser.add_argument("--all", action="store_true", help="of all agencies, on all cores")
        parser.add_argument("--year", help="with --all; this fiscal year if not given")
        parser.add_argument("--part", choices=Part.values, default=Part.FULL.value)
        parser.add_argument("--output", type=Path, help="the file; with --all the folder")
        parser.add_argument(
            "--processes", type=int, default=len(os.sched_getaffinity(0)), help="with --all"
        )

    def handle(self, *, agency, plan_year, part, output, **options):
        if options["all"]:
            if agency:
                raise CommandError("--all takes the year as --year and no agency.")
            year = _year(options["year"]) if options["year"] else current_fiscal_year()
            self.write_all(year, part, output or Path(f"reports-{year}"), options["processes"])
            return
        if not (agency and plan_year and output):
            raise CommandError("Give AGENCY YEAR --output FILE, or --all.")
        plan = _plans(_year(plan_year)).filter(agency__code=agency).first()
        if plan is None:
            raise CommandError(f"{agency} has no plan of {plan_year}")
        try:
            write(plan, part, output)
        except (RenderBusy, RenderFailed) as error:
            raise CommandError(f"no PDF: {error}") from error
        except OSError as error:
            raise _not_written(output, error) from error
        self.stdout.write(f"{output}: {output.stat().st_size} bytes")

    def write_all(self, year, part, folder, processes):
        rows = list(_plans(year).order_by("agency__code").values_list("pk", "agency__code"))
        if not rows:
            raise CommandError(f"no agency has a plan of {year}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _not_written(folder, error) from error
        if not os.access(folder, os.W_OK):
            raise CommandError(f"{folder}: nothing may be written here")
        tasks = [(pk, code, part, folder / f"{code}-{year}-{part}.pdf") for pk, code in rows]
        errors, new, started = {}, 0, time.monotonic()
        try:
            for done, (code, written, error) in enumerate(_results(tasks, processes), start=1):
                new += written
                if error:
                    errors[code] = error
                self.show(done, len(tasks), code, error)
        except KeyboardInterrupt:
            raise CommandError(f"stopped; {folder} keeps what was made") from None
        except BrokenProcessPool as error:
            raise CommandError(f"a process was killed; {folder} keeps what was made") from error
        seconds = time.monotonic() - started
        there = len(tasks) - new - len(errors)
        self.stdout.write(
            f"{folder}: {new} written, {there} up to date, {len(errors)} failed, {seconds:.1f} s"
        )
        if errors:
            lines = "\n".join(f"  {code}: {error}" for code, error in sorted(errors.items()))
            raise CommandError(f"{len(errors)} of {len(tasks)} reports were not made:\n{lines}")

    def show(self, done, total, code, error):
        if not self.stdout.isatty():
            self.stdout.write(f"{done}/{total} {code}: {error or 'done'}")
            return
        full = BAR * done // total
        bar = "#" * full + "." * (BAR - full)
        self.stdout.write(f"\r[{bar}] {done}/{total} {code:<50.50}", ending="")
        if done == total:
            self.stdout.write("")
        self.stdout.flush()


def _results(tasks, processes):
    """(code, whether written, error) of each, in the order in which they are done."""
    if processes <= 1:
        yield from map(_write_one, tasks)
        return
    # Each process has its own connection and its own render process.
    connections.close_all()
    pool = ProcessPoolExecutor(
        min(processes, len(tasks)), multiprocessing.get_context("fork"), _leave_breaks_to_parent
    )
    try:
        for made in as_completed([pool.submit(_write_one, task) for task in tasks]):
            yield made.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_breaks_to_parent():
    """Ctrl-C reaches every process of a terminal: what is at work is finished, nothing begun."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _write_one(task):
    pk, code, part, file = task
    try:
        plan = Plan.objects.select_related("agency", "assessment").get(pk=pk)
        return code, write(plan, part, file), ""
    except Exception as error:  # of one agency; the others are still to be made
        return code, False, f"{type(error).__name__}: {error}".strip()


def write(plan, part, file):
    """Whether it was written: not where the file holds just that already."""
    report = current_report(plan, part)
    printing = Printing(thai_digits=plan.agency.thai_digits)
    pdf = jobs.pdf_now(jobs.document_of(report, printing))
    if file.is_file() and file.stat().st_size == len(pdf) and file.read_bytes() == pdf:
        return False
    whole = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        whole.write_bytes(pdf)
        # Before it can be seen: what left the portal without a trace would be worse.
        record_download(plan=plan, part=part, by=None, revision=report.revision)
        whole.rename(file)
    except BaseException:
        whole.unlink(missing_ok=True)
        raise
    return True


def _plans(year):
    return Plan.objects.for_year(year).select_related("agency", "assessment")


def _year(text):
    try:
        return parse_year(text)
    except YearError as error:
        raise CommandError(error.message) from None


def _not_written(path, error):
    return CommandError(f"{path}: not written: {error.strerror}")
