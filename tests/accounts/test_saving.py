"""What a page that saves as one types keeps on the server, and is told when it cannot save."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Kept
from accounts.typed import typed_texts
from assessments.actions import ScoreChange, enter_scores

JSON = {"accept": "application/json"}
PAGE = "/a/nongkong/2564/scores/"


@pytest.fixture
def send(client, results, staff):
    """send(key, value, version) from the grid of 2564; returns the cell's answer."""
    client.force_login(staff)

    def send(key, value, version, page=PAGE):
        cells = json.dumps([{"key": key, "value": value, "version": version}])
        url = reverse("assessments:scores-cells", args=["nongkong", 2564])
        [answer] = client.post(url, {"cells": cells, "page": page}, headers=JSON).json()["cells"]
        return answer["state"]

    return send


def shown(client, page=PAGE):
    """The values that the page hands to its script."""
    html = client.get(page).content.decode()
    found = re.search('<script id="kept-values" type="application/json">(.*?)</script>', html)
    return {one.pop("key"): one for one in json.loads(found[1])}


def test_a_value_that_met_a_conflict_is_shown_again_until_one_is_chosen(
    client, send, agency, admin
):
    admin.memberships.update(role="staff")
    for key, value in (("i9", "30"), ("i10", "26")):
        change = [ScoreChange(key, Decimal(value), 2)]
        enter_scores(agency=agency, year=2564, changes=change, by=admin)
        assert send(key, f"{value}.5", 2) == "conflict"
    assert send("i9", "31", 2) == "conflict"
    both = shown(client)
    assert both["i9"].pop("time")
    assert both["i9"] == {"yours": "31", "theirs": "30.00", "person": "สมหญิง ใจดี"}
    assert send("i9", "30", 3) == "saved"
    assert set(shown(client)) == {"i10"}
    assert send("i10", "27", 3) == "saved"
    assert shown(client) == {}


def test_it_is_shown_to_its_author_on_its_page_for_30_days(client, send, staff, admin):
    send("i9", "30", 2)
    assert send("i9", "31", 2) == "conflict"
    assert shown(client, "/a/nongkong/2563/scores/") == {}
    admin.memberships.update(role="staff")
    client.force_login(admin)
    assert shown(client) == {}
    client.force_login(staff)
    Kept.objects.update(at=timezone.now() - timedelta(days=31))
    assert shown(client) == {}
    assert send("i8", "60", 1) == "conflict"
    assert [kept.key for kept in Kept.objects.all()] == ["i8"]


def test_a_page_that_is_open_since_an_earlier_sign_in_is_told_so(results, staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    url = reverse("assessments:scores-cells", args=["nongkong", 2564])
    response = client.post(url, {"cells": "[]"}, headers=JSON)
    assert response.status_code == 403
    assert response.json() == {"message": "หน้านี้เปิดไว้นานเกินไป", "outdated": True}


def test_what_one_person_typed_is_not_saved_for_another(client, results, admin, staff):
    admin.memberships.update(role="staff")
    client.force_login(admin)
    url = reverse("assessments:scores-cells", args=["nongkong", 2564])
    cells = json.dumps([{"key": "i9", "value": "30", "version": 2}])
    response = client.post(url, {"cells": cells, "user": staff.pk}, headers=JSON)
    assert (response.status_code, response.json()["outdated"]) == (403, True)
    assert results.scores.get(indicator__number=9).value == Decimal("29.24")


@pytest.mark.parametrize("accept", ["*/*", "text/html,application/xml;q=0.9,*/*;q=0.8"])
@pytest.mark.django_db
def test_a_browser_that_loads_a_page_is_answered_with_pages(client, accept):
    response = client.get(PAGE, headers={"accept": accept})
    assert response["Location"].startswith("/account/login/")


def test_the_key_of_a_form_is_not_listed_among_what_was_typed(rf):
    request = rf.post("/a/nongkong/2565/measures/new/", {"once": "aBc-1", "title": "มาตรการ"})
    assert typed_texts(request) == ["มาตรการ"]
