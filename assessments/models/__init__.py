from assessments.models.assessment import (
    AnalysisText,
    Assessment,
    Confirmation,
    Score,
    SubScore,
    cell_key,
    result_url,
)
from assessments.models.framework import (
    Fact,
    Framework,
    Indicator,
    Instrument,
    Item,
    Level,
    Question,
    SubIndicator,
)

__all__ = [
    "AnalysisText",
    "Assessment",
    "Confirmation",
    "Fact",
    "Framework",
    "Indicator",
    "Instrument",
    "Item",
    "Level",
    "Question",
    "Score",
    "SubIndicator",
    "SubScore",
    "cell_key",
    "result_url",
]
