"""What an import would change: every value of a file beside the stored one."""

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.permissions import LateChange, Permission, State, require, require_state
from assessments.exchange.columns import LEVEL, TOTAL, cell_key, is_finer, score_columns, spoken
from assessments.exchange.entries import Entry
from assessments.exchange.exporting import cells_in
from assessments.exchange.places import Place, Problem, shown
from assessments.models import Assessment, Framework, Instrument, Level, Score, SubScore
from assessments.numbers import format_threshold, numeric_text

#: What a framework knows below its indicators.
FINER = (
    "instruments__indicators__subindicators__items",
    "instruments__indicators__questions",
)


@dataclass(frozen=True)
class CellComparison:
    """`column` as in a file: i9, i6_1, published_eit, published_total."""

    column: str
    old: Decimal | Level | None
    new: Decimal | Level | None
    version: int

    @property
    def differs(self):
        return self.old != self.new

    @property
    def difference(self) -> Decimal | None:
        """Points more than now, where both are numbers."""
        numbers = isinstance(self.old, Decimal) and isinstance(self.new, Decimal)
        return self.new - self.old if numbers else None


@dataclass
class RowComparison:
    """One agency and year; `agency` is unsaved while it would only be created.

    `assessment` is the stored result with its cells in `stored`, None where the year has not been
    opened; `places` are those of every cell that the year knows, as in `score_places`.
    """

    agency: Agency
    framework: Framework
    assessment: Assessment | None
    cells: tuple[CellComparison, ...]
    stored: dict[str, Score | SubScore]
    places: dict[str, dict]

    @property
    def year(self):
        return self.framework.year

    @cached_property
    def names(self) -> dict[str, str]:
        """Column → name of the indicator, in the active language."""
        return {f"i{one.number}": one.name for one in self.framework.ordered_indicators()}

    @cached_property
    def scores(self):
        """The differences other than the announced total and level."""
        return [cell for cell in self.differences if cell.column not in (TOTAL, LEVEL)]

    @cached_property
    def differences(self):
        return [cell for cell in self.cells if cell.differs]


