from measures.models.comment import Comment
from measures.models.evidence import Evidence
from measures.models.issue import Issue
from measures.models.measure import Measure
from measures.models.plan import Plan
from measures.models.progress import ProgressEntry, ProgressRound
from measures.models.publication import Publication, PublishedFile
from measures.models.revision import Revision

__all__ = [
    "Comment",
    "Evidence",
    "Issue",
    "Measure",
    "Plan",
    "ProgressEntry",
    "ProgressRound",
    "Publication",
    "PublishedFile",
    "Revision",
]
