import json
import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import path

from accounts.access import agency_page
from accounts.permissions import Permission
from ita_portal import urls
from ita_portal.logs import JsonFormatter


def broken(request):
    raise RuntimeError("a fault")


@agency_page(Permission.APPROVE)
def for_admins(request, agency):
    raise AssertionError("nobody without the right comes here")


@pytest.fixture
def faulty(monkeypatch):
    """A client of a portal with a page that fails and one that needs a right."""
    extra = [path("broken/", broken), path("a/<slug:agency>/for-admins/", for_admins)]
    monkeypatch.setattr(urls, "urlpatterns", urls.urlpatterns + extra)
    client = Client(raise_request_exception=False)
    with_urls = type("urlconf", (), {"urlpatterns": urls.urlpatterns, **handlers()})
    return client, with_urls


def handlers():
    return {name: value for name, value in vars(urls).items() if name.startswith("handler")}


@pytest.fixture
def visit(faulty, settings):
    client, urlconf = faulty
    settings.ROOT_URLCONF = urlconf

    def visit(path, user=None, language="th"):
        if user is not None:
            client.force_login(user)
        client.cookies["django_language"] = language
        response = client.get(path)
        if response.streaming:
            response.getvalue()
        return response

    return visit


def text(response):
    return response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "thai", "english"),
    [
        ("/nowhere/", 404, "ไม่พบหน้านี้", "This page was not found"),
        ("/broken/", 500, "ระบบขัดข้อง", "The portal has a fault"),
        ("/a/nongkong/for-admins/", 403, "บัญชีของคุณไม่มีสิทธิเปิดหน้านี้", "Your account may not"),
    ],
)
def test_an_error_has_a_page_in_both_languages(visit, staff, address, status, thai, english):
    response = visit(address, user=staff)
    assert response.status_code == status
    assert thai in text(response)
    assert '<html lang="th">' in text(response)
    assert text(response).count("<h1") == 1
    response = visit(address, user=staff, language="en")
    assert response.status_code == status
    assert english in text(response)
    assert '<html lang="en">' in text(response)


def test_a_refusal_names_the_right_that_is_missing(visit, staff):
    page = text(visit("/a/nongkong/for-admins/", user=staff))
    assert "อนุมัติงานที่ผู้อื่นจัดทำ" in page
    # With the frame, from which one goes on.
    assert 'class="portal-header"' in page
    assert 'href="/notices/"' in page


def test_the_page_of_a_fault_shows_the_code_of_its_log_line(visit, staff, caplog):
    logger = logging.getLogger("django.request")
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(JsonFormatter().format(record))
    logger.addHandler(handler)
    try:
        page = text(visit("/broken/", user=staff))
    finally:
        logger.removeHandler(handler)
    [line] = [json.loads(line) for line in lines]
    assert line["request"] in page
    assert "RuntimeError: a fault" in line["error"]
    assert "RuntimeError" not in page


def test_the_page_of_a_fault_needs_no_database(faulty, visit, django_db_blocker):
    client, _urls = faulty
    client.cookies["sessionid"] = "of somebody who was signed in"
    with django_db_blocker.block():
        response = visit("/broken/")
    assert response.status_code == 500
    assert "ระบบขัดข้อง" in text(response)


def test_a_wrong_host_is_refused_in_thai(client):
    response = client.get("/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert "ระบบอ่านคำขอนี้ไม่ได้" in text(response)


TYPED = {"title": "ศูนย์บริการ <b>", "follow_up": "จัดตั้ง\nอบรม", "version": "0"}


def test_what_was_typed_into_a_page_open_since_an_earlier_sign_in_can_be_copied(staff, plan):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    response = client.post("/a/nongkong/2565/measures/new/", TYPED)
    assert response.status_code == 403
    assert "หน้านี้เปิดไว้นานเกินไป" in text(response)
    assert "ศูนย์บริการ &lt;b&gt;" in text(response)
    assert "จัดตั้ง<br>อบรม" in text(response)


@pytest.mark.django_db
def test_a_refused_sign_in_shows_no_password():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/account/login/", {"login": "somchai", "password": "a secret"})
    assert response.status_code == 403
    assert "a secret" not in text(response)


def test_what_was_typed_when_the_session_ended_can_be_copied(client, plan):
    response = client.post("/a/nongkong/2565/measures/new/", TYPED)
    assert response.status_code == 401
    assert "จัดตั้ง<br>อบรม" in text(response)
    assert "/account/login/" in text(response)
    assert not plan.measures.exists()


@pytest.mark.parametrize(
    ("page", "pressed"), [("review/submit/", {}), ("measures/order/", {"up": "5", "ids": ["5"]})]
)
def test_a_button_pressed_when_the_session_ended_leads_to_sign_in(client, plan, page, pressed):
    response = client.post(f"/a/nongkong/2565/{page}", pressed)
    assert response["Location"].startswith("/account/login/")


def test_another_agencys_page_and_one_that_does_not_exist_are_the_same(visit, staff, other_agency):
    foreign = visit(f"/a/{other_agency.code}/people/", user=staff)
    missing = visit("/a/no-such-agency/people/", user=staff)
    assert foreign.status_code == missing.status_code == 404
    assert text(foreign) == text(missing)


def test_an_agency_out_of_use_is_not_found(visit, admin, agency):
    agency.is_active = False
    agency.save()
    assert visit("/a/nongkong/people/", user=admin).status_code == 404


@pytest.mark.django_db
def test_the_language_is_thai_until_english_is_chosen(client):
    login = "/account/login/"
    page = client.get(login, HTTP_ACCEPT_LANGUAGE="en-US,en;q=0.9")
    assert '<html lang="th">' in text(page)
    chosen = client.post("/i18n/setlang/", {"language": "en", "next": login})
    assert chosen["Location"] == login
    assert '<html lang="en">' in text(client.get(login))
    client.post("/i18n/setlang/", {"language": "th", "next": login})
    assert '<html lang="th">' in text(client.get(login))


# --- health ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_healthy_portal_says_so_without_a_login(client):
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "migrations": "ok"}


