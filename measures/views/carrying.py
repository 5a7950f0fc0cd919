from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import agency_page
from accounts.permissions import LateChange, Permission
from measures.actions import carry_measures
from measures.carrying import offered
from measures.plans import plan_year
from measures.views import writing


@agency_page(Permission.EDIT_PLAN)
def carry(request, agency, year):
    basis = plan_year(request.user, agency, year)
    if basis.plan is None:
        title = _("Carry over measures of %(year)s") % {"year": year - 1}
        return writing.no_plan(request, basis, title)
    back = reverse("measures:measures", args=[agency.code, year])
    measures = offered(agency, year)
    ticked = chosen(request, measures)
    if request.method == "POST":
        try:
            copies = carry_measures(plan=basis.plan, measures=ticked, by=request.user)
        except LateChange as late:
            messages.error(request, str(late))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            text = ngettext(
                "%(count)s measure was carried over. Adapt it to this year.",
                "%(count)s measures were carried over. Adapt them to this year.",
                len(copies),
            )
            messages.success(request, text % {"count": len(copies)})
        return redirect(back)
    context = {
        "basis": basis,
        "year": year,
        "measures": measures,
        "ticked": {measure.pk for measure in ticked},
        "may_edit": basis.may(Permission.EDIT_PLAN),
        "readonly_reason": writing.readonly_reason(basis, Permission.EDIT_PLAN),
        "back": back,
    }
    return render(request, "measures/carry.html", context)


def chosen(request, measures):
    """Those of the offered measures that are ticked: at first all that are not there already."""
    if request.method != "POST":
        return [measure for measure in measures if not measure.is_carried]
    ids = writing.ids_in(request.POST.getlist("measure"))
    return [measure for measure in measures if measure.pk in ids]
