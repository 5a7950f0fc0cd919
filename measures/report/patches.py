"""Changes to WeasyPrint, tied to one version because they rest on its private functions.

They give a right Thai text layer and less work for the same page: every one but
`learn_texts` leaves the drawing operators as they are.
"""

import re
import zlib
from contextlib import contextmanager
from struct import iter_unpack

import pydyf
import weasyprint
from weasyprint import css as weasyprint_css
from weasyprint.css import ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.properties import (
    INHERITED,
    INITIAL_NOT_COMPUTED,
    INITIAL_VALUES,
    Dimension,
)
from weasyprint.draw import text as draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.layout import percent
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.stream import Stream
from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
from weasyprint.text.ffi import FROM_UNITS, ffi, fontconfig, gobject, pango, pangoft2
from weasyprint.text.fonts import (
    FontConfiguration,
    font_features,
    get_font_description,
    get_pango_font_key,
)
from weasyprint.text.line_break import Layout

VERSION = "70.0"

# In Pango units for a font size of 1, 0.03 em: readers sort letters by their origins, so that a
# mark a hair to the right of its consonant's end is read after the next consonant ("ซึง่").
SNAP = 30 * 1024 / 1000

SARA_AM = re.compile("([\u0e48-\u0e4b]?)\u0e33")


def install():
    if weasyprint.__version__ != VERSION:
        raise RuntimeError(
            f"measures/report/patches.py is written for WeasyPrint {VERSION}, found "
            f"{weasyprint.__version__}: check every patch, then change VERSION"
        )
    FontConfiguration.add_font_face = add_font_face
    Layout.setup = layout_setup
    Layout.deactivate = layout_deactivate
    Layout.reactivate = layout_reactivate
    draw_text.draw_first_line = draw_first_line
    weasyprint_css.CSS = cached_css
    ComputedStyle.__missing__ = computed_missing
    boxes.Box.is_in_normal_flow = is_in_normal_flow
    boxes.ParentBox.page_values = page_values
    percent.resolve_one_percentage = resolve_one_percentage
    Stream.marked = marked
    pydyf.PDF.page_references = property(page_references)
    pydyf._to_bytes = to_bytes
    pydyf.Stream.data = property(stream_data)


# Fonts


def add_font_face(self, rule_descriptors, url_fetcher):
    """Uses the packaged file where it lies: a killed process would leave its copy behind."""
    for kind, url in rule_descriptors["src"]:
        if kind == "external":
            add_font_file(self, url_fetcher.files.path(url))


def add_font_file(font_config, path):
    added = font_config.__dict__.setdefault("added_files", set())
    if path in added:
        return
    added.add(path)
    if not fontconfig.FcConfigAppFontAddFile(font_config._config, str(path).encode()):
        raise RuntimeError(f"font not readable: {path}")
    pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", font_config.font_map))


# Lines of text: a Pango context for each style, and one shaping for measuring and drawing


def pango_context(style):
    """(context, language, description, features) of a style, made once for it."""
    context = ffi.gc(
        pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref
    )
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    name = style["lang"]
    if style["font_language_override"] != "normal":
        override = style["font_language_override"]
        name = LST_TO_ISO.get(override.lower(), override)
    if name:
        language = pango.pango_language_from_string(ffi.new("char[]", name.encode()))
        pango.pango_context_set_language(context, language)
    else:
        language = pango.pango_language_get_default()
    features = font_features(
        style["font_kerning"],
        style["font_variant_ligatures"],
        style["font_variant_position"],
        style["font_variant_caps"],
        style["font_variant_numeric"],
        style["font_variant_alternates"],
        style["font_variant_east_asian"],
        style["font_feature_settings"],
    )
    return context, language, get_font_description(style), features


stock_setup = Layout.setup


def layout_setup(self, style):
    try:
        prepared = style.pango_context
    except AttributeError:
        prepared = style.pango_context = pango_context(style)
    context, language, description, features = prepared
    if features or style["text_decoration_line"] != "none":
        stock_setup(self, style)
        return
    self.style = style
    self.first_line_direction = 0
    self.language = language
    self.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(self.layout, False)
    pango.pango_layout_set_font_description(self.layout, description)
    self.ascent = self.underline_position = self.strikethrough_position = None


def layout_deactivate(self):
    """Keeps the shaped line for drawing."""


stock_reactivate = Layout.reactivate


def layout_reactivate(self, style):
    if self.justification_spacing or self.style is not style:
        stock_reactivate(self, style)


FIRST_LINE = draw_text.draw_first_line
UNSEEN = re.compile("[\n\r\u2029]")


def draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix):
    """The stock loop for plain left-to-right lines, reading Pango's structs in one go."""
    layout = textbox.pango_layout
    if (
        text_overflow == "ellipsis"
        or block_ellipsis != "none"
        or UNSEEN.search(layout.text)
        or textbox.style["font_size"] < 1e-6
    ):
        return FIRST_LINE(stream, textbox, text_overflow, block_ellipsis, matrix)
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
        if item.analysis.level % 2 or any(info[0] >= pango.PANGO_GLYPH_EMPTY for info in infos):
            return FIRST_LINE(stream, textbox, text_overflow, block_ellipsis, matrix)
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
    """Sara am (U+0E33) as the two signs HarfBuzz draws, around a tone mark; plain spaces."""
    return SARA_AM.sub("\u0e4d\\1\u0e32", text).replace("\u00a0", " ")


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
        if info[0] not in font.to_unicode:
            font.to_unicode[info[0]] = "".join(signs[:take])
        texts[cluster] = signs[take:]


UNLIKE_GLYPHS = re.compile("\u0e33|[ปฝฟฬ][\u0e31\u0e34-\u0e37]?[\u0e47-\u0e4c]")


@contextmanager
def marked(self, box, tag):
    """Lines whose glyphs readers put together wrongly carry their text beside the glyphs."""
    properties = pydyf.Dictionary({"MCID": len(self._tags)})
    self._tags[box] = {"tag": tag, "mcid": properties["MCID"]}
    if isinstance(box, boxes.TextBox) and UNLIKE_GLYPHS.search(box.text):
        properties["ActualText"] = pydyf.String(box.text.replace("\u00a0", " "))
    self.begin_marked_content(tag, properties)
    try:
        yield
    finally:
        self.end_marked_content()


# Styles


sheets = {}


def cached_css(*, url=None, matcher=None, url_fetcher=None, font_config=None, **options):
    """A packaged stylesheet is parsed once for each state of its file."""
    if url is None or matcher is not None:
        return weasyprint.CSS(
            url=url,
            matcher=matcher,
            url_fetcher=url_fetcher,
            font_config=font_config,
            **options,
        )
    shared = {name: options.pop(name) for name in ("page_rules", "layers")}
    state = url_fetcher.files.path(url).stat().st_mtime_ns
    if sheets.get(url, (None,))[0] != state:
        sheet = weasyprint.CSS(url=url, url_fetcher=url_fetcher, font_config=font_config, **options)
        sheets[url] = state, sheet
    sheet = sheets[url][1]
    shared["page_rules"].extend(sheet.page_rules)
    return sheet


PROPAGATED = {"page", "position", "float", "display"}
logical_keys = {}
stock_missing = ComputedStyle.__missing__


def computed_missing(self, key):
    """The short way for properties that no rule sets: inherited or initial."""
    if key in self.cascaded or key in PROPAGATED or key[:16] == "text_decoration_":
        return stock_missing(self, key)
    if key in PHYSICAL_FUNCTIONS:
        inline = self["direction"]
        logical = logical_keys.get((key, inline))
        if logical is None:
            logical = PHYSICAL_FUNCTIONS[key](block="ttb", inline=inline)
            logical_keys[key, inline] = logical
        if logical in self.cascaded:
            return stock_missing(self, key)
    if key in INHERITED or key[:2] == "__":
        if self.parent_style is None:
            return stock_missing(self, key)
        value = self.parent_style[key]
    else:
        value = INITIAL_VALUES[key]
        if key in INITIAL_NOT_COMPUTED:
            return stock_missing(self, key)
    self[key] = value
    return value


# Layout


def is_in_normal_flow(self):
    style = self.style
    if style["float"] == "none" and style["position"] in ("static", "relative"):
        return True
    return stock_is_in_normal_flow(self)


stock_is_in_normal_flow = boxes.Box.is_in_normal_flow


def page_values(self):
    start = end = self.style["page"]
    for child in self.children:
        if child.is_in_normal_flow() or child.is_floated():
            start = child.page_values()[0] or start
            break
    for child in reversed(self.children):
        if child.is_in_normal_flow() or child.is_floated():
            end = child.page_values()[1] or end
            break
    return start, end


stock_resolve_one = percent.resolve_one_percentage


def resolve_one_percentage(box, name, refer_to):
    value = box.style[name]
    if type(value) is Dimension and value.unit == "px":
        box.__dict__[name] = value.value
    else:
        stock_resolve_one(box, name, refer_to)


# PDF


def page_references(self):
    kids = self.pages["Kids"]
    known = self.__dict__.get("known_references", ())
    if len(known) * 3 != len(kids):
        known = self.known_references = tuple(b"%d 0 R" % number for number in kids[::3])
    return known


stock_to_bytes = pydyf._to_bytes


def to_bytes(item):
    kind = type(item)
    if kind is bytes:
        return item
    if kind is str:
        return item.encode("ascii")
    if kind is int:
        return b"%d" % item
    return stock_to_bytes(item)


def stream_data(self):
    stream = b"\n".join([to_bytes(item) for item in self.stream])
    extra = pydyf.Dictionary(self.extra.copy())
    if self.compress:
        extra["Filter"] = "/FlateDecode"
        stream = zlib.compress(stream, 6)
    extra["Length"] = len(stream)
    return b"\n".join((extra.data, b"stream", stream, b"endstream"))
