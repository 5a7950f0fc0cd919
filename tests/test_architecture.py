"""The rooms of the portal and who may look into which, read from the source."""

import ast
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: Each may import those to its right, never one to its left.
ROOMS = ("ita_portal", "measures", "assessments", "accounts")
PUBLIC_OF_ASSESSMENTS = {
    "archives",
    "models",
    "querysets",
    "actions",
    "results",
    "analysis",
    "charts",
    "findings",
    "fiscal",
    "numbers",
    "scoring",
    "sentences",
    "spreadsheets",
    "templatetags",
    "texts",
    "warnings",
}
WITHOUT_ORM = (
    "assessments/scoring.py",
    "assessments/what_if.py",
    "assessments/analysis.py",
    "assessments/archives.py",
    "assessments/fiscal.py",
    "assessments/numbers.py",
    "assessments/charts.py",
    "assessments/framework_files.py",
    "measures/workflow.py",
    "measures/report/engine.py",
    "measures/report/worker.py",
)
#: The renderer and what it is mended with.
RENDERING = (
    "measures/report/engine.py",
    "measures/report/continued.py",
    "measures/report/patches/",
)


@dataclass(frozen=True)
class Import:
    file: str
    line: int
    module: str
    inside_function: bool

    def __str__(self):
        return f"{self.file}:{self.line} imports {self.module}"


def _inside_functions(tree):
    return {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for inner in ast.walk(outer)
    }


def imports_of(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = _inside_functions(tree)
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join(base + ([node.module] if node.module else []))
            names = [f"{module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and _name_of(node.func) in ("import_module", "__import__"):
            names = [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)]
        else:
            continue
        for name in names:
            yield Import(str(path.relative_to(ROOT)), node.lineno, name, id(node) in inside)


def _name_of(function):
    return getattr(function, "attr", getattr(function, "id", ""))


def sources(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@cache
def all_imports():
    return [found for path in sources(*ROOMS) for found in imports_of(path)]


def room(module):
    return module.split(".")[0]


def listed(found):
    return "\n".join(str(one) for one in found)


def test_rooms_import_one_way_only():
    wrong = [
        one
        for one in all_imports()
        if room(one.module) in ROOMS
        and ROOMS.index(room(one.module)) < ROOMS.index(Path(one.file).parts[0])
    ]
    assert not wrong, listed(wrong)


def test_no_import_hides_inside_a_function():
    wrong = [one for one in all_imports() if one.inside_function and room(one.module) in ROOMS]
    assert not wrong, listed(wrong)


def test_measures_uses_the_public_part_of_assessments_only():
    wrong = [
        one
        for one in all_imports()
        if one.file.startswith("measures/")
        and room(one.module) == "assessments"
        and one.module.split(".")[1] not in PUBLIC_OF_ASSESSMENTS
    ]
    assert not wrong, listed(wrong)


def test_one_module_draws_pdf():
    wrong = [
        one
        for one in all_imports()
        if not one.file.startswith(RENDERING)
        and (
            room(one.module) in ("weasyprint", "pydyf")
            or one.module.startswith("measures.report.patches")
        )
    ]
    assert not wrong, listed(wrong)


#: Enumerations live in django.db.models and need no database.
ENUMERATIONS = {
    "django.db.models",
    "django.db.models.TextChoices",
    "django.db.models.IntegerChoices",
}


def reaches_records(one):
    if one.module.startswith("django.db"):
        return one.module not in ENUMERATIONS
    parts = one.module.split(".")
    return parts[0] in ROOMS and bool({"models", "querysets", "actions"} & set(parts[1:3]))


@pytest.mark.parametrize("name", WITHOUT_ORM)
def test_rules_and_drawing_know_no_records(name):
    reached, waiting = set(), [name]
    while waiting:
        file = waiting.pop()
        if file not in reached:
            reached.add(file)
            wrong = [one for one in imports_of(ROOT / file) if reaches_records(one)]
            assert not wrong, listed(wrong)
            assert ".objects." not in (ROOT / file).read_text(encoding="utf-8")
            waiting += [found for one in imports_of(ROOT / file) for found in own_files(one.module)]


def own_files(module):
    """The files of ours that importing this runs: "a.b.c" is a/b/c.py, or c of a/b.py."""
    if room(module) not in ROOMS:
        return []
    parts = module.split(".")
    candidates = [Path(*parts[:length]).with_suffix(".py") for length in range(2, len(parts) + 1)]
    return [str(path) for path in candidates if (ROOT / path).exists()]


@pytest.mark.parametrize(("folders", "limit"), [(ROOMS, 400), (("tests",), 600)])
def test_files_stay_short(folders, limit):
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*folders)
    }
    long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n >= limit}
    assert not long


def test_psycopg_3_is_not_among_the_locked_packages():
    for lock in (ROOT / "requirements").glob("*.txt"):
        names = set(re.findall(r"^([a-z0-9_.-]+)(?:\[.*\])?==", lock.read_text(), re.M | re.I))
        assert not {name for name in names if re.fullmatch(r"psycopg(-.*)?", name)}


# --- what no tracked file may say -----------------------------------------------------------------

#: A registry's address would tie an installation to one place; pip knows where to ask.
REGISTRY = re.compile(r"(?:pypi|pythonhosted|npmjs|jsdelivr|unpkg|cdnjs)\.(?:org|com|net)", re.I)
#: Paths of somebody's own machine.
MACHINE = re.compile(r"(?<![\w.$}/-])/(?:work|home|Users|root)/\w")


def tracked_texts():
    git = shutil.which("git")
    listing = git and subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if not listing or listing.returncode:
        pytest.skip("not a git checkout")
    for name in listing.stdout.split("\0"):
        path = ROOT / name
        # This file has to spell out what it looks for.
        if not name or not path.is_file() or path == Path(__file__):
            continue
        try:
            yield name, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE], ids=["registry", "machine"])
def test_no_tracked_file_names_a_registry_or_a_folder_of_one_machine(pattern):
    found = [
        f"{name}: {match[0]}" for name, text in tracked_texts() for match in pattern.finditer(text)
    ]
    assert not found


def test_nothing_of_others_is_tracked():
    minified = [
        name
        for name, text in tracked_texts()
        if name.endswith((".js", ".css")) and max(map(len, text.splitlines()), default=0) > 2000
    ]
    assert not minified
