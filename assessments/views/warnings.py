from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import agency_page, wants_json
from accounts.permissions import LateChange, Permission
from assessments.actions import FiguresChanged, confirm_warning
from assessments.models import Assessment, result_url


@agency_page(Permission.EDIT_SCORES)
@require_POST
def confirm(request, agency, year, kind):
    """Confirms the figures that a warning is about; a script gets 204, or 409 with the reason."""
    refusal = _confirm(request, agency, year, kind)
    if not wants_json(request):
        if refusal:
            messages.warning(request, refusal)
        return redirect(result_url("scores", agency, year, kind))
    if refusal:
        return JsonResponse({"message": refusal}, status=409)
    return HttpResponse(status=204)


def _confirm(request, agency, year, kind):
    """What to tell where the figures could not be confirmed, else nothing."""
    changed = _("The figures have changed in the meantime. Check those that stand here now.")
    found = Assessment.objects.filter(agency=agency, framework__year=year, kind=kind)
    assessment = found.select_related("agency").first()
    if assessment is None:
        return changed
    try:
        confirm_warning(
            assessment=assessment,
            warning=request.POST.get("warning", ""),
            figures=request.POST.get("figures", ""),
            by=request.user,
        )
    except FiguresChanged:
        return changed
    except LateChange as late:
        return str(late)
    return ""
