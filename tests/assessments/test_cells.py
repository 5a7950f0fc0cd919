"""Cells saved as they are typed: what the page sends, and what it is answered."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event, Kept, Membership
from accounts.permissions import Role, State
from assessments.actions import ScoreChange, enter_scores
from assessments.models import Assessment, Framework
from tests.assessments.pages import scores_url

JSON = {"accept": "application/json"}


@pytest.fixture
def colleague(admin):
    """Somying as a second writer."""
    Membership.objects.filter(user=admin).update(role=Role.STAFF)
    return admin


@pytest.fixture
def send(client, agency, staff):
    """send((key, value, version), …) as the grid of 2564 does; returns the answer."""
    client.force_login(staff)

    def send(*cells, kind=""):
        cells = [dict(zip(("key", "value", "version"), cell, strict=True)) for cell in cells]
        sent = {"cells": json.dumps(cells), "page": scores_url(agency, 2564)}
        url = reverse(f"assessments:scores-cells{kind}", args=[agency.code, 2564])
        return client.post(url, sent, headers=JSON)

    return send


def answers(response):
    assert response.status_code == 200, response.content.decode()
    return response.json()["cells"]


def stored(assessment, number):
    return assessment.scores.get(indicator__number=number, part=0).value


def test_a_cell_is_saved_with_one_event_and_answered_as_the_page_writes_it(send, results, staff):
    [answer] = answers(send(("i9", "๓๐.๕", 2)))
    assert answer.pop("time").endswith("น.")
    assert answer == {"key": "i9", "state": "saved", "value": "30.50", "version": 3}
    assert stored(results, 9) == Decimal("30.50")
    event = Event.objects.get()
    assert (event.verb, event.actor_id) == ("scores.saved", staff.pk)
    assert (event.before, event.after) == ({"i9": "29.24"}, {"i9": "30.50"})


def test_the_same_value_again_changes_nothing(send, results):
    send(("i9", "30", 2))
    [answer] = answers(send(("i9", "30", 2)))
    assert (answer["state"], answer["value"], answer["version"]) == ("saved", "30.00", 3)
    assert Event.objects.count() == 1


def test_a_cell_can_be_emptied(send, results):
    [answer] = answers(send(("i9", "-", 2)))
    assert answer["value"] == ""
    assert stored(results, 9) is None


def test_the_first_cell_opens_the_year(send, agency, frameworks):
    [answer] = answers(send(("i1", "87.54", 1)))
    assert (answer["state"], answer["version"]) == ("saved", 2)
    assert stored(Assessment.objects.get(agency=agency, kind="official"), 1) == Decimal("87.54")


def test_a_cell_that_cannot_be_taken_says_why_and_the_others_are_saved(send, results):
    wrong, right = answers(send(("i9", "875.4", 2), ("i8", "77", 2)))
    assert (wrong["state"], right["state"]) == ("refused", "saved")
    assert "คะแนนตัวชี้วัดที่ 9 ต้องอยู่ระหว่าง 0 ถึง 100" in wrong["message"]
    assert stored(results, 9) == Decimal("29.24")


def test_a_refused_cell_alone_opens_no_year(send, agency, frameworks):
    [answer] = answers(send(("i9", "แปดสิบ", 1)))
    assert "ต้องเป็นตัวเลข" in answer["message"]
    assert answer["suggestion"] == ""
    [answer] = answers(send(("i9", "87,54", 1)))
    assert answer["suggestion"] == "87.54"
    assert not Assessment.objects.exists()


def test_an_item_gets_only_the_points_that_the_framework_knows(send, agency, frameworks):
    wrong, right = answers(send(("o1", "30", 1), ("o2", "100", 1), kind="-self"))
    assert wrong["state"] == "refused"
    assert "O1 ใส่ได้เฉพาะ 0, 100" in wrong["message"]
    assert (right["state"], right["value"]) == ("saved", "100")
    [mark] = Assessment.objects.get(kind="self").subscores.all()
    assert (mark.item.number, mark.value) == (2, Decimal(100))


def test_a_cell_that_somebody_else_changed_answers_with_both_values(
    send, results, agency, staff, colleague
):
    theirs = [ScoreChange("i9", Decimal("30"), 2)]
    enter_scores(agency=agency, year=2564, changes=theirs, by=colleague)
    first, second = answers(send(("i9", "31", 2), ("i10", "26", 2)))
    assert "เวลา" in first.pop("time")
    assert first == {
        "key": "i9",
        "state": "conflict",
        "yours": "31",
        "theirs": "30.00",
        "version": 3,
        "person": "สมหญิง ใจดี",
    }
    assert second["state"] == "saved"
    assert stored(results, 9) == Decimal("30")
    [kept] = Kept.objects.all()
    assert (kept.user, kept.key, kept.yours) == (staff, "i9", "31")
    assert answers(send(("i9", "31", 3)))[0]["state"] == "saved"
    assert not Kept.objects.exists()


def test_two_windows_of_one_person_are_told_apart(send, results):
    send(("i9", "30", 2))
    [answer] = answers(send(("i9", "31", 2)))
    assert (answer["state"], answer["person"]) == ("conflict", "คุณเองจากอีกหน้าต่างหนึ่ง")


@pytest.mark.one_database("postgres")
@pytest.mark.parametrize("count", [1, 10])
def test_a_save_takes_at_most_12_queries_however_many_cells(send, results, count):
    with CaptureQueriesContext(connection) as queries:
        saved = answers(send(*((f"i{number}", "50", 2) for number in range(1, count + 1))))
    assert [cell["state"] for cell in saved] == ["saved"] * count
    assert len(queries) <= 12, [query["sql"] for query in queries]


@pytest.mark.parametrize(
    "cells",
    [
        "",
        "[",
        "{}",
        "[]",
        '["i9"]',
        '[{"key": "i9", "value": "30"}]',
        '[{"key": "i9", "value": 30, "version": 2}]',
        '[{"key": "i9", "value": "30", "version": true}]',
        '[{"key": "i9", "value": "30", "version": 2, "by": 1}]',
        '[{"key": "i11", "value": "30", "version": 1}]',
        '[{"key": "agency", "value": "eighty", "version": 1}]',
        json.dumps([{"key": "i9", "value": "30", "version": 2}] * 2),
    ],
)
@pytest.mark.one_database("sqlite")
def test_what_no_page_sends_is_refused_with_a_message(client, send, results, cells):
    url = reverse("assessments:scores-cells", args=["nongkong", 2564])
    response = client.post(url, {"cells": cells}, headers=JSON)
    assert response.status_code == 400
    assert "คัดลอกข้อความของคุณไว้" in response.json()["message"]
    assert stored(results, 9) == Decimal("29.24")


@pytest.mark.one_database("postgres")
def test_a_request_that_is_cut_off_saves_nothing(client, send, results):
    """At every tenth of its body, as when the network goes."""
    cells = json.dumps([{"key": f"i{n}", "value": "50", "version": 2} for n in range(1, 11)])
    body = encode_multipart(BOUNDARY, {"page": scores_url(results.agency, 2564), "cells": cells})
    url = reverse("assessments:scores-cells", args=["nongkong", 2564])
    for tenth in range(10):
        part = body[: len(body) * tenth // 10]
        assert client.generic("POST", url, part, MULTIPART_CONTENT).status_code == 400
    assert not Event.objects.exists()
    assert client.generic("POST", url, body, MULTIPART_CONTENT).status_code == 200
    assert Event.objects.count() == 1


@pytest.mark.one_database("postgres")
def test_signs_that_no_database_stores_do_no_harm(send, results):
    first, second = answers(send(("i9", "30\0", 2), ("i8", "\ud800", 2)))
    assert first["value"] == "30.00"
    assert second["state"] == "saved"


def test_a_year_without_rules_is_not_found(client, send, agency):
    Framework.objects.filter(year=2564).update(year=2599)
    cells = json.dumps([{"key": "i9", "value": "30", "version": 1}])
    url = reverse("assessments:scores-cells", args=[agency.code, 2564])
    response = client.post(url, {"cells": cells}, headers=JSON)
    assert (response.status_code, response.json()) == (404, {"message": "ไม่พบหน้านี้"})


def test_scores_under_review_are_not_changed_and_the_answer_says_why(send, results):
    Assessment.objects.update(state=State.SUBMITTED)
    response = send(("i9", "30", 2))
    assert response.status_code == 409
    assert "ส่งตรวจแล้ว" in response.json()["message"]
    assert stored(results, 9) == Decimal("29.24")


def test_without_the_right_or_a_session_the_page_is_told(client, send, results, viewer):
    client.force_login(viewer)
    response = send(("i9", "30", 2))
    assert response.status_code == 403
    assert "ไม่มีสิทธิกรอกและนำเข้าคะแนน" in response.json()["message"]
    client.logout()
    response = send(("i9", "30", 2))
    assert (response.status_code, response.json()) == (401, {"sign_in": "/account/login/"})
    assert not Kept.objects.exists()
