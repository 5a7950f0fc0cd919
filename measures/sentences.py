from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy

from accounts.permissions import State
from accounts.sentences import Vocabulary
from assessments import sentences as assessments
from assessments.fiscal import local_date
from measures.budgets import budget_words
from measures.calendar import LABELS as DAYS
from measures.covering import Kind
from measures.models import Issue, ProgressEntry
from measures.report.content import Part
from measures.rows import parse_row

DEEDS = {
    "comment.created": gettext_lazy("commented on “%(about)s”: %(text)s"),
    "comment.changed": gettext_lazy("changed a comment: %(changes)s"),
    "comment.resolved": gettext_lazy("resolved the comment “%(record)s”"),
    "comment.reopened": gettext_lazy("reopened the comment “%(record)s”"),
    "evidence.added": gettext_lazy("attached the file “%(record)s”"),
    "evidence.replaced": gettext_lazy("replaced a file by “%(record)s”"),
    "evidence.removed": gettext_lazy("took out the file “%(record)s”"),
    "evidence.shown": gettext_lazy("showed the file “%(record)s” to the public"),
    "evidence.hidden": gettext_lazy("made the file “%(record)s” internal again"),
    "history.exported": gettext_lazy("exported the history"),
    "issue.created": gettext_lazy("wrote the issue “%(record)s”"),
    "issue.changed": gettext_lazy("changed the issue “%(record)s”: %(changes)s"),
    "issue.deleted": gettext_lazy("deleted the issue “%(record)s”"),
    "issues.created": gettext_lazy("began issues for weak indicators"),
    "issues.left_out": gettext_lazy("gave reasons for indicators that are not taken up"),
    "issues.merged": gettext_lazy("merged issues"),
    "issues.reordered": gettext_lazy("put the issues in another order"),
    "measure.created": gettext_lazy("wrote the measure “%(record)s”"),
    "measure.changed": gettext_lazy("changed the measure “%(record)s”: %(changes)s"),
    "measure.deleted": gettext_lazy("deleted the measure “%(record)s”"),
    "measures.carried": gettext_lazy("carried over measures from the plan of %(year)s"),
    "measures.reordered": gettext_lazy("put the measures in another order"),
    "plan.opened": gettext_lazy("opened the plan of %(year)s"),
    "plan.dates_set": gettext_lazy("set days of the year %(year)s: %(changes)s"),
    "plan.extended": gettext_lazy("extended what had closed: %(changes)s"),
    "plan.submitted": gettext_lazy("submitted the plan of %(year)s for review"),
    "plan.review_opened": gettext_lazy("opened the plan of %(year)s to review it"),
    "plan.taken_back": gettext_lazy("took back the plan of %(year)s"),
    "plan.returned": gettext_lazy("returned the plan of %(year)s: %(reason)s"),
    "plan.approved": gettext_lazy("approved the plan of %(year)s"),
    "plan.signed": gettext_lazy("signed the plan of %(year)s"),
    "plan.signature_recorded": gettext_lazy(
        "recorded the signature on paper of the plan of %(year)s"
    ),
    "plan.published": gettext_lazy("published the plan of %(year)s as v%(version)s: %(url)s"),
    "plan.withdrawn": gettext_lazy(
        "withdrew v%(version)s of the plan of %(year)s from publication: %(reason)s"
    ),
    "plan.reopened": gettext_lazy("reopened the plan of %(year)s: %(reason)s"),
    "progress.saved": gettext_lazy("reported progress of “%(record)s”: %(changes)s"),
    "report.document_downloaded": gettext_lazy("downloaded a document of %(year)s (%(document)s)"),
    "report.downloaded": gettext_lazy("downloaded a report of %(year)s (%(part)s)"),
    "round.approved": gettext_lazy("approved the progress after %(months)s months"),
}
LABELS = {
    "about": gettext_lazy("About"),
    "document": gettext_lazy("Document"),
    "issue": gettext_lazy("Issue"),
    "issues": gettext_lazy("Issues"),
    "measures": gettext_lazy("Measures"),
    "months": gettext_lazy("Months"),
    "note": gettext_lazy("Note to the reviewer"),
    "order": gettext_lazy("Order"),
    "part": gettext_lazy("Part"),
    "reason": gettext_lazy("Reason"),
    "reasons": gettext_lazy("Reasons"),
    "revision": gettext_lazy("Revision"),
    "title": gettext_lazy("Measure"),
    "points": gettext_lazy("Points"),
    "kind": gettext_lazy("Kind"),
    "indicators": gettext_lazy("Indicators"),
    "progress": gettext_lazy("Progress"),
    "progressentry.state": gettext_lazy("State"),
    "url": gettext_lazy("Address"),
    "own_url": gettext_lazy("Page on the agency's own website"),
    "version": gettext_lazy("Version"),
    "year": gettext_lazy("Fiscal year"),
    "own_approval_reason": gettext_lazy("Reason for approving own work"),
    "digest": gettext_lazy("Digest"),
    "signer_name": gettext_lazy("Signer"),
    "signer_position": gettext_lazy("Position of the signer"),
    "approver_position": gettext_lazy("Position of the approver"),
    **DAYS,
}
ROWS = {
    "score": gettext_lazy("Score of indicator %(number)s"),
    "issue": gettext_lazy("Issue"),
    "measure": gettext_lazy("Measure"),
    "progress": gettext_lazy("Progress after %(months)s months"),
}


def _day(value):
    return local_date(date.fromisoformat(value))


def _budget(value):
    return budget_words(Decimal(value))


#: Of rows inside an event of something else, which no field explains.
_CHOICES = dict((*State.choices, *ProgressEntry.State.choices, *Issue.Kind.choices))

#: By the name of the file without its ending.
_DOCUMENTS = dict((*Part.choices, *Kind.choices)) | {
    "report": Part.FULL.label,
    "scores": gettext_lazy("Scores"),
    "data": gettext_lazy("Open data"),
}


def _document(name):
    kind, _dot, ending = name.partition(".")
    label = _DOCUMENTS.get(kind, gettext_lazy("All figures"))
    return f"{label} ({ending.upper()})"


def _choice(value):
    return _CHOICES.get(value, value)


def _name_of_a_row(key):
    row = parse_row(key)
    return ROWS[row.kind] % {"number": row.number, "months": row.months} if row else None


VOCABULARY = assessments.VOCABULARY | Vocabulary(
    DEEDS,
    LABELS,
    (_name_of_a_row,),
    shown={
        **dict.fromkeys([*DAYS, "starts_on", "ends_on"], _day),
        "budget": _budget,
        "state": _choice,
        "kind": _choice,
        "document": _document,
        "part": lambda value: Part(value).label,
    },
    hidden=frozenset({"plan.state", "row", "order", "from", "scan", "size"}),
)
