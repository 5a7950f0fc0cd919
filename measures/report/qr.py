"""The QR code of an address, as a drawing for print and page alike."""

import segno
from django.template.loader import render_to_string
from segno.utils import matrix_to_lines

#: Modules that stay empty around the code, or no reader finds it.
QUIET = 4


def qr_svg(url, title) -> str:
    """One `<path>` in modules, with its quiet zone; `title` is the alternative text.

    Level M: a seventh of it may be creased or stained on paper.
    """
    code = segno.make(url, error="m", micro=False, boost_error=False)
    rows = matrix_to_lines(code.matrix, QUIET, QUIET + 0.5)
    path = "".join(f"M{start} {y}h{end - start}" for (start, y), (end, _y) in rows)
    size, _height = code.symbol_size(border=QUIET)
    context = {"path": path, "size": size, "title": title}
    return render_to_string("reports/_qr.html", context)
