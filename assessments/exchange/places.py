"""Where something stands in a file, and what is wrong there."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Place:
    """`row` from 1, as the spreadsheet shows it; `column` is its heading, else its letter."""

    sheet: str
    row: int
    column: str

    def __str__(self):
        return _('Sheet "%(sheet)s" row %(row)s column "%(column)s"') % {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
        }


@dataclass(frozen=True)
class Problem:
    place: Place
    message: str

    def __str__(self):
        return f"{self.place}: {self.message}"


def shown(text):
    """The value that a message is about, before what is wrong with it."""
    return f'"{text.strip()[:60]}" – '
