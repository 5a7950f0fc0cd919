"""The signed report goes out: previewed, stored once, handed out by its address, never changed."""

import re
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import hypothesis
import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st

from accounts.models import Agency, Event, Notice, User
from accounts.permissions import LateChange, State
from assessments.models import Indicator, Score
from measures.actions import move_plan, moves, publish, sign, withdraw_publication
from measures.actions import publishing as action
from measures.actions.revisions import make_revision
from measures.models import Issue, Measure, Plan, ProgressEntry, Publication, PublishedFile
from measures.publishing.making import MAKERS, Copy, make
from measures.publishing.official_form import answers
from measures.publishing.personal_data import find
from measures.report import worker
from tests.assessments.pages import fields, text
from tests.measures import public
from tests.measures.writing import url
from tests.test_random_work import RUNS

# What is written at the same moment is tried on both databases in test_at_once.py.
pytestmark = pytest.mark.one_database("sqlite")

PAGE = url("publication/")


@pytest.fixture
def signed(written_plan, executive, approve):
    return put_signature(approve(written_plan), executive)


def put_signature(plan, executive):
    digest = plan.revisions.first().digest
    sign(plan=plan, by=executive, digest=digest, name="ประสิทธิ์ นายก", position="นายก")
    return Plan.objects.get(pk=plan.pk)


def published(plan, by, **chosen):
    digest = plan.revisions.first().digest
    return publish(plan=Plan.objects.get(pk=plan.pk), by=by, digest=digest, **chosen)[0]


def withdraw(plan, by, reason="พบข้อมูลส่วนบุคคล"):
    withdraw_publication(publication=plan.publications.first(), by=by, reason=reason)


# --- before ---------------------------------------------------------------------------------------


def test_three_presses_lead_from_the_task_to_the_address(
    client, signed, coordinator, quick_rendering
):
    client.force_login(coordinator)
    assert PAGE in client.get(url()).content.decode()
    page = client.get(PAGE)
    assert "ไม่พบตัวเลข ที่อยู่อีเมล หรือชื่อบุคคล" in text(page)
    done = client.post(PAGE, fields(page, "data-publish"), follow=True)
    assert done.redirect_chain == [(PAGE, 302)]
    html = done.content.decode()
    assert 'value="http://127.0.0.1:8000/p/nongkong/2565/"' in html
    assert "แจ้งแล้ว: " in html
    assert "ฉบับเผยแพร่ที่ 1 เผยแพร่แล้วเมื่อ" in text(client.get(url()))


