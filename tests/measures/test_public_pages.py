"""What anybody sees of what was published, at addresses that stay; and nothing else."""

import gzip
import hashlib
import re
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import brotli
import pytest
from django.contrib.staticfiles.finders import find
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import translation
from jsonschema import Draft202012Validator

from accounts.models import Agency
from measures.models import Evidence, Plan, PublishedFile
from measures.publishing.openapi import description
from tests.measures.public import EVIDENCE, PDF, document, published

NEWEST = "/p/nongkong/2565/"
FIRST, SECOND = f"{NEWEST}v1/", f"{NEWEST}v2/"
FULL = f"{FIRST}full.pdf"
MARCH = datetime(2022, 3, 9, 12, tzinfo=ZoneInfo("Asia/Bangkok"))
once_on_sqlite = pytest.mark.one_database("sqlite")
once_on_postgres = pytest.mark.one_database("postgres")


@pytest.fixture
def first(plan, staff):
    return published(plan, staff)


@pytest.fixture
def second(first, plan, staff):
    return published(plan, staff, number=2, text="องค์การบริหารส่วนตำบลหนองกง (แก้ไขแล้ว)")


def withdraw(publication, by):
    publication.withdraw(by=by, reason="มีหมายเลขโทรศัพท์ของประชาชน", at=MARCH)


def text(response):
    return response.content.decode()


def check_document(data):
    components = description()["components"]
    schema = {"$ref": "#/components/schemas/Document", "components": components}
    assert not [error.message for error in Draft202012Validator(schema).iter_errors(data)]


def test_the_document_of_these_tests_is_one_of_the_open_data():
    check_document(document())


def test_an_extension_is_said_with_its_round(client, plan, staff):
    until = {"until": "2022-05-15", "by": "ผู้ดูแลระบบกลาง"}
    data = document() | {
        "extensions": [
            {"months": None, "reason": "ระบบขัดข้อง", **until},
            {"months": 6, "reason": "น้ำท่วมที่ทำการ", **until},
        ]
    }
    check_document(data)
    published(plan, staff, data=data)
    whole, round = text(client.get(NEWEST)).split("<h3>รอบ 6 เดือน")
    by = "ถึงวันที่ 15 พฤษภาคม 2565 โดยผู้ดูแลระบบ (ผู้ดูแลระบบกลาง) เหตุผล: "
    assert f"ขยายเวลาปิดรับข้อมูลทั้งปี{by}ระบบขัดข้อง" in whole
    assert f"ขยายเวลารายงานผลรอบ 6 เดือน{by}น้ำท่วมที่ทำการ" in round


# --- the page -------------------------------------------------------------------------------------


def test_the_page_says_what_the_document_says_and_where_it_is(client, first):
    page = text(client.get(NEWEST))
    for shown in (
        *("58.24", "▼ ลดลง 5.68", "−8.89 %", "87.54", "86.96", "29.24", "▼ ลดลง 31.58"),
        *("ผู้มีส่วนได้ส่วนเสียภายใน", "จุดแข็ง", "ประเด็นที่ควรพัฒนา", "ข้อสอง", "25,000"),
        *("ไตรมาสที่ 2", "กองคลัง", "รอบ 6 เดือน", "31 มีนาคม 2565", "ดำเนินการแล้วเสร็จ (ร้อยละ 100)"),
        *(
            f"{FIRST}evidence/{EVIDENCE}/",
            FULL,
            "(PDF 3 KB)",
            f"{FIRST}site.zip",
            "โทร. 0 4463 0000",
        ),
        *("สัญญาอนุญาตข้อมูลเปิดภาครัฐ", "2 มีนาคม 2565", "โทร. 0 4463 0000"),
        "<details><summary>ตรวจสอบความถูกต้องของไฟล์ (SHA-256)</summary>",
        f"<dd><code>{hashlib.sha256(PDF).hexdigest()}</code></dd>",
        f'<link rel="canonical" href="http://127.0.0.1:8000{NEWEST}">',
    ):
        assert shown in page
    assert page.count(f'href="{FIRST}evidence/') == 3
    assert '<html lang="th">' in page
    assert 'href="mailto:saraban@nongkong.go.th"' in page
    assert "<script" not in page
    assert " style=" not in page


