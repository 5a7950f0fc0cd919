"""Every write to results: an act a function, checked, in a transaction, with its event."""

from assessments.actions.importing import (
    ImportOutdated,
    ImportRefused,
    enter_pasted,
    import_scores,
    note_export,
)
from assessments.actions.scores import (
    SavedScores,
    ScoreChange,
    enter_published,
    enter_scores,
    open_assessment,
    save_published,
    save_scores,
)
from assessments.actions.texts import save_text
from assessments.actions.warnings import FiguresChanged, confirm_warning

__all__ = [
    "FiguresChanged",
    "ImportOutdated",
    "ImportRefused",
    "SavedScores",
    "ScoreChange",
    "confirm_warning",
    "enter_pasted",
    "enter_published",
    "enter_scores",
    "import_scores",
    "note_export",
    "open_assessment",
    "save_published",
    "save_scores",
    "save_text",
]