@dataclass
class Comparison:
    rows: list[RowComparison] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Values that are new, changed and the same, and places refused."""
        cells = [cell for row in self.rows for cell in row.cells]
        new = sum(cell.differs and cell.old is None for cell in cells)
        differing = sum(cell.differs for cell in cells)
        return {
            "new": new,
            "changed": differing - new,
            "same": len(cells) - differing,
            "refused": len(self.problems),
        }

    def refuse(self, problems):
        """Adds what the reading of the file refused, in the order of the file, each once."""
        self.problems = sorted(
            {*self.problems, *problems},
            key=lambda problem: (problem.place.sheet, problem.place.row, str(problem)),
        )

    @property
    def fingerprint(self) -> str:
        """The same as long as nobody changes what was compared with."""
        seen = [
            [row.agency.code, row.year, [[c.column, str(c.old), c.version] for c in row.cells]]
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


class Refused(Exception):
    """Says in `str()` what is wrong with one entry."""

    def __init__(self, message, place: Place | None = None):
        super().__init__(message)
        self.place = place


def compare(
    entries: list[Entry],
    *,
    by,
    only=None,
    create_agencies=False,
    kind=Assessment.Kind.OFFICIAL,
    lock=False,
) -> Comparison:
    """`by` None is a command; `only` is the one agency that a page imports for.

    With `lock`, which needs a transaction, nobody else writes to the results until its end.
    """
    comparer = _Comparer(entries, by, only, create_agencies, kind, lock)
    comparison = Comparison()
    for entry in entries:
        try:
            comparison.rows.append(comparer.row(entry))
        except Refused as refused:
            comparison.problems.append(Problem(refused.place or entry.place, str(refused)))
    return comparison


class _Comparer:
    """Reads everything that the entries name in a fixed number of queries."""

    def __init__(self, entries, by, only, create_agencies, kind, lock):
        self.by, self.only, self.kind = by, only, kind
        self.is_operator = by is None or by.is_superuser
        self.may_create = create_agencies and self.is_operator
        self.by_code, self.by_name = {}, {}
        for agency in self._agencies_in_reach():
            self.by_code[agency.code] = agency
            self.by_name.setdefault(_folded(agency.name), []).append(agency)
        self.met = {}
        years = {entry.year for entry in entries}
        finer = any(is_finer(column) for entry in entries for column in entry.cells)
        frameworks = Framework.objects.filter(year__in=years).prefetch_related(
            "instruments__indicators", "levels", *(FINER if finer else ())
        )
        self.frameworks = {framework.year: framework for framework in frameworks}
        self.places = {
            framework.year: score_places(framework, finer=finer) for framework in frameworks
        }
        self.columns = {
            year: [*score_columns(places), TOTAL, LEVEL] for year, places in self.places.items()
        }
        agencies = {one.pk: one for entry in entries for one in self._called(entry.agency)}
        found = (
            Assessment.objects.filter(kind=kind, agency__in=agencies, framework__year__in=years)
            .select_related("framework", "published_level")
            .prefetch_related(
                "scores", *(("subscores__item", "subscores__question") if finer else ())
            )
        )
        self.stored_of = cells_in if finer else attrgetter("cells")
        if lock:
            # Always in the same order, so that two imports cannot wait for each other, and in that
            # in which the years of a pasted table are saved.
            order = ("framework__year", "agency_id")
            found = found.select_for_update(of=("self",)).order_by(*order)
        self.assessments = {}
        for assessment in found:
            assessment.framework = self.frameworks[assessment.framework.year]
            assessment.agency = agencies[assessment.agency_id]
            self.assessments[assessment.agency_id, assessment.year] = assessment

    def _agencies_in_reach(self):
        """Another person's agencies are to her as if they were not there."""
        if self.only is not None:
            return [self.only]
        if self.is_operator:
            return Agency.objects.filter(is_active=True)
        return Agency.objects.visible_to(self.by)

    def _called(self, text):
        """The agency with this code, else those with this name."""
        if text in self.by_code:
            return [self.by_code[text]]
        return self.by_name.get(_folded(text), [])

    def row(self, entry):
        agency = self._agency(entry)
        framework = self.frameworks.get(entry.year)
        if framework is None:
            raise Refused(
                _("the portal has no rules of %(year)s. Correct the year or leave the row out")
                % {"year": entry.year},
                entry.year_place,
            )
        first = self.met.setdefault((agency.code, entry.year), entry)
        if first is not entry:
            raise Refused(
                _("%(code)s of %(year)s occurs twice, first in row %(row)s. Remove one")
                % {"code": agency.code, "year": entry.year, "row": first.place.row}
            )
        assessment = self.assessments.get((agency.pk, entry.year))
        stored = self.stored_of(assessment) if assessment else {}
        cells = self._cells(entry, framework, assessment, stored)
        places = self.places[framework.year]
        row = RowComparison(agency, framework, assessment, cells, stored, places)
        if row.differences:
            self._may_write(entry, agency, assessment)
        return row

    def _agency(self, entry):
        called = self._called(entry.agency)
        if len(called) > 1:
            raise Refused(
                _("several agencies have the name %(name)s. Write the code instead")
                % {"name": entry.agency}
            )
        if called:
            return called[0]
        if self.only is not None:
            raise Refused(
                _("%(code)s is another agency. Only rows of %(own)s can be imported here")
                % {"code": entry.agency, "own": self.only.code}
            )
        if not self.may_create:
            raise Refused(
                _("no agency has the code or name %(code)s. Correct it or create the agency first")
                % {"code": entry.agency}
            )
        agency = Agency(code=entry.agency, name=entry.agency_name)
        try:
            agency.full_clean()
        except ValidationError as error:
            texts = " ".join(error.messages)
            raise Refused(
                _("agency %(code)s cannot be created: %(reason)s")
                % {"code": entry.agency, "reason": texts}
            ) from error
        # A further year of it is not another agency.
        self.by_code[entry.agency] = agency
        return agency

    def _cells(self, entry, framework, assessment, stored):
        version = assessment.version if assessment else 1
        cells = []
        for column in self.columns[framework.year]:
            if column not in entry.cells:
                continue
            new = entry.cells[column].value
            if column == TOTAL:
                old = assessment.published_total if assessment else None
                cells.append(CellComparison(column, old, new, version))
            elif column == LEVEL:
                old = assessment.published_level if assessment else None
                level = _level(framework, entry.cells[column])
                cells.append(CellComparison(column, old, level, version))
            else:
                score = stored.get(cell_key(column))
                old, its_version = (score.value, score.version) if score else (None, 1)
                cells.append(CellComparison(column, old, new, its_version))
        self._refuse_unknown(entry, framework)
        return tuple(cells)

    def _refuse_unknown(self, entry, framework):
        for column, cell in entry.cells.items():
            if column not in self.columns[framework.year]:
                raise Refused(
                    _("%(year)s has no %(what)s. Remove the value")
                    % {"year": framework.year, "what": spoken(column)},
                    cell.place,
                )
            if self.kind == Assessment.Kind.SELF and column in (TOTAL, LEVEL):
                raise Refused(
                    _("nothing is announced of a self-assessment. Remove the value"), cell.place
                )

            _refuse_mark(framework, column, cell)

    def _may_write(self, entry, agency, assessment):
        state, closed = (assessment.state, assessment.closed) if assessment else (State.DRAFT, "")
        try:
            if self.is_operator:
                require_state(Permission.EDIT_SCORES, state, closed)
            else:
                require(self.by, Permission.EDIT_SCORES, agency, state, closed)
        except LateChange as late:
            reason = _("%(year)s: %(reason)s") % {"year": entry.year, "reason": late}
            raise Refused(reason, entry.year_place) from late
        except PermissionDenied as denied:
            raise Refused(shown(entry.agency) + str(denied)) from denied


