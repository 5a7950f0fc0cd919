"""An executive signs what she has read, on screen or on paper; then it is published."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Event, Notice
from accounts.permissions import State
from measures.actions import approve_round, move_plan, publish, sign, withdraw_publication
from measures.models import Plan
from measures.report.frozen import current_report
from measures.report.html import to_html
from tests.cast import PASSWORD
from tests.measures.files import picture
from tests.measures.test_report_content import text_of

# What is written at the same moment is tried on both databases in test_at_once.py.
pytestmark = pytest.mark.one_database("postgres")

URL = "/a/nongkong/2565/"
PUBLIC = "/p/nongkong/2565/"
OWN = "https://www.nongkong.go.th/ita/2565"
POSITION = "นายกองค์การบริหารส่วนตำบลหนองกง"


@pytest.fixture
def approved(written_plan, executive, approve):
    return approve(written_plan)


@pytest.fixture
def signed(approved, executive):
    digest = approved.revisions.get().digest
    sign(plan=approved, by=executive, digest=digest, name=str(executive), position=POSITION)
    return Plan.objects.get(pk=approved.pk)


def hidden(page):
    """What the page's form carries along."""
    tags = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page)
    pairs = (re.findall(r'(name|value)="([^"]*)"', tag) for tag in tags)
    return {found["name"]: found.get("value", "") for found in map(dict, pairs)}


def test_an_executive_signs_from_the_notice_with_three_presses_and_a_code(
    client, approved, executive, admin
):
    executive.position = POSITION
    executive.save()
    client.force_login(executive)
    notice = Notice.objects.get(user=executive)
    summary = client.get(notice.url).content.decode()
    for shown in ("58.24", "−5.68", "การป้องกันการทุจริต", "25.00", admin.name, "full.pdf"):
        assert shown in summary
    assert approved.revisions.get().short_digest in summary
    assert "/review/return/" in summary
    form = client.get(notice.url + re.search(r'href="(\?digest=\w+)"', summary)[1])
    page = form.content.decode()
    assert POSITION in page
    assert "autofocus" in page
    typed = {"name": executive.name, "position": POSITION, **hidden(page)}
    wrong = client.post(notice.url, typed | {"proof": "123456"})
    assert wrong.status_code == 422
    assert Plan.objects.get().state == State.APPROVED
    done = client.post(notice.url, typed | {"proof": PASSWORD}, follow=True)
    assert "แจ้งแล้ว: " in done.content.decode()
    revision = Plan.objects.get().revisions.get()
    assert (revision.signed_by, revision.signer_position) == (executive, POSITION)
    text = text_of(to_html(current_report(Plan.objects.get(), "full")))
    assert "ลงนามในระบบแล้ว" in text
    assert f"({executive.name})" in text


def test_a_refused_answer_shows_what_was_typed_but_not_the_password(approved, executive):
    client = Client(enforce_csrf_checks=True)
    client.force_login(executive)
    digest = approved.revisions.get().digest
    typed = {"digest": digest, "name": "ประสิทธิ์", "position": POSITION, "proof": PASSWORD}
    page = client.post(f"{URL}sign/", typed).content.decode()
    assert POSITION in page
    assert PASSWORD not in page
    assert digest not in page


def test_a_name_that_the_report_cannot_show_is_refused(client, approved, executive):
    client.force_login(executive)
    typed = {"name": "ประสิทธิ์ 🙂", "position": POSITION, "proof": PASSWORD}
    digest = {"digest": approved.revisions.get().digest}
    page = client.post(f"{URL}sign/", typed | digest).content.decode()
    assert "ผู้ลงนามมีอักขระที่รายงานแสดงไม่ได้ คือ 🙂 (U+1F642)" in page
    assert Plan.objects.get().state == State.APPROVED


def test_a_name_of_before_is_printed_as_far_as_the_report_can_show_it(approved, executive):
    type(executive).objects.filter(pk=executive.pk).update(name="ประสิทธิ์ 🙂")
    assert "(ประสิทธิ์ )" in text_of(to_html(current_report(approved, "full")))


def test_only_what_was_read_is_signed(client, approved, executive, admin):
    client.force_login(executive)
    read = approved.revisions.get().digest
    page = client.get(f"{URL}sign/?digest={read}").content.decode()
    approved.measures.first().progress.filter(round__months=6).update(result="ครบแล้ว")
    approve_round(round=approved.rounds.get(months=6), by=admin)
    typed = hidden(page) | {"name": "ก", "position": "ข", "proof": PASSWORD}
    refused = client.post(f"{URL}sign/", typed)
    assert refused.status_code == 422
    assert "มีฉบับใหม่กว่าฉบับที่คุณอ่าน" in refused.content.decode()
    assert not approved.revisions.filter(signed_at__isnull=False).exists()


def test_the_scan_of_a_signature_on_paper_is_kept_with_its_revision(
    client, approved, coordinator, executive
):
    client.force_login(coordinator)
    page = client.get(f"{URL}signature/").content.decode()
    assert executive.name in page
    typed = hidden(page) | {"name": executive.name, "position": POSITION}
    text = SimpleUploadedFile("ลงนาม.png", b"not a picture")
    assert client.post(f"{URL}signature/", typed | {"scan": text}).status_code == 422
    assert Plan.objects.get().state == State.APPROVED
    scan = SimpleUploadedFile("หน้าลงนาม.png", picture("PNG"))
    shown = client.post(f"{URL}signature/", typed | {"scan": scan}, follow=True)
    assert "หน้าลงนาม.png" in shown.content.decode()
    revision = Plan.objects.get().revisions.get()
    assert revision.signature_scan.name == "หน้าลงนาม.png"
    assert Event.objects.get(verb="plan.signature_recorded").after["digest"] == revision.digest
    report = text_of(to_html(current_report(Plan.objects.get(), "measures")))
    assert "ลงนามในเอกสารฉบับพิมพ์แล้ว" in report


