"""Tables as files that open harmlessly in a spreadsheet, for other apps too."""

from assessments.exchange.exporting import entered_table, export_entered
from assessments.exchange.writing import CONTENT_TYPES, FIGURES_SHEET, fill, saved, write

__all__ = [
    "CONTENT_TYPES",
    "FIGURES_SHEET",
    "entered_table",
    "export_entered",
    "fill",
    "saved",
    "write",
]
