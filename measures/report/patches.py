"""Changes to WeasyPrint, tied to one version because they rest on its private functions."""

import re

import weasyprint
from weasyprint.text.ffi import ffi, fontconfig, pangoft2
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import Layout

VERSION = "70.0"

SARA_AM = re.compile("([\u0e48-\u0e4b]?)\u0e33")


def install():
    if weasyprint.__version__ != VERSION:
        raise RuntimeError(
            f"measures/report/patches.py is written for WeasyPrint {VERSION}, found "
            f"{weasyprint.__version__}: check every patch, then change VERSION"
        )
    FontConfiguration.add_font_face = add_font_face
    Layout.reactivate = reactivate


def add_font_face(self, rule_descriptors, url_fetcher):
    """Uses the packaged font file where it lies: a copy would be left behind by a killed process."""
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


def spelled_as_drawn(text):
    """Sara am (U+0E33) as the two signs HarfBuzz draws it with, each then read back as itself.

    HarfBuzz gives both signs and a tone mark between them one text, so a reader gets garbage.
    """
    return SARA_AM.sub("\u0e4d\\1\u0e32", text)


def reactivate(self, style):
    self.setup(style)
    self.set_text(spelled_as_drawn(self.text), justify=True)
