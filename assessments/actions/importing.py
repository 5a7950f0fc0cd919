"""Writes what a file or a pasted table gives."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts import events
from accounts.actions import create_agency, one_at_a_time
from accounts.versioning import save_if_current
from assessments.actions.scores import enter_scores, event_of
from assessments.exchange.columns import LEVEL, TOTAL, cell_key
from assessments.exchange.comparing import compare
from assessments.models import Assessment, Score, SubScore

#: SQLite takes no more than a thousand values in one statement.
STAMPED = 500


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
    comparison = compare(
        entries, by=by, only=only, create_agencies=create_agencies, kind=kind, lock=True
    )
    if comparison.problems:
        raise ImportRefused(comparison)
    if seen is not None and comparison.fingerprint != seen:
        raise ImportOutdated
    rows = [row for row in comparison.rows if row.differences]
    opened = [row for row in rows if row.assessment is None]
    _open(opened, by, kind)
    _write_scores(rows, by)
    entries = [event_of("assessment.opened", row.assessment, {}, {}, by) for row in opened]
    for row in rows:
        entries += [*_scores_event(row, by), *_announce(row, by)]
    events.record_all(entries)
    return comparison


# Thousands of results at once: as open_assessment, save_scores and save_published leave each of
# them, but in a few statements. Rights and states were checked under the lock of each result.


def _open(rows, by, kind):
    """A result for each of the rows that have none; `_write_scores` writes its scores."""
    created = {}
    for row in rows:
        if row.agency.pk is None:
            # Further years of it came with an object of their own.
            code = row.agency.code
            if code not in created:
                created[code] = create_agency(by=by, code=code, name=row.agency.name)
            row.agency = created[code]
        row.assessment = Assessment(agency=row.agency, framework=row.framework, kind=kind)
    try:
        with transaction.atomic():
            # Always in the same order, as they are locked.
            new = [row.assessment for row in rows]
            Assessment.objects.bulk_create(sorted(new, key=lambda one: (one.year, one.agency.pk)))
    except IntegrityError as meanwhile:
        raise ImportOutdated from meanwhile
    for row in rows:
        row.stored = {
            f"i{indicator.number}": Score(assessment=row.assessment, indicator=indicator)
            for indicator in row.framework.ordered_indicators()
        }


def _write_scores(rows, by):
    changed = {Score: [], SubScore: []}
    for row in rows:
        for cell in row.scores:
            score = _score(row, cell_key(cell.column))
            score.value = cell.new
            if score.pk is None:
                score.version, score.updated_by = cell.version + 1, by
            else:
                changed[type(score)].append(score)
    stamp = {"updated_by": by, "updated_at": timezone.now()}
    for model, scores in changed.items():
        model.objects.bulk_create(
            score
            for row in rows
            for score in row.stored.values()
            if score.pk is None and isinstance(score, model)
        )
        model.objects.bulk_update(scores, ["value"])
        for start in range(0, len(scores), STAMPED):
            batch = [score.pk for score in scores[start : start + STAMPED]]
            model.objects.filter(pk__in=batch).update(version=F("version") + 1, **stamp)


def _score(row, key):
    if key not in row.stored:
        place = row.places[key]
        model = Score if "part" in place else SubScore
        row.stored[key] = model(assessment=row.assessment, **place)
    return row.stored[key]


def _scores_event(row, by):
    before = {cell_key(cell.column): cell.old for cell in row.scores}
    after = {cell_key(cell.column): cell.new for cell in row.scores}
    return [event_of("scores.saved", row.assessment, before, after, by)] if after else []


def _announce(row, by):
    """Writes what was announced; its event, where there is any."""
    new = {cell.column: cell.new for cell in row.differences if cell not in row.scores}
    if not new:
        return []
    assessment = row.assessment
    before = {"total": assessment.published_total, "level": assessment.published_level}
    after = {
        "total": new.get(TOTAL, before["total"]),
        "level": new.get(LEVEL, before["level"]),
    }
    save_if_current(
        assessment,
        version=assessment.version,
        by=by,
        published_total=after["total"],
        published_level=after["level"],
    )
    return [event_of("published.saved", assessment, before, after, by)]


@transaction.atomic
def enter_pasted(*, agency, years, by, kind):
    """Saves what was pasted, `years` being year (BE) → ScoreChanges, or nothing of it.

    Returns how many values changed. Raises ImportOutdated.
    """
    # Before the first event: nothing that others wait for is locked after it.
    one_at_a_time(agency)
    results = Assessment.objects.filter(agency=agency, framework__year__in=years, kind=kind)
    list(results.select_for_update(of=("self",)).order_by("framework__year"))
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
