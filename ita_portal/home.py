"""The first page: what this agency has to do this year."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

from accounts.access import agency_page
from accounts.models import Agency
from accounts.permissions import Permission, allowed
from assessments.fiscal import current_fiscal_year
from assessments.models import Framework
from assessments.results import two_years
from measures.carrying import with_unfinished
from measures.models import Plan
from measures.report.frozen import frozen_analysis
from measures.situation import situation_of
from measures.tasks import next_cycle, next_task, tasks_of, waiting_for


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
    plans = Plan.objects.visible_to(request.user).filter(agency=agency).with_basis()
    plans = list(with_unfinished(plans.with_own_scores().with_waiting().with_publication()))
    plan = next((one for one in plans if one.year == year), None)
    if plan is not None and years.current is not None:
        # The same row, already read: the plan's page needs no second set of queries.
        plan.assessment = years.current
    situation = situation_of(plan, frozen_analysis(plan)) if plan else None
    tasks = tasks_of(request.user, agency, year, years, situation)
    # In a year that has closed nothing goes on.
    open_tasks = [] if plan and plan.closed else list(tasks)
    may_enter = allowed(request.user, Permission.EDIT_SCORES, agency)
    if may_enter and plan and plan.lacks_own_scores and year <= current_fiscal_year():
        cycle = next_cycle(agency, year)
        tasks.append(cycle)
        open_tasks.append(cycle)
    begun = [one.year for one in plans]
    waiting = waiting_for(request.user, situation, plan.open_comments) if plan else []
    context = {
        "year": year,
        "years": sorted({year, *begun, max(begun, default=year) + 1}),
        "plan": plan,
        "analysis": (situation or years).analysis if years.current else None,
        "has_framework": years.framework is not None,
        "tasks": tasks,
        "waiting": waiting,
        "next_task": _next_for(request.user, agency, waiting, tasks, open_tasks),
        "may_enter": may_enter,
        "may_carry": plan and plan.unfinished and _may_write(request.user, plan),
        "may_set_up": allowed(request.user, Permission.SET_UP, agency),
        "may_choose": allowed(request.user, Permission.CHOOSE_THRESHOLD, agency),
    }
    return render(request, "ita_portal/overview.html", context)


def _next_for(user, agency, waiting, tasks, open_tasks):
    """What waits for her; who does not write has nothing else to go on with."""
    asked = next((task for one in waiting for task in tasks if task.url == one.url), None)
    return asked or (next_task(open_tasks) if allowed(user, Permission.EDIT_PLAN, agency) else None)


def _may_write(user, plan):
    return allowed(user, Permission.EDIT_PLAN, plan.agency, plan.state, plan.closed)
