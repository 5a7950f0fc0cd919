from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import agency_page
from accounts.permissions import LateChange, Permission, unit_of
from measures.actions import create_measure, is_own
from measures.calendar import whole_year
from measures.library import past_measures, suggestions, suggestions_for
from measures.models import Measure
from measures.plans import plan_year

#: So many are seen at once, the others below them.
SHOWN = 3
MOST_PAST = 6


@agency_page(Permission.EDIT_PLAN)
def library(request, agency, year):
    """Measures to begin with, for the indicators that an issue has."""
    basis = plan_year(request.user, agency, year)
    back = reverse("measures:measures", args=[agency.code, year])
    if basis.plan is None or (request.method == "GET" and not basis.may(Permission.EDIT_PLAN)):
        return redirect(back)
    asked = (request.POST or request.GET).getlist("indicator")
    numbers = [number for number in basis.indicators if str(number) in asked]
    if request.method == "POST" and numbers:
        return _begin(request, basis, numbers, back)
    indicators = [basis.indicators[number] for number in numbers]
    found = suggestions_for(*numbers)
    context = {
        "basis": basis,
        "year": year,
        "back": back,
        "indicators": basis.indicators.values(),
        "weak": basis.analysis.weak_numbers,
        "chosen": indicators,
        "first": found[:SHOWN],
        "others": found[SHOWN:],
        "past": past_measures(agency, year, indicators)[:MOST_PAST] if indicators else [],
    }
    return render(request, "measures/library.html", context)


def _begin(request, basis, numbers, back):
    """The chosen text becomes a measure at once; its page is where it is adapted."""
    draft, others = _draft(request.POST.get("draft", ""), basis)
    responsible = draft.responsible
    if not is_own(request.user, basis.plan, draft):
        # Else she could not adapt her own draft.
        responsible = unit_of(request.user, basis.agency).name
    try:
        measure = create_measure(
            plan=basis.plan,
            by=request.user,
            indicators=[basis.indicators[number] for number in numbers],
            title=draft.title,
            steps=draft.steps,
            period=whole_year(basis.year),
            follow_up=draft.follow_up,
            responsible=responsible,
            **others,
        )
    except LateChange as late:
        messages.error(request, str(late))
        return redirect(back)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back)
    messages.success(
        request, _("Begun as a draft. Adapt it to your agency; what you type is saved by itself.")
    )
    return redirect(measure.get_absolute_url())


def _draft(name, basis):
    """The suggestion by its key, or an earlier measure of the agency by its number."""
    if name.isascii() and name.isdecimal():
        rows = Measure.objects.filter(plan__agency=basis.agency, plan__year__lt=basis.year)
        measure = rows.select_related("plan").filter(pk=name[:18]).first()
        if measure is not None:
            return measure, {"carried_from": measure, "carried_year": measure.plan.year}
    for one in suggestions():
        if one.key == name:
            return one, {}
    raise Http404
