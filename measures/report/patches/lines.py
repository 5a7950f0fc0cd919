"""Lines of text: a Pango context for each style, and one shaping for measuring and drawing."""

from weasyprint.text import line_break
from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango
from weasyprint.text.fonts import font_features, get_font_description
from weasyprint.text.line_break import Layout

# Signs; each line of a longer text would keep all that follows it.
LONGEST_KEPT = 1000


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


stock_split_first_line = line_break.split_first_line


def split_first_line(text, style, context, max_width, *options, **named):
    """A line is broken once, however often its page is laid out: a third of all are tried again,
    when a row moves to the next page or a heading comes once more."""
    if len(text) > LONGEST_KEPT:
        if max_width is not None:
            # A word that fills pages would be laid out whole for each of its lines.
            start = text[:LONGEST_KEPT]
            found = stock_split_first_line(start, style, context, max_width, *options, **named)
            if found[2] is not None and found[1] < len(start.encode()) // 2:
                return found
        return stock_split_first_line(text, style, context, max_width, *options, **named)
    kept = style.__dict__.setdefault("kept_lines", {})
    key = text, max_width, options, *named.values()
    if key not in kept:
        kept[key] = stock_split_first_line(text, style, context, max_width, *options, **named)
    return kept[key]
