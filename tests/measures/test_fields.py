"""Saving the fields of issues, measures and progress one by one, as they are typed."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Event, Kept
from accounts.permissions import State
from measures.actions import merge_issues
from measures.fields import text_of as text_of_row
from measures.fields import version_of
from measures.models import Issue, Measure, ProgressEntry
from tests.measures.writing import TEXTS, add_issue, add_measure, report, text_of, url

JSON = {"accept": "application/json"}


@pytest.fixture
def send(client, plan, staff):
    """send(key, value, before) as somchai; the answer for the cell, or the whole refusal."""

    signed_in = []

    def send(key, value, before="", by=staff, path="fields/"):
        if signed_in[-1:] != [by]:
            client.force_login(by)
            signed_in.append(by)
        cells = json.dumps([{"key": key, "value": value, "version": version_of(before)}])
        answer = client.post(url(path), {"cells": cells, "page": "/"}, headers=JSON)
        content = answer.json() if "json" in answer["Content-Type"] else {}
        return content["cells"][0] if "cells" in content else answer

    return send


def test_a_field_is_saved_alone_and_the_event_says_only_that(send, plan, staff):
    measure = add_measure(plan, staff)
    answer = send(f"measure-{measure.pk}.steps", "จัดตั้งศูนย์ใหม่", measure.steps)
    measure = Measure.objects.get()
    assert (answer["state"], answer["value"]) == ("saved", measure.steps)
    assert answer["version"] == version_of(measure.steps)
    assert measure.version == 2
    event = Event.objects.latest("pk")
    assert (event.verb, list(event.before), event.actor_id) == (
        "measure.changed",
        ["steps"],
        staff.pk,
    )


def test_two_people_in_different_fields_of_a_row_never_meet(send, plan, staff, coordinator):
    measure = add_measure(plan, staff)
    key = f"measure-{measure.pk}"
    assert send(f"{key}.title", "ศูนย์ใหม่", TEXTS["title"])["state"] == "saved"
    answer = send(f"{key}.responsible", "กองช่าง", TEXTS["responsible"], by=coordinator)
    assert answer["state"] == "saved"
    measure = Measure.objects.get()
    assert (measure.title, measure.responsible) == ("ศูนย์ใหม่", "กองช่าง")


def test_in_the_same_field_the_second_gets_both_texts(send, plan, staff, coordinator):
    measure = add_measure(plan, staff)
    key = f"measure-{measure.pk}.title"
    send(key, "ของสมชาย", TEXTS["title"])
    send(f"measure-{measure.pk}.follow_up", "ภาพถ่าย", TEXTS["follow_up"], by=coordinator)
    answer = send(key, "ของปราณี", TEXTS["title"], by=coordinator)
    assert answer["state"] == "conflict"
    assert (answer["yours"], answer["theirs"]) == ("ของปราณี", "ของสมชาย")
    assert answer["person"] == "สมชาย ตั้งใจ"
    assert Measure.objects.get().title == "ของสมชาย"
    assert Kept.objects.get().yours == "ของปราณี"
    assert send(key, "ของสองคน", "ของสมชาย", by=coordinator)["state"] == "saved"
    assert not Kept.objects.exists()
    # Who types what already stands there has lost nothing.
    assert send(key, "ของสองคน", TEXTS["title"])["state"] == "saved"
    assert Measure.objects.get().version == 4


def test_a_colleagues_text_is_hers_whatever_was_saved_since(send, plan, staff, coordinator):
    measure, entries = add_measure(plan, staff), [add_issue(plan, staff, n) for n in (9, 10)]
    row, issue = f"measure-{measure.pk}", f"issue-{entries[0].pk}"
    send(f"{row}.steps", "ของปราณี", TEXTS["steps"], by=coordinator)
    send(f"{row}.title", "ของสมชาย", TEXTS["title"])
    merge_issues(plan=plan, versions={one.pk: 1 for one in entries}, by=coordinator)
    send(f"{issue}.kind", "develop", "fix")
    for key, before in ((f"{row}.steps", TEXTS["steps"]), (f"{issue}.points", entries[0].points)):
        assert send(key, "อื่น", before)["person"] == "ปราณี ประสานงาน"


def test_what_the_form_refuses_is_refused_with_its_words(send, plan, staff):
    measure, issue = add_measure(plan, staff), add_issue(plan, staff, 9)
    for key, value, before, message in (
        (f"measure-{measure.pk}.title", "ก" * 501, TEXTS["title"], "ไม่เกิน 500"),
        (f"measure-{measure.pk}.title", " ", TEXTS["title"], "กรอกมาตรการ/แนวทาง"),
        (f"measure-{measure.pk}.steps", "ก\U0001f600", TEXTS["steps"], "U+1F600"),
        (f"measure-{measure.pk}.indicators", "", "9", "เลือกตัวชี้วัด"),
        (f"issue-{issue.pk}.kind", "unknown", "fix", "unknown"),
    ):
        answer = send(key, value, before)
        assert answer["state"] == "refused", key
        assert message in answer["message"]
    assert (Measure.objects.get().version, Issue.objects.get().version) == (1, 1)


def test_indicators_are_lines_of_numbers(send, plan, staff):
    issue = add_issue(plan, staff, 9)
    answer = send(f"issue-{issue.pk}.indicators", "10\n9", "9")
    assert (answer["state"], answer["value"]) == ("saved", "9\n10")
    assert Issue.objects.get().numbers == [9, 10]
    assert Event.objects.latest("pk").before == {"indicators": [9]}
    add_issue(plan, staff, 6)
    taken = send(f"issue-{issue.pk}.indicators", "6\n9", "9\n10")
    assert taken["state"] == "refused"
    assert "ตัวชี้วัดที่ 6" in taken["message"]


def test_progress_begins_with_its_first_field(send, plan, staff, coordinator):
    measure = add_measure(plan, staff)
    key, path = f"progress-6-{measure.pk}", "progress/6/fields/"
    assert send(f"{key}.result", "ออกคำสั่งแล้ว", path=path)["state"] == "saved"
    answer = send(f"{key}.state", "under_way", "not_started", by=coordinator, path=path)
    assert answer["state"] == "saved"
    assert send(f"{key}.percent", "๔๐ %", path=path)["value"] == "40"
    assert "0 ถึง 100" in send(f"{key}.percent", "140", "40", path=path)["message"]
    entry = ProgressEntry.objects.get()
    assert (entry.state, entry.percent, entry.result) == ("under_way", 40, "ออกคำสั่งแล้ว")
    assert send(f"{key}.result", "อื่น", path=path)["state"] == "conflict"


def test_a_row_that_was_deleted_is_refused_and_unknown_ones_are_not_found(send, plan, staff):
    measure = add_measure(plan, staff)
    key = f"measure-{measure.pk}.title"
    for unknown in ("measure-999999.title", f"issue-{measure.pk}.points"):
        assert send(unknown, "ก").status_code == 404
    for unreadable in ("title", f"measure-{measure.pk}.order", f"progress-6-{measure.pk}.result"):
        assert send(unreadable, "ก").status_code == 400
    from measures.actions import delete_row

    delete_row(row=measure, version=1, by=staff)
    answer = send(key, "ข้อความ", TEXTS["title"])
    assert answer["state"] == "refused"
    assert "ลบ" in answer["message"]


def test_what_was_submitted_is_not_changed(send, plan, staff):
    measure = add_measure(plan, staff)
    type(plan).objects.update(
        state=State.SUBMITTED, submitted_by=staff, submitted_at="2022-01-01T00:00Z"
    )
    answer = send(f"measure-{measure.pk}.title", "ใหม่", TEXTS["title"])
    assert answer.status_code == 409
    assert Measure.objects.get().title == TEXTS["title"]


def test_the_whole_form_meets_what_was_saved_by_itself(send, client, plan, staff, coordinator):
    measure = add_measure(plan, staff)
    send(f"measure-{measure.pk}.title", "ของปราณี", TEXTS["title"], by=coordinator)
    client.force_login(staff)
    typed = TEXTS | {"indicators": ["9"], "version": "1", "title": "ของสมชาย"}
    response = client.post(url(f"measures/{measure.pk}/"), typed)
    assert response.status_code == 409
    assert "ของปราณี" in text_of(response)
    assert Measure.objects.get().title == "ของปราณี"


def test_a_save_is_of_at_most_twelve_queries(send, plan, staff):
    measure = add_measure(plan, staff)
    report(measure, staff)
    issue = add_issue(plan, staff, 9)
    sends = (
        (f"measure-{measure.pk}.title", "ใหม่", TEXTS["title"], "fields/"),
        (f"issue-{issue.pk}.points", "ใหม่", issue.points, "fields/"),
        (f"progress-6-{measure.pk}.result", "ใหม่", "ออกคำสั่งแล้ว", "progress/6/fields/"),
    )
    send(f"measure-{measure.pk}.title", TEXTS["title"], TEXTS["title"])
    for key, value, before, path in sends:
        with CaptureQueriesContext(connection) as queries:
            assert send(key, value, before, path=path)["state"] == "saved"
        asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        assert len(asked) <= 12, "\n".join(asked)


def test_what_the_server_writes_otherwise_may_come_twice_as_it_was_typed(send, plan, staff):
    """As after an answer that was lost: nobody else has changed it."""
    measure = add_measure(plan, staff)
    for field, typed in (
        ("steps", "1. ตั้งศูนย์ใหม่\r\n2.\u00a0อบรม"),
        ("title", "1. ศูนย์\u00a0ใหม่"),
        ("period", "dates\n๑ มี.ค. ๒๕๖๕\n31/03/2565\n"),
        ("budget", "amount\n๒๕,๐๐๐ บาท"),
        ("indicators", "10\n9"),
    ):
        key, before = f"measure-{measure.pk}.{field}", text_of_row(measure, field)
        first, again = send(key, typed, before), send(key, typed, before)
        assert (first["state"], again["state"]) == ("saved", "saved"), field
        assert first["value"] == again["value"] != typed
    assert Event.objects.filter(verb="measure.changed").count() == 5


def test_what_is_done_is_at_100_whatever_the_page_still_holds(send, plan, staff):
    measure = add_measure(plan, staff)
    key, path = f"progress-6-{measure.pk}", "progress/6/fields/"
    send(f"{key}.percent", "60", path=path)
    send(f"{key}.state", "done", "not_started", path=path)
    assert send(f"{key}.percent", "70", "60", path=path)["value"] == "100"
