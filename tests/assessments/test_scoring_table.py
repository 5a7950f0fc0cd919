"""The server against the table of cases; tests/browser/test_scoring.py holds the browser to it."""

import pytest

from assessments.numbers import ScoreError, format_change, format_score, parse_score
from tests.assessments.case_table import RESULTS, TYPED, enter_case


def read(typed):
    try:
        value = parse_score(typed)
    except ScoreError as error:
        suggestion = error.suggestion
        found = {"problem": error.code.value}
        return found if suggestion is None else found | {"suggestion": format_score(suggestion)}
    return None if value is None else format_score(value)


def printed(analysis):
    """What the table may expect, as a page prints it."""
    announced = analysis.result.announced
    shown = {"missing": list(analysis.missing), "announced": sorted(announced)}
    for row in analysis.rows:
        shown[f"i{row.number}"] = format_score(row.current)
        shown[f"change_i{row.number}"] = format_change(row.change and row.change.points)
    for row in analysis.instruments:
        shown[row.code] = format_score(row.current)
        shown[f"change_{row.code}"] = format_change(row.change and row.change.points)
    return shown | {
        "total": format_score(analysis.total),
        "level": analysis.level.name if analysis.level else "–",
        "points": format_change(analysis.change and analysis.change.points),
        "percent": format_change(analysis.change and analysis.change.percent),
    }


@pytest.mark.parametrize(("typed", "value"), TYPED, ids=repr)
def test_typed_text_is_read_as_the_table_says(typed, value):
    assert read(typed) == value


@pytest.mark.one_database("postgres")
@pytest.mark.parametrize("case", RESULTS, ids=lambda case: case["case"])
def test_scores_come_to_what_the_table_says(agency, frameworks, case):
    shown = printed(enter_case(agency, case).analysis)
    assert {name: shown[name] for name in case["expected"]} == case["expected"]
