"""The name of a row of a plan, for comments, notices and history: `score-9`, `measure-5` …"""

import re
from dataclasses import dataclass

_NAME = re.compile(r"(score|issue|measure)-([0-9]{1,18})|progress-(6|12)-([0-9]{1,18})")


@dataclass(frozen=True)
class Row:
    """`number` is an indicator's of a score, else a primary key (of progress: its measure's);
    `months` is the round of progress.
    """

    kind: str
    number: int
    months: int | None = None

    def __str__(self):
        between = f"-{self.months}" if self.months else ""
        return f"{self.kind}{between}-{self.number}"


def parse_row(name):
    """The row of a name, or None where it is no name of a row."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    if found[1]:
        return Row(found[1], int(found[2]))
    return Row("progress", int(found[4]), int(found[3]))
