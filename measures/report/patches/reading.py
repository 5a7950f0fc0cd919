"""What readers of the PDF find: each code stands for its own signs.

Stock WeasyPrint gives a glyph the text of the cluster it was first seen in: after "ำ", which is
drawn as two glyphs, every "า" of the document is read as "ำ".
"""

import io
import re
from itertools import groupby
from operator import itemgetter
from struct import pack

import pydyf
from fontTools.ttLib import TTFont
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import pango

SARA_AM = "\u0e33"
NIKHAHIT_AND_SARA_AA = (0x0E4D, 0x0E32)
# In Pango units for a font size of 1, 0.03 em: readers sort letters by their origins, so that a
# mark a hair to the right of its consonant's end is read after the next consonant ("ซึง่").
SNAP = 30 * 1024 / 1000
# 0.005 em, up or down: not to be seen.
HAIR = 5 * 1024 / 1000
# What a reader searches for has plain spaces and no break opportunities.
AS_READ = str.maketrans({"\u00a0": " ", "\u00ad": None, "\u200b": None, "\ufeff": None})
SARA_AM_ALONE = re.compile("(?<![\u0e48-\u0e4b])\u0e33")
# The second one is private to this module.
NIKHAHIT_AND_REST = "\u0e4d\ue000"


class ReadableFont(Font):
    """A font in which a glyph that must mean two texts has a code for each of them."""

    cmaps = {}

    def __init__(self, *arguments):
        super().__init__(*arguments)
        #: Code above the font's glyphs → glyph.
        self.aliases = {}
        self.codes = {}
        #: Font size → {(glyph as Pango places it, its sign): what is written for it}.
        self.pieces = {}
        if self.hash not in self.cmaps:
            file = TTFont(io.BytesIO(self.file_content), fontNumber=self.index, lazy=True)
            self.cmaps[self.hash] = {
                sign: file.getGlyphID(name) for sign, name in file.getBestCmap().items()
            }
        cmap = self.cmaps[self.hash]
        self.hyphen = cmap.get(ord("-"))
        self.sara_am = cmap.get(ord(SARA_AM))
        self.parts_of_sara_am = [cmap.get(sign) for sign in NIKHAHIT_AND_SARA_AA]

    def code(self, glyph, text):
        code = self.codes.get((glyph, text))
        if code is None:
            code = glyph
            if self.to_unicode.setdefault(glyph, text) != text:
                code = self.glyph_count + len(self.aliases)
                self.aliases[code] = glyph
                self.to_unicode[code] = text
            self.codes[glyph, text] = code
        return code

    def clean(self, to_unicode, hinting):
        super().clean({self.aliases.get(code, code): "" for code in to_unicode}, hinting)


def by_glyph(signs):
    """Sara am without a tone mark as the two signs that it is drawn as."""
    return SARA_AM_ALONE.sub(NIKHAHIT_AND_REST, signs) if SARA_AM in signs else signs


def read_run(font, font_size, text, infos, clusters):
    """([(code, width, x offset, y offset, key)], whether the codes say exactly the text).

    text is the run's, in UTF-8; infos and clusters are Pango's, as are the units. key is what the
    piece may be known by: the glyph as Pango places it, and its sign by `by_glyph`.
    """
    drawn, exact = [], True
    ends = dict(zip(clusters, [*clusters[1:], len(text)], strict=True))
    for start, group in groupby(zip(clusters, infos, strict=True), itemgetter(0)):
        signs = text[start : ends[start]].decode()
        found = [info for _, info in group]
        glyphs = [info for info in found if info[0] != pango.PANGO_GLYPH_EMPTY]
        if signs == SARA_AM and is_sara_am(font, font_size, glyphs):
            mark, rest = glyphs
            font.pieces[font_size][mark, NIKHAHIT_AND_REST[0]] = ""
            key = rest, NIKHAHIT_AND_REST[1]
            drawn.append((font.code(font.sara_am, SARA_AM), mark[1] + rest[1], 0, 0, key))
            continue
        read = signs.translate(AS_READ)
        # A ligature says all its signs. Of a sign drawn as two glyphs the first one says it, the
        # other one is a space, and the line has its text beside the glyphs.
        spare = max(len(read) - len(glyphs), 0)
        texts = [read[: spare + 1], *read[spare + 1 :]] if read else []
        exact = exact and len(texts) == len(glyphs)
        known = len(signs) == len(texts) == len(found) == len(glyphs)
        for place, info in enumerate(found):
            if info[0] == pango.PANGO_GLYPH_EMPTY:
                drawn.append((info[0], *info[1:4], None))
            else:
                code = font.code(info[0], texts.pop(0) if texts else " ")
                drawn.append((code, *info[1:4], (info, signs[place]) if known else None))
    return drawn, exact


def is_sara_am(font, font_size, glyphs):
    """Whether the font's own glyph looks like these two: the mark stands where it does there."""
    return (
        font.sara_am is not None
        and [glyph for glyph, *_ in glyphs] == font.parts_of_sara_am
        and abs(glyphs[0][2]) < SNAP * font_size
        and not (glyphs[0][3] or glyphs[1][2] or glyphs[1][3])
    )


stock_build_vector_font = pdf_fonts._build_vector_font_dictionary


def build_vector_font_dictionary(dictionary, pdf, font, *arguments):
    """Ties the codes of a second text to their glyphs; Identity-H stays, which all readers know."""
    stock_build_vector_font(dictionary, pdf, font, *arguments)
    if font.aliases:
        glyphs = [font.aliases.get(code, code) for code in range(max(font.aliases) + 1)]
        stream = pydyf.Stream([pack(f">{len(glyphs)}H", *glyphs)], compress=True)
        pdf.add_object(stream)
        descendant = int(dictionary["DescendantFonts"][0].split()[0])
        pdf.objects[descendant]["CIDToGIDMap"] = stream.reference
