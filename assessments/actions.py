"""Every write to results: one function an act, checked, in one transaction, with its event."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts import events
from accounts.actions import create_agency
from accounts.models import Agency
from accounts.permissions import Permission, require, require_state
from accounts.versioning import StaleWrite, save_if_current
from assessments.exchange.columns import LEVEL, TOTAL
from assessments.exchange.comparing import compare
from assessments.models import Assessment, Framework, Level, Score


def _locked(assessment):
    """The result under a row lock, so that a write and the submission of its plan cannot cross."""
    return Assessment.objects.select_for_update().get(pk=assessment.pk)


def _may_edit(assessment, by):
    """A command (None) and the system operator have no role, but the state holds them up too."""
    if by is None or by.is_superuser:
        require_state(Permission.EDIT_SCORES, assessment.state)
    else:
        require(by, Permission.EDIT_SCORES, assessment.agency, assessment.state)


@transaction.atomic
def open_assessment(*, agency, year, by, kind=Assessment.Kind.OFFICIAL):
    """The agency's result of the year with a row for every indicator; made when it is not there.

    Raises Framework.DoesNotExist for a year without a framework.
    """
    framework = Framework.objects.get(year=year)
    assessment, made = Assessment.objects.get_or_create(
        agency=agency, framework=framework, kind=kind
    )
    if made:
        if by is not None and not by.is_superuser:
            require(by, Permission.EDIT_SCORES, agency)
        Score.objects.bulk_create(
            Score(assessment=assessment, indicator=indicator)
            for indicator in framework.indicators.all()
        )
        events.record(verb="assessment.opened", by=by, agency=agency, obj=assessment)
    return assessment


@dataclass(frozen=True)
class ScoreChange:
    """One cell as typed: the version says which value the typist saw."""

    number: int
    value: Decimal | None
    version: int


@dataclass(frozen=True)
class SavedScores:
    """What became of a set of cells: `stale` maps number → (typed value, score as it stands)."""

    changed: tuple[int, ...]
    stale: dict[int, tuple[Decimal | None, Score]]


@transaction.atomic
def save_scores(*, assessment, changes, by):
    """Writes the cells that differ. A cell somebody else changed meanwhile is left and reported,

    the others are saved: two people in different cells never meet a conflict.
    """
    assessment = _locked(assessment)
    _may_edit(assessment, by)
    scores = {
        score.indicator.number: score for score in assessment.scores.select_related("indicator")
    }
    before, after, stale = {}, {}, {}
    for change in changes:
        score = scores[change.number]
        if change.value == score.value:
            continue
        old = score.value
        try:
            save_if_current(score, version=change.version, by=by, value=change.value)
        except StaleWrite as conflict:
            stale[change.number] = (change.value, conflict.current)
        else:
            before[str(change.number)], after[str(change.number)] = old, change.value
    if after:
        events.record(
            verb="scores.saved",
            by=by,
            agency=assessment.agency,
            obj=assessment,
            before=before,
            after=after,
        )
    return SavedScores(tuple(int(number) for number in after), stale)


@transaction.atomic
def enter_scores(*, agency, year, changes, by):
    """Saves cells of the official result of a year, which the first of them opens."""
    assessment = open_assessment(agency=agency, year=year, by=by)
    return save_scores(assessment=assessment, changes=changes, by=by)


@transaction.atomic
def enter_published(*, agency, year, total, level, version, by):
    """Stores what was announced of a year's official result. Raises StaleWrite."""
    assessment = open_assessment(agency=agency, year=year, by=by)
    return save_published(assessment=assessment, total=total, level=level, version=version, by=by)


@transaction.atomic
def save_published(*, assessment, total: Decimal | None, level: Level | None, version, by):
    """Stores the total and the level as the commission announced them. Raises StaleWrite."""
    assessment = _locked(assessment)
    _may_edit(assessment, by)
    before = {"total": assessment.published_total, "level": assessment.published_level}
    after = {"total": total, "level": level}
    if before == after:
        return assessment
    save_if_current(
        assessment, version=version, by=by, published_total=total, published_level=level
    )
    events.record(
        verb="published.saved",
        by=by,
        agency=assessment.agency,
        obj=assessment,
        before=before,
        after=after,
    )
    return assessment


class ImportRefused(Exception):
    """Nothing was written, for what `comparison.problems` lists."""

    def __init__(self, comparison):
        super().__init__(f"{len(comparison.problems)} problems")
        self.comparison = comparison


class ImportOutdated(Exception):
    """Nothing was written: the stored values are no longer those that the import was shown with."""


@transaction.atomic
def import_scores(*, entries, by, only=None, create_agencies=False, seen=None):
    """Writes all values of the entries or none; returns the Comparison with what was there.

    `seen` is the fingerprint of what was confirmed, `only` the one agency allowed. Raises
    ImportRefused or ImportOutdated.
    """
    comparison = compare(entries, by=by, only=only, create_agencies=create_agencies)
    if comparison.problems:
        raise ImportRefused(comparison)
    if seen is not None and comparison.fingerprint != seen:
        raise ImportOutdated
    for row in comparison.rows:
        if row.differences:
            _write_row(row, by)
    return comparison


def _write_row(row, by):
    agency = row.agency
    if agency.pk is None:
        # The row of its first year has perhaps created it already.
        agency = Agency.objects.filter(code=agency.code).first() or create_agency(
            by=by, code=agency.code, name=agency.name
        )
    new = {cell.column: cell for cell in row.differences}
    changes = [
        ScoreChange(number, cell.new, cell.version)
        for number, cell in new.items()
        if isinstance(number, int)
    ]
    assessment = open_assessment(agency=agency, year=row.year, by=by)
    if changes and save_scores(assessment=assessment, changes=changes, by=by).stale:
        raise ImportOutdated
    announced = [new[column] for column in (TOTAL, LEVEL) if column in new]
    if announced:
        total, level = assessment.published_total, assessment.published_level
        try:
            save_published(
                assessment=assessment,
                total=new[TOTAL].new if TOTAL in new else total,
                level=new[LEVEL].new if LEVEL in new else level,
                version=announced[0].version,
                by=by,
            )
        except StaleWrite as conflict:
            raise ImportOutdated from conflict


@transaction.atomic
def note_export(*, agency, years, format, by):
    """Leaves a trace of who took the agency's scores along."""
    events.record(
        verb="scores.exported",
        by=by,
        agency=agency,
        obj=agency,
        after={"years": years, "format": format},
    )
