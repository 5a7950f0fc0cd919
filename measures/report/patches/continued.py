"""The heading of a row comes again, with "(ต่อ)", on each page on which the row goes on.

Part of `measures.report.patches`: for the same version of WeasyPrint only.
"""

from weasyprint.formatting_structure import boxes
from weasyprint.layout import table as tables

AGAIN = " (ต่อ)"
#: In signs; of a longer heading only AGAIN comes, as it would fill the page once more.
LONGEST = 300

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
    if heading.element is None or heading.element.get("scope") != "row":
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
    if sum(len(box.text) for box in heading.descendants() if isinstance(box, boxes.TextBox)) > (
        LONGEST
    ):
        heading = without_text(heading)
    return with_last_words(heading, AGAIN)


def with_last_words(box, words):
    first, *others = box.children
    if isinstance(box, boxes.LineBox):
        return box.copy_with_children([*box.children, boxes.TextBox.anonymous_from(box, words)])
    return box.copy_with_children([with_last_words(first, words), *others])


def without_text(box):
    """Its first paragraph only, and that empty."""
    if isinstance(box, boxes.LineBox):
        return box.copy_with_children([])
    return box.copy_with_children([without_text(box.children[0])])
