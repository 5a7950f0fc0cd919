"""Evidence on its pages: who attaches, sees and shows it, and how it leaves the portal."""

import hashlib
import os
import socket
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Membership, Unit, User
from accounts.permissions import State
from measures.actions import add_evidence, show_evidence
from measures.models import Evidence, Plan
from tests.measures.files import pdf, picture, upload
from tests.measures.writing import add_measure, text_of, url

THAI = "คำสั่งแต่งตั้งคณะทำงาน ITA.pdf"
PDF, JPG = pdf(), picture(exif=True)
ADD = url("evidence/add/")


@pytest.fixture
def measure(plan, staff):
    return add_measure(plan, staff)


@pytest.fixture
def attach(writer, measure):
    """attach(name, content) as a script does; the newest row."""

    def attached(name=THAI, content=PDF, row=None):
        sent = {row or f"measure-{measure.pk}": upload(name, content)}
        response = writer.post(ADD, sent, headers={"accept": "application/json"})
        assert response.status_code == 200, response.content.decode()
        return Evidence.objects.order_by("uploaded_at").last()

    return attached


def sent_by_script(client, **files):
    return client.post(
        ADD,
        {name.replace("_", "-"): file for name, file in files.items()},
        headers={"accept": "application/json"},
    )


def change(client, row, act, **data):
    return client.post(f"{row.get_absolute_url()}change/", {"act": act} | data)


def fetched(client, path, **options):
    """With its content read, which closes the file."""
    response = client.get(path, **options)
    response.body = b"".join(response)
    return response


def show(client, file):
    return change(client, file, "show", reminded="on")


def stored_names():
    return set(storages["evidence"].listdir("")[1])


def lies(field):
    return field.storage.exists(field.name)


# --- attaching ------------------------------------------------------------------------------------


def test_several_files_are_attached_to_a_measure_and_to_its_progress(writer, measure, staff):
    row = f"measure-{measure.pk}"
    sent = {row: [upload(THAI, PDF), upload("รูป.jpg", JPG)], f"progress-6-{measure.pk}": PDF}
    sent[f"progress-6-{measure.pk}"] = upload("รายงาน.pdf", PDF)
    response = writer.post(ADD, sent, follow=True)
    assert "แนบแล้ว 3 ไฟล์" in text_of(response)
    rows = Evidence.objects.values_list("name", "months", "size", "digest", "uploaded_by__username")
    assert set(rows) == {
        (THAI, None, len(PDF), hashlib.sha256(PDF).hexdigest(), "somchai"),
        ("รูป.jpg", None, len(JPG), hashlib.sha256(JPG).hexdigest(), "somchai"),
        ("รายงาน.pdf", 6, len(PDF), hashlib.sha256(PDF).hexdigest(), "somchai"),
    }
    events = Event.objects.filter(verb="evidence.added")
    assert events.count() == 3
    assert events.first().after.keys() == {"name", "size", "digest"}
    page = text_of(writer.get(url("evidence/")))
    for text in (THAI, "รูป.jpg", "รอบ 6 เดือน", "ศูนย์บริการครบวงจร", "สมชาย ตั้งใจ", "ภายใน"):
        assert text in page
    assert "ยังไม่ได้ตรวจไวรัส" in page


def test_good_files_are_kept_when_one_of_them_is_refused(writer, measure):
    files = [upload(THAI, PDF), upload("ตรา.svg", b"<svg/>"), upload("คำสั่ง.pdf", b"MZ")]
    response = writer.post(ADD, {f"measure-{measure.pk}": files}, follow=True)
    page = text_of(response)
    assert Evidence.objects.get().name == THAI
    assert "แนบไฟล์ชนิด .svg ไม่ได้ ใช้ PDF, JPG, PNG, DOCX หรือ XLSX" in page
    assert "ไม่ใช่ PDF จริง" in page
    answer = sent_by_script(writer, **{f"measure_{measure.pk}": upload("x.svg", b"<svg/>")})
    assert answer.status_code == 422
    assert answer.json() == {
        "files": [],
        "refused": ["แนบไฟล์ชนิด .svg ไม่ได้ ใช้ PDF, JPG, PNG, DOCX หรือ XLSX"],
    }


