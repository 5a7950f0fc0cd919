"""The public interface: it answers as it is described, and says nothing that is not published."""

import csv
import hashlib
import io
import json
from functools import cache
from importlib import import_module
from urllib.parse import quote

import pytest
from django.urls import get_resolver
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from accounts.models import Agency
from measures.models import Publication, PublishedFile, Revision
from measures.publishing.making import Copy
from measures.publishing.openapi import BASE, OPERATIONS, description
from measures.report.frozen import freeze

pytestmark = pytest.mark.django_db
JSON, PROBLEM = "application/json", "application/problem+json"


def publish(plan, by, number=1, **fields):
    """As publishing leaves the newest revision, with the one file that is looked at."""
    revision = plan.revisions.first() or Revision.objects.create(
        plan=plan, number=1, content=freeze(plan), made_at=timezone.now(), made_by=by
    )
    revision.plan = plan
    publication = Publication.objects.create(
        plan=plan,
        revision=revision,
        number=number,
        published_at=timezone.now(),
        published_by=by,
        edition="0" * 64,
        data=Copy(revision, number, timezone.now(), False).data,
        **fields,
    )
    content = json.dumps(publication.data).encode()
    PublishedFile.objects.create(
        publication=publication,
        name="data.json",
        media_type=JSON,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
    )
    return publication


@pytest.fixture
def published(plan, admin):
    return publish(plan, admin)


def ask(client, path, status=200, **headers):
    """The answer, which must be as the description of its address says."""
    response = client.get(f"{BASE}{path}", headers=headers)
    assert response.status_code == status, response.content.decode()
    assert "Cookie" not in response.get("Vary", "")
    checked(response)
    return response


def checked(response):
    assert not response.cookies
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, no-cache"
    if response.status_code == 304:
        return
    name = response.resolver_match.url_name
    name = "agency" if name == "unknown" else name
    kind = response["Content-Type"].partition(";")[0]
    schema = validator(name, response.status_code, kind)
    if kind in (JSON, PROBLEM):
        errors = schema.iter_errors(json.loads(response.content))
        assert not [f"{error.json_path}: {error.message}" for error in errors]


