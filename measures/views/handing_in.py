from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import agency_page
from accounts.permissions import Permission
from measures.handing_in import asked_items, entries_of, evidenced, handing_in
from measures.models import Plan
from measures.report.frozen import frozen_analysis
from measures.situation import situation_of


@require_safe
@agency_page(Permission.VIEW)
def check(request, agency, year):
    """What the two items of the year ask for, and where each point stands."""
    plans = Plan.objects.visible_to(request.user).for_year(year).filter(agency=agency)
    plan = plans.with_basis().first()
    context = {"year": year, "plan": plan}
    if plan is not None:
        plan.agency = agency
        situation = situation_of(plan, frozen_analysis(plan))
        context["documents"] = handing_in(
            situation, asked_items(year), entries_of(plan), evidenced(plan), timezone.localdate()
        )
    return render(request, "measures/handing_in.html", context)
