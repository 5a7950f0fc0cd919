from assessments.models.assessment import Assessment, Score
from assessments.models.framework import (
    Fact,
    Framework,
    Indicator,
    Instrument,
    Item,
    Level,
    SubIndicator,
)

__all__ = [
    "Assessment",
    "Fact",
    "Framework",
    "Indicator",
    "Instrument",
    "Item",
    "Level",
    "Score",
    "SubIndicator",
]
