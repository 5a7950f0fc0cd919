"""Every write to results: one function an act, checked, in one transaction, with its event."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts import events
from accounts.permissions import Permission, require, require_state
from accounts.versioning import StaleWrite, save_if_current
from assessments.models import Assessment, Framework, Level, Score


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
    """What became of a set of cells: `stale` maps number → (typed value, score as it now stands)."""

    changed: tuple[int, ...]
    stale: dict[int, tuple[Decimal | None, Score]]


@transaction.atomic
def save_scores(*, assessment, changes, by):
    """Writes the cells that differ. A cell somebody else changed meanwhile is left and reported,

    the others are saved: two people in different cells never meet a conflict.
    """
    assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
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
