"""Every write to results: an act a function, checked, in a transaction, with its event."""

from assessments.actions.importing import (
    ImportOutdated,
    ImportRefused,
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

__all__ = [
    "ImportOutdated",
    "ImportRefused",
    "SavedScores",
    "ScoreChange",
    "enter_published",
    "enter_scores",
    "import_scores",
    "note_export",
    "open_assessment",
    "save_published",
    "save_scores",
]
