"""The packaged font files, taken from where they lie."""

from weasyprint.text.ffi import ffi, fontconfig, pangoft2


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
