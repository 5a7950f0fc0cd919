"""Playwright with Debian's Chromium; a page that complains in its console fails the test."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
# Milliseconds; they only end what hangs, and a busy machine must not look like that.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
# Playwright's loop runs in the tests' own thread, and Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    executable = next((path for path in CHROMIUM if Path(path).exists()), None)
    if not executable:
        pytest.fail("Chromium is not installed. Run script/bootstrap test.")
    args = [
        # Chromium refuses to sandbox for root and in many containers; it sees our own pages only.
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        # No script of a test runs long enough to earn back what optimizing it costs.
        "--js-flags=--no-opt --no-maglev",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    return browser_type_launch_args | {"executable_path": executable, "args": args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "th-TH", "timezone_id": "Asia/Bangkok"}


@pytest.fixture
def complaints():
    """What the pages of this test complained of; the test fails if anything is left in it."""
    found = []
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def new_context(new_context, complaints):
    """Opens a further browser profile on the live server: another person, or no JavaScript."""

    def make(**options):
        context = new_context(**options)
        context.on("console", lambda message: note_message(message, complaints))
        context.on("weberror", lambda error: complaints.append(f"Uncaught: {error.error}"))
        context.on("response", lambda response: note_response(response, complaints))
        context.set_default_timeout(PATIENCE)
        return context

    return make


def note_message(message, complaints):
    # Which answers may be errors is said in note_response: 404 is right for some pages.
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        complaints.append(f"Console: {message.text}")


def note_response(response, complaints):
    part_of_page = response.request.resource_type in {"stylesheet", "script", "font", "image"}
    if response.status >= (400 if part_of_page else 500):
        complaints.append(f"{response.status} for {response.url}")


@pytest.fixture
def sign_in(live_server):
    """sign_in(page, user): puts a session of the user's into the page's browser profile."""
    from django.conf import settings
    from django.test import Client

    def sign_in(page, user):
        # A client of its own: the same one would end the session of whom it signed in before.
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    return sign_in
