"""The Thai catalogues, by Babel, so that no gettext package is needed."""

import io
import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGES = ("accounts", "assessments", "measures", "ita_portal")
#: Folders of templates/ that belong to a package; all others belong to ita_portal.
TEMPLATE_FOLDERS = dict.fromkeys(("account", "allauth", "mfa"), "accounts")
TEMPLATE_FOLDERS |= {name: name for name in PACKAGES}
#: The document itself is Thai and not translated.
UNTRANSLATED = {"reports"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def path_of(package) -> Path:
    return settings.BASE_DIR / package / "locale" / "th" / "LC_MESSAGES" / "django.po"


def _sources(package):
    for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_text(encoding="utf-8")
    templates = settings.BASE_DIR / "templates"
    for path in sorted(templates.rglob("*.html")) + sorted(templates.rglob("*.txt")):
        folder = path.relative_to(templates).parts[0]
        if folder not in UNTRANSLATED and TEMPLATE_FOLDERS.get(folder, "ita_portal") == package:
            yield path, templatize(path.read_text(encoding="utf-8"))


def extracted(package) -> Catalog:
    """All message ids of the package's code and templates, with where they stand."""
    catalog = Catalog(locale="th", charset="utf-8")
    for path, source in _sources(package):
        where = path.relative_to(settings.BASE_DIR).as_posix()
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            catalog.add(message, context=context, locations=[(where, None)])
    return catalog


def stored(package) -> Catalog:
    path = path_of(package)
    if not path.exists():
        return Catalog(locale="th", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="th")


def merge(package) -> Catalog:
    """Rewrites the package's .po: new ids come in empty, unused ones go out."""
    catalog = stored(package)
    catalog.update(extracted(package), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path = path_of(package)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, omit_header=True, include_lineno=False)
    return catalog


def compile_catalogue(package):
    """Replaces the .mo at once: a process that starts meanwhile must not read half of it."""
    target = path_of(package).with_suffix(".mo")
    new = target.with_suffix(f".{os.getpid()}.mo")
    with new.open("wb") as file:
        write_mo(file, stored(package))
    new.replace(target)
