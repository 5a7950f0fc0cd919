"""A table that the signatures follow takes its last lines along when they go to the next page.

Part of `measures.report.patches`: for the same version of WeasyPrint only.
"""

from measures.report.patches import continued

#: Class of such a table, and what the signatures take below it, in pixels.
SEALED, ROOM = "sealed", 215
#: By how much a page is too short for the last line.
LACKING = 4


def table_layout(context, table, bottom_space, *rest):
    """Where a table ends too low for them, it is laid out once more as if it ended lower still."""
    laid_out = continued.table_layout(context, table, bottom_space, *rest)
    done, resume_at, *_ = laid_out
    if done is None or resume_at or SEALED not in table.element.get("class", "").split():
        return laid_out
    end = done.position_y + done.height
    if not context.overflows_page(bottom_space + ROOM, end):
        return laid_out
    lower = context.page_bottom - end + LACKING
    shorter = continued.table_layout(context, table, lower, *rest)
    if shorter[0] is None:
        # Nothing of it would stay below its heading: its only row goes over in part.
        row = table.children[-1].children[-1]
        inside, row.style["break_inside"] = row.style["break_inside"], "auto"
        shorter = continued.table_layout(context, table, lower, *rest)
        row.style["break_inside"] = inside
    return laid_out if shorter[0] is None else shorter
