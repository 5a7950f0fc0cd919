from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.actions import ImportOutdated, ImportRefused, import_scores
from assessments.exchange.comparing import Comparison, compare
from assessments.exchange.reading import read_file
from assessments.exchange.workbooks import UnreadableFile
from assessments.models import Assessment

SHOWN_PROBLEMS = 50


class Command(BaseCommand):
    help = "Imports scores from a CSV or XLSX file, all or, on any error, nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument(
            "--as", dest="user", metavar="USER", help="import with the rights of this user"
        )
        parser.add_argument(
            "--create-agencies", action="store_true", help="create agencies with unknown codes"
        )

        parser.add_argument(
            "--kind",
            choices=Assessment.Kind.values,
            default=Assessment.Kind.OFFICIAL.value,
            help="what the file holds: official results or self-assessments; default official",
        )

    def handle(self, *args, file, dry_run, user, create_agencies, kind, **options):
        by = self._user(user)
        kind = Assessment.Kind(kind)
        reading = self._read(file, kind)
        for note in reading.notes:
            self.stderr.write(note)
        how = {"by": by, "create_agencies": create_agencies, "kind": kind}
        # Compared even if cells were refused, so that one run tells everything there is to correct.
        comparison = compare(reading.entries, **how)
        comparison.refuse(reading.problems)
        if comparison.problems:
            self._refuse(comparison)
        if not dry_run:
            try:
                comparison = import_scores(entries=reading.entries, **how)
            except ImportRefused as refused:
                self._refuse(refused.comparison)
            except ImportOutdated as outdated:
                raise CommandError(
                    _("Somebody changed scores during the import. Nothing was imported; try again.")
                ) from outdated
        done = _("Nothing was written (dry run).") if dry_run else _("Imported.")
        self.stdout.write(f"{done} {self._counts(comparison)}")

    def _user(self, username):
        if username is None:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active user %(name)s.") % {"name": username})
        return user

    def _read(self, file, kind):
        try:
            return read_file(file.name, file.read_bytes(), kind=kind)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except UnreadableFile as error:
            raise CommandError(f"{file.name}: {error}") from error

    def _refuse(self, comparison):
        problems = comparison.problems
        for problem in problems[:SHOWN_PROBLEMS]:
            self.stderr.write(str(problem))
        if len(problems) > SHOWN_PROBLEMS:
            rest = len(problems) - SHOWN_PROBLEMS
            self.stderr.write(_("… and %(count)s more") % {"count": rest})
        raise CommandError(
            _("%(count)s places need correction. Nothing was imported.") % {"count": len(problems)}
            + " "
            + self._counts(comparison)
        )

    def _counts(self, comparison: Comparison):
        return (
            _("Values: %(new)s new, %(changed)s changed, %(same)s the same, %(refused)s refused.")
            % comparison.counts
        )