def test_the_preview_is_the_page_of_the_public_and_makes_nothing_public(
    client, signed, coordinator, quick_rendering
):
    client.force_login(coordinator)
    page = client.get(PAGE).content.decode()
    preview = client.get(re.search(r'href="([^"]+/preview/)"', page)[1]).content.decode()
    assert "ตัวอย่างก่อนเผยแพร่" in preview
    assert "พัฒนาระบบบริการและการสื่อสารผ่านศูนย์บริการประชาชน" in preview
    for name in ("full.pdf", "data.json"):
        assert f'"{PAGE}preview/{name}"' in preview
    for _again in range(2):
        pdf = client.get(f"{PAGE}preview/measures.pdf")
        assert pdf.content.startswith(b"%PDF")
        client.get(f"{PAGE}preview/report.docx")
    noted = Event.objects.filter(verb="report.document_downloaded", actor_id=coordinator.pk)
    assert [event.after for event in noted.order_by("pk")] == [
        {"document": name, "state": "signed", "revision": 1}
        for name in ("measures.pdf", "report.docx")
    ]
    assert client.get(f"{PAGE}preview/secret.txt").status_code == 404
    assert not Publication.objects.exists()
    published(signed, coordinator)
    assert client.get(f"{PAGE}preview/")["Location"] == PAGE
    file = Publication.objects.get().files.get(name="measures.pdf")
    assert bytes(file.content) == pdf.content


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("ผู้ประสานงาน โทร. 081-234-5678", "081-234-5678"),
        ("สำนักงาน ๐๔๔ ๖๖๑ ๒๓๔ ต่อ ๑๒", "๐๔๔ ๖๖๑ ๒๓๔"),
        ("+66 81 234 5678", "+66 81 234 5678"),
        ("เลขประจำตัว 1-1037-02071-81-1", "1-1037-02071-81-1"),
        ("เลขประจำตัว 1-1037-02071-81-2", None),
        ("ส่งที่ saraban@nongkong.go.th ภายในเดือน", "saraban@nongkong.go.th"),
        ("มอบหมายนายสมชาย ใจดี ดำเนินการ", "นายสมชาย ใจดี"),
        ("น.ส. กมล ศรีสุข", "น.ส. กมล ศรีสุข"),
        ("ว่าที่ ร.ต. กล้า หาญศึก", "ว่าที่ ร.ต. กล้า หาญศึก"),
        ("นายกองค์การบริหารส่วนตำบล ลงนาม", None),
        ("ประชุมร่วมกับนายอำเภอ เดือนละครั้ง", None),
        ("ภายในเดือนมิถุนายนของทุกปี เพื่อทราบ", None),
        ("งบประมาณ 1,234,567.00 บาท วันที่ 01-02-2565", None),
        ("ตามหนังสือที่ บร 0023.3/ว 1234", None),
        ("๐๑๒๓๔๕๖๗๘๙๐๑๒๓๔๕", None),
        ("0" * 200_000, None),
        ("นาย" + "ก" * 200_000, None),
        ("ก." * 100_000 + "@", None),
    ],
)
def test_what_looks_like_personal_data_is_found(written, found):
    assert [words for _kind, words in find(written)] == ([found] if found else [])


def test_what_was_found_is_confirmed_before_it_is_published(
    client,
    written_plan,
    approve,
    coordinator,
    executive,
    quick_rendering,
    django_assert_max_num_queries,
):
    measure = written_plan.measures.first()
    type(measure).objects.filter(pk=measure.pk).update(follow_up="สอบถาม โทร. 044-123456")
    approved = approve(written_plan)
    client.force_login(coordinator)
    assert "หมายเลขโทรศัพท์ 044-123456" in text(client.get(url("review/")))
    put_signature(approved, executive)
    client.get(PAGE)
    with django_assert_max_num_queries(15):
        page = client.get(PAGE)
    assert f'href="{url("measures/")}#measure-{measure.pk}"' in page.content.decode()
    typed = fields(page, "data-publish") | {"own_url": "https://www.nongkong.go.th/ita"}
    refused = client.post(PAGE, typed)
    assert refused.status_code == 422
    assert "ตรวจข้อความที่พบในหัวข้อ" in text(refused)
    assert fields(refused, "data-publish")["own_url"] == typed["own_url"]
    assert not Publication.objects.exists()
    client.post(PAGE, typed | {"looked_at": "on"})
    assert Publication.objects.get().own_url == typed["own_url"]


def test_what_is_not_approved_and_what_the_revision_lacks_is_said_in_time(
    client, written_plan, coordinator, admin, executive
):
    move_plan(plan=written_plan, move="submit", by=coordinator)
    unapproved = "รอบ 6 เดือนยังไม่อนุมัติ แต่ผลที่รายงานไว้แล้ว 1 มาตรการจะเปิดเผย"
    client.force_login(admin)
    assert unapproved in text(client.get(url("review/approve/")))
    move_plan(plan=written_plan, move="approve", by=admin)
    put_signature(written_plan, executive)
    client.force_login(coordinator)
    page = text(client.get(PAGE))
    assert unapproved in page
    nowhere = "และการตั้งค่าของหน่วยงานก็ยังไม่มี"
    assert f"รายงานฉบับที่ 1 ไม่มีตราสัญลักษณ์หรือช่องทางติดต่อสำหรับประชาชน {nowhere}" in page
    Agency.objects.update(contact="โทร. 044-000000")
    written_plan.rounds.update(approved_at=timezone.now())
    page = text(client.get(PAGE))
    assert "ไม่มีช่องทางติดต่อสำหรับประชาชน เพราะหน่วยงานกรอกไว้หลังจากส่งให้ตรวจ" in page
    assert f"ไม่มีตราสัญลักษณ์ {nowhere}" in page
    assert unapproved not in page


