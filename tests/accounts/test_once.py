"""A form that is sent twice is taken once."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Event, Once
from accounts.permissions import State
from measures import actions
from measures.models import Measure, Plan
from tests.measures.writing import add_measure

MEASURE = {
    "title": "ปรับปรุงการเปิดเผยข้อมูล",
    "steps": "แต่งตั้งคณะทำงาน",
    "period": "ตลอดปีงบประมาณ พ.ศ. 2565",
    "follow_up": "รายงานผล",
    "responsible": "สำนักปลัด",
    "indicators": ["9"],
    "version": "0",
}


def url(name, *args):
    return reverse(f"measures:{name}", args=["nongkong", 2565, *args])


@pytest.fixture
def writer(client, staff, plan):
    client.force_login(staff)
    return client


def test_the_same_form_again_leads_where_it_led_and_writes_nothing(writer, plan):
    first, again = (
        writer.post(url("measure-add"), MEASURE | {"once": "one-key"}) for _ in range(2)
    )
    assert first["Location"] == again["Location"] == url("measures")
    assert plan.measures.count() == Event.objects.filter(verb="measure.created").count() == 1


def test_other_words_with_the_same_key_are_another_form(writer, plan):
    for title in ("มาตรการหนึ่ง", "มาตรการสอง"):
        writer.post(url("measure-add"), MEASURE | {"once": "one-key", "title": title})
    assert plan.measures.count() == 2


def test_without_a_key_or_with_another_each_send_counts(writer, plan):
    for key in ({}, {}, {"once": "one"}, {"once": "two"}):
        writer.post(url("measure-add"), MEASURE | key)
    assert plan.measures.count() == 4


def test_a_form_that_was_refused_can_be_sent_again(writer, plan, coordinator, admin):
    form = MEASURE | {"once": "one-key"}
    assert writer.post(url("measure-add"), form | {"title": ""}).status_code == 200
    add_measure(plan, coordinator)
    actions.move_plan(plan=plan, move="submit", by=coordinator)
    assert writer.post(url("measure-add"), form).status_code == 409
    assert not Once.objects.exists()
    actions.move_plan(plan=plan, move="return", by=admin, reason="เพิ่มมาตรการ")
    assert writer.post(url("measure-add"), form).status_code == 302
    assert plan.measures.count() == 2


def test_another_person_may_have_the_same_key(writer, plan, admin):
    admin.memberships.update(role="staff")
    for person in (plan.agency.memberships.get(role="staff", user__username="somchai").user, admin):
        writer.force_login(person)
        writer.post(url("measure-add"), MEASURE | {"once": "one-key"})
    assert plan.measures.count() == 2


def test_every_form_that_writes_to_an_agencys_records_carries_a_key():
    """People sign in and out, and choose a language, as often as they like; judging or copying a
    file, or making documents, takes too long for the transaction that a key opens."""
    without = [
        f"{path.name}: {form}"
        for path in (Path(__file__).parents[2] / "templates").rglob("*.html")
        if not {"account", "admin", "mfa"} & set(path.parts) and path.name != "base.html"
        for form in re.findall(
            r"<form[^\n]*{% csrf_token %}(?!{% once %})", path.read_text("utf-8")
        )
        if not re.search('multipart|id="show"|data-publish', form)
    ]
    assert not without


# --- at the same moment ---------------------------------------------------------------------------


def at_once(user, page, form, count=5, key="one-key"):
    """The answers to `count` equal sends of one person, let go together.

    `key` is empty where the form has none.
    """
    start = threading.Barrier(count)

    def send(client):
        try:
            start.wait(10)
            return client.post(page, form | {"once": key})
        finally:
            connection.close()

    clients = [Client() for _ in range(count)]
    for client in clients:
        client.force_login(user)
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(send, clients))


def lead_to_one_page(responses):
    return len({response["Location"] for response in responses}) == 1


def imported(user):
    """The page of an import, and its form for confirming what a file changes."""
    client = Client()
    client.force_login(user)
    page = reverse("assessments:scores-import", args=["nongkong", 2564])
    csv = "รหัสหน่วยงาน,ปี,ตัวชี้วัดที่ 9\nnongkong,2564,30.00\n".encode()
    file = SimpleUploadedFile("scores.csv", csv)
    html = client.post(page, {"file": file}).content.decode()
    return page, {"confirmed": re.search('name="confirmed" value="([^"]+)"', html)[1]}


@pytest.mark.django_db(transaction=True)
def test_five_equal_sends_at_once_are_one_act(plan, staff, coordinator, admin):
    assert lead_to_one_page(at_once(staff, *imported(staff)))
    assert Event.objects.filter(verb="scores.saved").count() == 1
    assert lead_to_one_page(at_once(staff, url("measure-add"), MEASURE))
    assert Measure.objects.count() == Event.objects.filter(verb="measure.created").count() == 1
    assert lead_to_one_page(at_once(coordinator, url("review-move", "submit"), {}))
    assert Event.objects.filter(verb="plan.submitted").count() == 1
    assert lead_to_one_page(at_once(admin, url("review-move", "approve"), {}))
    assert Event.objects.filter(verb="plan.approved").count() == 1
    assert Plan.objects.get().state == State.APPROVED
