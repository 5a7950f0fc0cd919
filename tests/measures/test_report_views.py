"""The page of the reports, the PDFs behind it and the command."""

import os
import re
import threading
import time
from decimal import Decimal
from urllib.parse import unquote, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.actions import (
    change_agency,
    change_details,
    change_password,
    change_user,
    remove_member,
    set_role,
)
from accounts.models import Emblem, Event, Membership, User
from accounts.permissions import Role
from accounts.sessions import end_all
from assessments.actions import ScoreChange, save_scores, save_text
from assessments.models import Framework
from measures.actions import change_issue, change_measure, move_plan, open_plan, save_progress
from measures.actions.comments import create_comment
from measures.models import Plan
from measures.report import cache, jobs
from measures.report.docx import reports
from measures.report.worker import RenderBusy, RenderFailed, RenderTooLarge
from measures.sentences import VOCABULARY
from measures.views import report_pdf

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = pytest.mark.one_database("sqlite")


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    """The folder of the reports that are kept, empty at first."""
    settings.REPORT_CACHE_DIR = tmp_path / "reports"
    return settings.REPORT_CACHE_DIR


@pytest.fixture
def sent(monkeypatch):
    """Reports are not laid out, the answer is their HTML and the names of
    their pictures; the fixture holds what was asked for."""
    asked = []

    def render(html, images, **others):
        asked.append(html)
        return (html + " ".join(images)).encode()

    monkeypatch.setattr(jobs, "render", render)
    return asked


def address(part="full", year=2565, agency="nongkong"):
    return reverse("measures:report", args=[agency, year, part])


@pytest.mark.parametrize("who", ["staff", "admin", "viewer"])
def test_everybody_of_the_agency_can_open_the_reports(client, request, plan, sent, who):
    client.force_login(request.getfixturevalue(who))
    page = client.get(reverse("measures:reports", args=["nongkong", 2565])).content.decode()
    for part in ("full", "measures", "progress"):
        assert address(part) in page
        response = client.get(address(part))
        assert response.status_code == 200
        assert response["Content-Type"] == "application/pdf"


def test_another_agency_finds_nothing(client, plan, outsider, sent):
    client.force_login(outsider)
    assert client.get(address()).status_code == 404
    assert client.get(reverse("measures:reports", args=["nongkong", 2565])).status_code == 404
    assert not sent


def test_a_stranger_is_asked_to_sign_in(client, plan, sent):
    assert client.get(address()).status_code == 302
    assert not sent


@pytest.mark.parametrize("wrong", [{"part": "half"}, {"year": 2570}])
def test_an_unknown_part_and_a_year_without_a_plan_are_not_found(client, staff, plan, sent, wrong):
    client.force_login(staff)
    assert client.get(address(**wrong)).status_code == 404


def test_the_file_is_named_in_thai_and_kept_by_no_cache(client, staff, plan, sent):
    client.force_login(staff)
    response = client.get(address())
    disposition = response["Content-Disposition"]
    assert disposition.startswith('inline; filename="ita-nongkong-2565-full.pdf"; ')
    assert unquote(disposition.split("UTF-8''")[1]) == "รายงาน ITA หนองกง 2565.pdf"
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_a_download_is_logged(client, viewer, plan, sent):
    client.force_login(viewer)
    client.get(address("measures"))
    event = Event.objects.get(verb="report.downloaded")
    assert (event.actor_id, event.agency_code) == (viewer.pk, "nongkong")
    assert event.after == {"part": "measures", "state": "draft"}
    assert "(ตารางมาตรการ)" in str(VOCABULARY.sentence(event))


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (RenderBusy(), 503, "รอประมาณครึ่งนาที"),
        (RenderTooLarge("not done within 60 seconds"), 422, "ย่อข้อความที่ยาวที่สุด"),
        (RenderFailed("ended with code -9"), 500, "แจ้งผู้ดูแลระบบ"),
    ],
)
def test_where_there_is_no_report_people_read_why_and_the_next_one_is_tried_anew(
    client, staff, plan, sent, monkeypatch, caplog, error, status, said
):
    def failing(*args, **others):
        raise error

    client.force_login(staff)
    with monkeypatch.context() as only_now:
        only_now.setattr(jobs, "render", failing)
        response = client.get(address())
    page = response.content.decode()
    assert response.status_code == status
    assert said in page
    assert "code -9" not in page
    if status == 503:
        assert int(response["Retry-After"]) > 0
    else:
        assert str(error) in caplog.text
    assert not Event.objects.filter(verb="report.downloaded").exists()
    assert client.get(address()).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (RenderBusy(), 503, "รอประมาณครึ่งนาที"),
        (RenderTooLarge("not done within 60 seconds"), 422, "ย่อข้อความที่ยาวที่สุด"),
    ],
)
def test_where_there_is_no_document_people_read_why(
    client, staff, plan, monkeypatch, error, status, said
):
    def failing(**source):
        raise error

    client.force_login(staff)
    monkeypatch.setattr(reports, "make_docx", failing)
    response = client.get(address("measures").replace(".pdf", ".docx"))
    assert (response.status_code, said in response.content.decode()) == (status, True)
    assert not Event.objects.filter(verb="report.document_downloaded").exists()