def test_without_its_documents_nothing_is_published(
    client, signed, coordinator, quick_rendering, monkeypatch
):
    client.force_login(coordinator)
    typed = fields(client.get(PAGE), "data-publish") | {"own_url": "https://a.go.th/"}
    events = Event.objects.count()
    for failure, said in (
        (worker.RenderBusy(), "รอประมาณครึ่งนาที"),
        (worker.RenderFailed("ended"), "แจ้งผู้ดูแลระบบ"),
        (worker.RenderTooLarge("long"), "ย่อข้อความที่ยาวที่สุด"),
    ):

        def fail(self, request, failure=failure, **options):
            raise failure

        monkeypatch.setattr(worker._current_pool, "render", fail)
        refused = client.post(PAGE, typed)
        assert refused.status_code == 422
        assert said in text(refused)
        assert fields(refused, "data-publish")["own_url"] == typed["own_url"]
    state = Plan.objects.values_list("state", flat=True).get()
    left = Publication.objects.count(), PublishedFile.objects.count(), Event.objects.count()
    assert (state, left) == (State.SIGNED, (0, 0, events))


# --- two at once ----------------------------------------------------------------------------------


@pytest.fixture
def meanwhile(monkeypatch, quick_rendering):
    """meanwhile(act) does it once, after the next publication is made and before it is stored."""
    make_all = action.make_all

    def arrange(act):
        def made(copy):
            files = make_all(copy)
            monkeypatch.setattr(action, "make_all", make_all)
            act()
            return files

        monkeypatch.setattr(action, "make_all", made)

    return arrange


def test_of_two_who_publish_one_does_and_the_other_is_told_who(
    client, signed, coordinator, admin, meanwhile
):
    client.force_login(coordinator)
    typed = fields(client.get(PAGE), "data-publish")
    meanwhile(lambda: published(signed, admin))
    page = client.post(PAGE, typed, follow=True)
    assert f"{admin.name} เผยแพร่เป็นฉบับเผยแพร่ที่ 1 ไปแล้ว" in text(page)
    assert Publication.objects.get().published_by == admin
    assert Notice.objects.filter(user=coordinator, text__contains="ฉบับเผยแพร่ที่ 1").count() == 1


@pytest.mark.parametrize(
    ("does", "refusal", "versions"),
    [("withdraw", ValidationError, 1), ("reopen", LateChange, 0)],
)
def test_what_changes_while_the_documents_are_made_stops_the_publication(
    signed, coordinator, admin, meanwhile, does, refusal, versions
):
    def act():
        if does == "withdraw":
            published(signed, admin)
            withdraw(signed, admin)
        else:
            move_plan(plan=signed, move=does, by=admin, reason="แก้ระยะเวลา")

    meanwhile(act)
    with pytest.raises(refusal):
        published(signed, coordinator)
    assert Publication.objects.count() == versions
    assert not Publication.objects.filter(published_by=coordinator).exists()


def test_a_publication_that_is_cut_off_leaves_nothing_public(
    client, signed, coordinator, quick_rendering, monkeypatch
):
    def cut_off(*args, **facts):
        assert PublishedFile.objects.count() == len(MAKERS)
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit), transaction.atomic():
        patched.setattr(action, "finish", cut_off)
        published(signed, coordinator)
    for name in ("", "v1/", "v1/full.pdf"):
        assert client.get(f"/p/nongkong/2565/{name}").status_code == 404
    assert published(signed, coordinator).number == 1


