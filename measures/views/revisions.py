"""The revisions of a plan: what was submitted, what became of it, and its reports for ever."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import agency_page
from accounts.permissions import Permission, allowed
from measures.models import Plan, Publication
from measures.report.content import Part
from measures.report.frozen import revision_report
from measures.views.downloads import revisions_of
from measures.views.report_pdf import pdf_response
from measures.workflow import EVENTS

PEOPLE = ("made_by", "approved_by", "signed_by", "signature_scan")


def _with_people(revisions):
    """Also with whom published it, and with when; without what is long."""
    published = Publication.objects.select_related("published_by", "plan__agency").defer("data")
    found = revisions.select_related(*PEOPLE).defer("content")
    return found.prefetch_related(Prefetch("publications", published))


def _rights(request, agency):
    return {
        "may_see_scan": allowed(request.user, Permission.VIEW_EVIDENCE, agency),
        "may_withdraw": allowed(request.user, Permission.WITHDRAW, agency),
    }


@require_safe
@agency_page(Permission.VIEW)
def revisions(request, agency, year):
    rows = list(_with_people(revisions_of(request, agency, year)))
    newest = max((row.number for row in rows), default=0)
    approved = max((row.number for row in rows if row.approved_at), default=0)
    for row in rows:
        standing = approved if row.approved_at else newest
        row.replaced_by = standing if standing > row.number else None
    plan = Plan.objects.visible_to(request.user).filter(agency=agency, year=year).first()
    context = {"year": year, "plan": plan, "rows": rows} | _rights(request, agency)
    return render(request, "measures/revisions.html", context)


@require_safe
@agency_page(Permission.VIEW)
def revision(request, agency, year, number):
    rows = _with_people(revisions_of(request, agency, year))
    row = get_object_or_404(rows, number=number)
    history = [event for event in row.events if event.verb in EVENTS]
    for event in history:
        event.label = EVENTS[event.verb]
    context = {
        "year": year,
        "plan": row.plan,
        "revision": row,
        "replaced_by": row.replaced_by,
        "parts": [(part, row.get_report_url(part.value)) for part in Part],
        "history": history,
    } | _rights(request, agency)
    return render(request, "measures/revision.html", context)


@require_safe
@agency_page(Permission.EXPORT)
def report(request, agency, year, number, part):
    def as_frozen(plan):
        row = get_object_or_404(plan.revisions, number=number)
        row.plan = plan
        return revision_report(row, part)

    return pdf_response(request, agency, year, part, as_frozen, which="revision", number=number)
