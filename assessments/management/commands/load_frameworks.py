from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessments.framework_files import FRAMEWORKS, FrameworkError, read_framework
from assessments.framework_loading import load_framework


class Command(BaseCommand):
    help = "Loads the assessment frameworks of the fiscal years; a second run changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "sources",
            nargs="*",
            help="Buddhist-Era years or TOML files; all packaged years when left out",
        )
        parser.add_argument(
            "--confirm-changes",
            action="store_true",
            help="also change how years that have scores come out",
        )

    def handle(self, *, sources, confirm_changes, verbosity, **options):
        if sources:
            paths = [
                FRAMEWORKS / f"{source}.toml" if source.isdecimal() else Path(source)
                for source in sources
            ]
        else:
            paths = sorted(FRAMEWORKS.glob("*.toml"))
        files, refused = [], []
        for path in paths:
            try:
                files.append(read_framework(path))
            except FrameworkError as error:
                refused.append(str(error))
        if refused:
            raise CommandError("\n".join(refused))

        actions = {
            "loaded": _("loaded"),
            "updated": _("updated"),
            "unchanged": _("unchanged"),
        }
        for file in sorted(files, key=lambda file: file.year):
            try:
                outcome = load_framework(file, confirm_changes=confirm_changes)
            except FrameworkError as error:
                refused.append(str(error))
                continue
            if verbosity or outcome.changes:
                lines = [f"{outcome.year}: {actions[outcome.action]}", *outcome.changes]
                self.stdout.write("\n  ".join(map(str, lines)))
        if refused:
            raise CommandError("\n".join([*refused, _("Nothing of these years was changed.")]))
