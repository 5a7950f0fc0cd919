"""The QR code of an address, as a drawing for print and page alike."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(url, title) -> SafeString:
    """One `<path>` in modules, with its quiet zone; `title` is the alternative text.

    Level M: a seventh of it may be creased or stained on paper.
    """
    code = segno.make(url, error="m", micro=False, boost_error=False)
    # segno escapes the title, and nothing else in the drawing comes from outside.
    drawing = code.svg_inline(title=title, border=4, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawing.replace("<svg ", '<svg role="img" ', 1))
