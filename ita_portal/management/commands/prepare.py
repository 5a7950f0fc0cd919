import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import reloader

from ita_portal import catalogues


class Command(BaseCommand):
    help = "Brings catalogues, static files, database and frameworks up to date with the code."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--demo", action="store_true", help="seed an empty database and show the logins"
        )

    def handle(self, *args, demo, **options):
        call_command("messages", compile_only=True)
        for package in catalogues.PACKAGES:
            # What this process writes from now on, demo data and notices, is Thai already.
            reloader.translation_file_changed(None, catalogues.path_of(package).with_suffix(".mo"))
        collect_static_files()
        call_command("migrate", verbosity=0)
        call_command("load_frameworks", verbosity=0, stdout=self.stdout)
        if demo:
            call_command("seed_demo", if_empty=True, stdout=self.stdout)
            call_command("seed_demo", show_logins=True, stdout=self.stdout)


def collect_static_files():
    """Collects if any source has changed; compressing all takes seconds."""
    sources = [
        (path, storage.size(path), str(storage.get_modified_time(path)))
        for finder in get_finders()
        for path, storage in finder.list(None)
    ]
    digest = hashlib.sha256(repr(sources).encode()).hexdigest()
    stamp = settings.STATIC_ROOT.with_suffix(".sha256")
    if not stamp.exists() or stamp.read_text() != digest:
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest)