# --- afterwards -----------------------------------------------------------------------------------


def test_the_versions_say_what_became_of_them(
    client, signed, coordinator, admin, quick_rendering, django_assert_max_num_queries
):
    client.force_login(admin)
    published(signed, coordinator, own_url="https://www.nongkong.go.th/ita")
    asked = client.get(PAGE)
    withdrawal = re.search(r'href="([^"]+/withdraw/)"', asked.content.decode())[1]
    assert "ประชาชนจะเห็นข้อความนี้แทนรายงาน" in text(client.get(withdrawal))
    client.post(withdrawal, {"reason": "พบเลขประจำตัวประชาชน"})
    again = client.get(PAGE)
    assert fields(again, "data-publish")["own_url"] == "https://www.nongkong.go.th/ita"
    page = text(again)
    assert "ถอนการเผยแพร่แล้ว โดย สมหญิง ใจดี" in page
    assert "พบเลขประจำตัวประชาชน" in page
    assert "ที่อยู่ของฉบับเผยแพร่ล่าสุด" not in page
    for _again in range(2):
        published(signed, coordinator)
        move_plan(plan=Plan.objects.get(), move="reopen", by=admin, reason="แก้ระยะเวลา")
        Plan.objects.update(state=State.SIGNED, return_reason="")
    Plan.objects.update(state=State.PUBLISHED)
    client.get(PAGE)
    with django_assert_max_num_queries(15):
        page = text(client.get(PAGE))
    # Of the two that came before it; the first was withdrawn.
    assert page.count("ถูกแทนที่ด้วยฉบับเผยแพร่ที่ 3 เมื่อ") == 1
    for name in (PAGE, url("revisions/"), url("revisions/1/")):
        with django_assert_max_num_queries(15):
            assert "ฉบับเผยแพร่ที่ 3" in text(client.get(name)), name


def test_each_version_that_stands_can_be_withdrawn_wherever_its_plan_is(
    client, signed, coordinator, admin, executive, quick_rendering
):
    first = published(signed, coordinator)
    client.force_login(admin)
    for state in State:
        Plan.objects.update(state=state, return_reason="x" if state == State.RETURNED else "")
        for name in (PAGE, url("revisions/")):
            assert f'href="{PAGE}v1/withdraw/"' in client.get(name).content.decode()
    move_plan(plan=signed, move="reopen", by=admin, reason="แก้ระยะเวลา")
    Plan.objects.update(state=State.SIGNED, return_reason="")
    second = published(signed, coordinator)
    asked = client.get(f"{PAGE}v1/withdraw/")
    assert f'<a href="{second.get_absolute_url()}">ฉบับเผยแพร่ที่ 2</a>' in asked.content.decode()
    refused = client.post(f"{PAGE}v1/withdraw/", {"reason": " "})
    assert (refused.status_code, Event.objects.filter(verb="plan.withdrawn").count()) == (422, 0)
    client.post(f"{PAGE}v1/withdraw/", {"reason": "พบเลขประจำตัวประชาชน"})
    # What replaced it stays public, and the plan published.
    assert Plan.objects.get().state == State.PUBLISHED
    assert client.get(first.get_file_url("full.pdf")).status_code == 410
    assert client.get(second.get_file_url("full.pdf")).status_code == 200
    assert Notice.objects.filter(user=executive, text__contains="ถอนการเผยแพร่").exists()
    assert Event.objects.get(verb="plan.withdrawn").after["version"] == 1
    assert client.get(f"{PAGE}v1/withdraw/").url == PAGE
    assert client.post(f"{PAGE}v1/withdraw/", {"reason": "อีกครั้ง"}).status_code == 422
    # What is public while the plan is being changed goes, and leaves the plan where it is.
    move_plan(plan=signed, move="reopen", by=admin, reason="แก้ระยะเวลา")
    withdraw(signed, admin)
    assert Plan.objects.get().state == State.RETURNED
    assert "พบข้อมูลส่วนบุคคล" in client.get(second.get_absolute_url()).content.decode()