def test_documents_and_reports_leave_threads_to_the_pages(client, staff, plan, sent, monkeypatch):
    document, statuses = address("measures").replace(".pdf", ".docx"), []

    def made_while_others_wait(**source):
        statuses.append(client.get(document).status_code)
        if statuses == [503]:
            statuses.append(client.get(address()).status_code)
        return b"PK"

    client.force_login(staff)
    monkeypatch.setattr(reports, "make_docx", made_while_others_wait)
    assert client.get(document).status_code == 200
    assert statuses == [503, 503] + 7 * [200]
    assert client.get(address()).status_code == 200


def test_what_is_unchanged_is_neither_built_nor_noted_again(
    client, staff, viewer, written_plan, sent, monkeypatch, django_assert_max_num_queries
):
    client.force_login(staff)
    first = client.get(address("measures")).content
    monkeypatch.setattr(report_pdf, "jobs", None)
    with django_assert_max_num_queries(3):
        assert client.get(address("measures")).content == first
    client.force_login(viewer)
    assert client.get(address("measures")).content == first
    assert client.get(address("measures")).content == first
    assert len(sent) == 1
    readers = Event.objects.filter(verb="report.downloaded").values_list("actor_id", flat=True)
    assert sorted(readers) == sorted([staff.pk, viewer.pk])


NOT_FOUND = (404, None)
SIGN_IN = (302, "/account/login/")
SET_UP = (302, "/account/second-factor/set-up/")
#: What ends it, done by others or elsewhere, and what the next request for the report leads to.
ENDS = {
    "role taken": (lambda person, one, by: remove_member(membership=one, by=by), NOT_FOUND),
    "agency closed": (
        lambda person, one, by: change_agency(agency=one.agency, by=by, is_active=False),
        NOT_FOUND,
    ),
    "account closed": (
        lambda person, one, by: change_user(user=person, by=by, is_active=False),
        SIGN_IN,
    ),
    "password changed": (
        lambda person, one, by: change_password(user=person, password="another-long-one"),
        SIGN_IN,
    ),
    "signed out": (lambda person, one, by: end_all(user=person), SIGN_IN),
    "session over": (
        lambda person, one, by: Session.objects.update(expire_date=timezone.now()),
        SIGN_IN,
    ),
    "second factor": (
        lambda person, one, by: set_role(user=person, agency=one.agency, role=Role.ADMIN, by=by),
        SET_UP,
    ),
}


@pytest.mark.parametrize(("end", "leads_to"), ENDS.values(), ids=ENDS)
def test_a_kept_report_is_closed_to_her_by_the_next_request_after_her_right_ends(
    client, staff, admin, plan, operator, sent, settings, end, leads_to
):
    settings.SECOND_FACTOR = True
    client.force_login(staff)
    assert client.get(address()).status_code == client.get(address()).status_code == 200
    assert len(sent) == 1
    # Another object than the one that is signed in with, as another process has.
    one = Membership.objects.select_related("user", "agency").get(user=staff)
    end(one.user, one, operator)
    response = client.get(address())
    location = urlsplit(response.url).path if leads_to[1] else None
    assert (response.status_code, location) == leads_to


def test_what_changes_nothing_in_the_report_lets_it_be_built_but_not_laid_out(
    client, staff, written_plan, sent
):
    client.force_login(staff)
    first = client.get(address("measures")).content
    measure = written_plan.measures.first()
    create_comment(plan=written_plan, row=f"measure-{measure.pk}", text="ตรวจแล้ว", by=staff)
    assert client.get(address("measures")).content == first
    assert len(sent) == 1


def emblem(agency, by):
    picture = {"digest": "e" * 64, "image": b"picture"}
    return Emblem.objects.create(agency=agency, added_by=by, **picture)


def score(plan, number, value):
    version = plan.assessment.scores.get(indicator__number=number).version
    return ScoreChange(f"i{number}", Decimal(value), version)


