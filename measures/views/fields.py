from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import agency_page
from accounts.models import User
from accounts.permissions import Permission
from accounts.saving import UnreadableCells, conflict, person_to, refused, saved, saves_cells
from accounts.versioning import StaleWrite
from assessments.fiscal import local_datetime, local_time
from measures.actions import NotOwn, save_field, save_progress_field
from measures.fields import FIELDS, text_of, version_of
from measures.history import events_of, newest_of_row
from measures.models import Issue, Measure, Plan, ProgressEntry, ProgressRound
from measures.rows import parse_row
from measures.views import writing
from measures.writing_help import hints

_MODELS = {"issue": Issue, "measure": Measure, "progress": ProgressEntry}


@agency_page(Permission.EDIT_PLAN)
@saves_cells
def plan_fields(request, agency, year, cells):
    """Saves fields of issues and measures as they are typed."""
    plans = Plan.objects.visible_to(request.user).for_year(year).filter(agency=agency)
    plan = plans.first()
    if plan is None:
        raise Http404

    def save(row, **typed):
        if row.kind == "progress":
            raise KeyError(row)
        return save_field(plan=plan, model=_MODELS[row.kind], pk=row.number, **typed)

    return [_answer(request.user, plan, cell, save) for cell in cells]


@agency_page(Permission.EDIT_PROGRESS)
@saves_cells
def progress_fields(request, agency, year, months, cells):
    """Saves what became of the measures in a round as it is typed."""
    rounds = ProgressRound.objects.select_related("plan")
    round_ = rounds.filter(plan__agency=agency, plan__year=year, months=months).first()
    if round_ is None:
        raise Http404

    def save(row, **typed):
        if row.months != months:
            raise KeyError(row)
        return save_progress_field(round=round_, pk=row.number, **typed)

    return [_answer(request.user, round_.plan, cell, save) for cell in cells]


def _answer(by, plan, cell, save):
    name, _dot, field = cell.key.partition(".")
    row = parse_row(name)
    if row is None or row.kind not in _MODELS or field not in FIELDS[_MODELS[row.kind]]:
        raise UnreadableCells
    try:
        saved_row = save(row, field=field, text=cell.value, version=cell.version, by=by)
    except KeyError as unknown:
        raise UnreadableCells from unknown
    except ValidationError as error:
        return refused(cell.key, " ".join(error.messages))
    except NotOwn as error:
        return refused(cell.key, error)
    except StaleWrite as stale:
        if stale.current is None:
            return _gone(plan, row, cell)
        return _conflict(plan, cell, field, stale.current, by)
    text = text_of(saved_row, field)
    time = local_time(timezone.now())
    answer = saved(cell.key, value=text, version=version_of(text), time=time)
    return answer | {"hints": hints(field, text, plan.year)}


def _conflict(plan, cell, field, current, by):
    text = text_of(current, field)
    author, at = _last_write(plan, current, field)
    return conflict(
        cell.key,
        yours=cell.value,
        theirs=text,
        version=version_of(text),
        person=person_to(by, author),
        time=local_datetime(at, "short"),
    )


def _last_write(plan, row, field):
    """Who wrote the field, and when: the row may have been saved since, in another field."""
    kinds = [one._meta.label_lower for one in (row, plan)]
    _year, name = row.history_place
    found = newest_of_row(events_of(plan.agency, plan.year).filter(object_type__in=kinds), name)
    # One of many at once, as in a merge, was written as a whole.
    event = next((one for one in found if one.row != name or field in one.after), None)
    if event is None:
        return row.updated_by, row.updated_at
    return User.objects.filter(pk=event.actor_id).first(), event.at


def _gone(plan, row, cell):
    """Deleted after the page was opened; else there never was such a row."""
    model = Issue if row.kind == "issue" else Measure
    if writing.deletion(plan, model, row.number) is None:
        raise Http404
    return refused(cell.key, _("Somebody has deleted this meanwhile. Copy your text from here."))