def newest_migration(app):
    return MigrationLoader(connection).graph.leaf_nodes(app)[0][1]


@pytest.mark.django_db
def test_a_migration_that_waits_is_a_fault(client):
    recorder = MigrationRecorder(connection)
    name = newest_migration("accounts")
    recorder.record_unapplied("accounts", name)
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json() == {"status": "failing", "database": "ok", "migrations": "pending"}
    recorder.record_applied("accounts", name)
    assert client.get("/health/").status_code == 200


def test_a_database_that_is_away_is_a_fault(tmp_path):
    """In a process of its own, whose database cannot be opened."""
    program = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "response = Client().get('/health/', HTTP_HOST='localhost')\n"
        "print(response.status_code, response.json()['database'])\n"
    )
    away = {"DATABASE_URL": f"sqlite:////{tmp_path}/no/such/folder/db.sqlite3", "HTTPS": "0"}
    done = run_python("-c", program, **away)
    assert done.stdout.split() == ["503", "unreachable"], done.stderr


# --- headers, cookies, logs -----------------------------------------------------------------------

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy(response):
    directives = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in directives}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/account/login/",
        "/nowhere/",
        "/broken/",
        "/health/",
        "/operator/",
        "/operator/accounts/agency/add/",
        "/static/css/portal.css",
        "/static/missing.css",
        "/account/logout/",
    ],
)
def test_every_answer_forbids_foreign_and_inline_scripts(visit, operator, address):
    rules = policy(visit(address, user=operator))
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == ["'self'"]
    assert rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"] == ["'none'"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/account/login/", "/nowhere/", "/broken/", "/operator/"])
def test_pages_carry_the_protecting_headers_and_stay_out_of_caches(visit, operator, address):
    response = visit(address, user=operator)
    for name, value in SAFE.items():
        assert response[name] == value
    assert "no-store" in response["Cache-Control"]
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.django_db
def test_the_admin_has_no_inline_script_or_style(client, operator, agency):
    client.force_login(operator)
    for address in ("/operator/", "/operator/accounts/user/add/", "/operator/accounts/event/"):
        page = text(client.get(address))
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
        assert " onclick=" not in page


@pytest.mark.django_db
def test_a_log_line_is_json_without_query_names_or_the_key_of_a_reset(client, staff, caplog):
    client.force_login(staff)
    with caplog.at_level(logging.INFO, logger="ita_portal.requests"):
        client.get("/agencies/?sort=name&q=สมชาย")
        client.get("/account/password/reset/key/a1-secret-key/")
    lines = [
        json.loads(JsonFormatter().format(record))
        for record in caplog.records
        if record.name == "ita_portal.requests"
    ]
    assert [line["path"] for line in lines] == [
        "/agencies/",
        "/account/password/reset/key/.../",
    ]
    assert lines[0]["method"] == "GET"
    assert lines[0]["status"] == 200
    written = json.dumps(lines, ensure_ascii=False)
    assert "สมชาย" not in written
    assert "somchai" not in written
    assert "secret" not in written


# --- production settings --------------------------------------------------------------------------


def run_python(*arguments, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    wanted = {"DJANGO_SETTINGS_MODULE": "ita_portal.settings", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=kept | wanted | {"SECRET_KEY": "k3y-" * 20 + "abcdefghij"} | environment,
        capture_output=True,
        text=True,
    )


def test_the_deployment_check_finds_nothing_in_production(tmp_path):
    done = run_python(
        "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "INFO",
        VAR_DIR=str(tmp_path), SECRET_KEY="Zt7-Qm2xV9_wLr4Kc8Np1BsYf6HdJg3TeUaXo5Ei0RkMhDvCzWqFnPb",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_without_a_secret_key_the_portal_does_not_start_and_says_what_to_do(tmp_path):
    done = run_python("manage.py", "check", VAR_DIR=str(tmp_path), SECRET_KEY="")
    assert done.returncode != 0
    assert "SECRET_KEY is missing" in done.stderr
    assert "secrets.token_urlsafe" in done.stderr


def test_production_cookies_travel_encrypted_only(tmp_path):
    program = (
        "from django.conf import settings as s\n"
        "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE,"
        " s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS >= 31536000, s.SESSION_COOKIE_NAME)"
    )
    done = run_python("-c", program, VAR_DIR=str(tmp_path))
    assert done.stdout.split() == ["False", *["True"] * 5, "__Host-sessionid"], done.stderr
