"""The worker processes behind `render`: time limits, crashes, threads and forks."""

import io
import os
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdf
import pytest

from measures.report import worker
from measures.report.worker import RenderBusy, RenderFailed, RenderTooLarge, render

# Long enough for any limit in here: a table whose every cell is laid out again and again.
ENDLESS = "<table>" + "<tr><td><table><tr><td>ก</table>" * 20000


def page(body):
    return f'<!doctype html><html lang="th"><title>ก</title>{body}'


def text_of(pdf):
    return "".join(found.extract_text() for found in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def new_processes():
    """Where none may run yet, or with other settings; starting one takes a second of the processor,
    so the other tests take what the test before them left."""
    worker.shutdown()
    yield
    worker.shutdown()


def process():
    return worker._pool.workers[0].process


def test_no_process_runs_before_the_first_report_and_none_after_the_last(new_processes):
    assert worker._pool is None
    render(page("ก"))
    running = process()
    assert running.poll() is None
    worker.shutdown()
    assert running.poll() is not None


def test_the_engine_process_gets_no_setting_of_the_portal_and_gives_way_to_its_pages(
    new_processes, settings
):
    settings.REPORT_NICENESS = 7
    render(page("ก"))
    pid = process().pid
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"DJANGO" not in environment
    assert b"SECRET" not in environment
    assert os.getpriority(os.PRIO_PROCESS, pid) == 7
    # Linux heeds it within one session only.
    assert os.getsid(pid) == os.getsid(0)
    assert os.getpgid(pid) != os.getpgid(0)


def test_a_report_beyond_its_time_fails_and_the_next_one_works(
    new_processes, monkeypatch, settings
):
    settings.REPORT_TIMEOUT = 1
    # However busy the machine is.
    monkeypatch.setattr(worker, "CLOCK_TO_PROCESSOR", 300)
    render(page("ก"))
    with pytest.raises(RenderTooLarge, match="1 seconds of processor time"):
        render(page("ก" * 200_000))
    assert "ถัดไป" in text_of(render(page("ถัดไป")))
    # One that waits for the processor is given up by the clock.
    process().send_signal(signal.SIGSTOP)
    with monkeypatch.context() as shorter, pytest.raises(RenderTooLarge, match="within 2 seconds"):
        shorter.setattr(worker, "CLOCK_TO_PROCESSOR", 2)
        render(page("ก"))
    assert "ถัดไป" in text_of(render(page("ถัดไป")))


def test_a_report_beyond_the_memory_limit_fails_and_the_next_one_works(new_processes, settings):
    settings.REPORT_MEMORY_MB = 330
    with pytest.raises(RenderFailed):
        render(page("ก" * 8_000_000))
    assert "ถัดไป" in text_of(render(page("ถัดไป")))


def test_twenty_reports_at_once_come_back_each_to_its_own_caller(new_processes, settings, capfd):
    settings.REPORT_WORKERS = 2
    with ThreadPoolExecutor(20) as pool:
        texts = list(pool.map(lambda n: text_of(render(page(f"ฉบับที่ {n} จบ"))), range(20)))
    assert [f"ฉบับที่ {n} จบ" in text for n, text in enumerate(texts)] == [True] * 20
    worker.shutdown()
    assert capfd.readouterr().err == ""


def test_a_cell_longer_than_two_pages_goes_on_over_the_pages():
    lines = "<br>".join(f"บรรทัดที่ {n} จบ" for n in range(200))
    pdf = render(page(f"<table><tr><td>ก<td>{lines}</table>"))
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) > 2
    text = text_of(pdf)
    assert all(f"บรรทัดที่ {n} จบ" in text for n in (0, 100, 199))


def test_no_more_reports_are_made_at_once_than_the_machine_is_to_bear(settings):
    settings.REPORTS_AT_ONCE = 1
    with worker._slot(1), pytest.raises(RenderBusy), worker._slot(0.1):
        pass
    with worker._slot(0.1):
        pass


def test_a_full_queue_says_so():
    render(page("ก"))
    for _ in range(worker.PLACES):
        worker._pool.places.acquire()
    with pytest.raises(RenderBusy):
        render(page("ก"))
    worker._pool.places.release(worker.PLACES)
    render(page("ก"))


def test_a_process_is_replaced_after_its_share_of_reports(monkeypatch):
    render(page("ก"))
    first = process()
    share = worker._pool.workers[0].renders + 1
    monkeypatch.setattr(worker, "RENDERS_PER_PROCESS", share)
    assert "สอง" in text_of(render(page("สอง")))
    assert "สาม" in text_of(render(page("สาม")))
    assert first.poll() is not None
    assert process().pid != first.pid


def test_a_killed_idle_process_is_replaced_unseen():
    render(page("ก"))
    killed = process()
    killed.send_signal(signal.SIGSEGV)
    killed.wait()
    assert "ถัดไป" in text_of(render(page("ถัดไป")))
    assert process().pid != killed.pid


def test_a_process_that_dies_at_work_fails_its_report_only():
    render(page("ก"))
    with ThreadPoolExecutor(1) as pool:
        doomed = pool.submit(render, page(ENDLESS))
        while not doomed.done():
            if running := process():
                running.kill()
        with pytest.raises(RenderFailed, match="-9"):
            doomed.result()
    assert "ถัดไป" in text_of(render(page("ถัดไป")))


def test_a_forked_child_starts_its_own_process():
    render(page("ก"))
    parents = process().pid
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            text = text_of(render(page("ในลูก")))
            os.write(writing, f"{process().pid} {text.strip()}".encode())
            worker.shutdown()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        pid, text = answer.read().split(" ", 1)
    os.waitpid(child, 0)
    assert int(pid) != parents
    assert text == "ในลูก"
    assert "ในแม่" in text_of(render(page("ในแม่")))
    assert process().pid == parents


def test_a_process_ends_with_the_web_process_even_at_work(tmp_path):
    program = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(worker.ROOT)!r})
from django.conf import settings
settings.configure(
    REPORT_WORKERS=1,
    REPORT_TIMEOUT=60,
    REPORT_MEMORY_MB=1500,
    REPORTS_AT_ONCE=1,
    REPORT_NICENESS=0,
    REPORT_CACHE_DIR=Path(sys.argv[1]),
)
from measures.report import worker
worker.render("<!doctype html><html lang=th><title>x</title>x")
print(worker._pool.workers[0].process.pid, flush=True)
worker.render(sys.stdin.read())
"""
    web = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    pid = int(web.stdout.readline())
    worker_process = os.pidfd_open(pid)
    web.stdin.write(page(ENDLESS).encode())
    web.stdin.close()
    web.kill()
    web.wait()
    web.stdout.close()
    ended, _, _ = select.select([worker_process], [], [], 60)
    os.close(worker_process)
    assert ended