def test_the_operator_withdraws_where_nobody_of_the_agency_does(
    client, signed, coordinator, executive, operator, quick_rendering
):
    publication = published(signed, coordinator)
    client.force_login(operator)
    listed = client.get("/operator/measures/publication/").content.decode()
    withdrawal = re.search(r'href="([^"]+/withdraw/)"', listed)[1]
    assert "ประชาชนจะเห็นข้อความนี้แทนรายงาน" in text(client.get(withdrawal))
    assert "ระบุเหตุผลที่ถอนการเผยแพร่" in text(client.post(withdrawal, {"reason": " "}))
    assert client.get(publication.get_file_url("full.pdf")).status_code == 200
    client.post(withdrawal, {"reason": "พบเลขประจำตัวประชาชน"})
    assert client.get(publication.get_file_url("full.pdf")).status_code == 410
    assert "พบเลขประจำตัวประชาชน" in text(client.get(publication.get_absolute_url()))
    event = Event.objects.get(verb="plan.withdrawn")
    assert (event.actor_id, event.agency_id) == (operator.pk, signed.agency_id)
    assert Plan.objects.get().state == State.SIGNED
    told = Notice.objects.get(user=executive, text__contains="ถอนการเผยแพร่").text
    assert told.startswith(f"ผู้ดูแลระบบ {operator.get_full_name()} ")
    assert withdrawal not in client.get("/operator/measures/publication/").content.decode()


def test_what_the_official_form_wants_is_ready_to_be_copied(
    client, signed, coordinator, quick_rendering
):
    publication = published(signed, coordinator)
    client.force_login(coordinator)
    html = client.get(PAGE).content.decode()
    page = text(client.get(PAGE))
    for item, kept in (("O42", "full.pdf"), ("O43", "progress.pdf")):
        assert f"ข้อ {item}" in page
        assert f"http://127.0.0.1:8000/p/nongkong/2565/{kept}</textarea>" in html
    assert "มาตรการ 3 มาตรการ" in page
    assert "รอบ 6 เดือน ดำเนินการแล้วเสร็จ 1 จาก 3 มาตรการ" in page
    assert "/p/nongkong/2565/v1/site.zip" in html
    for file in publication.files.all():
        assert file.digest in html
    for kind, begin in (("png", b"\x89PNG"), ("svg", b"<?xml")):
        code = client.get(f"{PAGE}qr.{kind}")
        assert code.content.startswith(begin)
        assert "attachment" in code["Content-Disposition"]
    assert client.get(f"{PAGE}qr.exe").status_code == 404


def test_the_note_on_progress_counts_the_evidence_that_is_shown_of_its_rounds(plan, staff):
    _measures, progress = answers(public.published(plan, staff), (None, None))
    assert "และหลักฐานการดำเนินการ 1 ไฟล์" in progress.note


# --- for ever -------------------------------------------------------------------------------------


def test_what_was_published_cannot_be_changed_or_deleted_by_accident(
    signed, coordinator, admin, quick_rendering
):
    publication = published(signed, coordinator)
    file = publication.files.first()
    publication.own_url, file.content = "https://other.go.th/", b"other"
    for change in (
        publication.save,
        publication.delete,
        file.save,
        file.delete,
        Publication.objects.all().delete,
        signed.publications.all().delete,
        publication.files.all().delete,
        lambda: Publication.objects.update(number=2),
        lambda: publication.files.update(content=b""),
    ):
        with pytest.raises(TypeError):
            change()
    withdraw(signed, admin)
    publication = Publication.objects.get()
    assert publication.own_url == ""
    with pytest.raises(TypeError):
        publication.withdraw(by=admin, reason="อีกครั้ง", at=timezone.now())