def test_a_version_is_the_same_for_ever_and_says_what_replaced_it(client, first, second):
    page = text(client.get(FIRST))
    assert f'ถูกแทนที่ด้วย<a href="{SECOND}">ฉบับเผยแพร่ที่ 2</a> เมื่อ' in page
    assert "แก้ไขแล้ว" not in page
    assert f'rel="canonical" href="http://127.0.0.1:8000{FIRST}"' in page
    newest = text(client.get(NEWEST))
    assert "แก้ไขแล้ว" in newest
    assert "ถูกแทนที่" not in newest
    assert newest == text(client.get(SECOND))
    assert client.get(f"{NEWEST}data.json")["Location"] == f"{SECOND}data.json"


def test_what_replaced_a_version_is_the_newest_that_stands(client, first, second, plan, staff):
    withdraw(published(plan, staff, number=3), staff)
    said = f'ถูกแทนที่ด้วย<a href="{SECOND}">ฉบับเผยแพร่ที่ 2</a> เมื่อ'
    assert said in text(client.get(FIRST))
    answer = client.get("/api/v1/agencies/nongkong/2565/?version=1").json()
    assert answer["publication"]["replaced_by"] == 2


def test_a_withdrawn_version_says_when_and_why_and_nothing_of_what_it_said(
    client, first, admin, second
):
    withdraw(second, admin)
    for address in (NEWEST, SECOND):
        response = client.get(address)
        page = text(response)
        assert response.status_code == 200
        assert "ฉบับเผยแพร่ที่ 2 ถูกถอนการเผยแพร่แล้ว" in page
        assert "9 มีนาคม 2565" in page
        assert "มีหมายเลขโทรศัพท์ของประชาชน" in page
        assert 'content="noindex"' in page
        assert "58.24" not in page
        assert "full.pdf" not in page
    for name in ("full.pdf", "site.zip", f"evidence/{EVIDENCE}/"):
        gone = client.get(SECOND + name)
        assert gone.status_code == 410
        assert f'href="{SECOND}"' in text(gone)
    assert "58.24" in text(client.get(FIRST))
    assert "ซึ่งถูกถอนการเผยแพร่แล้ว" in text(client.get(FIRST))


def test_nothing_that_is_not_published_is_seen(client, first, plan, written_plan, agency, staff):
    seen = text(client.get(NEWEST)), text(client.get(FIRST))
    plan.measures.update(title="ร่างที่ยังไม่เผยแพร่")
    plan.assessment.scores.update(value=1)
    assert (text(client.get(NEWEST)), text(client.get(FIRST))) == seen
    Plan.objects.create(agency=agency, year=2566, assessment=plan.assessment)
    for hidden in (
        *("/p/nongkong/2566/", "/p/nongkong/2566/full.pdf", "/p/none/", "/p/none/2565/"),
        *(
            SECOND,
            f"{FIRST}other.pdf",
            "/p/nongkong/2565/v01/",
            f"/p/nongkong/2565/v{2**64}/full.pdf",
            f"{FIRST}a%00.pdf",
            f"{FIRST}evidence/7e57f11e-0000-4000-8000-0000000000ff/",
        ),
    ):
        response = client.get(hidden)
        assert response.status_code == 404, hidden
        assert "ไม่พบหน้านี้" in text(response)
        assert 'href="/p/"' in text(response)
        assert "/account/" not in text(response)


def test_an_address_outlives_the_agency(client, first, agency):
    before = text(client.get(FIRST))
    Agency.objects.filter(pk=agency.pk).update(is_active=False, name="เทศบาลตำบลหนองกง")
    assert text(client.get(FIRST)) == before
    assert client.get(FULL).status_code == 200


@once_on_postgres
def test_an_address_typed_without_its_last_stroke_leads_on(client, first):
    for address in (NEWEST, FIRST, "/p/nongkong/"):
        response = client.get(address[:-1])
        assert (response.status_code, response["Location"]) == (301, address)


# --- without cookies ------------------------------------------------------------------------------


@once_on_sqlite
def test_public_answers_know_no_cookie_and_nobody(first, staff):
    visitor, member = Client(), Client()
    member.force_login(staff)
    member.cookies["django_language"] = "en"
    for address in (NEWEST, FIRST, "/p/", "/p/nongkong/", FULL, "/p/none/", f"{NEWEST}full.pdf"):
        answer, hers = visitor.get(address), member.get(address)
        assert answer.content == hers.content
        assert not answer.cookies, address
        assert not hers.cookies, address
        assert "cookie" not in answer.get("Vary", "").lower()
        for name, value in {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }.items():
            assert answer[name] == value, (address, name)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"] or address == FULL
    assert translation.get_language() == "th"


