"""Every write to a year's plan: an act a function, checked, in a transaction, with its event."""

from measures.actions.issues import (
    change_issue,
    create_issue,
    create_issues_from_weaknesses,
    leave_issues_out,
    merge_issues,
)
from measures.actions.measures import change_measure, create_measure, save_progress
from measures.actions.plans import move_plan, open_plan, record_download
from measures.actions.rows import delete_row, reorder

__all__ = [
    "change_issue",
    "change_measure",
    "create_issue",
    "create_issues_from_weaknesses",
    "create_measure",
    "delete_row",
    "leave_issues_out",
    "merge_issues",
    "move_plan",
    "open_plan",
    "record_download",
    "reorder",
    "save_progress",
]