def test_made_again_a_document_has_the_same_pages_and_text(signed, agency, settings, tmp_path):
    revision = signed.revisions.get()
    revision.plan = signed
    copies = []
    for place in range(2):
        # Not what was kept: made anew.
        settings.REPORT_CACHE_DIR = tmp_path / str(place)
        at = timezone.now().replace(hour=12) + timedelta(minutes=place)
        copies.append(make(Copy(revision, 1, at, thai_digits=False), "measures.pdf").content)
        agency.name, agency.contact = "ชื่อใหม่", "โทร. 044-123456"
        agency.save()
        signed.measures.update(title="ชื่อใหม่")
    assert pages(copies[0]) == pages(copies[1])


def pages(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]


def edited(model, **values):
    return lambda plan, by: model.objects.update(**values)


def published_next(plan, by):
    Plan.objects.update(state=State.SIGNED)
    published(plan, by)


def sent_anew(plan, by):
    """What the later edits left is the next revision, signed."""
    revision = make_revision(plan, by=by, cause="submitted", approved_at=timezone.now())
    revision.signed_at, revision.signed_by = timezone.now(), by
    revision.save()


def withdrawn(plan, by):
    newest = plan.publications.first()
    if not newest.is_withdrawn:
        newest.withdraw(by=by, reason="พบข้อมูลส่วนบุคคล", at=timezone.now())


LATER = {
    "scores": edited(Score, value="12.34"),
    "measures": edited(Measure, title="ชื่อใหม่", steps="วิธีใหม่", order=7),
    "issues": edited(Issue, points="ประเด็นใหม่"),
    "progress": edited(ProgressEntry, result="ผลใหม่", state="not_done"),
    "names of people": edited(User, name="ชื่อใหม่", position="ตำแหน่งใหม่"),
    "settings": edited(
        Agency, name="ชื่อใหม่", contact="ใหม่", thai_digits=True, threshold="50", is_active=False
    ),
    "rules": edited(Indicator, name_th="ตัวชี้วัดใหม่"),
    "reopening": edited(Plan, state=State.RETURNED, return_reason="แก้ไข"),
    "a new revision": sent_anew,
    "a new publication": published_next,
    "a withdrawal": withdrawn,
}


def stored(publications):
    """All that is kept of them: each file with what its digest says of it, and the data."""
    kept = {}
    for publication in publications:
        kept[publication.number] = publication.data, publication.edition
        for file in publication.files.all():
            content = bytes(file.content)
            assert (file.size, file.digest) == (len(content), sha256(content).hexdigest())
            kept[publication.number, file.name] = content, file.media_type
    return kept


def test_published_bytes_outlast_whatever_is_changed_later(
    client, signed, coordinator, quick_rendering, monkeypatch
):
    published(signed, coordinator)
    first = stored(signed.publications.all())
    # Who may do it, and when, is tried elsewhere.
    monkeypatch.setattr(action, "require", lambda *asked: None)
    monkeypatch.setattr(moves, "locked", lambda plan, *asked: Plan.objects.get(pk=plan.pk))

    @hypothesis.settings(max_examples=RUNS, derandomize=RUNS < 10, database=None)
    @hypothesis.given(st.lists(st.sampled_from(sorted(LATER)), min_size=6, max_size=12))
    def run(edits):
        kept = dict(first)
        with transaction.atomic():
            for edit in edits:
                LATER[edit](signed, coordinator)
                now = stored(signed.publications.all())
                assert {name: now.get(name) for name in kept} == kept, edit
                kept = now
            for publication in signed.publications.all():
                for file in publication.files.all():
                    answer = client.get(publication.get_file_url(file.name))
                    if publication.is_withdrawn:
                        assert answer.status_code == 410
                    else:
                        assert answer.getvalue() == bytes(file.content)
            transaction.set_rollback(True)

    run()
