"""Changes to WeasyPrint, tied to one version because they rest on its private functions.

All but those of `measures.report.text_layer` spare it work and leave the page as it was.
"""

import sys
import zlib
from math import inf

import pydyf
import weasyprint
from weasyprint import css as weasyprint_css
from weasyprint.css import ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.counters import CounterStyle
from weasyprint.css.properties import (
    INHERITED,
    INITIAL_NOT_COMPUTED,
    INITIAL_VALUES,
    Dimension,
)
from weasyprint.draw import text as draw_text
from weasyprint.formatting_structure import boxes
from weasyprint.layout import float as floats
from weasyprint.layout import percent
from weasyprint.pdf.stream import Stream
from weasyprint.text import line_break
from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
from weasyprint.text.ffi import ffi, fontconfig, gobject, pango, pangoft2
from weasyprint.text.fonts import (
    FontConfiguration,
    font_features,
    get_font_description,
)
from weasyprint.text.line_break import Layout

from measures.report import text_layer

VERSION = "70.0"
SIDES = ("top", "right", "bottom", "left")


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
    draw_text.draw_first_line = text_layer.draw_first_line
    weasyprint_css.CSS = cached_css
    ComputedStyle.__missing__ = computed_missing
    boxes.Box.is_in_normal_flow = is_in_normal_flow
    boxes.ParentBox.page_values = page_values
    boxes.Box.rounded_box = rounded_box
    replace(percent.resolve_percentages, resolve_percentages)
    replace(percent.resolve_radii_percentages, resolve_radii_percentages)
    replace(floats.avoid_collisions, avoid_collisions)
    replace(line_break.strut, strut)
    Stream.marked = text_layer.marked
    pydyf.PDF.page_references = property(page_references)
    pydyf._to_bytes = to_bytes
    pydyf.Stream.data = property(stream_data)


def replace(stock, own):
    """In every module that has imported it by name."""
    for module in [found for name, found in sys.modules.items() if name.startswith("weasyprint")]:
        for name, value in list(vars(module).items()):
            if value is stock:
                setattr(module, name, own)


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


# Styles


sheets = {}


def cached_css(*, url=None, matcher=None, **options):
    """A packaged stylesheet is parsed once for each state of its file.

    Not for imported ones, nor for those with layers, whose order depends on the other sheets.
    """
    if url is None or matcher is not None:
        return weasyprint.CSS(url=url, matcher=matcher, **options)
    path = options["url_fetcher"].files.path(url)
    state = path, path.stat().st_mtime_ns
    if state not in sheets:
        counters = CounterStyle()
        own = {**options, "page_rules": [], "layers": [], "counter_style": counters}
        sheets[state] = weasyprint.CSS(url=url, **own), counters
    sheet, counters = sheets[state]
    if sheet.layers:
        return weasyprint.CSS(url=url, **options)
    options["page_rules"].extend(sheet.page_rules)
    for name, descriptors in counters.items():
        options["counter_style"][name] = descriptors
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


LENGTHS = (
    *(f"{edge}_{side}" for edge in ("margin", "padding") for side in SIDES),
    "width",
    "min_width",
    "max_width",
)
BORDERS = tuple(f"border_{side}_width" for side in SIDES)
stock_resolve_percentages = percent.resolve_percentages


def resolve_percentages(box, containing_block):
    style = box.style
    if isinstance(box, boxes.PageBox) or style["border_collapse"] == "collapse":
        stock_resolve_percentages(box, containing_block)
        return
    if isinstance(containing_block, boxes.Box):
        width, height = containing_block.width, containing_block.height
    else:
        width, height = containing_block
    used = box.__dict__
    for name in LENGTHS:
        value = style[name]
        if type(value) is Dimension and value.unit == "px":
            used[name] = value.value
        else:
            percent.resolve_one_percentage(box, name, width)
    if height == "auto":
        value = style["height"]
        fixed = type(value) is Dimension and value.unit == "px"
        used["height"] = value.value if fixed else "auto"
        percent.resolve_one_percentage(box, "min_height", 0)
        percent.resolve_one_percentage(box, "max_height", inf)
    else:
        for name in ("height", "min_height", "max_height"):
            percent.resolve_one_percentage(box, name, height)
    for name in BORDERS:
        used[name] = style[name]
    if style["box_sizing"] != "content-box":
        percent.adjust_box_sizing(box, "width")
        percent.adjust_box_sizing(box, "height")


CORNERS = [
    f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
]
SQUARE = {name: (0, 0) for name in CORNERS}
stock_resolve_radii = percent.resolve_radii_percentages
stock_rounded_box = boxes.Box.rounded_box


def resolve_radii_percentages(box):
    style = box.style
    try:
        square = style.square
    except AttributeError:
        square = style.square = all((0, "px") in style[name] for name in CORNERS)
    if square:
        box.__dict__.update(SQUARE)
    else:
        stock_resolve_radii(box)


def rounded_box(self, top, right, bottom, left):
    if any(getattr(self, name) != (0, 0) for name in CORNERS):
        return stock_rounded_box(self, top, right, bottom, left)
    return (
        self.border_box_x() + left,
        self.border_box_y() + top,
        self.border_width() - left - right,
        self.border_height() - top - bottom,
        *SQUARE.values(),
    )


stock_avoid_collisions = floats.avoid_collisions


def avoid_collisions(context, box, containing_block, outer=True):
    if (
        context.excluded_shapes
        or box.style["float"] != "none"
        or containing_block.style["direction"] != "ltr"
    ):
        return stock_avoid_collisions(context, box, containing_block, outer)
    start = containing_block.content_box_x()
    end = start + containing_block.width
    if outer:
        return start, box.position_y, end - start
    start += box.margin_left
    end -= box.margin_right
    return start - box.margin_left, box.border_box_y() - box.margin_top, end - start


stock_strut = line_break.strut


def strut(style):
    try:
        return style.known_strut
    except AttributeError:
        style.known_strut = stock_strut(style)
        return style.known_strut


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
    if kind is float and not item.is_integer():
        return (b"%f" % item).rstrip(b"0")
    return stock_to_bytes(item)


def stream_data(self):
    stream = b"\n".join([item if type(item) is bytes else to_bytes(item) for item in self.stream])
    extra = pydyf.Dictionary(self.extra.copy())
    if self.compress:
        extra["Filter"] = "/FlateDecode"
        stream = zlib.compress(stream, 6)
    extra["Length"] = len(stream)
    return b"\n".join((extra.data, b"stream", stream, b"endstream"))