def new_words_of_the_rules(plan, **people):
    framework = Framework.objects.get(year=2564)
    framework.indicators.filter(number=1).update(name_th="ถ้อยคำใหม่ของเกณฑ์")
    Framework.objects.filter(pk=framework.pk).update(checksum="another file")


#: By what words it is known, and how what the report shows is changed.
CHANGES = {
    "ตำบลชื่อใหม่": lambda plan, operator, **o: change_agency(
        agency=plan.agency, by=operator, name="องค์การบริหารส่วนตำบลชื่อใหม่"
    ),
    "อำเภอเมืองใหม่": lambda plan, operator, **o: change_agency(
        agency=plan.agency, by=operator, district="เมืองใหม่"
    ),
    "79.5": lambda plan, operator, **o: change_agency(
        agency=plan.agency, by=operator, threshold=Decimal("79.5")
    ),
    "e" * 64: lambda plan, operator, **o: change_agency(
        agency=plan.agency, by=operator, emblem=emblem(plan.agency, operator)
    ),
    "ชื่อมาตรการใหม่": lambda plan, staff, **o: change_measure(
        measure=plan.measures.first(), version=1, by=staff, title="ชื่อมาตรการใหม่"
    ),
    "ประเด็นใหม่": lambda plan, staff, **o: change_issue(
        issue=(issue := plan.issues.first()),
        version=issue.version,
        by=staff,
        indicators=list(issue.indicators.all()),
        kind=issue.kind,
        points="ประเด็นใหม่",
    ),
    "ผลใหม่": lambda plan, staff, **o: save_progress(
        round=plan.rounds.get(months=12),
        measure=plan.measures.last(),
        version=0,
        by=staff,
        state="done",
        result="ผลใหม่",
        suggestion="",
    ),
    "31.31": lambda plan, staff, **o: save_scores(
        assessment=plan.assessment, changes=[score(plan, 10, "31.31")], by=staff
    ),
    "ข้อความของเจ้าหน้าที่": lambda plan, staff, **o: save_text(
        agency=plan.agency,
        year=2564,
        section="strengths",
        text="ข้อความของเจ้าหน้าที่",
        version=1,
        by=staff,
    ),
    "ถ้อยคำใหม่": new_words_of_the_rules,
    "รายงานฉบับที่ 1": lambda plan, coordinator, **o: move_plan(
        plan=plan, move="submit", by=coordinator
    ),
    "ประสิทธิ์": lambda plan, admin, **o: move_plan(plan=plan, move="approve", by=admin),
    "นายกคนใหม่": lambda executive, **o: change_details(
        user=executive, by=executive, name="นายกคนใหม่", position="นายก"
    ),
    "ชื่อโดยผู้ดูแล": lambda executive, operator, **o: change_user(
        user=executive, by=operator, name="ชื่อโดยผู้ดูแล"
    ),
    "วิชัย": lambda plan, executive, viewer, operator, **o: (
        set_role(user=executive, agency=plan.agency, role=Role.VIEWER, by=operator),
        set_role(user=viewer, agency=plan.agency, role=Role.EXECUTIVE, by=operator),
    ),
}


def test_each_change_of_what_is_shown_stands_in_the_next_report(
    client, written_plan, staff, coordinator, admin, executive, viewer, operator, sent
):
    people = {"staff": staff, "coordinator": coordinator, "admin": admin, "viewer": viewer}
    people |= {"executive": executive, "operator": operator}
    client.force_login(staff)

    def shown():
        page = client.get(address()).content.decode()
        return page + re.sub("[\u2060\u00a0\u200b]|<[^>]*>", "", page)

    for words, change in CHANGES.items():
        assert words not in shown()
        now = {name: User.objects.get(pk=person.pk) for name, person in people.items()}
        change(plan=Plan.objects.get(pk=written_plan.pk), **now)
        assert words in shown()


def test_a_kept_report_that_is_damaged_or_put_there_by_somebody_is_made_anew(
    client, staff, plan, sent, kept
):
    client.force_login(staff)
    whole = client.get(address("measures")).content
    [file] = kept.glob("*.pdf")
    assert oct(file.stat().st_mode)[-3:] == "600"
    for content in (b"", file.read_bytes()[:-1], b"%PDF- by somebody else" * 9):
        file.write_bytes(content)
        assert client.get(address("measures")).content == whole
    assert len(sent) == 4


