import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_tables2 import RequestConfig

from accounts.access import agency_page
from accounts.permissions import LateChange, Permission
from accounts.versioning import StaleWrite
from assessments.fiscal import local_datetime
from assessments.models import Framework
from measures.actions import (
    change_issue,
    create_issue,
    create_issues_from_weaknesses,
    leave_issues_out,
    merge_issues,
    open_plan,
)
from measures.forms import IssueForm, LeaveOutForm
from measures.models import Issue
from measures.plans import plan_year
from measures.rows import Row
from measures.tables import IssueTable
from measures.views import writing
from measures.weaknesses import FAR_BELOW

#: A chosen issue and the version at which it was shown.
CHOSEN = re.compile("([0-9]{1,18})-([0-9]{1,9})")


@agency_page(Permission.EDIT_PLAN)
@require_POST
def begin(request, agency, year):
    """Opens the plan of the year on last year's result."""
    try:
        plan = open_plan(agency=agency, year=year, by=request.user)
    except Framework.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, _("The plan of %(year)s has begun.") % {"year": year})
    return redirect(plan.get_issues_url())


@agency_page(Permission.VIEW)
def issues(request, agency, year):
    basis = plan_year(request.user, agency, year, texts="issues")
    if basis.plan is None:
        return writing.no_plan(request, basis, _("Issues of %(year)s") % {"year": year})
    return _page(request, basis)


def _page(request, basis, typed=None, data=None, status=200):
    """The list. `typed`: reasons that were not saved, pk → text; `data`: where they are wrong."""
    agency, year = basis.agency, basis.year
    may_edit = basis.may(Permission.EDIT_PLAN)
    reasons = _reasons(basis, typed or {}, data) if may_edit else {}
    tables = [_table(request, basis, kind, may_edit, reasons) for kind in _shown_kinds(basis)]
    context = {
        "year": year,
        "typed": [text for pk, text in (typed or {}).items() if pk not in reasons],
        "has_errors": data is not None,
        "refused": [form for form in reasons.values() if form.errors],
        "basis": basis,
        "panel": basis.panel,
        "far_below": FAR_BELOW,
        "tables": tables,
        "may_edit": may_edit,
        "may_merge": may_edit and sum(len(table.rows) for table in tables) > 1,
        "may_order": may_edit and any(len(table.rows) > 1 for table in tables),
        "readonly_reason": writing.readonly_reason(basis, Permission.EDIT_PLAN),
        "order_url": reverse("measures:issues-order", args=[agency.code, year]),
    }
    return render(request, "measures/issues.html", context, status=status)


def _reasons(basis, typed, data=None):
    """Primary key → the form with which an issue is left out, of those that are taken up."""
    return {
        issue.pk: LeaveOutForm(
            data if issue.pk in typed else None, issue=issue, reason=typed.get(issue.pk, "")
        )
        for issue in basis.plan.issues.all()
        if issue.is_taken_up
    }


def _shown_kinds(basis):
    used = {issue.kind for issue in basis.plan.issues.all()}
    return [kind for kind in Issue.Kind if kind != Issue.Kind.LEFT_OUT or kind in used]


def _table(request, basis, kind, may_edit, reasons):
    rows = [issue for issue in basis.plan.issues.all() if issue.kind == kind]
    for issue in rows:
        issue.plan = basis.plan
        issue.leave_out_form = reasons.get(issue.pk)
    table = IssueTable(writing.with_ends(rows), kind=kind, may_edit=may_edit)
    RequestConfig(request, paginate=False).configure(table)
    return table


@agency_page(Permission.EDIT_PLAN)
def add(request, agency, year):
    basis = plan_year(request.user, agency, year)
    if basis.plan is None or (request.method == "GET" and not basis.may(Permission.EDIT_PLAN)):
        return redirect(_list(basis))
    initial = {"indicators": request.GET.getlist("indicator"), "kind": Issue.Kind.DEVELOP}

    def create(version, **values):
        return create_issue(plan=basis.plan, by=request.user, **values)

    return _form_page(request, basis, create, initial)


@agency_page(Permission.EDIT_PLAN)
def edit(request, agency, year, pk):
    basis = plan_year(request.user, agency, year)
    issue = writing.get_row(request, basis, Issue, pk)
    if issue is None:
        return writing.gone(request, basis, _form(request, basis), Issue, pk, _list(basis))
    if request.method == "GET" and not basis.may(Permission.EDIT_PLAN):
        return redirect(_list(basis))
    initial = {
        "indicators": issue.numbers,
        "kind": issue.kind,
        "points": issue.points,
        "version": issue.version,
    }

    def change(**values):
        return change_issue(issue=issue, by=request.user, **values)

    return _form_page(request, basis, change, initial, issue)


@agency_page(Permission.EDIT_PLAN)
def delete(request, agency, year, pk):
    basis = plan_year(request.user, agency, year)
    question = _("Delete this issue?")
    return writing.delete_page(
        request, basis, Issue, pk, question=question, field="points", back=_list(basis)
    )


