"""Every write to a year's plan: an act a function, checked, in a transaction, with its event."""

from measures.actions.carrying import carry_measures
from measures.actions.evidence import (
    add_evidence,
    hide_evidence,
    remove_evidence,
    replace_evidence,
    show_evidence,
)
from measures.actions.fields import save_field, save_progress_field
from measures.actions.issues import (
    change_issue,
    create_issue,
    create_issues_from_weaknesses,
    leave_issues_out,
    merge_issues,
)
from measures.actions.measures import (
    change_measure,
    create_measure,
    create_measures,
    save_progress,
)
from measures.actions.moves import move_plan, open_review
from measures.actions.plans import open_plan, record_document, record_download
from measures.actions.publishing import publish, withdraw_publication
from measures.actions.revisions import approve_round
from measures.actions.rows import NotOwn, delete_row, is_own, reorder, require_own
from measures.actions.setup import choose_threshold, extend, open_year, set_dates
from measures.actions.signing import record_signature, sign

__all__ = [
    "add_evidence",
    "NotOwn",
    "approve_round",
    "carry_measures",
    "change_issue",
    "change_measure",
    "choose_threshold",
    "create_issue",
    "create_issues_from_weaknesses",
    "create_measure",
    "create_measures",
    "delete_row",
    "extend",
    "hide_evidence",
    "is_own",
    "leave_issues_out",
    "merge_issues",
    "move_plan",
    "open_plan",
    "open_review",
    "open_year",
    "publish",
    "record_document",
    "record_download",
    "record_signature",
    "remove_evidence",
    "reorder",
    "require_own",
    "replace_evidence",
    "save_field",
    "save_progress",
    "save_progress_field",
    "set_dates",
    "show_evidence",
    "sign",
    "withdraw_publication",
]
