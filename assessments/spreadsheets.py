"""Tables as files that open harmlessly in a spreadsheet, for other apps too."""

from assessments.exchange.exporting import export_entered
from assessments.exchange.writing import CONTENT_TYPES, write

__all__ = ["CONTENT_TYPES", "export_entered", "write"]