def test_the_folder_of_kept_reports_stays_within_its_size(settings, kept):
    settings.REPORT_CACHE_MB = 1
    for number in range(5):
        cache.put(f"{number}.pdf", bytes(400_000))
        os.utime(kept / f"{number}.pdf", (time.time() - 100 + number,) * 2)
        cache.sweep()
    assert sorted(file.name for file in kept.iterdir()) == ["3.pdf", "4.pdf"]
    assert cache.get("4.pdf") == bytes(400_000)
    os.utime(kept / "4.pdf", (0, 0))
    cache.sweep()
    assert cache.get("4.pdf") is None


def test_one_who_waits_sees_how_far_it_is_and_then_the_report(client, staff, plan, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def render(html, *, laid_out, **others):
        laid_out(7)
        laid_out(3)
        begun.set()
        assert go_on.wait(60)
        return html.encode()

    monkeypatch.setattr(jobs, "render", render)
    monkeypatch.setattr(report_pdf, "PATIENCE", 0)
    client.force_login(staff)
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    script = {"accept": "application/json"}
    response = client.get(address(), headers=browser)
    page = response.content.decode()
    assert response.status_code == 202
    assert "no-store" in response["Cache-Control"]
    assert '<meta http-equiv="refresh"' in page
    assert 'role="status"' in page
    assert "<progress" in page
    begun.wait(60)
    found = client.get(address(), headers=script).json()
    assert found == {"waiting": True, "text": "จัดหน้าแล้ว 7 หน้า"}
    assert not Event.objects.filter(verb="report.downloaded").exists()
    go_on.set()
    assert client.get(address())["Content-Type"] == "application/pdf"
    assert client.get(address(), headers=script).json() == {"waiting": False}
    assert client.get(address(), headers=browser)["Content-Type"] == "application/pdf"


def test_the_page_says_what_is_missing_and_where(client, staff, plan):
    client.force_login(staff)
    page = client.get(reverse("measures:reports", args=["nongkong", 2565])).content.decode()
    assert f'href="{plan.get_measures_url()}"' in page
    assert "ร่าง" in page


def test_the_page_of_a_year_without_a_plan_says_where_it_begins(client, staff, agency):
    client.force_login(staff)
    response = client.get(reverse("measures:reports", args=["nongkong", 2565]))
    assert response.status_code == 200
    assert reverse("measures:issues", args=["nongkong", 2565]) in response.content.decode()


def test_the_page_needs_few_queries(client, staff, written_plan, django_assert_max_num_queries):
    client.force_login(staff)
    client.get(reverse("measures:agencies"))
    with django_assert_max_num_queries(15):
        client.get(reverse("measures:reports", args=["nongkong", 2565]))


def test_the_command_writes_the_file_or_says_that_it_cannot(written_plan, tmp_path, capsys):
    output = tmp_path / "report.pdf"
    with pytest.raises(CommandError, match="not written: No such file or directory"):
        nowhere = tmp_path / "nowhere" / "report.pdf"
        call_command("render_report", "nongkong", "2565", part="measures", output=nowhere)
    call_command("render_report", "nongkong", "๒๕๖๕", part="measures", output=output)
    assert output.read_bytes().startswith(b"%PDF-")
    assert Event.objects.get(verb="report.downloaded").actor_id is None


@pytest.mark.parametrize("words", [("nongkong", "2570"), ("nowhere", "2565"), ("nongkong", "2022")])
def test_the_command_says_what_it_does_not_find(plan, tmp_path, words):
    with pytest.raises(CommandError):
        call_command("render_report", *words, output=tmp_path / "report.pdf")


def test_the_reports_of_all_agencies_are_made_and_after_a_break_only_the_rest(
    written_plan, other_agency, enter_scores, outsider, sent, tmp_path, capsys, monkeypatch
):
    enter_scores(other_agency, 2564, ["80.00"] * 10)
    other = open_plan(agency=other_agency, year=2565, by=outsider)
    render, failing = jobs.render, other.agency.name

    def render_but_one(html, **others):
        if failing in html:
            raise RenderFailed("ended with code -9")
        return render(html, **others)

    def run():
        call_command("render_report", all=True, year="2565", output=tmp_path / "all", processes=1)

    monkeypatch.setattr(jobs, "render", render_but_one)
    with pytest.raises(CommandError, match="1 of 2 reports were not made:\n  other: RenderFailed"):
        run()
    monkeypatch.setattr(jobs, "render", render)
    run()
    assert "1 written, 1 up to date, 0 failed" in capsys.readouterr().out
    files = sorted(file.name for file in (tmp_path / "all").iterdir())
    assert files == ["nongkong-2565-full.pdf", "other-2565-full.pdf"]
    assert len(sent) == 2
    assert Event.objects.filter(verb="report.downloaded", actor_id=None).count() == 2