@cache
def validator(name, status, kind):
    """Of the answers of an address, as the description has them."""
    described = description()
    answers = described["paths"][OPERATIONS[name].path]["get"]["responses"]
    schema = answers[str(status)]["content"][kind]["schema"]
    schema = schema | {"components": described["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def test_the_description_is_openapi_and_every_address_is_in_it_once(client):
    get_resolver().url_patterns  # noqa: B018, what registers the converter of years
    urlpatterns = import_module("measures.api_urls").urlpatterns
    document = ask(client, "/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    served = {one.name for one in urlpatterns} - {"unknown"}
    assert served == {path["get"]["operationId"] for path in document["paths"].values()}
    by_name = {
        one.name: str(one.pattern).replace("slug:", "").replace("year:", "") for one in urlpatterns
    }
    for path, methods in document["paths"].items():
        pattern = by_name[methods["get"]["operationId"]]
        assert path == "/" + pattern.replace("<", "{").replace(">", "}")


@pytest.mark.one_database("sqlite")
def test_every_field_says_what_it_means():
    def fields(schema, path):
        for name, field in schema.get("properties", {}).items():
            field = field.get("anyOf", [field])[0]
            assert "$ref" in field or field["description"], f"{path}.{name}"
            fields(field.get("items", field), f"{path}.{name}")

    for name, schema in description()["components"]["schemas"].items():
        assert schema["description"]
        fields(schema, name)


@pytest.mark.one_database("sqlite")
def test_the_page_says_the_same_without_a_script(client):
    page = ask(client, "/").content.decode()
    for one in OPERATIONS.values():
        assert one.path in page and one.summary in page
    assert "<script" not in page and "style=" not in page
    assert len(page.encode()) < 60 * 1024


def test_agencies_with_something_published_are_found_by_province_and_name(client, published):
    Agency.objects.create(code="silent", name="เทศบาลตำบลเงียบ", province="บุรีรัมย์")
    [row] = ask(client, "/agencies/").json()["results"]
    assert (row["code"], row["years"]) == ("nongkong", [2565])
    for query, count in (
        ("province=บุรีรัมย์", 1),
        ("province=สุรินทร์", 0),
        ("q=หนองกง", 1),
        ("q=NONG", 1),
        ("q=เงียบ", 0),
        ("limit=๑", 1),
    ):
        assert ask(client, f"/agencies/?{query}").json()["count"] == count, query


def test_pages_lead_on_and_back(client, published, admin):
    second = Agency.objects.create(code="second", name="เทศบาลตำบลสอง")
    plan = published.plan
    plan.pk, plan.agency = None, second
    plan.assessment = type(plan.assessment).objects.create(
        agency=second, framework=plan.assessment.framework
    )
    plan.save()
    Publication.objects.create(
        plan=plan,
        revision=published.revision,
        number=1,
        published_at=timezone.now(),
        published_by=admin,
        edition="0" * 64,
        data=published.data,
    )
    first = ask(client, "/agencies/?limit=1").json()
    assert first["count"] == 2 and first["previous"] is None
    then = ask(client, first["next"].partition(BASE)[2]).json()
    assert [row["code"] for row in then["results"]] == ["second"]
    assert then["next"] is None
    assert "offset=0" in then["previous"]
    table = ask(client, "/results/2564/?format=csv&limit=1")
    assert 'offset=1>; rel="next"' in table["Link"]


def test_a_year_gives_the_document_and_its_files(client, written_plan, approve, admin):
    published = publish(approve(written_plan), admin)
    answer = ask(client, "/agencies/nongkong/2565/").json()
    assert answer["document"] == published.data
    assert answer["publication"]["state"] == "current"
    [file] = answer["files"]
    assert file["sha256"] == published.files.get().digest
    assert file["url"].endswith("/p/nongkong/2565/v1/data.json")
    [year] = ask(client, "/agencies/nongkong/").json()["years"]
    assert (year["year"], year["result_year"]) == (2565, 2564)
    assert year["versions"] == [answer["publication"]]


def test_a_replaced_and_a_withdrawn_version_say_so(client, published, admin):
    publish(
        published.plan,
        admin,
        number=2,
        withdrawn_at=timezone.now(),
        withdrawn_by=admin,
        withdrawal_reason="มีข้อมูลส่วนบุคคล",
    )
    newest = ask(client, "/agencies/nongkong/2565/").json()
    assert newest["publication"]["state"] == "withdrawn"
    assert newest["publication"]["withdrawal_reason"] == "มีข้อมูลส่วนบุคคล"
    assert newest["document"] is None and newest["files"] == []
    first = ask(client, "/agencies/nongkong/2565/?version=1").json()
    assert (first["publication"]["state"], first["publication"]["replaced_by"]) == ("replaced", 2)
    assert first["document"]["result"]["total"] == "58.24"
    assert ask(client, "/agencies/").json()["count"] == 0
    assert ask(client, "/results/2564/").json()["results"] == []
    assert ask(client, "/agencies/nongkong/").json()["years"]


def test_results_have_a_row_an_agency_also_as_a_table(client, published):
    [row] = ask(client, "/results/2564/").json()["results"]
    assert (row["total"], row["instruments"]["OIT"]) == ("58.24", "27.12")
    assert row["indicators"]["10"] == "25.00"
    response = ask(client, "/results/2564/?format=csv")
    [line] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (line["agency_code"], line["fiscal_year"]) == ("nongkong", "2564")
    assert (line["i10"], line["oit"], line["total"]) == ("25.00", "27.12", "58.24")
    assert ask(client, "/results/2565/").json()["count"] == 0


def test_what_is_not_published_is_nowhere(client, written_plan, approve):
    approve(written_plan)
    for path in ("/agencies/", "/results/2564/"):
        assert ask(client, path).json()["results"] == []
    for path in ("/agencies/nongkong/", "/agencies/nongkong/2565/", "/agencies/nobody/"):
        ask(client, path, status=404)


@pytest.mark.one_database("sqlite")
def test_what_is_wrong_is_said_in_both_languages(client, published):
    for path, status, thai, english in (
        ("/agencies/?page=2", 400, "ไม่มีพารามิเตอร์ page", "There is no parameter page"),
        ("/agencies/?limit=0", 400, "จำนวนเต็ม 1–500", "a whole number 1–500"),
        ("/agencies/?limit=1&limit=2", 400, "เพียงครั้งเดียว", "only once"),
        ("/agencies/?q=%00", 400, "ไม่เกิน 100 ตัวอักษร", "at most 100 characters"),
        ("/results/2564/?format=xml", 400, "json, csv", "json, csv"),
        ("/agencies/nongkong/2565/?version=9", 404, "ฉบับเผยแพร่ที่ 9", "version 9"),
        ("/agency/nongkong/", 404, "ลงท้ายด้วย /", "end with a slash"),
        ("/results/1999/", 404, "ไม่มีที่อยู่นี้", "no such address"),
    ):
        problem = ask(client, path, status).json()
        assert problem["status"] == status
        assert thai in problem["detail"] and english in problem["detail_en"]


@pytest.mark.one_database("sqlite")
def test_nothing_can_be_written(client, published):
    for path in ("/agencies/", "/agencies/nongkong/2565/", "/results/2564/", "/"):
        for method in ("post", "put", "patch", "delete", "options"):
            response = getattr(client, method)(f"{BASE}{path}")
            assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
            checked(response)


def test_an_unchanged_answer_is_not_sent_again(client, published):
    response = ask(client, "/agencies/nongkong/2565/")
    again = ask(client, "/agencies/nongkong/2565/", 304, **{"If-None-Match": response["ETag"]})
    assert not again.content
    assert client.head(f"{BASE}/agencies/").status_code == 200


def test_an_answer_takes_few_queries(client, published, django_assert_max_num_queries):
    for path in ("/agencies/", "/agencies/nongkong/", "/agencies/nongkong/2565/", "/results/2564/"):
        with django_assert_max_num_queries(5):
            ask(client, path)


SEGMENTS = st.sampled_from(
    ("agencies", "results", "nongkong", "2565", "2564", "99999", "openapi.json", "%00", "..", "")
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NAMES = st.sampled_from(("province", "q", "limit", "offset", "version", "format", "x"))
VALUES = st.sampled_from(("1", "๒", "0", "-1", "1e9", "999999", "csv", "json", "")) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=110
)


@pytest.mark.one_database("postgres")
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(SEGMENTS, max_size=4), st.lists(st.tuples(NAMES, VALUES), max_size=3), st.booleans()
)
def test_any_request_is_answered_as_described(client, published, segments, query, slash):
    path = f"{BASE}/" + "/".join(segments) + ("/" if slash else "")
    response = client.get(quote(path), query_params=query)
    if response.status_code == 301:
        # Leads to the same address with its slash.
        assert not slash
    else:
        assert response.status_code in (200, 400, 404)
        checked(response)