@once_on_sqlite
def test_a_public_fault_has_a_page_with_its_code_and_a_wrong_host_is_refused(first, monkeypatch):
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("measures.views.public.facts_of", lambda publication: 1 / 0)
    broken = client.get(FIRST)
    assert broken.status_code == 500
    assert "ระบบขัดข้อง" in text(broken)
    assert 'href="/p/"' in text(broken)
    assert client.get(FIRST, HTTP_HOST="evil.example").status_code == 400


@once_on_postgres
def test_the_page_is_light(client, first, plan, staff):
    page = gzip.compress(client.get(NEWEST).content)
    style = Path(find("css/public.css")).read_bytes()
    asked = re.findall(r'(?:href|src)="(/static/[^"]+)"', text(client.get(NEWEST)))
    assert set(asked) == {"/static/css/public.css", "/static/img/icon.svg"}
    assert len(page) + len(brotli.compress(style)) < 30_000
    many = document()
    many["measures"] *= 50
    many["rounds"][0]["entries"] *= 50
    published(plan, staff, number=2, data=many)
    page = client.get(NEWEST, headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) + len(brotli.compress(style)) < 60_000


def test_a_page_asks_little_of_the_database(client, second, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        client.get(FIRST)
    with django_assert_max_num_queries(4):
        client.get("/p/?q=หนองกง")
    with django_assert_max_num_queries(2):
        assert client.get(FULL).status_code == 200
    # The bytes are known now.
    with django_assert_max_num_queries(1):
        client.get(FULL)


# --- files ----------------------------------------------------------------------------------------


def test_a_file_is_sent_as_it_was_stored(client, first):
    response = client.get(FULL, headers={"accept-encoding": "gzip"})
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(PDF))
    assert response["ETag"] == f'"{hashlib.sha256(PDF).hexdigest()}"'
    assert response["Cache-Control"] == "public, max-age=300, must-revalidate"
    name = response["Content-Disposition"]
    assert name.startswith(
        "inline; filename=\"ita-nongkong-2565-v1-full.pdf\"; filename*=UTF-8''%E0"
    )
    sheet = client.get(f"{FIRST}scores.csv")
    assert sheet["Content-Disposition"].startswith("attachment; ")
    assert sheet["Content-Security-Policy"] == "sandbox; default-src 'none'"
    head = client.head(FULL)
    assert (head.content, head["Content-Length"]) == (b"", str(len(PDF)))


@once_on_postgres
def test_a_file_that_is_known_is_not_sent_again(client, first, django_assert_num_queries):
    tag = client.get(FULL)["ETag"]
    with django_assert_num_queries(1):
        known = client.get(FULL, headers={"if-none-match": f'"other", {tag}'})
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", tag)
    assert client.get(FULL, headers={"if-none-match": '"other"'}).status_code == 200


@once_on_sqlite
@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-5", 206, slice(-5, None)),
        (f"bytes=5-{len(PDF) * 2}", 206, slice(5, None)),
        (f"bytes=-{len(PDF) * 2}", 200, slice(None)),
        ("bytes=0-1,5-6", 200, slice(None)),
        ("bytes=9-2", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("pages=1-2", 200, slice(None)),
        (f"bytes={'9' * 5000}-", 200, slice(None)),
        (f"bytes={len(PDF)}-", 416, None),
        (f"bytes={len(PDF) * 2}-", 416, None),
        ("bytes=-0", 416, None),
    ],
)
def test_a_part_of_a_file_can_be_asked_for(client, first, asked, status, part):
    response = client.get(FULL, headers={"range": asked})
    assert response.status_code == status
    if part is None:
        assert response["Content-Range"] == f"bytes */{len(PDF)}"
        # No cache gives a refusal to those who ask for the whole file.
        assert response["Cache-Control"] == "no-store"
        return
    assert response.content == PDF[part]
    assert response["Content-Length"] == str(len(PDF[part]))
    if status == 206:
        start, stop, _step = part.indices(len(PDF))
        assert response["Content-Range"] == f"bytes {start}-{stop - 1}/{len(PDF)}"


@once_on_sqlite
def test_a_part_is_sent_only_to_whom_has_the_same_file(client, first):
    tag = client.get(FULL)["ETag"]
    for held, status in ((tag, 206), ('"other"', 200), ("Wed, 09 Mar 2022 05:00:00 GMT", 200)):
        headers = {"range": "bytes=0-9", "if-range": held}
        assert client.get(FULL, headers=headers).status_code == status


