"""The open data of a report: what a program that reads it can rely on."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from assessments.exchange.comparing import compare
from assessments.exchange.reading import read_file
from assessments.models import Score
from measures.models import ProgressEntry
from measures.publishing.data import public_data
from measures.publishing.evidence import public_evidence
from measures.publishing.tables import (
    MEASURES,
    PROGRESS,
    measures_csv,
    progress_csv,
    scores_csv,
)
from measures.report.build import build
from measures.report.content import Part
from measures.report.frozen import digest_of, freeze, revision_report

pytestmark = pytest.mark.django_db


def document(plan):
    report = build(plan, Part.FULL, timezone.localdate())
    return public_data(report, agency=plan.agency, evidence=public_evidence(plan))


def rows_of(content):
    assert content.startswith(b"\xef\xbb\xbf"), "Excel would take it for another code page"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_document_holds_the_result_of_both_years(plan):
    data = document(plan)
    assert (data["version"], data["agency"]["code"]) == ("1.0", "nongkong")
    assert (data["year"], data["result_year"], data["previous_year"]) == (2565, 2564, 2563)
    result = data["result"]
    figures = (result["total"], result["previous_total"], result["change"])
    assert figures == ("58.24", "63.92", "-5.68")
    assert result["change_percent"] == "-8.89"
    assert result["indicators"][9] == {
        "number": 10,
        "name": "การป้องกันการทุจริต",
        "instrument": "OIT",
        "score": "25.00",
        "previous": "31.25",
        "change": "-6.25",
        "change_percent": "-20.00",
        "class": "fallen",
        "class_label": "ลดลง",
    }
    assert [one["year"] for one in data["scores"]] == [2563, 2564]
    assert data["scores"][1]["scores"]["i10"] == "25.00"
    assert data["revision"] is None, "no revision stands behind a draft"
    assert data["licence"]["url"] == "https://creativecommons.org/licenses/by/4.0/"


def test_the_document_holds_what_was_written(written_plan):
    data = document(written_plan)
    kinds = [(issue["kind"], issue["indicators"]) for issue in data["issues"]]
    assert kinds == [("develop", [6]), ("fix", [9]), ("left_out", [3])]
    assert data["measures"][0]["indicators"] == [6, 7, 8]
    assert "- หอกระจายข่าว" in data["measures"][0]["steps"]
    six = data["rounds"][0]
    assert (six["months"], six["start"], six["end"]) == (6, "2021-10-01", "2022-03-31")
    assert six["entries"][0]["state"] == "done"
    assert six["entries"][0]["percent"] == 100
    assert six["entries"][1]["state"] == "", "nothing was reported of it"


def test_the_document_is_the_same_in_another_language(written_plan):
    thai = document(written_plan)
    with translation.override("en"):
        assert document(written_plan) == thai


def test_a_score_that_is_missing_is_null_and_never_zero(plan):
    Score.objects.filter(assessment=plan.assessment, indicator__number=3).update(value=None)
    result = document(plan)["result"]
    assert result["total"] is None and result["level"] is None
    assert result["indicators"][2]["score"] is None
    assert result["instruments"][0]["score"] is None


def test_a_frozen_report_gives_the_same_document(written_plan, approve):
    before = document(written_plan)
    plan = approve(written_plan)
    revision = plan.revisions.first()
    frozen = public_data(revision_report(revision, Part.FULL), agency=plan.agency)
    facts = frozen.pop("revision")
    assert facts["number"] == 1 and facts["approved_on"] == timezone.localdate().isoformat()
    assert facts["signed_on"] is None
    del before["revision"]
    assert json.dumps(frozen) == json.dumps(before)


def test_the_figures_as_entered_are_part_of_what_is_frozen(plan):
    before = digest_of(freeze(plan))
    plan.assessment.published_total = Decimal("58.24")
    plan.assessment.save()
    assert digest_of(freeze(plan)) != before


def test_the_scores_can_be_imported_again(written_plan):
    content = scores_csv(document(written_plan))
    reading = read_file("scores.csv", content)
    assert not reading.problems
    comparison = compare(reading.entries, by=None)
    assert not comparison.problems
    assert comparison.counts["same"] == 20 and not comparison.counts["changed"]


def test_the_tables_have_the_documented_columns_and_texts_as_typed(written_plan, staff):
    ProgressEntry.objects.update(suggestion="=1+1")
    data = document(written_plan)
    measures = rows_of(measures_csv(data))
    assert list(measures[0]) == list(MEASURES)
    assert [row["number"] for row in measures] == ["1", "2", "3"]
    assert measures[0]["indicators"] == "6 7 8"
    assert measures[0]["steps"] == data["measures"][0]["steps"]
    progress = rows_of(progress_csv(data))
    assert list(progress[0]) == list(PROGRESS)
    assert len(progress) == 6, "a row a measure and round"
    assert progress[0]["suggestion"] == "'=1+1", "a spreadsheet would run it as a formula"
