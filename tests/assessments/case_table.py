"""The one table of cases that the server's scoring and the browser's are both held against."""

import json
from pathlib import Path

from assessments.models import Assessment, Framework, Item, Score, SubScore
from assessments.numbers import parse_score
from assessments.results import two_years

TABLE = json.loads((Path(__file__).parent / "cases" / "scores.json").read_text("utf-8"))
#: Pairs of what was typed, and a score, None for an empty cell, or why it is refused.
TYPED = TABLE["typed"]
#: Scores and what they come to, as printed; `before` are those of the year before.
RESULTS = TABLE["results"]


def cells_of(case):
    """Key → text: ten scores in a row, a dash where one is missing, and finer cells by key."""
    return {f"i{n}": text for n, text in enumerate(case["scores"].split(), 1)} | case.get(
        "cells", {}
    )


def enter_case(agency, case):
    """Puts a case into the tables and reads it as the pages do."""
    kind = case.get("kind", Assessment.Kind.OFFICIAL)
    Assessment.objects.filter(agency=agency).delete()
    if before := case.get("before"):
        _enter(agency, case["year"] - 1, Assessment.Kind.OFFICIAL, cells_of({"scores": before}))
    assessment = _enter(agency, case["year"], kind, cells_of(case))
    if "marks" in case:
        _mark(assessment, case["marks"])
    return two_years(agency, case["year"], kind)


def _enter(agency, year, kind, cells):
    framework = Framework.objects.get(year=year)
    assessment = Assessment.objects.create(agency=agency, framework=framework, kind=kind)
    indicators = {f"i{one.number}": one for one in framework.indicators.all()}
    instruments = {one.code.casefold(): one for one in framework.instruments.all()}
    scores = []
    for key, text in cells.items():
        of, _point, part = key.partition("_")
        scores.append(
            Score(
                assessment=assessment,
                indicator=indicators.get(of),
                instrument=instruments.get(of),
                part=int(part or 0),
                value=parse_score(text),
            )
        )
    Score.objects.bulk_create(scores)
    return assessment


def _mark(assessment, marks):
    """Every OIT item gets full points but for those named."""
    items = Item.objects.filter(subindicator__indicator__framework=assessment.framework)
    SubScore.objects.bulk_create(
        SubScore(
            assessment=assessment, item=item, value=parse_score(marks.get(f"o{item.number}", "100"))
        )
        for item in items
    )
