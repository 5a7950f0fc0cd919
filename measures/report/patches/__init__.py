"""Changes to WeasyPrint, tied to one version because they rest on its private functions.

Those of `continued`, `sealed` and `unbroken` change the page. All others leave its picture as it
was: those of `reading` and `drawing` make the text of the PDF right, the rest spare it work.
"""

import sys

import pydyf
import weasyprint
from weasyprint import css as weasyprint_css
from weasyprint import draw
from weasyprint.css import ComputedStyle
from weasyprint.draw import text as draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.layout import float as floats
from weasyprint.layout import percent
from weasyprint.layout import table as tables
from weasyprint.pdf import anchors, tags
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.pdf.stream import Stream
from weasyprint.text import line_break
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import Layout

from measures.report.patches import (
    conformance,
    drawing,
    fonts,
    layout,
    lines,
    reading,
    sealed,
    styles,
    tagging,
    unbroken,
    writing,
)

VERSION = "70.0"


def install():
    if weasyprint.__version__ != VERSION:
        raise RuntimeError(
            f"measures/report/patches is written for WeasyPrint {VERSION}, found "
            f"{weasyprint.__version__}: check every patch, then change VERSION"
        )
    conformance.install()
    FontConfiguration.add_font_face = fonts.add_font_face
    Layout.setup = lines.layout_setup
    Layout.set_text = unbroken.set_text
    replace(line_break.split_first_line, lines.split_first_line)
    Layout.deactivate = lines.layout_deactivate
    Layout.reactivate = lines.layout_reactivate
    draw_text.draw_first_line = drawing.draw_first_line
    weasyprint_css.CSS = styles.cached_css
    ComputedStyle.__missing__ = styles.computed_missing
    boxes.Box.is_in_normal_flow = layout.is_in_normal_flow
    boxes.ParentBox.page_values = layout.page_values
    boxes.Box.rounded_box = layout.rounded_box
    replace(percent.resolve_percentages, layout.resolve_percentages)
    replace(percent.resolve_radii_percentages, layout.resolve_radii_percentages)
    replace(floats.avoid_collisions, layout.avoid_collisions)
    replace(line_break.strut, layout.strut)
    replace(tables.table_layout, sealed.table_layout)
    Stream.marked = tagging.marked
    replace(draw.draw_stacking_context, tagging.draw_stacking_context)
    replace(tags.add_tags, tagging.add_tags)
    replace(tags._get_pdf_tag, tagging.get_pdf_tag)
    replace(tags._build_box_tree, tagging.build_box_tree)
    replace(anchors.add_links, tagging.add_links)
    boxes.Box.anonymous_from = classmethod(tagging.anonymous_from)
    replace(pdf_fonts.Font, reading.ReadableFont)
    pdf_fonts._build_vector_font_dictionary = reading.build_vector_font_dictionary
    pydyf.PDF.page_references = property(writing.page_references)
    pydyf._to_bytes = writing.to_bytes
    pydyf.PDF.write = writing.write
    pydyf.Dictionary.data = writing.once(writing.dictionary_data)
    pydyf.Stream.data = writing.once(writing.stream_data)


def replace(stock, own):
    """In every module that has imported it by name."""
    for module in [found for name, found in sys.modules.items() if name.startswith("weasyprint")]:
        for name, value in list(vars(module).items()):
            if value is stock:
                setattr(module, name, own)
