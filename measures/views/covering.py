from django.http import Http404
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from accounts.access import agency_page
from accounts.permissions import Permission
from measures.actions import record_document
from measures.covering import Kind
from measures.covering.facts import facts_of
from measures.covering.letters import letter_of
from measures.covering.writing import docx_of
from measures.report.docx.reports import DOCX
from measures.views.downloads import disposition, download, plan_of
from measures.views.printing import printing_of

#: The beginning of the file's name.
FILE_NAMES = {Kind.MEMO: "บันทึกข้อความ ITA", Kind.ANNOUNCEMENT: "ประกาศ ITA", Kind.ORDER: "คำสั่ง ITA"}


@require_safe
@agency_page(Permission.EXPORT)
def covering(request, agency, year, kind):
    """A letter to go on with in a word processor; numbered and dated by nobody yet."""
    if kind not in Kind.values:
        raise Http404
    plan = plan_of(request, agency, year)
    kind, printing = Kind(kind), printing_of(request, agency)
    facts = facts_of(plan)
    with translation.override("th"):
        letter = letter_of(kind, facts)
        content = docx_of(letter, day=timezone.localdate(), thai_digits=printing.thai_digits)
    revision = facts.report.revision
    record_document(plan=plan, document=f"{kind.value}.docx", by=request.user, revision=revision)
    return download(content, DOCX, disposition(agency, year, FILE_NAMES[kind], kind.value, "docx"))