def test_a_withdrawn_file_is_gone_at_once_for_us(client, first, admin):
    assert client.get(FULL).status_code == 200
    withdraw(first, admin)
    assert client.get(FULL).status_code == 410
    assert client.get(FULL, headers={"range": "bytes=0-9"}).status_code == 410
    newest = client.get(f"{NEWEST}full.pdf", follow=True)
    assert newest.status_code == 410


def test_evidence_is_sent_while_its_version_stands_and_it_is_shown(client, first, plan, staff):
    address = f"{FIRST}evidence/{EVIDENCE}/"
    file = Evidence(pk=EVIDENCE, plan=plan, name="คำสั่ง.pdf", size=3, uploaded_by=staff)
    file.media_type = "application/pdf"
    file.file = ContentFile(b"original", name="x")
    file.public_copy = ContentFile(b"copy", name="y")
    file.save()
    response = client.get(address)
    assert response.getvalue() == b"copy"
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E0")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    Evidence.objects.update(public_copy="")
    assert client.get(address).status_code == 410


# --- lists ----------------------------------------------------------------------------------------


def test_the_index_finds_agencies_by_name_place_and_year(client, first, admin):
    for words in ("", "?q=หนองกง", "?q=นางรอง บุรีรัมย์", "?year=2565", "?year=x&page=9", "?q=%00"):
        page = text(client.get(f"/p/{words}"))
        assert f'href="{NEWEST}"' in page, words
        assert "58.24" in page
    for words in ("?q=ไม่มี", "?q=หนองกง&year=2566&q=อื่น"):
        assert "ไม่พบหน่วยงาน" in text(client.get(f"/p/{words}"))
    withdraw(first, admin)
    assert "ยังไม่มีหน่วยงานที่เผยแพร่" in text(client.get("/p/"))
    years = text(client.get("/p/nongkong/"))
    assert "ถอนการเผยแพร่เมื่อ 9 มีนาคม 2565" in years
    assert "58.24" not in years


@once_on_postgres
def test_the_index_shows_each_agency_once_by_its_newest_year(client, first, agency, staff):
    assessment = first.plan.assessment
    later = Plan.objects.create(agency=agency, year=2566, assessment=assessment)
    published(later, staff)
    page = text(client.get("/p/"))
    assert page.count("<tr>") == 2
    assert "/p/nongkong/2566/" in page
    assert NEWEST in text(client.get("/p/?year=2565"))
    assert f'href="{NEWEST}">ปี 2565' in text(client.get("/p/nongkong/2566/"))
    assert NEWEST in text(client.get("/p/nongkong/"))


@once_on_sqlite
def test_the_index_has_pages(client, first, plan, staff, other_agency, monkeypatch):
    monkeypatch.setattr("measures.views.public.AGENCIES_A_PAGE", 1)
    theirs = Plan.objects.create(agency=other_agency, year=2565, assessment=plan.assessment)
    published(theirs, staff)
    page = text(client.get("/p/?year=2565"))
    assert "2 หน่วยงาน" in page
    assert "หน้า 1 จาก 2" in page
    following = re.search(r'href="([^"]+)" rel="next"', page)[1].replace("&amp;", "&")
    assert following == "?year=2565&page=2"
    assert 'rel="prev"' in text(client.get(f"/p/{following}"))


# --- the copy for another site --------------------------------------------------------------------


@once_on_sqlite
def test_the_zip_is_the_same_for_ever_and_holds_page_and_files(client, first, plan, staff):
    response = client.get(f"{FIRST}site.zip")
    assert response["Content-Type"] == "application/zip"
    published(plan, staff, number=2)
    assert client.get(f"{FIRST}site.zip").content == response.content
    with ZipFile(BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        page = archive.read("ita-nongkong-2565-v1/index.html").decode()
        assert archive.read("ita-nongkong-2565-v1/full.pdf") == PDF
    assert all(re.fullmatch(r"[a-z0-9.-]+/[a-z0-9.]+", name) for name in names)
    assert len(names) == 2 + PublishedFile.objects.filter(publication=first).count()
    links = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert {"style.css", "full.pdf", "data.json"} <= set(links)
    ways = ("#", "http://127.0.0.1:8000/p/", "https://", "data:,", "mailto:")
    folder = {name.split("/")[1] for name in names}
    assert all(link in folder or link.startswith(ways) for link in links), links
