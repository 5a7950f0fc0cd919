from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from accounts.access import agency_page
from accounts.permissions import Permission
from accounts.saving import UnreadableCells, conflict, person_to, refused, saved, saves_cells
from assessments.actions import ScoreChange, enter_scores
from assessments.cells import cell_name, cell_text
from assessments.fiscal import local_datetime, local_time
from assessments.models import Framework
from assessments.numbers import ScoreError, format_score, parse_score


@agency_page(Permission.EDIT_SCORES)
@saves_cells
def cells(request, agency, year, kind, cells):
    """Saves cells as they are typed."""
    changes, answers = {}, {}
    try:
        for cell in cells:
            try:
                value = parse_score(cell.value)
            except ScoreError as error:
                meant = "" if error.suggestion is None else format_score(error.suggestion)
                answers[cell.key] = refused(cell.key, error.message(cell_name(cell.key)), meant)
            else:
                changes[cell.key] = ScoreChange(cell.key, value, cell.version)
        done = _save(agency, year, kind, changes, answers, request.user)
    except KeyError as unknown:
        raise UnreadableCells from unknown
    except Framework.DoesNotExist as missing:
        raise Http404 from missing
    now = local_time(timezone.now())
    for cell in cells:
        key = cell.key
        if key in answers:
            continue
        stored = done.cells[key]
        text = cell_text(key, stored.value)
        if key in done.stale:
            answers[key] = conflict(
                key,
                yours=cell.value,
                theirs=text,
                version=stored.version,
                person=person_to(request.user, stored.updated_by),
                time=local_datetime(stored.updated_at, "short"),
            )
        else:
            answers[key] = saved(key, value=text, version=stored.version, time=now)
    return [answers[cell.key] for cell in cells]


def _save(agency, year, kind, changes, answers, by):
    """Saves without the marks that the framework does not allow; those are answered."""
    if not changes:
        return None
    try:
        return enter_scores(
            agency=agency, year=year, kind=kind, changes=list(changes.values()), by=by
        )
    except ValidationError as error:
        for key, [message] in error.message_dict.items():
            answers[key] = refused(key, message)
        rest = {key: change for key, change in changes.items() if key not in answers}
        return _save(agency, year, kind, rest, answers, by)
