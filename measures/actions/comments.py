"""Writes what people say about rows of a plan: adds, edits, resolves, reopens."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import events
from accounts.notices import notify
from accounts.permissions import Permission, Role, allowed, role_of, unit_of
from measures.actions.rows import is_own, locked
from measures.comments import addressed, comments_url, named_rows
from measures.models import Comment
from measures.rows import parse_row
from measures.texts import clean_texts

#: So much of a comment stands in a notice.
SHOWN = 200


@transaction.atomic
def create_comment(*, plan, row, text, by):
    """On a row of the plan, or on the plan where `row` is empty; (comment, the people told).

    Told are those whom the text names with @, and those who commented on the row before.
    """
    assessment, plan = plan.assessment, locked(plan, Permission.COMMENT, by)
    plan.assessment = assessment
    with translation.override("th"):
        named = named_rows(plan, [row]).get(row)
    if named is None or named.is_lost:
        raise ValidationError({"row": _("This row is not in the plan. Choose another.")})
    text = clean_texts(Comment, {"text": text})["text"]
    people = addressed(plan, row, text)
    comment = Comment.objects.create(plan=plan, row=row, text=text, by=by)
    told = notify(
        people,
        agency=plan.agency,
        text=gettext_lazy("%(name)s commented on “%(about)s”: %(text)s"),
        facts={"name": by.get_full_name(), "about": named.label[:200], "text": text[:SHOWN]},
        url=comments_url(plan, row, comment),
        by=by,
    )
    _record("comment.created", comment, by, after={"row": row, "about": named.label, "text": text})
    return comment, told


@transaction.atomic
def change_comment(*, comment, text, by):
    """One's own and open; reasons for a return stay as they were given."""
    comment = _locked(comment, Permission.COMMENT, by)
    if comment.by_id != by.pk or comment.is_return:
        raise PermissionDenied(_("Only who wrote a comment changes it."))
    if comment.resolved_at is not None:
        raise ValidationError(_("This comment is resolved. Reopen it before you change it."))
    before, comment.text = comment.text, clean_texts(Comment, {"text": text})["text"]
    if comment.text == before:
        return comment
    comment.edited_at = timezone.now()
    comment.save(update_fields=["text", "edited_at"])
    _record("comment.changed", comment, by, {"text": before}, {"text": comment.text})
    return comment


@transaction.atomic
def resolve_comment(*, comment, by, resolved=True):
    """Resolves it, or reopens it; staff only what is theirs."""
    comment = _locked(comment, Permission.RESOLVE, by)
    if (comment.resolved_at is not None) == resolved:
        return comment
    if not may_resolve(by, comment, not_hers(by, comment.plan)):
        raise PermissionDenied(_("Staff resolve their own comments and those on rows of theirs."))
    comment.resolved_at = timezone.now() if resolved else None
    comment.resolved_by = by if resolved else None
    comment.save(update_fields=["resolved_at", "resolved_by"])
    _record("comment.resolved" if resolved else "comment.reopened", comment, by)
    return comment


def not_hers(user, plan):
    """The ids of the measures that staff of one unit do not write; nothing for others."""
    if unit_of(user, plan.agency) is None:
        return frozenset()
    prefetch_related_objects([plan.agency], "units")
    return frozenset(one.pk for one in plan.measures.all() if not is_own(user, plan, one))


def may_resolve(user, comment, not_hers):
    """Whether the person may resolve or reopen it now; `not_hers` are the ids of measures."""
    plan = comment.plan
    if not allowed(user, Permission.RESOLVE, plan.agency, plan.state, plan.closed):
        return False
    if role_of(user, plan.agency) != Role.STAFF or comment.by_id == user.pk:
        return True
    row = parse_row(comment.row)
    if row is None:
        # What is said of the whole plan is not for one unit to settle.
        return False
    return row.kind not in ("measure", "progress") or row.number not in not_hers


def _locked(comment, permission, by):
    """The comment as it stands, under the lock of its plan."""
    plan = locked(comment.plan, permission, by)
    comment = Comment.objects.get(pk=comment.pk)
    comment.plan = plan
    return comment


def _record(verb, comment, by, before=None, after=None):
    after = after or {"row": comment.row}
    agency = comment.plan.agency
    events.record(verb=verb, by=by, agency=agency, obj=comment, before=before, after=after)
