from measures.models.issue import Issue
from measures.models.measure import Measure
from measures.models.plan import Plan
from measures.models.progress import ProgressEntry, ProgressRound

__all__ = ["Issue", "Measure", "Plan", "ProgressEntry", "ProgressRound"]
