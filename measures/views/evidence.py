"""The files of a year: list, upload, download, and what becomes of one."""

from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from accounts.access import agency_page, wants_json
from accounts.permissions import LateChange, Permission, allowed
from accounts.uploads import shut
from measures.actions import (
    add_evidence,
    hide_evidence,
    is_own,
    remove_evidence,
    replace_evidence,
    show_evidence,
)
from measures.evidence import limits
from measures.evidence.gate import ACCEPT, kind_of
from measures.evidence.showing import evidence_for
from measures.evidence.tables import EvidenceTable
from measures.models import Evidence, Plan
from measures.rows import parse_row

FILES_A_PAGE = 100


class ReplaceForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("New file"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": gettext_lazy("Choose the file that replaces this one."),
            "empty": gettext_lazy("The file is empty. Choose another one."),
        },
    )


class ShowForm(forms.Form):
    reminded = forms.BooleanField(
        label=gettext_lazy(
            "I have looked through the file: it shows no personal data that the public may not "
            "see, such as identity card numbers, addresses, telephone numbers or signatures."
        ),
        required=False,
        label_suffix="",
    )


@require_safe
@agency_page(Permission.VIEW)
def evidence(request, agency, year):
    plan = _plan(request, agency, year)
    may_open = allowed(request.user, Permission.VIEW_EVIDENCE, agency)
    may_edit = allowed(request.user, Permission.EDIT_EVIDENCE, agency, plan.state, plan.closed)
    files = evidence_for(request.user, plan).select_related("measure", "uploaded_by")
    files = files.order_by("measure__order", "measure", "months", "uploaded_at", "uid")
    # Asked for the rows of staff of one unit.
    prefetch_related_objects([agency], "units")
    standing = EvidenceTable(
        files.standing(),
        caption=_("Files of %(year)s") % {"year": year},
        may_open=may_open,
        may_edit=may_edit,
    )
    former = EvidenceTable(
        files.exclude(pk__in=files.standing().values("pk")),
        caption=_("Replaced and taken out"),
        may_open=may_open,
        may_edit=False,
        prefix="former-",
    )
    config = RequestConfig(request, paginate={"per_page": FILES_A_PAGE})
    for table in (standing, former):
        config.configure(table)
        for row in table.page.object_list:
            file = row.record
            file.plan = plan
            file.is_own = file.measure is None or is_own(request.user, plan, file.measure)
    context = {"year": year, "plan": plan, "standing": standing, "former": former}
    return render(request, "measures/evidence.html", context)


@agency_page(Permission.EDIT_EVIDENCE)
@require_POST
def add(request, agency, year):
    """Each file box has the name of its row: `measure-5`, `progress-6-5`."""
    plan = _plan(request, agency, year)
    if sum(len(uploads) for _name, uploads in request.FILES.lists()) > limits.REQUEST_FILES:
        message = _("Attach at most %(count)s files at once.") % {"count": limits.REQUEST_FILES}
        return _answer(request, plan, [], [message], None)
    rows, refused, place = [], [], None
    for name, uploads in request.FILES.lists():
        measure, months = place = _row(plan, name)
        try:
            stored, told = add_evidence(
                plan=plan, uploads=uploads, by=request.user, measure=measure, months=months
            )
        except LateChange as late:
            stored, told = [], [str(late)]
        rows += stored
        refused += told
    if place is None:
        refused = [_("Choose the files to attach.")]
    return _answer(request, plan, rows, refused, place)


@agency_page(Permission.EDIT_EVIDENCE)
def change(request, agency, year, uid):
    """Replaces, takes out, shows or hides one file, by the button that was pressed."""
    file = _file(request, agency, year, uid)
    back = f"{_url(file.plan, 'evidence')}#evidence-{file.pk}"
    act = request.POST.get("act") if request.method == "POST" else None
    data = {name: request.POST if name == act else None for name in ("replace", "show")}
    replace = ReplaceForm(data["replace"], request.FILES if act == "replace" else None)
    show = ShowForm(data["show"])
    form, by = (show if act == "show" else replace), request.user
    acts = {
        "replace": lambda: replace_evidence(
            evidence=file, upload=replace.cleaned_data["file"], by=by
        ),
        "show": lambda: show_evidence(evidence=file, by=by, reminded=show.cleaned_data["reminded"]),
        "hide": lambda: hide_evidence(evidence=file, by=by),
        "remove": lambda: remove_evidence(evidence=file, by=by),
    }
    if act in acts:
        try:
            if act not in data or form.is_valid():
                acts[act]()
                messages.success(request, _("Saved: %(title)s") % {"title": file})
                return redirect(back)
        except LateChange as late:
            messages.error(request, str(late))
            return redirect(back)
        except ValidationError as error:
            if act not in data:
                messages.error(request, " ".join(error.messages))
                return redirect(back)
            form.add_error("file" if act == "replace" else "reminded", error)
    context = {"year": year, "file": file, "form": form, "replace": replace, "show": show}
    context["back"] = back
    return render(request, "measures/evidence_change.html", context)


@require_safe
@agency_page(Permission.VIEW_EVIDENCE)
def original(request, agency, year, uid):
    file = _file(request, agency, year, uid)
    return _download(file.file, file, "attachment")


@require_safe
@agency_page(Permission.VIEW)
def public(request, agency, year, uid):
    file = _file(request, agency, year, uid)
    if not file.is_public:
        raise Http404
    # A picture was drawn anew, so nothing but pixels is left of what somebody sent.
    way = "inline" if kind_of(file.name).is_picture else "attachment"
    return _download(file.public_copy, file, way)


def _download(field, file, disposition):
    response = FileResponse(field.open("rb"), content_type=file.media_type)
    name = quote(file.name, safe="")
    response["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{name}"
    return shut(response)


def _plan(request, agency, year):
    plans = Plan.objects.visible_to(request.user).for_year(year)
    plan = get_object_or_404(plans, agency=agency)
    plan.agency = agency
    return plan


def _file(request, agency, year, uid):
    files = Evidence.objects.visible_to(request.user).select_related("plan", "measure")
    file = get_object_or_404(files, pk=uid, plan__agency=agency, plan__year=year)
    file.plan.agency = agency
    return file


def _row(plan, name):
    """(the measure, the round) of a file box; any other name is 404."""
    row = parse_row(name)
    if row is None or row.kind not in ("measure", "progress"):
        raise Http404
    measure = get_object_or_404(plan.measures, pk=row.number)
    measure.plan = plan
    return measure, row.months


def _answer(request, plan, rows, refused, place):
    """To the script, each file as the list shows it; to a browser, the page that it came from."""
    if wants_json(request):
        for row in rows:
            row.plan = plan
        items = [render_to_string("measures/parts/evidence_item.html", {"file": r}) for r in rows]
        return JsonResponse({"files": items, "refused": refused}, status=200 if rows else 422)
    for message in refused:
        messages.error(request, message)
    if rows:
        told = ngettext("%(count)d file attached.", "%(count)d files attached.", len(rows))
        messages.success(request, told % {"count": len(rows)})
    return redirect(_back(plan, *place) if place else _url(plan, "evidence"))


def _back(plan, measure, months):
    if months:
        return f"{plan.get_progress_url(months)}#progress-{months}-{measure.pk}"
    return f"{measure.get_absolute_url()}#files-measure-{measure.pk}"


def _url(plan, name):
    return reverse(f"measures:{name}", args=[plan.agency.code, plan.year])
