"""What the grid of scores shows; the page and what it takes over from the server share it."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from assessments.analysis import Direction, IndicatorRow, InstrumentRow, difference_sentence
from assessments.forms import ScoresForm
from assessments.models import Assessment, Indicator, Instrument, Score, result_url
from assessments.results import TwoYears
from assessments.scoring import explain_difference
from assessments.subscores import derived_values
from assessments.warnings import warnings_of


@dataclass(frozen=True)
class Cell:
    """`conflict` is what was typed and the score another saved meanwhile."""

    key: str
    field: BoundField
    version: BoundField
    conflict: tuple[Decimal | None, Score] | None

    @property
    def box(self):
        """The id of the element for messages about the cell."""
        return self.field.field.widget.attrs["data-conflict"]

    @property
    def short(self):
        """What stands before the field where the indicator or the section is named already."""
        of, _point, part = self.key.partition("_")
        names = [] if of.startswith("i") and of != "iit" else [of.upper()]
        return " ".join([*names, _("Part %(part)s") % {"part": part}] if part else names)


@dataclass(frozen=True)
class Row:
    """`source` says what finer figures the score comes from: parts, items, questions or none.

    `to_check` is the place in their list, from 1, of the first open warning about it.
    """

    indicator: Indicator
    row: IndicatorRow
    cell: Cell
    parts: list[Cell]
    source: str
    to_check: int | None

    @property
    def shows_input(self):
        return not self.source or self.cell.field.errors

    @property
    def parts_open(self):
        return any(part.field.value() or part.field.errors for part in self.parts)


@dataclass(frozen=True)
class Block:
    """An instrument; `cells` are its scores as announced."""

    instrument: Instrument
    row: InstrumentRow
    rows: list[Row]
    cells: list[Cell]
    announced: bool


def plan_of(request, year):
    """The year of the plan in whose work these results are open: the next one, or, where the
    address says "?plan=", the one after, which only compares with them.
    """
    later = year + 2
    return later if request.GET.get("plan") == str(later) else year + 1


def grid_context(years: TwoYears, kind, form=None, saved=None):
    """For every template of the grid. At most one query, for what has been confirmed."""
    current, analysis = years.current, years.analysis
    warnings = warnings_of(years)
    blocks = _blocks(years, form or _form(years), saved, warnings.open)
    instruments = [cell for block in blocks for cell in block.cells]
    published = current.published_total if current else None
    difference = explain_difference(analysis.total, published)
    return {
        "year": years.framework.year,
        "kind": kind,
        "is_self": kind == Assessment.Kind.SELF,
        "framework": years.framework,
        "analysis": analysis,
        "blocks": blocks,
        "instruments_open": any(one.field.value() or one.field.errors for one in instruments),
        "published_total": published,
        "published_level": current.published_level if current else None,
        "difference": difference,
        "difference_sentence": difference_sentence(difference),
        "lacking": _lacking(analysis),
        "possible_levels": years.possible_levels,
        "warnings": warnings,
        "urls": {
            "grid": kind_url("scores", years, kind),
            "analysis": kind_url("analysis", years, kind),
            **{
                name: kind_url(f"scores-{name}", years, kind)
                for name in ("cells", "judged", "paste", "items", "questions")
            },
        },
    }


def kind_url(name, years, kind):
    return result_url(name, years.agency, years.framework.year, kind)


def handover(years: TwoYears):
    """What the browser works with until the server has judged: rules, last year, finer figures."""
    rules, analysis = years.framework.rules(), years.analysis
    return {
        "instruments": [
            {"code": one.code, "weight": str(one.weight), "indicators": one.indicators}
            for one in rules.instruments
        ],
        "levels": [
            {
                "name": level.name,
                "min_total": str(level.min_total),
                "min_instrument": _text(level.min_instrument),
            }
            for level in rules.levels
        ],
        "derived": {number: _text(value) for number, value in _derived(years).items()},
        "before": {
            "indicators": {row.number: _text(row.previous) for row in analysis.rows},
            "instruments": {row.code: _text(row.previous) for row in analysis.instruments},
            "total": _text(analysis.previous_total),
        },
        "directions": {direction.value: str(direction.label) for direction in Direction},
    }


def _lacking(analysis):
    """The indicators that the total waits for: those of instruments that have no score either."""
    known = {code for code, value in analysis.result.instruments.items() if value is not None}
    return [r.number for r in analysis.rows if r.current is None and r.instrument not in known]


def _text(value: Decimal | Fraction | None):
    return None if value is None else str(value)


def _form(years):
    return ScoresForm(framework=years.framework, assessment=years.current)


def _derived(years):
    current = years.current
    of_marks = current is not None and current.kind == Assessment.Kind.SELF
    return derived_values(current) if of_marks else {}


def _blocks(years, form, saved, warnings):
    stale = saved.stale if saved else {}
    analysis, derived = years.analysis, _derived(years)
    rows = {row.number: row for row in analysis.rows}
    by_code = {row.code: row for row in analysis.instruments}

    def cells(of):
        keys = [key for key in form.keys if key == of or key.startswith(f"{of}_")]
        return [Cell(key, form[key], form[f"{key}_version"], stale.get(key)) for key in keys]

    def row(indicator, instrument):
        whole, *parts = cells(f"i{indicator.number}")
        source = ""
        if indicator.number in derived:
            source = "items" if instrument.code == Instrument.Code.OIT else "questions"
        elif parts and all(_stored(years, part.key) is not None for part in parts):
            source = "parts"
        about = (
            place
            for place, warning in enumerate(warnings, start=1)
            if whole.key in {key.partition("_")[0] for key in warning.keys}
        )
        return Row(indicator, rows[indicator.number], whole, parts, source, next(about, None))

    return [
        Block(
            instrument=instrument,
            row=by_code[instrument.code],
            rows=[row(indicator, instrument) for indicator in instrument.indicators.all()],
            cells=cells(instrument.code.casefold()),
            announced=instrument.code in analysis.result.announced,
        )
        for instrument in years.framework.instruments.all()
    ]


def _stored(years, key):
    cell = years.current.cells.get(key) if years.current else None
    return cell and cell.value
