from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.shortcuts import render
from django_tables2 import RequestConfig

from accounts.models import Agency, Membership
from accounts.permissions import Permission, allowed_somewhere
from measures.models import Plan
from measures.tables import AgencyTable


@login_required
def agencies(request):
    """The agencies that the person serves, each with its newest plan and the plan's state."""
    own = Membership.objects.filter(agency=OuterRef("pk"), user=request.user)
    newest = Plan.objects.filter(agency=OuterRef("pk")).order_by("-year")
    rows = Agency.objects.visible_to(request.user).annotate(
        role=Subquery(own.values("role")[:1]),
        plan_year=Subquery(newest.values("year")[:1]),
        plan_state=Subquery(newest.values("state")[:1]),
    )
    table = AgencyTable(rows, order_by="name")
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    may_import = allowed_somewhere(request.user, Permission.EDIT_SCORES)
    return render(request, "measures/agencies.html", {"table": table, "may_import": may_import})
