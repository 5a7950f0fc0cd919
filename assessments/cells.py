"""A result's cells by key: i9, i6_1, eit, eit_2, o42 (an OIT item), q_i12 (a question)."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.models import Instrument, Item, Question, Score, SubScore
from assessments.numbers import format_score, format_threshold, score_name

INDICATOR = re.compile(r"i([0-9]{1,3})(?:_([12]))?")
INSTRUMENT = re.compile(r"(iit|eit|oit)(?:_([12]))?")
ITEM = re.compile(r"o([0-9]{1,3})")
QUESTION = re.compile(r"q_([a-z][0-9]{1,3})")


def cells_of(assessment, keys) -> dict[str, Score | SubScore]:
    """Key → cell as stored, or a new one (version 1, not saved) where nobody has filled it.

    Four queries at most. Raises KeyError for a cell that the framework does not have.
    """
    wanted = set(keys)
    finer = {key for key in wanted if ITEM.fullmatch(key) or QUESTION.fullmatch(key)}
    cells = {}
    if wanted - finer:
        scores = assessment.scores.select_related("indicator", "instrument", "updated_by")
        cells |= {key_of(score): score for score in scores}
    if finer:
        subscores = assessment.subscores.select_related("item", "question", "updated_by")
        cells |= {key_of(subscore): subscore for subscore in subscores}
    new = _new(assessment, [key for key in keys if key not in cells])
    return {key: cells[key] if key in cells else new[key] for key in keys}


def key_of(cell: Score | SubScore) -> str:
    if isinstance(cell, SubScore):
        return f"o{cell.item.number}" if cell.item else f"q_{cell.question.code}"
    of = f"i{cell.indicator.number}" if cell.indicator else cell.instrument.code.casefold()
    return f"{of}_{cell.part}" if cell.part else of


def cell_name(key: str) -> str:
    """What messages call the cell, in the active language."""
    if found := ITEM.fullmatch(key):
        return _("The mark of item O%(number)s") % {"number": found[1]}
    if found := QUESTION.fullmatch(key):
        return _("The average of question %(code)s") % {"code": found[1]}
    if found := INDICATOR.fullmatch(key):
        name = score_name(int(found[1]))
    elif found := INSTRUMENT.fullmatch(key):
        name = _("The score of %(instrument)s") % {"instrument": found[1].upper()}
    else:
        raise KeyError(key)
    return _("%(score)s, part %(part)s") % {"score": name, "part": found[2]} if found[2] else name


def mark_refusal(name: str, marks) -> str:
    """For points that an item cannot get; `marks` are those that it can."""
    texts = ", ".join(format_threshold(Decimal(mark)) for mark in sorted(marks))
    return _("%(score)s can only be %(marks)s") % {"score": name, "marks": texts}


def cell_text(key: str, value: Decimal | None) -> str:
    """The value as an input holds it: 87.54, 100 for a mark, nothing for an empty cell."""
    if value is None:
        return ""
    return format_threshold(value) if ITEM.fullmatch(key) else format_score(value)


def _new(assessment, keys):
    """Key → cell not saved yet; a query for each sort of cell among the keys."""
    framework, known = assessment.framework, {}
    cells = {}
    for key in keys:
        sort, found = next(
            ((sort, found) for sort in OWNERS if (found := sort.fullmatch(key))), (None, None)
        )
        if sort and sort not in known:
            known[sort] = OWNERS[sort](framework)
        if sort is None or found[1] not in known[sort]:
            raise KeyError(key)
        of = known[sort][found[1]]
        if sort is ITEM:
            cells[key] = SubScore(assessment=assessment, item=of)
        elif sort is QUESTION:
            cells[key] = SubScore(assessment=assessment, question=of)
        elif sort is INDICATOR:
            cells[key] = _score(assessment, of.instrument, found[2], indicator=of)
        else:
            cells[key] = _score(assessment, of, found[2], instrument=of)
    return cells


def _score(assessment, instrument, part, /, **of):
    if part and not (assessment.framework.eit_parts and instrument.code == Instrument.Code.EIT):
        raise KeyError(part)
    return Score(assessment=assessment, part=int(part or 0), **of)


def _items(framework):
    items = Item.objects.filter(subindicator__indicator__framework=framework)
    return {str(item.number): item for item in items}


def _questions(framework):
    questions = Question.objects.filter(indicator__framework=framework)
    return {question.code: question for question in questions}


def _indicators(framework):
    indicators = framework.indicators.select_related("instrument")
    return {str(indicator.number): indicator for indicator in indicators}


def _instruments(framework):
    return {instrument.code.casefold(): instrument for instrument in framework.instruments.all()}


#: What cells of a sort belong to, by the key's first group.
OWNERS = {
    ITEM: _items,
    QUESTION: _questions,
    INDICATOR: _indicators,
    INSTRUMENT: _instruments,
}
