"""The first page: what this agency has to do this year."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

from accounts.access import agency_page
from accounts.models import Agency
from accounts.permissions import Permission, allowed
from assessments.fiscal import current_fiscal_year
from assessments.models import Framework
from assessments.results import two_years
from measures.models import Plan
from measures.situation import situation_of
from measures.tasks import next_cycle, next_task, review_task, tasks_of


@login_required
def home(request):
    """Straight to the tasks of the person's only agency, else to the choice of agencies.

    A system operator, who serves none, goes to the pages of hers.
    """
    agencies = list(Agency.objects.visible_to(request.user)[:2])
    if len(agencies) == 1:
        return redirect("overview", agencies[0].code, working_year(agencies[0]))
    if not agencies and request.user.is_superuser:
        return redirect("admin:index")
    return redirect("measures:agencies")


def working_year(agency):
    """The newest plan's year; before the first plan, the newest that a known framework allows."""
    newest = (
        Plan.objects.filter(agency=agency).order_by("-year").values_list("year", flat=True).first()
    )
    if newest:
        return newest
    framework = Framework.objects.order_by("-year").values_list("year", flat=True).first()
    return min(current_fiscal_year(), framework + 1) if framework else current_fiscal_year()


@agency_page(Permission.VIEW)
def overview(request, agency, year):
    years = two_years(agency, year - 1)
    plans = Plan.objects.visible_to(request.user).for_year(year).with_basis().with_own_scores()
    plan = plans.filter(agency=agency).first()
    if plan is not None and years.current is not None:
        # The same row, already read: the plan's page needs no second set of queries.
        plan.assessment = years.current
    situation = situation_of(plan) if plan else None
    tasks = tasks_of(agency, year, years, situation)
    may_enter = allowed(request.user, Permission.EDIT_SCORES, agency)
    if may_enter and plan and plan.lacks_own_scores and year <= current_fiscal_year():
        tasks.append(next_cycle(agency, year))
    context = {
        "year": year,
        "plan": plan,
        "analysis": years.analysis if years.current else None,
        "has_framework": years.framework is not None,
        "tasks": tasks,
        "next_task": _next_for(request.user, agency, plan, tasks),
    }
    return render(request, "ita_portal/overview.html", context)


def _next_for(user, agency, plan, tasks):
    """Who does not write has nothing to go on with, except a plan that waits for her review."""
    if allowed(user, Permission.EDIT_PLAN, agency):
        return next_task(tasks)
    if plan and allowed(user, Permission.APPROVE, agency, plan.state):
        return review_task(tasks, plan)
    return None
