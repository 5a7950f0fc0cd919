"""Drawing a line of text: marks in the order of the text, each glyph with the code of its text."""

import re
from struct import iter_unpack

from weasyprint.draw import text as draw_text
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.fonts import get_pango_font_key

from measures.report.patches.reading import HAIR, SNAP, ReadableFont, by_glyph, read_run

stock_draw_first_line = draw_text.draw_first_line
# PDFium takes the hyphen at the end of a line for a mere sign of the break, unless a space that is
# no plain one follows.
HYPHEN_AT_END = re.compile("[a-zA-Z]-$")
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
        textbox.misread = True
        return stock_draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
    if not textbox.text.strip():
        return []
    line, _ = layout.get_first_line()
    textbox.misread = False
    runs = []
    node = line.runs[0]
    while node != ffi.NULL:
        item = node.data.item
        glyphs = node.data.glyphs
        count = glyphs.num_glyphs
        infos = list(iter_unpack("=Iiii4x", ffi.buffer(glyphs.glyphs, 20 * count)))
        if item.analysis.level % 2 or any(info[0] > pango.PANGO_GLYPH_EMPTY for info in infos):
            textbox.misread = True
            return stock_draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
        runs.append((item, glyphs, infos))
        node = node.next

    stream.set_text_matrix(*matrix.values)
    text = layout.text.encode()
    hyphen = HYPHEN_AT_END.search(textbox.text) and runs[-1][0]
    string = ""
    previous_font = None
    for item, glyphs, infos in runs:
        pango_font = item.analysis.font
        if pango_font != previous_font:
            previous_font = pango_font
            font, font_size = font_of(stream, layout, pango_font)
            if string:
                stream.show_text(string)
            string = ""
            stream.set_font_size(font.hash, font_size)
            pieces = font.pieces.setdefault(font_size, {})
        said = text[item.offset : item.offset + item.length]
        signs = by_glyph(said.decode())
        found = None
        if len(signs) == len(infos) and item is not hyphen:
            found = [pieces.get(pair) for pair in zip(infos, signs, strict=True)]
        if found is None or None in found:
            clusters = ffi.unpack(glyphs.log_clusters, len(infos))
            run, exact = read_run(font, font_size, said, infos, clusters)
            if not exact:
                textbox.misread = True
            if item is hyphen and run[-1][0] == font.hyphen:
                run[-1] = (font.code(font.hyphen, "-\u00a0"), *run[-1][1:4], None)
            found = pieces_of(stream, pango_font, font, font_size, run)
        if tuple in map(type, found):
            # PDFium would find lines and words of their own in what stands apart.
            textbox.misread = True
            string = show_apart(stream, string, found)
        else:
            string = f"{string}<{''.join(found)}>"
    stream.show_text(string)
    return []


def pieces_of(stream, pango_font, font, font_size, run):
    """What is written for each glyph, moves included; (rise, glyph, move) for a raised one."""
    found = []
    for code, width, x_offset, y_offset, key in run:
        if code == pango.PANGO_GLYPH_EMPTY:
            found.append(f">{-width / font_size}<" if width else "")
            continue
        offset = x_offset / font_size
        if not width and 0 < offset < SNAP:
            offset = 0
        raised = y_offset and abs(y_offset) > HAIR * font_size
        if raised:
            # PDFium reads first what starts first: this must not start where the next line does.
            offset = offset or -2
        logical_width = font.widths.get(code)
        if logical_width is None:
            glyph = font.aliases.get(code, code)
            logical_width = font.widths[code] = glyph_width(stream, pango_font, glyph, font_size)
        kerning = int(logical_width + offset - width * 1000 * FROM_UNITS / font_size)
        after = f">{kerning}<" if kerning else ""
        if raised:
            piece = (-y_offset / 1000, f"{-offset}<{code:04x}>", after)
        else:
            before = f">{-offset}<" if offset else ""
            piece = f"{before}{code:04x}{after}"
        found.append(piece)
        if key:
            font.pieces[font_size][key] = piece
    return found


def show_apart(stream, string, found):
    """Shows all up to the last raised piece; returns the rest."""
    parts = [string, "<"]
    for piece in found:
        if type(piece) is str:
            parts.append(piece)
            continue
        rise, raised, after = piece
        shown = "".join(parts) + ">"
        if shown != "<>":
            stream.show_text(shown)
        stream.set_text_rise(rise)
        stream.show_text(raised)
        stream.set_text_rise(0)
        parts = ["<", after]
    return "".join(parts) + ">"


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
        stream._fonts[key] = ReadableFont(pango_font, description, size)
    return stream._fonts[key], size


def glyph_width(stream, pango_font, glyph, font_size):
    pango.pango_font_get_glyph_extents(pango_font, glyph, stream.ink_rect, stream.logical_rect)
    return round(stream.logical_rect.width * 1000 * FROM_UNITS / font_size)
