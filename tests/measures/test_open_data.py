"""The open data of a report: what a program that reads it can rely on."""

import json

import pytest
from django.utils import timezone

from measures.publishing.data import public_data
from measures.report.build import build
from measures.report.content import Part

pytestmark = pytest.mark.django_db


def document(plan):
    report = build(plan, Part.FULL, timezone.localdate())
    return public_data(report, agency=plan.agency)


def test_the_document_holds_the_figures_of_both_years(plan):
    data = document(plan)
    json.dumps(data)
    assert data["agency"]["code"] == "nongkong"
    assert (data["year"], data["result_year"], data["previous_year"]) == (2565, 2564, 2563)
    result = data["result"]
    assert (result["total"], result["change"], result["change_percent"]) == (
        "58.24",
        "-5.68",
        "-8.89",
    )
    assert result["indicators"][0]["score"] == "87.54"
    assert [one["year"] for one in data["scores"]] == [2563, 2564]