def test_the_same_file_sent_twice_is_attached_once(attach):
    """T-C4: a double press, a retry after a lost answer."""
    before = stored_names()
    assert attach() == attach()
    assert len(stored_names() - before) == 1
    assert Event.objects.filter(verb="evidence.added").count() == 1


@pytest.mark.django_db(transaction=True)
def test_five_equal_uploads_at_the_same_moment_are_one_file(plan, staff):
    """T-C4."""
    measure, before = add_measure(plan, staff), stored_names()

    def attach(_):
        try:
            by = User.objects.get(pk=staff.pk)
            return add_evidence(plan=plan, measure=measure, uploads=[upload(THAI, PDF)], by=by)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        done = list(threads.map(attach, range(5)))
    assert len({row.pk for [row], _refused in done}) == 1
    assert len(stored_names() - before) == 1
    assert Event.objects.filter(verb="evidence.added").count() == 1


@pytest.mark.parametrize("in_memory", [True, False])
def test_it_lies_under_a_random_name_that_no_address_leads_to(client, attach, settings, in_memory):
    """T-U3 and T-U10: not below what is served, whichever way it came in."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = len(PDF) if in_memory else 10
    file = attach("../../static/x.pdf")
    assert file.name == "x.pdf"
    assert uuid.UUID(file.file.name)
    assert uuid.UUID(file.file.name) != file.pk
    for path in (f"/{file.file.name}", f"/media/{file.file.name}", f"/static/{file.file.name}"):
        assert client.get(path).status_code == 404
    assert Path(file.file.path).stat().st_mode & 0o777 == 0o600


def test_a_failed_write_leaves_no_file(writer, measure, monkeypatch):
    """T-K3."""
    before = stored_names()

    def fail(*args, **kwargs):
        raise RuntimeError("full")

    monkeypatch.setattr(Evidence, "save", fail)
    with pytest.raises(RuntimeError, match="full"):
        sent_by_script(writer, **{f"measure_{measure.pk}": upload(THAI, PDF)})
    assert stored_names() == before


def test_leftovers_of_a_crash_are_swept_after_a_day(attach):
    """T-K3."""
    kept = attach()
    storage = storages["evidence"]
    old, new = (storage.save(uuid.uuid4().hex, upload("x", b"x")) for _ in range(2))
    day_ago = (timezone.now() - timedelta(days=1, minutes=1)).timestamp()
    for name in (old, kept.file.name):
        os.utime(storage.path(name), (day_ago, day_ago))
    call_command("sweep_evidence")
    assert {old, new, kept.file.name} & stored_names() == {new, kept.file.name}


@pytest.mark.django_db
def test_before_the_first_file_nothing_is_swept(settings, tmp_path, capsys):
    options = settings.EVIDENCE_STORAGE["OPTIONS"] | {"location": tmp_path / "none"}
    ours = settings.EVIDENCE_STORAGE | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"evidence": ours}
    call_command("sweep_evidence")
    assert "0" in capsys.readouterr().out


# --- limits ---------------------------------------------------------------------------------------


def test_what_is_too_large_is_refused_by_its_announced_length(client, writer, measure, settings):
    """T-U9: before it is read, whoever sends it."""
    settings.MAX_REQUEST_BYTES = 1024 * 1024
    large = b"x" * 1024 * 1024
    response = sent_by_script(writer, **{f"measure_{measure.pk}": upload("รูป.jpg", large)})
    assert response.status_code == 413
    assert response.json() == {"message": "สิ่งที่ส่งมามีขนาด 2 MB เกิน 1 MB"}
    client.logout()
    response = client.post("/account/login/", {"x": upload("รูป.jpg", large)})
    assert response.status_code == 413
    assert "แนบไฟล์ทีละน้อยลง" in text_of(response)


def test_an_agency_has_room_for_so_much_and_a_request_for_so_many(writer, measure, monkeypatch):
    """T-U9."""
    row = f"measure-{measure.pk}"
    monkeypatch.setattr("measures.evidence.limits.AGENCY_BYTES", len(PDF) + 10)
    answer = writer.post(
        ADD,
        {row: [upload("ก.pdf", PDF), upload("ข.pdf", PDF)]},
        headers={"accept": "application/json"},
    ).json()
    assert len(answer["files"]) == 1
    assert "เต็มพื้นที่" in answer["refused"][0]
    monkeypatch.setattr("measures.evidence.limits.REQUEST_FILES", 1)
    files = [upload("ค.pdf", PDF), upload("ง.pdf", PDF)]
    answer = writer.post(ADD, {row: files}, headers={"accept": "application/json"})
    assert answer.json()["refused"] == ["แนบได้ครั้งละไม่เกิน 1 ไฟล์"]


# --- rights ---------------------------------------------------------------------------------------


def test_nobody_attaches_to_another_agencys_measure(client, outsider, measure, attach):
    """T-U10, T-I4: neither by number nor by guessing; and after signing out one signs in first."""
    file = attach()
    client.logout()
    assert client.get(file.get_absolute_url()).status_code == 302
    client.force_login(outsider)
    theirs = file.get_absolute_url().replace("nongkong", "other")
    for path in (file.get_absolute_url(), theirs, f"{theirs}public/"):
        assert client.get(path).status_code == 404
    for _ in range(20):
        guess = reverse("measures:evidence-file", args=["other", 2565, uuid.uuid4()])
        assert client.get(guess).status_code == 404


def test_a_box_of_no_measure_of_the_plan_is_not_found(writer, measure):
    for name in (f"measure-{measure.pk + 1}", f"issue-{measure.pk}", "file", "progress-7-1"):
        assert writer.post(ADD, {name: upload(THAI, PDF)}).status_code == 404
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("state", State)
def test_files_change_in_the_states_of_the_table(writer, attach, state):
    file = attach()
    Plan.objects.update(state=state, return_reason="แก้")
    answer = sent_by_script(writer, **{f"measure_{file.measure_id}": upload("ใหม่.pdf", PDF)})
    may = state != State.SUBMITTED
    assert answer.status_code == (200 if may else 422)
    change(writer, file, "remove")
    file.refresh_from_db()
    assert bool(file.removed_at) is may


def test_a_closed_or_approved_round_takes_no_file(writer, measure, attach):
    row = f"progress_6_{measure.pk}"
    file = attach(row=row.replace("_", "-"))
    rounds = measure.plan.rounds.filter(months=6)
    for closing in ({"closes_on": date(2021, 1, 1)}, {"approved_at": timezone.now()}):
        rounds.update(**{"closes_on": None, "approved_at": None} | closing)
        answer = sent_by_script(writer, **{row: upload("ใหม่.pdf", PDF)})
        assert answer.status_code == 422
        assert "แก้ไขไม่ได้" in answer.json()["refused"][0]
        assert "แก้ไขไม่ได้" in text_of(writer.get(change(writer, file, "remove").url))
    assert Evidence.objects.get().removed_at is None


def test_staff_of_one_unit_attach_to_its_measures_only(writer, agency, staff, measure):
    units = [Unit.objects.create(agency=agency, name=name) for name in ("กองช่าง", "กองคลัง")]
    Membership.objects.filter(user=staff).update(unit=units[0])
    answer = sent_by_script(writer, **{f"measure_{measure.pk}": upload(THAI, PDF)})
    assert answer.status_code == 403
    assert "กองช่าง" in answer.json()["message"]
    assert "data-evidence" not in text_of(writer.get(url("progress/6/")))
    Membership.objects.filter(user=staff).update(unit=units[1])
    answer = sent_by_script(writer, **{f"measure_{measure.pk}": upload(THAI, PDF)})
    assert answer.status_code == 200


def test_those_who_only_look_on_see_what_is_public(client, viewer, attach, writer):
    internal, shown = attach("ภายใน.pdf"), attach("เปิดเผยได้.pdf")
    show(writer, shown)
    client.force_login(viewer)
    page = text_of(client.get(url("evidence/")))
    assert "เปิดเผยได้.pdf" in page
    assert "ภายใน.pdf" not in page
    assert client.get(shown.get_absolute_url()).status_code == 403
    assert fetched(client, f"{shown.get_absolute_url()}public/").status_code == 200
    assert client.get(f"{internal.get_absolute_url()}public/").status_code == 404


# --- leaving the portal ---------------------------------------------------------------------------


def test_a_file_leaves_as_it_came_and_only_to_be_saved(writer, attach):
    """T-U2, and T-U6 for PDF: the headers, exactly."""
    response = fetched(writer, attach().get_absolute_url())
    assert response.body == PDF
    wanted = {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(PDF)),
        "Content-Disposition": "attachment; filename*=UTF-8''%E0%B8%84%E0%B8%B3%E0%B8%AA%E0%B8%B1"
        "%E0%B9%88%E0%B8%87%E0%B9%81%E0%B8%95%E0%B9%88%E0%B8%87%E0%B8%95%E0%B8%B1%E0%B9%89%E0%B8"
        "%87%E0%B8%84%E0%B8%93%E0%B8%B0%E0%B8%97%E0%B8%B3%E0%B8%87%E0%B8%B2%E0%B8%99%20ITA.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {name: response[name] for name in wanted} == wanted
    packed = fetched(writer, attach().get_absolute_url(), headers={"accept-encoding": "gzip"})
    assert packed["Content-Length"] == str(len(PDF))


@pytest.mark.parametrize(
    "name", ['x".pdf', "x\r\nSet-Cookie: a=b.pdf", "x;filename=y.exe.pdf", "\u202efdp.exe.pdf"]
)
def test_no_name_breaks_out_of_its_header(writer, attach, name):
    """T-X4."""
    file = attach()
    Evidence.objects.filter(pk=file.pk).update(name=name)
    header = fetched(writer, file.get_absolute_url())["Content-Disposition"]
    value = header.removeprefix("attachment; filename*=UTF-8''")
    assert not set(value) & set("\"\r\n; '\u202e")


def test_only_pictures_that_were_drawn_anew_open_in_the_browser(writer, attach):
    """T-U2."""
    for name, content, way in (("รูป.jpg", JPG, "inline"), (THAI, PDF, "attachment")):
        file = attach(name, content)
        show(writer, file)
        original = fetched(writer, file.get_absolute_url())
        assert original["Content-Disposition"].startswith("attachment;")
        public = fetched(writer, f"{file.get_absolute_url()}public/")
        assert public["Content-Disposition"].startswith(f"{way};")
        assert public["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert b"Somchai" not in public.body


# --- what becomes of one --------------------------------------------------------------------------


def test_showing_asks_for_a_look_at_personal_data_first(writer, attach):
    file = attach()
    page = change(writer, file, "show")
    assert page.status_code == 200
    assert "ตรวจข้อมูลส่วนบุคคลในไฟล์ แล้วทำเครื่องหมาย" in text_of(page)
    show(writer, file)
    show(writer, file)
    file.refresh_from_db()
    assert file.is_public
    assert "เปิดเผย" in text_of(writer.get(url("evidence/")))
    change(writer, file, "hide")
    assert [e.verb for e in Event.objects.filter(verb__startswith="evidence.").order_by("pk")] == [
        "evidence.added",
        "evidence.shown",
        "evidence.hidden",
    ]


def test_a_public_copy_is_gone_once_it_is_hidden(
    writer, attach, django_capture_on_commit_callbacks
):
    file = attach()
    show(writer, file)
    file.refresh_from_db()
    copy = file.public_copy
    assert lies(copy)
    with django_capture_on_commit_callbacks(execute=True):
        change(writer, file, "hide")
    assert not lies(copy)
    assert lies(file.file)
    assert writer.get(f"{file.get_absolute_url()}public/").status_code == 404


def test_a_pdf_with_commands_stays_internal_and_the_page_says_why(writer, attach):
    """T-U6."""
    file = attach(content=pdf(lambda writer: writer.add_attachment("x.exe", b"MZ")))
    page = text_of(show(writer, file))
    assert "คำสั่งที่ทำงานเอง" in page
    file.refresh_from_db()
    assert not file.is_public


def test_a_replaced_file_stays_and_is_no_longer_public(writer, attach):
    """F-F2."""
    old = attach()
    show(writer, old)
    change(writer, old, "replace", file=upload("ฉบับแก้ไข.pdf", PDF + b"\n"))
    old.refresh_from_db()
    new = Evidence.objects.get(name="ฉบับแก้ไข.pdf")
    assert (old.replaced_by, old.is_public, new.is_public) == (new, False, False)
    assert (new.measure, new.months) == (old.measure, old.months)
    assert fetched(writer, old.get_absolute_url()).body == PDF
    page = text_of(writer.get(url("evidence/")))
    assert "ไฟล์ที่ถูกแทนที่หรือนำออก (1)" in page
    event = Event.objects.get(verb="evidence.replaced")
    assert (event.before["name"], event.after["name"]) == (THAI, "ฉบับแก้ไข.pdf")
    assert "แทนที่หรือนำไฟล์นี้ออกแล้ว" in text_of(
        change(writer, old, "replace", file=upload("อีก.pdf", PDF))
    )
    assert "เลือกไฟล์ที่จะใช้แทน" in text_of(change(writer, new, "replace"))


def test_what_is_taken_out_stays_with_its_measure_deleted_too(writer, attach, measure):
    file = attach()
    change(writer, file, "remove")
    measure.delete()
    file.refresh_from_db()
    assert file.removed_at
    assert lies(file.file)
    assert "มาตรการถูกลบแล้ว" in text_of(writer.get(url("evidence/")))


# --- viruses --------------------------------------------------------------------------------------

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def clamd(settings, tmp_path):
    """A daemon that speaks ClamAV's INSTREAM and knows one virus; tells what it was asked."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "clamd"))
    server.listen()
    settings.CLAMD = f"unix:{tmp_path / 'clamd'}"
    asked = []

    def serve():
        while True:
            try:
                talk, _ = server.accept()
            except OSError:
                return
            with talk, talk.makefile("rb") as sent:
                content = b""
                assert sent.read(10) == b"zINSTREAM\0"
                while size := int.from_bytes(sent.read(4), "big"):
                    content += sent.read(size)
                asked.append(content)
                found = EICAR in content
                talk.sendall(b"stream: Eicar-Signature FOUND\0" if found else b"stream: OK\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield asked
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_a_virus_is_refused_and_a_clean_file_is_called_so(writer, measure, attach, clamd):
    """T-U8."""
    infected = upload("แบบฟอร์ม.pdf", PDF[:9] + EICAR + PDF[9:])
    answer = sent_by_script(writer, **{f"measure_{measure.pk}": infected}).json()
    assert answer["refused"] == [
        'ไม่รับไฟล์ "แบบฟอร์ม.pdf" เพราะตรวจพบไวรัส ยังไม่มีข้อมูลใดเปลี่ยน แจ้งผู้ดูแลคอมพิวเตอร์ของหน่วยงาน'
    ]
    assert not Evidence.objects.exists()
    assert attach().check_state == "clean"
    assert clamd[-1] == PDF


def test_while_the_daemon_is_down_files_are_kept_but_not_shown(
    writer, attach, settings, tmp_path, request
):
    """T-U8."""
    settings.CLAMD = f"unix:{tmp_path / 'nobody'}"
    file = attach()
    assert file.check_state == "unchecked"
    assert "ยังไม่ได้ตรวจไวรัส จึงเปิดเผยไม่ได้" in text_of(show(writer, file))
    request.getfixturevalue("clamd")
    show(writer, file)
    file.refresh_from_db()
    assert (file.check_state, file.is_public) == ("clean", True)


# --- the pages ------------------------------------------------------------------------------------


def test_the_list_costs_as_many_queries_for_many_files(
    writer, attach, measure, django_assert_max_num_queries
):
    first = attach()
    for number in range(5):
        Evidence.objects.create(
            plan=measure.plan,
            measure=measure,
            name=f"{number}.pdf",
            size=1,
            file=first.file.name,
            uploaded_by=first.uploaded_by,
            removed_at=timezone.now() if number % 2 else None,
        )
    with django_assert_max_num_queries(15):
        writer.get(url("evidence/"))


def test_showing_is_few_queries(attach, staff, django_assert_max_num_queries):
    file = attach()
    with django_assert_max_num_queries(12):
        show_evidence(evidence=file, by=staff, reminded=True)
