"""The files of a row, with a box for more; outside its other forms a page has `evidence_form`."""

from django import template

from accounts.permissions import Permission, allowed
from measures.evidence import limits
from measures.evidence.gate import ACCEPT
from measures.evidence.showing import with_evidence
from measures.rows import Row

register = template.Library()


@register.inclusion_tag("measures/parts/evidence_of.html", takes_context=True)
def evidence_of(context, measure, months=None):
    """Rows of lists come from `with_evidence`; a single one is looked up here."""
    if not hasattr(measure, "files"):
        with_evidence([measure], measure.plan, months, context["request"].user)
    return {
        "measure": measure,
        "plan": measure.plan,
        "row": str(Row("progress" if months else "measure", measure.pk, months)),
        "may_open": allowed(context["request"].user, Permission.VIEW_EVIDENCE, measure.plan.agency),
        "accept": ACCEPT,
        "most": limits.FILE_BYTES // limits.MB,
    }


@register.inclusion_tag("measures/parts/evidence_form.html")
def evidence_form(plan):
    """Of all boxes of the page; with their looks and their script."""
    most = limits.FILE_BYTES
    return {"plan": plan, "most_bytes": most, "most": most // limits.MB}
