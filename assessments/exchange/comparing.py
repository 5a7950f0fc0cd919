"""What an import would change: every value of a file beside the stored one."""

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.permissions import Permission, State, require, require_state
from assessments.exchange.columns import LEVEL, TOTAL
from assessments.exchange.entries import Entry, Place, Problem
from assessments.models import Assessment, Framework, Level


@dataclass(frozen=True)
class CellComparison:
    """`column` is the number of an indicator, or the announced total or level."""

    column: int | str
    old: Decimal | Level | None
    new: Decimal | Level | None
    version: int

    @property
    def differs(self):
        return self.old != self.new


@dataclass(frozen=True)
class RowComparison:
    """One agency and year; `agency` is unsaved while it would only be created."""

    agency: Agency
    year: int
    cells: tuple[CellComparison, ...]

    @property
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
        """Adds what the reading of the file refused, in the order of the file."""
        self.problems = sorted(
            [*self.problems, *problems],
            key=lambda problem: (problem.place.sheet, problem.place.row),
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


def compare(entries: list[Entry], *, by, only=None, create_agencies=False) -> Comparison:
    """`by` None is a command; `only` is the one agency that a page imports for."""
    comparer = _Comparer(entries, by, only, create_agencies)
    comparison = Comparison()
    for entry in entries:
        try:
            comparison.rows.append(comparer.row(entry))
        except Refused as refused:
            comparison.problems.append(Problem(refused.place or entry.place, str(refused)))
    return comparison


class _Comparer:
    """Reads everything that the entries name in a fixed number of queries."""

    def __init__(self, entries, by, only, create_agencies):
        self.by, self.only = by, only
        self.may_create = create_agencies and (by is None or by.is_superuser)
        codes = {entry.agency_code for entry in entries}
        years = {entry.year for entry in entries}
        self.agencies = {a.code: a for a in Agency.objects.filter(code__in=codes, is_active=True)}
        frameworks = Framework.objects.filter(year__in=years)
        self.frameworks = {
            framework.year: framework
            for framework in frameworks.prefetch_related("instruments__indicators", "levels")
        }
        found = (
            Assessment.objects.official()
            .filter(agency__in=self.agencies.values(), framework__year__in=years)
            .select_related("framework", "published_level")
            .prefetch_related("scores")
        )
        self.assessments = {}
        for assessment in found:
            assessment.framework = self.frameworks[assessment.framework.year]
            self.assessments[assessment.agency_id, assessment.year] = assessment

    def row(self, entry):
        agency = self._agency(entry)
        framework = self.frameworks.get(entry.year)
        if framework is None:
            raise Refused(
                _("the portal has no rules of %(year)s. Correct the year or leave the row out")
                % {"year": entry.year},
                entry.year_place,
            )
        assessment = self.assessments.get((agency.pk, entry.year))
        row = RowComparison(agency, entry.year, self._cells(entry, framework, assessment))
        if row.differences:
            self._may_write(agency, assessment)
        return row

    def _agency(self, entry):
        code = entry.agency_code
        if self.only is not None and code != self.only.code:
            raise Refused(
                _("%(code)s is another agency. Only rows of %(own)s can be imported here")
                % {"code": code, "own": self.only.code}
            )
        if code in self.agencies:
            return self.agencies[code]
        if not self.may_create:
            raise Refused(
                _("no agency has the code %(code)s. Correct the code or create the agency first")
                % {"code": code}
            )
        agency = Agency(code=code, name=entry.agency_name)
        try:
            agency.full_clean()
        except ValidationError as error:
            texts = " ".join(error.messages)
            raise Refused(
                _("agency %(code)s cannot be created: %(reason)s") % {"code": code, "reason": texts}
            ) from error
        # A further year of it is not another agency.
        self.agencies[code] = agency
        return agency

    def _cells(self, entry, framework, assessment):
        known = {i.number for i in framework.ordered_indicators()}
        stored = assessment.cells if assessment else {}
        cells = []
        for number, cell in sorted(entry.scores.items()):
            if number not in known:
                raise Refused(
                    _("%(year)s has no indicator %(number)s. Remove the value")
                    % {"year": entry.year, "number": number},
                    cell.place,
                )
            score = stored.get(f"i{number}")
            old, version = (score.value, score.version) if score else (None, 1)
            cells.append(CellComparison(number, old, cell.value, version))
        version = assessment.version if assessment else 1
        if total := entry.published_total:
            old = assessment.published_total if assessment else None
            cells.append(CellComparison(TOTAL, old, total.value, version))
        if entry.published_level:
            old = assessment.published_level if assessment else None
            level = _level(framework, entry.published_level)
            cells.append(CellComparison(LEVEL, old, level, version))
        return tuple(cells)

    def _may_write(self, agency, assessment):
        state = assessment.state if assessment else State.DRAFT
        try:
            if self.by is None or self.by.is_superuser:
                require_state(Permission.EDIT_SCORES, state)
            else:
                require(self.by, Permission.EDIT_SCORES, agency, state)
        except PermissionDenied as denied:
            raise Refused(str(denied)) from denied


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
