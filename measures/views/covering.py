from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from accounts.access import agency_page
from accounts.permissions import Permission
from measures.actions import note_covering
from measures.covering import Kind
from measures.covering.facts import facts_of
from measures.covering.letters import letter_of
from measures.covering.writing import docx_of
from measures.models import Plan
from measures.views.printing import printing_of
from measures.views.report_pdf import KIND

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: The beginning of the file's name.
FILE_NAMES = {Kind.MEMO: "บันทึกข้อความ ITA", Kind.ANNOUNCEMENT: "ประกาศ ITA", Kind.ORDER: "คำสั่ง ITA"}


@require_safe
@agency_page(Permission.EXPORT)
def covering(request, agency, year, kind):
    """A letter to go on with in a word processor; numbered and dated by nobody yet."""
    if kind not in Kind.values:
        raise Http404
    plans = Plan.objects.visible_to(request.user).for_year(year).select_related("assessment")
    plan = get_object_or_404(plans.select_related("agency"), agency=agency)
    kind, printing = Kind(kind), printing_of(request, agency)
    with translation.override("th"):
        letter = letter_of(kind, facts_of(plan))
        content = docx_of(letter, day=timezone.localdate(), thai_digits=printing.thai_digits)
    note_covering(plan=plan, kind=kind.value, by=request.user)
    return HttpResponse(
        content,
        content_type=DOCX,
        headers={
            "Content-Disposition": _disposition(plan, kind),
            "Cache-Control": "private, no-store",
        },
    )


def _disposition(plan, kind):
    """Both spellings of the name (RFC 6266): ASCII for old programs, Thai for all others."""
    short = KIND.sub("", plan.agency.name) or plan.agency.name
    name = quote(f"{FILE_NAMES[kind]} {short} {plan.year}.docx", safe="")
    ascii_name = f"ita-{plan.agency.code}-{plan.year}-{kind.value}.docx"
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{name}"
