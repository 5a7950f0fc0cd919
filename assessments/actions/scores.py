"""Opens a result and writes its cells."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Cast
from django.utils import timezone

from accounts import events
from accounts.actions import one_at_a_time
from accounts.permissions import Permission, require, require_state
from accounts.versioning import save_if_current
from assessments.cells import ITEM, cell_name, cells_of, mark_refusal
from assessments.models import Assessment, Framework, Level, Score, SubScore


def may_edit(assessment, by, permission=Permission.EDIT_SCORES):
    """A command (None) and the system operator have no role, but the state holds them up too."""
    if by is None or by.is_superuser:
        require_state(permission, assessment.state, assessment.closed)
    else:
        require(by, permission, assessment.agency, assessment.state, assessment.closed)


def locked(**which):
    """The result under a row lock, so that a write and the submission of its plan cannot cross."""
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("framework")
    return rows.filter(**which).first()


@transaction.atomic
def open_assessment(
    *, agency, year, by, kind=Assessment.Kind.OFFICIAL, right=Permission.EDIT_SCORES
):
    """The agency's result of the year with a row for every indicator; made, by whom has the
    `right`, when it is not there.

    Raises Framework.DoesNotExist for a year without a framework.
    """
    framework = Framework.objects.get(year=year)
    which = {"agency": agency, "framework": framework, "kind": kind}
    assessment = Assessment.objects.filter(**which).first()
    if assessment is not None:
        return assessment
    # Before the first event: whoever opens the same year at this moment waits here.
    one_at_a_time(agency)
    assessment, made = Assessment.objects.get_or_create(**which)
    if made:
        if by is not None and not by.is_superuser:
            require(by, right, agency)
        Score.objects.bulk_create(
            Score(assessment=assessment, indicator=indicator)
            for indicator in framework.indicators.all()
        )
        events.record(verb="assessment.opened", by=by, agency=agency, obj=assessment)
    return assessment


@dataclass(frozen=True)
class ScoreChange:
    """One cell as typed (`key` as in `cells`): the version says which value the typist saw.

    A cell that nobody has filled yet has version 1.
    """

    key: str
    value: Decimal | None
    version: int


@dataclass(frozen=True)
class SavedScores:
    """What became of a set of cells; `stale` maps key → (typed value, cell as it stands)."""

    cells: dict[str, Score | SubScore]
    changed: tuple[str, ...]
    stale: dict[str, tuple[Decimal | None, Score | SubScore]]


@transaction.atomic
def save_scores(*, assessment, changes, by):
    """Writes the cells that differ. A cell somebody else changed meanwhile is left and reported,

    the others are saved: two people in different cells never meet a conflict. Raises KeyError for
    a cell that the framework does not have.
    """
    agency = assessment.agency
    assessment = locked(pk=assessment.pk)
    assessment.agency = agency
    return _save(assessment, list(changes), by)


@transaction.atomic
def enter_scores(*, agency, year, changes, by, kind=Assessment.Kind.OFFICIAL):
    """Saves cells of the result of a year, which the first of them opens."""
    which = {"agency": agency, "framework__year": year, "kind": kind}
    assessment = locked(**which)
    if assessment is None:
        open_assessment(agency=agency, year=year, by=by, kind=kind)
        assessment = locked(**which)
    assessment.agency = agency
    return _save(assessment, list(changes), by)


def _save(assessment, changes, by):
    may_edit(assessment, by)
    _check_marks(assessment.framework, changes)
    cells = cells_of(assessment, [change.key for change in changes])
    changes = [change for change in changes if change.value != cells[change.key].value]
    current = [change for change in changes if change.version == cells[change.key].version]
    before = {change.key: cells[change.key].value for change in current}
    after = {change.key: change.value for change in current}
    stale = {
        change.key: (change.value, cells[change.key])
        for change in changes
        if change.key not in after
    }
    for model in (Score, SubScore):
        _compare_and_set(model, [c for c in current if isinstance(cells[c.key], model)], cells, by)
    record_scores(assessment, before, after, by)
    return SavedScores(cells, tuple(after), stale)


def _check_marks(framework, changes):
    allowed = [Decimal(mark) for mark in framework.item_marks]
    marks = {change.key: change.value for change in changes if ITEM.fullmatch(change.key)}
    wrong = [key for key, value in marks.items() if value is not None and value not in allowed]
    if wrong:
        raise ValidationError({key: mark_refusal(cell_name(key), allowed) for key in wrong})


def _compare_and_set(model, changes, cells, by):
    """One INSERT for new cells, one UPDATE for all others, which finds each only in the version
    that its typist saw.
    """
    stamp = {"updated_by": by, "updated_at": timezone.now()}
    known = [change for change in changes if cells[change.key].pk]
    new = [cells[change.key] for change in changes if change not in known]
    for change in changes:
        cell = cells[change.key]
        cell.value, cell.version = change.value, change.version + 1
        cell.updated_by, cell.updated_at = stamp.values()
    model.objects.bulk_create(new)
    if not known:
        return
    seen = [models.Q(pk=cells[change.key].pk, version=change.version) for change in known]
    values = [models.When(pk=cells[change.key].pk, then=change.value) for change in known]
    written = model.objects.filter(models.Q(*seen, _connector=models.Q.OR)).update(
        # Where all values are empty, PostgreSQL would take them for text.
        value=Cast(models.Case(*values), model._meta.get_field("value")),
        version=models.F("version") + 1,
        **stamp,
    )
    if written != len(known):
        raise RuntimeError("A score was written without the lock of its result.")


@transaction.atomic
def enter_published(*, agency, year, total, level, version, by):
    """Stores what was announced of a year's official result. Raises StaleWrite."""
    assessment = open_assessment(agency=agency, year=year, by=by)
    return save_published(assessment=assessment, total=total, level=level, version=version, by=by)


@transaction.atomic
def save_published(*, assessment, total: Decimal | None, level: Level | None, version, by):
    """Stores the total and the level as the commission announced them. Raises StaleWrite."""
    assessment = locked(pk=assessment.pk)
    may_edit(assessment, by)
    before = {"total": assessment.published_total, "level": assessment.published_level}
    after = {"total": total, "level": level}
    if before == after:
        return assessment
    save_if_current(
        assessment, version=version, by=by, published_total=total, published_level=level
    )
    record_published(assessment, before, after, by)
    return assessment


def record_scores(assessment, before, after, by):
    """The event of cells saved, key → value; none where nothing was."""
    if after:
        events.record(**event_of("scores.saved", assessment, before, after, by))


def record_published(assessment, before, after, by):
    events.record(**event_of("published.saved", assessment, before, after, by))


def event_of(verb, assessment, before, after, by):
    """The arguments of `events.record`, for one or for many at once."""
    agency = assessment.agency
    named = {"verb": verb, "by": by, "agency": agency, "obj": assessment}
    return named | {"before": before, "after": after}
