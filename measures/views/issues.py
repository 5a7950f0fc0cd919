from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_tables2 import RequestConfig

from accounts.access import agency_page
from accounts.permissions import Permission
from assessments.models import Framework
from measures.actions import change_issue, create_issue, open_plan
from measures.forms import IssueForm
from measures.models import Issue
from measures.plans import plan_year
from measures.tables import IssueTable
from measures.views import writing


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
    basis = plan_year(request.user, agency, year, texts=True)
    if basis.plan is None:
        return writing.no_plan(request, basis, _("Issues of %(year)s") % {"year": year})
    may_edit = basis.may(Permission.EDIT_PLAN)
    tables = [_table(request, basis, kind, may_edit) for kind in _shown_kinds(basis)]
    context = {
        "year": year,
        "basis": basis,
        "tables": tables,
        "may_edit": may_edit,
        "may_order": may_edit and any(len(table.rows) > 1 for table in tables),
        "readonly_reason": writing.readonly_reason(basis, Permission.EDIT_PLAN),
        "order_url": reverse("measures:issues-order", args=[agency.code, year]),
    }
    return render(request, "measures/issues.html", context)


def _shown_kinds(basis):
    used = {issue.kind for issue in basis.plan.issues.all()}
    return [kind for kind in Issue.Kind if kind != Issue.Kind.LEFT_OUT or kind in used]


def _table(request, basis, kind, may_edit):
    rows = [issue for issue in basis.plan.issues.all() if issue.kind == kind]
    for issue in rows:
        issue.plan = basis.plan
    table = IssueTable(writing.with_ends(rows), kind=kind, may_edit=may_edit)
    RequestConfig(request, paginate=False).configure(table)
    return table


@agency_page(Permission.EDIT_PLAN)
def add(request, agency, year):
    basis = plan_year(request.user, agency, year)
    if basis.plan is None or (request.method == "GET" and not basis.may(Permission.EDIT_PLAN)):
        return redirect(_list(basis))
    initial = {"indicator": request.GET.get("indicator", ""), "kind": Issue.Kind.DEVELOP}

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
        "indicator": issue.indicator.number,
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
    issue = writing.get_row(request, basis, Issue, pk)
    if issue is None or (request.method == "GET" and not basis.may(Permission.EDIT_PLAN)):
        return redirect(_list(basis))
    return writing.delete_page(
        request, basis, issue, template="measures/issues_delete.html", back=_list(basis)
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
    return writing.form_page(
        request,
        basis,
        _form(request, basis, initial),
        action,
        template="measures/issues_form.html",
        back=_list(basis),
        context={"issue": issue, "indicators": basis.indicators},
        gone_as=issue and (Issue, issue.pk),
    )
