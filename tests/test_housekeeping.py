"""What a change is easily left without."""

import importlib
import inspect
import re
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from django import forms
from django.core.management import call_command, get_commands
from django.template.loader import get_template

from accounts.models import Event

ROOT = Path(__file__).parent.parent
ROOMS = ("accounts", "assessments", "measures", "ita_portal")


@pytest.mark.django_db
def test_the_models_have_all_their_migrations():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    "name",
    [
        path.relative_to(ROOT / "templates").as_posix()
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.suffix in (".html", ".txt")
    ],
)
def test_a_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize(
    "path",
    [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if "reports" not in path.parts and "admin" not in path.parts
    ],
)
def test_a_template_keeps_to_the_rules_that_the_browser_enforces(path):
    """Inline styles, scripts and handlers are blocked, so that they would silently do nothing."""
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text)


# --- README ---------------------------------------------------------------------------------------


def readme():
    path = ROOT / "README.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_every_command_of_the_readme_exists():
    scripts = set(re.findall(r"script/[a-z_]+", readme()))
    missing = {name for name in scripts if not (ROOT / name).is_file()}
    commands = set(re.findall(r"manage\.py ([a-z_]+)", readme()))
    assert not missing | (commands - set(get_commands()))


def test_every_link_of_the_readme_into_the_project_leads_somewhere():
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", readme())
    assert not [link for link in links if not (ROOT / link).exists()]


def test_every_setting_of_the_environment_is_in_the_readme():
    if not readme():
        pytest.skip("no README yet")
    settings = (ROOT / "ita_portal/settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    assert not {name for name in names if name not in readme()}


# --- the event log --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_event_is_neither_changed_nor_deleted():
    event = Event.objects.create(verb="test.done")
    event.verb = "test.undone"
    for write in (event.save, event.delete):
        with pytest.raises(TypeError):
            write()
    for write in (Event.objects.all().delete, lambda: Event.objects.update(verb="test.undone")):
        with pytest.raises(TypeError):
            write()
    with pytest.raises(TypeError):
        Event.objects.bulk_update([event], ["verb"])
    assert Event.objects.get().verb == "test.done"


# --- forms ----------------------------------------------------------------------------------------


def form_classes():
    """Every form that a module of ours defines."""
    for path in (file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))):
        relative = path.relative_to(ROOT).with_suffix("")
        if "forms" not in path.name and "views" not in relative.parts:
            continue
        module = importlib.import_module(".".join(relative.parts).removesuffix(".__init__"))
        for name, found in inspect.getmembers(module, inspect.isclass):
            own = found.__module__ == module.__name__ and not name.startswith("_")
            if own and issubclass(found, forms.BaseForm):
                yield pytest.param(found, id=f"{module.__name__}.{found.__name__}")


#: Where an empty stand-in would not do.
GIVEN = {"data": {}, "section": "overall", "days": {}, "proposed": {}, "own": 80}
GIVEN["membership"] = MagicMock(**{"get_role_display.return_value": "เจ้าหน้าที่", "unit": None})


def made(form_class):
    """The form with stand-ins for the arguments that it insists on."""
    wanted = {
        parameter.name: GIVEN.get(parameter.name, MagicMock())
        for base in form_class.__mro__
        if "__init__" in vars(base)
        for parameter in list(inspect.signature(base.__init__).parameters.values())[1:]
        if parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        and parameter.default is parameter.empty
    }
    return form_class(**wanted)


@pytest.mark.parametrize("form_class", list(form_classes()))
def test_an_empty_field_is_not_answered_by_djangos_stock_words(form_class):
    stock = str(forms.Field.default_error_messages["required"])
    unnamed = []
    for name, field in made(form_class).fields.items():
        if field.widget.is_hidden:
            continue
        try:
            field.clean(None)
        except forms.ValidationError as error:
            unnamed += [name] * (stock in error.messages)
    assert not unnamed


def test_djangos_own_words_for_an_empty_field_are_ours_in_thai():
    assert str(forms.Field.default_error_messages["required"]) == "กรอกข้อมูลในช่องนี้"