def _folded(name):
    return " ".join(numeric_text(name).casefold().split())


def _refuse_mark(framework, column, cell):
    """An item gets only points that the year knows; a question any from 0 to 100."""
    allowed = [Decimal(mark) for mark in framework.item_marks]
    if column.startswith("o") and cell.value is not None and cell.value not in allowed:
        marks = ", ".join(format_threshold(mark) for mark in sorted(allowed))
        raise Refused(
            shown(format_threshold(cell.value))
            + _("%(score)s can only be %(marks)s") % {"score": spoken(column), "marks": marks},
            cell.place,
        )


def score_places(framework, *, finer=False) -> dict[str, dict]:
    """Key of every cell that a result of the year may hold → the fields that say which it is."""
    places = {}
    for instrument in framework.instruments.all():
        in_parts = framework.eit_parts and instrument.code == Instrument.Code.EIT
        wholes = {instrument.code.casefold(): {"instrument": instrument}}
        wholes |= {f"i{one.number}": {"indicator": one} for one in instrument.indicators.all()}
        for whole, of in wholes.items():
            for part in Score.Part.values if in_parts else (Score.Part.WHOLE,):
                places[f"{whole}_{part}" if part else whole] = {**of, "part": part}
    for indicator in framework.ordered_indicators() if finer else ():
        for subindicator in indicator.subindicators.all():
            places |= {f"o{one.number}": {"item": one} for one in subindicator.items.all()}
        places |= {f"q_{one.code}": {"question": one} for one in indicator.questions.all()}
    return places


def _level(framework, cell):
    wanted = cell.value.casefold()
    for level in framework.levels.all():
        if wanted in (level.name_th.casefold(), level.code.casefold()):
            return level
    names = ", ".join(level.name_th for level in framework.levels.all())
    raise Refused(
        _('"%(level)s" is not a level of %(year)s. Use one of: %(names)s')
        % {"level": cell.value, "year": framework.year, "names": names},
        cell.place,
    )
