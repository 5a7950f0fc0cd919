"""The part of the analysis page that looks ahead; it keeps nothing."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import prefetch_related_objects

from assessments import what_if
from assessments.cells import cell_text
from assessments.models import Fact
from assessments.numbers import ScoreError, parse_score
from assessments.results import TwoYears, indicator_names
from assessments.scoring import Change, Result, change, printed, round2, score

#: What the worth of an item is worked out from: it is as sure as the least sure of them.
WORTH_RESTS_ON = (
    Fact.Group.WEIGHTS,
    Fact.Group.SUBINDICATORS,
    Fact.Group.ITEMS,
    Fact.Group.ITEM_SCORING,
)


@dataclass(frozen=True)
class Row:
    """`typed` as it was sent, or the score as printed."""

    key: str
    number: int
    name: str
    lever: what_if.Lever | None
    typed: str
    error: str

    @property
    def worth(self) -> Decimal | None:
        return round2(self.lever.worth) if self.lever else None

    @property
    def gain(self) -> Decimal | None:
        return round2(self.lever.gain) if self.lever else None


@dataclass(frozen=True)
class Tried:
    result: Result
    change: Change | None


def what_if_of(years: TwoYears, query=None):
    """What the page needs; `query` holds the scores tried (i9=80). Three queries."""
    result = years.analysis.result
    typed = {n: query[f"i{n}"] for n in result.values if query and f"i{n}" in query}
    values, errors = _tried_values(result, typed)
    tried = None
    if typed and not errors:
        announced = years.current.instrument_values if years.current else None
        other = score(result.rules, values, announced)
        tried = Tried(other, change(result.total_printed, other.total_printed))
    return {
        "steps": what_if.next_steps(result),
        "sentences": what_if.lever_sentences(result),
        "rows": _rows(years, typed, errors),
        "tried": tried,
        "has_errors": bool(errors),
        **_items(years.framework),
    }


def _tried_values(result, typed):
    values, errors = dict(result.values), {}
    for number, text in typed.items():
        try:
            entered = parse_score(text)
        except ScoreError as error:
            errors[number] = error.message(number)
        else:
            # An untouched field has the printed score; what counts is the exact one behind it.
            if entered is not None and entered != printed(values[number]):
                values[number] = entered
    return values, errors


def _rows(years, typed, errors):
    result = years.analysis.result
    found = {lever.number: lever for lever in what_if.levers(result)}
    names = indicator_names(years.framework)
    return [
        Row(
            key=f"i{number}",
            number=number,
            name=names[number],
            lever=found.get(number),
            typed=typed.get(number) or cell_text(f"i{number}", printed(result.values[number])),
            error=errors.get(number, ""),
        )
        for number in (*found, *(n for n in names if n not in found))
    ]


def _items(framework):
    """The worth of the OIT items, and how sure that is."""
    structure = "instruments__indicators__subindicators__items"
    prefetch_related_objects([framework], structure, "facts")
    indicators = [
        (
            indicator.number,
            [
                (one.code, one.name_th, tuple(item.number for item in one.items.all()))
                for one in indicator.subindicators.all()
            ],
        )
        for indicator in framework.ordered_indicators()
    ]
    worths = what_if.item_worths(framework.rules(), indicators)
    documents = (framework.measures_item, framework.progress_item)
    statuses = {fact.group: fact.status for fact in framework.facts.all()}
    rests_on = [statuses.get(group, Fact.Status.UNVERIFIED) for group in WORTH_RESTS_ON]
    return {
        "worths": [
            (worth, round2(worth.points), [code for code in worth.codes if code in documents])
            for worth in worths
        ],
        "worth_status": max(map(Fact.Status, rests_on), key=list(Fact.Status).index),
    }
