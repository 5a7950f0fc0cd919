from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import agency_page, can
from accounts.forms import HandoverForm
from accounts.handover import hand_over, handovers_of, with_titles, work_of
from accounts.permissions import Permission, Role
from accounts.proof import needs_recent_proof
from accounts.querysets import given_name
from accounts.views.people import members_of


@needs_recent_proof
@agency_page(Permission.MANAGE_PEOPLE)
def handover(request, agency, pk):
    membership = get_object_or_404(members_of(request, agency), pk=pk)
    successors = members_of(request, agency).exclude(pk=pk).filter(user__is_active=True)
    form = HandoverForm(
        request.POST if request.method == "POST" else None,
        membership=membership,
        successors=successors.order_by(given_name("user__name"), "pk"),
        initial={"successor": request.GET.get("to")},
    )
    if form.is_valid():
        try:
            done = hand_over(membership=membership, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            told = {"name": done.after["to"]}
            messages.success(
                request,
                _("The work was handed over, and %(name)s has been told. Print the sheet.") % told,
            )
            return redirect("accounts:handover-sheet", agency.code, done.pk)
    context = {"form": form, "membership": membership, "work": with_titles(work_of(membership))}
    return render(request, "accounts/handover.html", context)


@agency_page(Permission.VIEW)
def sheet(request, agency, pk):
    """For those who manage people and the two whose work it is."""
    event = get_object_or_404(handovers_of(agency), pk=pk)
    facts = event.after
    concerned = request.user.pk in (facts["from_id"], facts["to_id"])
    if not concerned and not can(request, Permission.MANAGE_PEOPLE):
        raise PermissionDenied(_("Only those who hand over, take over or manage people see this."))
    sides = [
        {
            "name": facts[side],
            "position": facts[f"{side}_position"],
            "role": Role(facts[f"{side}_role"]).label,
            "unit": facts[f"{side}_unit"],
        }
        for side in ("from", "to")
    ]
    context = {"event": event, "facts": facts, "sides": sides, "work": with_titles(facts["work"])}
    return render(request, "accounts/handover_sheet.html", context)
