"""Writes what a file or a pasted table gives."""

from django.db import transaction

from accounts import events
from accounts.actions import create_agency
from accounts.models import Agency
from accounts.versioning import StaleWrite
from assessments.actions.scores import (
    ScoreChange,
    enter_scores,
    open_assessment,
    save_published,
    save_scores,
)
from assessments.exchange.columns import LEVEL, TOTAL, cell_key
from assessments.exchange.comparing import compare
from assessments.models import Assessment


class ImportRefused(Exception):
    """Nothing was written, for what `comparison.problems` lists."""

    def __init__(self, comparison):
        super().__init__(f"{len(comparison.problems)} problems")
        self.comparison = comparison


class ImportOutdated(Exception):
    """Nothing was written: the stored values are no longer those that the import was shown with."""


@transaction.atomic
def import_scores(
    *,
    entries,
    by,
    only=None,
    create_agencies=False,
    seen=None,
    kind=Assessment.Kind.OFFICIAL,
):
    """Writes all values of the entries or none; returns the Comparison with what was there.

    `seen` is the fingerprint of what was confirmed, `only` the one agency allowed. Raises
    ImportRefused or ImportOutdated.
    """
    comparison = compare(entries, by=by, only=only, create_agencies=create_agencies, kind=kind)
    if comparison.problems:
        raise ImportRefused(comparison)
    if seen is not None and comparison.fingerprint != seen:
        raise ImportOutdated
    for row in comparison.rows:
        if row.differences:
            _write_row(row, by, kind)
    return comparison


def _write_row(row, by, kind):
    agency = row.agency
    if agency.pk is None:
        # The row of its first year has perhaps created it already.
        agency = Agency.objects.filter(code=agency.code).first() or create_agency(
            by=by, code=agency.code, name=agency.name
        )
    new = {cell.column: cell for cell in row.differences}
    changes = [
        ScoreChange(cell_key(column), cell.new, cell.version)
        for column, cell in new.items()
        if column not in (TOTAL, LEVEL)
    ]
    assessment = open_assessment(agency=agency, year=row.year, by=by, kind=kind)
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
def enter_pasted(*, agency, years, by, kind):
    """Saves what was pasted, `years` being year (BE) → ScoreChanges, or nothing of it.

    Returns how many values changed. Raises ImportOutdated.
    """
    changed = 0
    for year, changes in years.items():
        saved = enter_scores(agency=agency, year=year, changes=changes, by=by, kind=kind)
        if saved.stale:
            raise ImportOutdated
        changed += len(saved.changed)
    return changed


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
