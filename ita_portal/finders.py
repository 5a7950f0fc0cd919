from importlib.resources import files

from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.files.storage import FileSystemStorage

BOOTSTRAP = files("js_lib_bootstrap5") / "static/js-lib-bootstrap5/css"
# Address prefix, folder, files. An allow-list: the packages carry ten times as much, and the
# manifest storage stops where a source map is missing.
PACKAGED = (
    ("vendor/bootstrap", BOOTSTRAP, ("bootstrap.min.css", "bootstrap.min.css.map")),
    (
        "vendor/sarabun",
        files("fontpkg_sarabun") / "files",
        tuple(f"Sarabun-{face}.ttf" for face in ("Regular", "Bold")),
    ),
)


class PackagedFilesFinder(BaseFinder):
    """Bootstrap and Sarabun out of their wheels."""

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        found = [
            storage.path(name)
            for name, storage in self.list(())
            if f"{storage.prefix}/{name}" == path
        ]
        return found if find_all else next(iter(found), [])

    def list(self, ignore_patterns):
        for prefix, folder, names in PACKAGED:
            storage = FileSystemStorage(location=str(folder))
            storage.prefix = prefix
            for name in names:
                yield name, storage


class AdminFilesFinder(AppDirectoriesFinder):
    """The Django admin's files and no other application's."""

    def __init__(self, app_names=None, *args, **kwargs):
        super().__init__(["django.contrib.admin"], *args, **kwargs)
