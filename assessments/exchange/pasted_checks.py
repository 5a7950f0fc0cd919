"""What the figures of a pasted table tell about whether they were read as they were meant."""

import re

from django.utils.translation import gettext as _

from assessments.exchange.clipboard import Unreadable, bare
from assessments.exchange.names import TOTAL
from assessments.numbers import ScoreError, format_score, parse_score
from assessments.scoring import ROUNDING_TOLERANCE, mean, round2, score

_WITH_COMMA = re.compile("[0-9]{1,3},[0-9]{1,2}")


def has_decimal_commas(texts) -> bool:
    """Whether a column of figures writes 87,54 throughout."""
    texts = list(texts)
    found = [text for text in texts if _WITH_COMMA.fullmatch(text)]
    return len(found) > 1 and not any("." in text for text in texts)


def read_commas(values, year):
    read = [format_score(value) for value in values.values() if value is not None]
    yield _(
        "%(year)s: commas stand for decimal points in the %(count)s values, read as %(values)s."
    ) % {
        "year": year,
        "count": len(read),
        "values": ", ".join(read[:3]) + " …" * (len(read) > 3),
    }


def miscounted(count, wanted):
    if count < wanted:
        text = _(
            "%(count)s values were pasted but the table has %(all)s indicators. Check "
            "which is missing. Nothing has been saved."
        )
    else:
        text = _(
            "%(count)s values were pasted but the table has %(all)s indicators: %(over)s too many. "
            "Copy only the scores of the indicators. Nothing has been saved."
        )
    return Unreadable(text % {"count": count, "all": wanted, "over": count - wanted})


def is_sum_of(text, texts, rules) -> bool:
    """Whether the first is the total or the mean of the others, which stand in order."""
    try:
        found = parse_score(bare(text))
        values = [parse_score(bare(one)) for one in texts]
    except ScoreError:
        return False
    if found is None or None in values:
        return False
    total = score(rules, dict(zip(rules.numbers, values, strict=True))).total_printed
    return any(abs(found - sum_) <= ROUNDING_TOLERANCE for sum_ in (total, round2(mean(values))))


def doubts_of_figures(values, year, named):
    """Shares of 1, and a list of the best first, whose ranks look like indicators' numbers."""
    found = [value for value in values.values() if value is not None]
    if found and max(found) <= 1 and any(found):
        yield _("%(year)s: no score is above 1. A score is in per cent: 87.54, not 0.88.") % {
            "year": year
        }
    if named or len(set(found)) < 3 or list(values) != sorted(values, key=in_order):
        return
    if found in (sorted(found), sorted(found, reverse=True)):
        yield _(
            "%(year)s: the scores stand in order of size and no row has a name. If the table "
            "is sorted by score, copy the names of the indicators too."
        ) % {"year": year}


def doubts_of_totals(values, others, rules, year):
    """Sums in the table tell whether its scores were read, and typed, as they were meant."""
    announced = {key.upper(): v for key, v in others.items() if key != TOTAL and v is not None}
    result = score(
        rules,
        {int(key[1:]): value for key, value in values.items() if key[1:].isdigit()},
        announced,
    )
    computed = {code.casefold(): result.instrument_printed(code) for code in result.instruments}
    computed[TOTAL] = result.total_printed
    for key, value in others.items():
        expected = computed.get(key)
        if None not in (value, expected) and abs(value - expected) > ROUNDING_TOLERANCE:
            yield _(
                "%(year)s: the pasted table says %(name)s %(pasted)s, but its scores come "
                "to %(computed)s. Check the scores."
            ) % {
                "year": year,
                "name": _("total") if key == TOTAL else key.upper(),
                "pasted": format_score(value),
                "computed": format_score(expected),
            }


def in_order(key):
    """Sorts the keys of indicators and their parts."""
    return [int(part) for part in key[1:].split("_")]
