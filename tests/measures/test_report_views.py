"""The page of the reports, the PDFs behind it and the command."""

from urllib.parse import unquote

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Event
from measures.report import worker
from measures.report.worker import RenderBusy, RenderFailed
from measures.sentences import VOCABULARY
from measures.views import reports

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = pytest.mark.one_database("sqlite")


@pytest.fixture(scope="module", autouse=True)
def no_process_left_behind():
    yield
    worker.shutdown()


@pytest.fixture
def sent(monkeypatch):
    """Reports are not rendered; the fixture holds what was asked for."""
    asked = []

    def pdf_of(report):
        asked.append(report)
        return b"%PDF-"

    monkeypatch.setattr(reports, "pdf_of", pdf_of)
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


def test_when_too_many_are_made_the_person_is_told_to_come_back(client, staff, plan, monkeypatch):
    def busy(*args):
        raise RenderBusy

    monkeypatch.setattr(reports, "pdf_of", busy)
    client.force_login(staff)
    response = client.get(address())
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "รอประมาณครึ่งนาที" in response.content.decode()
    assert not Event.objects.filter(verb="report.downloaded").exists()


def test_a_failed_report_is_a_page_for_people_and_a_line_in_the_log(
    client, staff, plan, monkeypatch, caplog
):
    def failed(*args):
        raise RenderFailed("the worker process ended with code -9")

    monkeypatch.setattr(reports, "pdf_of", failed)
    client.force_login(staff)
    response = client.get(address())
    assert response.status_code == 500
    page = response.content.decode()
    assert "จัดทำรายงานไม่สำเร็จ" in page
    assert "code -9" not in page
    assert "code -9" in caplog.text


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


def test_the_command_writes_the_file(written_plan, tmp_path, capsys):
    output = tmp_path / "report.pdf"
    call_command("render_report", "nongkong", "๒๕๖๕", part="measures", output=output)
    assert output.read_bytes().startswith(b"%PDF-")
    assert Event.objects.get(verb="report.downloaded").actor_id is None


@pytest.mark.parametrize("words", [("nongkong", "2570"), ("nowhere", "2565"), ("nongkong", "2022")])
def test_the_command_says_what_it_does_not_find(plan, tmp_path, words):
    with pytest.raises(CommandError):
        call_command("render_report", *words, output=tmp_path / "report.pdf")