@agency_page(Permission.EDIT_PLAN)
@require_POST
def order(request, agency, year):
    """Issues are moved among those of their kind: the kinds stand in tables of their own."""
    basis = plan_year(request.user, agency, year)
    rows = list(basis.plan.issues.all()) if basis.plan else []
    moved = {row.pk: row.kind for row in rows}.get(writing.moved_row(request))
    same_kind = [row for row in rows if row.kind == moved]
    return writing.order_rows(request, basis.plan, same_kind, _list(basis))


@agency_page(Permission.EDIT_PLAN)
@require_POST
def from_weaknesses(request, agency, year):
    """An issue for each weak indicator that is not answered yet; again, it adds what is missing."""
    back = reverse("measures:issues", args=[agency.code, year])
    try:
        made = create_issues_from_weaknesses(agency=agency, year=year, by=request.user)
    except Framework.DoesNotExist as missing:
        raise Http404 from missing
    except LateChange as late:
        messages.error(request, str(late))
        return redirect(back)
    if made:
        text = ngettext(
            "%(count)s issue was made. Adapt its text to the agency, merge it with another or "
            "leave it out with a reason.",
            "%(count)s issues were made. Adapt their texts to the agency, merge some or leave "
            "them out with a reason.",
            len(made),
        )
        messages.success(request, text % {"count": len(made)})
    else:
        messages.info(request, _("Every weak indicator already has an issue or a reason."))
    return redirect(back)


@agency_page(Permission.EDIT_PLAN)
@require_POST
def merge(request, agency, year):
    basis = plan_year(request.user, agency, year)
    if basis.plan is None:
        return redirect(_list(basis))
    chosen = (CHOSEN.fullmatch(value) for value in request.POST.getlist("issue"))
    versions = {int(found[1]): int(found[2]) for found in chosen if found}
    try:
        issue = merge_issues(plan=basis.plan, versions=versions, by=request.user)
    except (StaleWrite, ValidationError, LateChange) as refusal:
        _tell(request, refusal)
    else:
        messages.success(
            request,
            _("%(count)s issues are now one: %(title)s") % {"count": len(versions), "title": issue},
        )
        return redirect(f"{_list(basis)}#issue-{issue.pk}")
    return redirect(_list(basis))


@agency_page(Permission.EDIT_PLAN)
def leave_out(request, agency, year):
    """Saves every reason that was written, or none; what was refused stands on the list again."""
    basis = plan_year(request.user, agency, year, texts="issues")
    if request.method != "POST" or basis.plan is None:
        return redirect(_list(basis))
    typed = LeaveOutForm.typed(request.POST)
    if not typed:
        messages.error(request, _("Write the reason before you save it."))
        return redirect(_list(basis))
    forms = {pk: f for pk, f in _reasons(basis, typed, request.POST).items() if f.is_bound}
    if not all([form.is_valid() for form in forms.values()]):
        return _page(request, basis, typed, request.POST, status=422)
    try:
        if forms.keys() != typed.keys():
            raise StaleWrite(current=None, typed=typed)
        reasons = {
            pk: (f.cleaned_data["version"], f.cleaned_data["reason"]) for pk, f in forms.items()
        }
        leave_issues_out(plan=basis.plan, reasons=reasons, by=request.user)
    except (StaleWrite, ValidationError, LateChange) as refusal:
        _tell(request, refusal)
    else:
        text = ngettext(
            "%(count)s issue is not taken up this year.",
            "%(count)s issues are not taken up this year.",
            len(forms),
        )
        messages.success(request, text % {"count": len(forms)})
        return redirect(_list(basis))
    return _page(request, plan_year(request.user, agency, year, texts="issues"), typed, status=409)


def _tell(request, refusal):
    if isinstance(refusal, StaleWrite):
        texts = [_changed_meanwhile(refusal)]
    else:
        texts = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
    for text in texts:
        messages.error(request, text)


def _changed_meanwhile(conflict):
    if conflict.current is None:
        return _("Somebody deleted or merged one of these issues meanwhile. Nothing was changed.")
    return _(
        "%(name)s changed “%(title)s” on %(time)s. Nothing was changed now: "
        "look at the new text and choose again."
    ) % {
        "name": conflict.current.updated_by or _("somebody else"),
        "title": conflict.current,
        "time": local_datetime(conflict.current.updated_at, "short"),
    }


def _list(basis):
    return reverse("measures:issues", args=[basis.agency.code, basis.year])


def _form(request, basis, initial=None):
    return IssueForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        indicators=basis.indicators,
        weak=basis.analysis.weak_numbers,
    )


def _form_page(request, basis, action, initial, issue=None):
    form = _form(request, basis, initial)
    return writing.form_page(
        request,
        basis,
        form.as_typed(Row("issue", issue.pk), issue, basis.year) if issue else form,
        action,
        template="measures/issues_form.html",
        back=_list(basis),
        context={"issue": issue, "indicators": basis.indicators},
        gone_as=issue and (Issue, issue.pk),
    )
