"""How WeasyPrint's lines are drawn, so that readers of the PDF find the Thai words in it.

Part of `measures.report.patches`: for the same version only. The picture stays the same.
"""

import re
from contextlib import contextmanager
from struct import iter_unpack

import pydyf
from weasyprint.draw import text as draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.fonts import get_pango_font_key

# In Pango units for a font size of 1, 0.03 em: readers sort letters by their origins, so that a
# mark a hair to the right of its consonant's end is read after the next consonant ("ซึง่").
SNAP = 30 * 1024 / 1000

SARA_AM = re.compile("([\u0e48-\u0e4b]?)\u0e33")

stock_draw_first_line = draw_text.draw_first_line
# What a reader searches for has plain spaces and no break opportunities.
AS_READ = str.maketrans({"\u00a0": " ", "\u00ad": None, "\u200b": None, "\ufeff": None})
PARAGRAPH_END = re.compile("[\n\r\u2029]")


def draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix):
    """The stock loop for plain left-to-right lines, reading Pango's structs in one go."""
    layout = textbox.pango_layout
    if (
        text_overflow == "ellipsis"
        or block_ellipsis != "none"
        or PARAGRAPH_END.search(layout.text)
        or textbox.style["font_size"] < 1e-6
    ):
        return stock_draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
    if not textbox.text.strip():
        return []
    line, _ = layout.get_first_line()
    runs = []
    node = line.runs[0]
    while node != ffi.NULL:
        item = node.data.item
        glyphs = node.data.glyphs
        count = glyphs.num_glyphs
        infos = list(iter_unpack("=IiiiI", ffi.buffer(glyphs.glyphs, 20 * count)))
        if item.analysis.level % 2 or any(info[0] > pango.PANGO_GLYPH_EMPTY for info in infos):
            return stock_draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
        runs.append((item, infos, ffi.unpack(glyphs.log_clusters, count)))
        node = node.next

    stream.set_text_matrix(*matrix.values)
    string = ""
    previous_font = None
    for item, infos, clusters in runs:
        pango_font = item.analysis.font
        if pango_font != previous_font:
            previous_font = pango_font
            font, font_size = font_of(stream, layout, pango_font)
            if string:
                stream.show_text(string)
            string = ""
            stream.set_font_size(font.hash, font_size)
        if any(info[0] not in font.to_unicode for info in infos):
            learn_texts(font, item, infos, clusters, layout.text)
        widths = font.widths
        parts = [string, "<"]
        for glyph, width, x_offset, y_offset, _attributes in infos:
            if glyph == pango.PANGO_GLYPH_EMPTY:
                if width:
                    parts.append(f">{-width / font_size}<")
                continue
            offset = x_offset / font_size
            if not width and 0 < offset < SNAP:
                offset = 0
            if y_offset:
                rise = y_offset / 1000
                if parts[-1] == "<":
                    parts.pop()
                else:
                    parts.append(">")
                shown = "".join(parts)
                if shown:
                    stream.show_text(shown)
                stream.set_text_rise(-rise)
                stream.show_text(f"{-offset}<{glyph:04x}>" if offset else f"<{glyph:04x}>")
                stream.set_text_rise(0)
                parts = ["<"]
            else:
                if offset:
                    parts.append(f">{-offset}<")
                parts.append(f"{glyph:04x}")
            logical_width = widths.get(glyph)
            if logical_width is None:
                logical_width = widths[glyph] = glyph_width(stream, pango_font, glyph, font_size)
            kerning = logical_width + offset - width * 1000 * FROM_UNITS / font_size
            if moved := int(kerning):
                parts.append(f">{moved}<")
        if parts[-1][-1:] == "<":
            parts[-1] = parts[-1][:-1]
        else:
            parts.append(">")
        string = "".join(parts)
    stream.show_text(string)
    return []


font_keys = {}


def font_of(stream, layout, pango_font):
    address = int(ffi.cast("uintptr_t", pango_font))
    known = font_keys.get(address)
    if known is None:
        key, description, size = get_pango_font_key(pango_font)
        # The layout keeps its font, so that no other font can come to the same address.
        known = font_keys[address] = key, description, size, layout.layout
    key, description, size, _ = known
    if key not in stream._fonts:
        stream._fonts[key] = Font(pango_font, description, size)
    return stream._fonts[key], size


def glyph_width(stream, pango_font, glyph, font_size):
    pango.pango_font_get_glyph_extents(pango_font, glyph, stream.ink_rect, stream.logical_rect)
    return round(stream.logical_rect.width * 1000 * FROM_UNITS / font_size)


def spelled_as_drawn(text):
    """Sara am (U+0E33) as the two signs HarfBuzz draws, around a tone mark."""
    return SARA_AM.sub("\u0e4d\\1\u0e32", text).translate(AS_READ)


def learn_texts(font, item, infos, clusters, text):
    """Gives each glyph the text of its own signs, where stock gives the whole cluster to one.

    Otherwise a sara aa seen first in "ำ" is read as "ำ" in the rest of the document.
    """
    run = text.encode()[item.offset : item.offset + item.length]
    ends = {}
    end = item.length
    for cluster in reversed(clusters):
        if cluster not in ends:
            ends[cluster] = end
            end = cluster
    texts = {
        cluster: list(spelled_as_drawn(run[cluster:end].decode())) for cluster, end in ends.items()
    }
    left = {cluster: clusters.count(cluster) for cluster in ends}
    for info, cluster in zip(infos, clusters, strict=True):
        signs = texts[cluster]
        left[cluster] -= 1
        # A ligature stands for more than one sign: the first glyph takes what is too many.
        take = max(len(signs) - left[cluster], 0)
        if info[0] not in font.to_unicode and info[0] != pango.PANGO_GLYPH_EMPTY:
            font.to_unicode[info[0]] = "".join(signs[:take])
        texts[cluster] = signs[take:]


UNLIKE_GLYPHS = re.compile("\u0e33|[ปฝฟฬ][\u0e31\u0e34-\u0e37]?[\u0e47-\u0e4c]")


@contextmanager
def marked(self, box, tag):
    """Lines whose glyphs readers put together wrongly carry their text beside the glyphs."""
    properties = pydyf.Dictionary({"MCID": len(self._tags)})
    self._tags[box] = {"tag": tag, "mcid": properties["MCID"]}
    if isinstance(box, boxes.TextBox) and UNLIKE_GLYPHS.search(box.text):
        properties["ActualText"] = pydyf.String(box.text.translate(AS_READ))
    self.begin_marked_content(tag, properties)
    try:
        yield
    finally:
        self.end_marked_content()
