import pytest
from django.core.management import call_command

from assessments.models import Framework

pytestmark = pytest.mark.django_db


@pytest.fixture
def collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "own"]
    (tmp_path / "own").mkdir()
    (tmp_path / "own/a.css").write_text("a {}")
    return settings.STATIC_ROOT


def test_an_empty_installation_gets_frameworks_and_static_files(collected):
    call_command("prepare")
    assert Framework.objects.exists()
    assert (collected / "a.css").exists()
    assert (collected / "vendor/bootstrap/bootstrap.min.css").exists()
    assert (collected / "vendor/sarabun/Sarabun-Bold.ttf").exists()


def test_static_files_are_collected_again_only_after_a_change(collected, tmp_path):
    call_command("prepare")
    (collected / "left-over.css").touch()
    call_command("prepare")
    assert (collected / "left-over.css").exists()
    (tmp_path / "own/a.css").write_text("a { color: red }")
    call_command("prepare")
    assert not (collected / "left-over.css").exists()
    assert "red" in (collected / "a.css").read_text()
