"""Stylesheets parsed once, and a short way to the values that no rule sets."""

import weasyprint
from weasyprint.css import ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.counters import CounterStyle
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

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
