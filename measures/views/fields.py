from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import agency_page
from accounts.permissions import Permission
from accounts.saving import UnreadableCells, conflict, person_to, refused, saved, saves_cells
from accounts.versioning import StaleWrite
from assessments.fiscal import local_datetime, local_time
from measures.actions import save_field
from measures.fields import FIELDS, text_of, version_of
from measures.models import Issue, Measure, Plan, ProgressEntry
from measures.rows import parse_row
from measures.views import writing

_MODELS = {"issue": Issue, "measure": Measure}


@agency_page(Permission.EDIT_PLAN)
@saves_cells
def plan_fields(request, agency, year, cells):
    """Saves fields of issues and measures as they are typed."""
    plan = _plan(request, agency, year)

    def find(row):
        return _found(plan, _MODELS[row.kind], row.number)

    return [_answer(cell, find, request.user) for cell in cells]


@agency_page(Permission.EDIT_PROGRESS)
@saves_cells
def progress_fields(request, agency, year, months, cells):
    """Saves what became of the measures in a round as it is typed."""
    plan = _plan(request, agency, year)
    round_ = plan.rounds.filter(months=months).first()
    if round_ is None:
        raise Http404
    round_.plan = plan

    def find(row):
        if row.months != months:
            raise KeyError
        measure = _found(plan, Measure, row.number)
        return measure and ProgressEntry(round=round_, measure=measure)

    return [_answer(cell, find, request.user) for cell in cells]


def _plan(request, agency, year):
    plans = Plan.objects.visible_to(request.user).for_year(year).filter(agency=agency)
    plan = plans.select_related("agency", "assessment").first()
    if plan is None:
        raise Http404
    return plan


def _found(plan, model, pk):
    """The plan's row; None when it was deleted after the page was opened."""
    row = model.objects.filter(plan=plan, pk=pk).first()
    if row is None and writing.deletion(plan, model, pk) is None:
        raise Http404
    if row is not None:
        row.plan = plan
    return row


def _answer(cell, find, by):
    name, _dot, field = cell.key.partition(".")
    try:
        row = find(parse_row(name))
    except (AttributeError, KeyError) as unknown:
        raise UnreadableCells from unknown
    if row is None:
        return _gone(cell.key)
    if field not in FIELDS[type(row)]:
        raise UnreadableCells
    try:
        row = save_field(row=row, name=field, text=cell.value, version=cell.version, by=by)
    except ValidationError as error:
        return refused(cell.key, " ".join(error.messages))
    except StaleWrite as stale:
        return _conflict(cell, field, stale.current, by) if stale.current else _gone(cell.key)
    text = text_of(row, field)
    time = local_time(timezone.now())
    return saved(cell.key, value=text, version=version_of(text), time=time)


def _conflict(cell, field, current, by):
    text = text_of(current, field)
    return conflict(
        cell.key,
        yours=cell.value,
        theirs=text,
        version=version_of(text),
        person=person_to(by, current.updated_by),
        time=local_datetime(current.updated_at, "short"),
    )


def _gone(key):
    return refused(key, _("Somebody has deleted this meanwhile. Copy your text from here."))
