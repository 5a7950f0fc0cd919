"""The heading of a row comes again, with "(ต่อ)", on each page on which the row goes on.

Part of `measures.report.patches`: for the same version of WeasyPrint only.
"""

import re

from weasyprint.formatting_structure import boxes
from weasyprint.layout import table as tables

AGAIN = " (ต่อ)"
#: In signs; of a longer heading only its number comes, as it would fill the page once more.
LONGEST = 120
NUMBER = re.compile(r"\S+\.(?= )")

stock_table_layout = tables.table_layout


def table_layout(context, table, bottom_space, skip_stack, *rest):
    """WeasyPrint leaves a cell empty whose text has ended on an earlier page.

    In a table that is resumed within a row, `skip_stack` is {group: {row: {cell: its place}}} and
    names the cells with text left. Naming the first one without a place lays it out anew.
    """
    resumed = skip_stack
    for _level in ("group", "row"):
        resumed = next(iter(resumed.values())) if resumed else None
    if not resumed or 0 in resumed:
        return stock_table_layout(context, table, bottom_space, skip_stack, *rest)
    [(group_index, rows)] = skip_stack.items()
    [(row_index, cells)] = rows.items()
    row = table.children[group_index].children[row_index]
    heading, *others = row.children
    if not heading.children or heading.element.get("scope") != "row":
        return stock_table_layout(context, table, bottom_space, skip_stack, *rest)
    place = {group_index: {row_index: {0: None, **cells}}}
    # The row itself is changed for the moment only: its first page may be laid out once more.
    row.children = [continued(heading), *others]
    try:
        laid_out = stock_table_layout(context, table, bottom_space, place, *rest)
    finally:
        row.children = [heading, *others]
    return laid_out


def continued(heading):
    """A copy of the cell whose first paragraph ends with AGAIN."""
    texts = (box.text for box in heading.descendants() if isinstance(box, boxes.TextBox))
    if sum(map(len, texts)) > LONGEST:
        heading = with_first_line(heading, numbers)
    return with_first_line(
        heading, lambda line: [*line.children, boxes.TextBox.anonymous_from(line, AGAIN)]
    )


def numbers(line):
    """What the heading begins with where that is its number."""
    first = next(box for box in line.descendants() if isinstance(box, boxes.TextBox))
    number = NUMBER.match(first.text)
    return [first.copy_with_text(number[0])] if number else []


def with_first_line(box, children):
    """A copy in which its first paragraph has the `children` that are worked out from it."""
    if isinstance(box, boxes.LineBox):
        return box.copy_with_children(children(box))
    first, *others = box.children
    return box.copy_with_children([with_first_line(first, children), *others])