def test_what_is_published_stays_so_until_an_approved_round_is_signed_and_published(
    client, signed, coordinator, admin, quick_rendering
):
    publish(plan=signed, by=coordinator, digest=signed.revisions.get().digest)
    client.force_login(admin)
    page = client.get(f"{URL}progress/6/approve/").content.decode()
    assert "ฉบับที่ 1 ยังเผยแพร่อยู่จนกว่า" in page
    assert "จัดตั้งศูนย์แล้วเมื่อวันที่ 15 พฤศจิกายน 2564" in page
    client.post(f"{URL}progress/6/approve/")
    for path in ("", "review/", "publication/"):
        page = client.get(URL + path).content.decode()
        assert "ฉบับที่ 1 ยังเผยแพร่อยู่จนกว่า" in page, path
        assert f'<a href="{PUBLIC}"' in page
    for path in ("review/", "revisions/2/"):
        assert "สมหญิง ใจดี · อนุมัติผลการดำเนินการ" in client.get(URL + path).content.decode(), path


def test_only_an_address_of_the_web_is_recorded(client, signed, coordinator):
    client.force_login(coordinator)
    for address in (
        "javascript:alert(1)",
        "ftp://nongkong.go.th/a.pdf",
        "//nongkong.go.th",
        "data:text/html,x",
        "https://nongkong.go.th/" + "a" * 500,
        "นี่คือเว็บ",
    ):
        typed = {"own_url": address, "digest": signed.revisions.get().digest}
        refused = client.post(f"{URL}publication/", typed)
        assert refused.status_code == 422, address
    assert Plan.objects.get().state == State.SIGNED


def test_what_is_published_is_shown_as_such_until_it_is_withdrawn(
    client, signed, coordinator, admin, quick_rendering
):
    client.force_login(coordinator)
    typed = {"digest": signed.revisions.get().digest, "own_url": OWN}
    page = client.post(f"{URL}publication/", typed, follow=True).content.decode()
    assert f"{PUBLIC}v1/" in page
    publication = signed.publications.get()
    withdraw_publication(publication=publication, by=admin, reason="พบเลขประจำตัวประชาชน")
    page = client.get(f"{URL}revisions/1/").content.decode()
    assert "พบเลขประจำตัวประชาชน" in page
    assert Plan.objects.get().state == State.SIGNED
    assert Event.objects.get(verb="plan.published").after["own_url"] == OWN
    assert Event.objects.get(verb="plan.withdrawn").after["version"] == 1


def test_reopening_keeps_what_was_signed_and_the_next_is_a_new_revision(
    signed, coordinator, admin, staff
):
    told = move_plan(plan=signed, move="reopen", by=admin, reason="แก้ผู้รับผิดชอบ")
    assert {staff, coordinator} <= set(told)
    assert Plan.objects.get().return_reason == "แก้ผู้รับผิดชอบ"
    move_plan(plan=signed, move="submit", by=coordinator)
    newest, first = signed.revisions.all()
    assert (newest.number, newest.signed_at) == (2, None)
    assert first.signer_position == POSITION
    with pytest.raises(ValidationError):
        move_plan(plan=signed, move="approve", by=coordinator_as_admin(coordinator))


def coordinator_as_admin(person):
    person.memberships.update(role="admin")
    return type(person).objects.get(pk=person.pk)


def test_everybody_who_acts_next_is_told_once(
    written_plan, coordinator, admin, executive, staff, quick_rendering
):
    def told_of(act):
        before = set(Notice.objects.values_list("pk", flat=True))
        told = act()
        new = Notice.objects.exclude(pk__in=before)
        assert sorted(person.pk for person in told) == sorted(new.values_list("user", flat=True))
        return {person.username for person in told}, new.first().url

    plan = written_plan
    assert told_of(lambda: move_plan(plan=plan, move="submit", by=coordinator)) == (
        {"somying"},
        f"{URL}review/",
    )
    returned = told_of(lambda: move_plan(plan=plan, move="return", by=admin, reason="แก้ไข"))
    assert returned == ({"somchai", "pranee"}, f"{URL}review/")
    move_plan(plan=plan, move="submit", by=coordinator)
    people, _url = told_of(lambda: move_plan(plan=plan, move="approve", by=admin))
    assert people == {"prasit", "pranee"}
    digest = plan.revisions.first().digest
    signing = {"digest": digest, "name": "ประสิทธิ์", "position": "นายก"}
    assert told_of(lambda: sign(plan=plan, by=executive, **signing)) == (
        {"somying", "pranee"},
        f"{URL}publication/",
    )
    plan = Plan.objects.get()
    people, _url = told_of(lambda: publish(plan=plan, by=coordinator, digest=digest)[1])
    assert people == {"somchai", "somying", "prasit"}


def test_the_pages_need_few_queries(client, approved, executive, django_assert_max_num_queries):
    client.force_login(executive)
    client.get("/agencies/")
    for query in ("", "?digest=0"):
        with django_assert_max_num_queries(15):
            client.get(f"{URL}sign/{query}")
