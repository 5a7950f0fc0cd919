"""The page of the reports, and what is downloaded from it beside the PDFs."""

import io
from urllib.parse import unquote

import docx
import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Event
from measures.models import Plan
from measures.sentences import VOCABULARY
from tests.measures.public import published

pytestmark = pytest.mark.one_database("postgres")

YEAR = ["nongkong", 2565]


@pytest.fixture
def page(client, staff, written_plan):
    client.force_login(staff)

    def opened(query=""):
        response = client.get(reverse("measures:reports", args=YEAR) + query)
        assert response.status_code == 200
        return response.content.decode()

    return opened


def document(client, query="", name="measures:report-document", args=(*YEAR, "measures")):
    return client.get(reverse(name, args=args) + query)


def text_of(response):
    body = docx.Document(io.BytesIO(response.content)).element.body
    return "".join(node.text for node in body.iter() if node.tag.endswith("}t"))


def test_each_part_is_offered_in_each_form_with_one_primary_button(page):
    text = page()
    for part in ("full", "measures", "progress"):
        assert reverse("measures:report", args=[*YEAR, part]) in text
        assert reverse("measures:report-document", args=[*YEAR, part]) in text
    assert reverse("measures:report-figures", args=YEAR) in text
    assert reverse("measures:covering", args=[*YEAR, "memo"]) in text
    assert reverse("measures:handing-in", args=YEAR) in text
    assert text.count('class="btn btn-primary"') == 1


def test_one_switch_changes_the_digits_of_all_documents_and_is_kept_nowhere(page, client, agency):
    assert 'full.docx"' in page()
    text = page("?digits=thai")
    for name in ("full.pdf", "measures.docx", "memo.docx"):
        assert f'{name}?digits=thai"' in text
    assert "พ.ศ. ๒๕๖๕" in text_of(document(client, "?digits=thai"))
    assert "พ.ศ. 2565" in text_of(document(client))
    agency.thai_digits = True
    agency.save()
    assert "พ.ศ. ๒๕๖๕" in text_of(document(client))
    assert 'full.docx?digits=arabic"' in page("?digits=arabic")


def test_a_document_is_named_kept_by_no_cache_and_noted(page, client, staff):
    response = document(client)
    disposition = response["Content-Disposition"]
    assert disposition.startswith('attachment; filename="ita-nongkong-2565-measures.docx"; ')
    assert unquote(disposition.split("UTF-8''")[1]) == "มาตรการ ITA หนองกง 2565.docx"
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    event = Event.objects.get(verb="report.document_downloaded")
    assert event.actor_id == staff.pk
    assert event.after == {"document": "measures.docx", "state": "draft"}
    assert "ตารางมาตรการ (DOCX)" in str(VOCABULARY.sentence(event))


def test_the_figures_are_a_workbook(page, client):
    response = client.get(reverse("measures:report-figures", args=YEAR))
    assert "ตัวชี้วัด" in load_workbook(io.BytesIO(response.content)).sheetnames
    assert "figures.xlsx" in response["Content-Disposition"]
    event = Event.objects.get(verb="report.document_downloaded")
    assert "(XLSX)" in str(VOCABULARY.sentence(event))


def test_a_revision_has_its_document_for_ever(page, client, approve, staff, written_plan):
    approve(written_plan)
    Plan.objects.get().measures.update(title="ชื่อที่แก้ภายหลัง")
    name, args = "measures:revision-document", (*YEAR, 1, "measures")
    response = document(client, name=name, args=args)
    assert "ฉบับที่ 1" in unquote(response["Content-Disposition"])
    assert "ชื่อที่แก้ภายหลัง" not in text_of(response)
    assert "พัฒนาระบบบริการ" in text_of(response)
    assert document(client, name=name, args=(*YEAR, 2, "measures")).status_code == 404
    assert document(client, args=(*YEAR, "half")).status_code == 404


def test_downloading_makes_nobody_an_author_who_may_not_approve(page, client, admin, approve, plan):
    client.force_login(admin)
    document(client)
    client.get(reverse("measures:covering", args=[*YEAR, "memo"]))
    assert approve(plan).state == "approved"


def test_a_published_report_shows_its_address_to_copy(page, plan, admin):
    assert "data-copy" not in page()
    published(plan, admin)
    text = page()
    assert "data-copy" in text
    assert f"{plan.get_public_url()}" in text


def test_the_page_needs_few_queries(page, plan, admin, django_assert_max_num_queries):
    published(plan, admin)
    page()
    with django_assert_max_num_queries(15):
        page()
