from django.core.management.base import BaseCommand

from ita_portal import catalogues


class Command(BaseCommand):
    help = "Brings the Thai catalogues up to date with the code and compiles them."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--compile-only", action="store_true", help="compile the .po files as they are"
        )

    def handle(self, *args, compile_only, **options):
        for package in catalogues.PACKAGES:
            if not compile_only:
                catalog = catalogues.merge(package)
                empty = [
                    str(message.id) for message in catalog if message.id and not message.string
                ]
                self.stdout.write(f"{package}: {len(catalog)} messages, {len(empty)} untranslated")
                for message in empty:
                    self.stdout.write(f"  {message}")
            if catalogues.path_of(package).exists():
                catalogues.compile_catalogue(package)
