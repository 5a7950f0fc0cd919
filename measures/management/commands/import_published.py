from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from measures.publishing.importing import import_document
from measures.publishing.received import Refused, read_document


class Command(BaseCommand):
    help = "Makes a draft plan, with its scores and progress, of a publication's open data."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a data.json, or the ZIP that holds it")
        parser.add_argument(
            "--as",
            dest="user",
            metavar="USER",
            required=True,
            help="who writes it: the agency's coordinator, also of one that is made",
        )
        parser.add_argument(
            "--create-agencies", action="store_true", help="make the agency where there is none"
        )

    def handle(self, *args, file, user, create_agencies, **options):
        by = User.objects.filter(username=user, is_active=True).first()
        if by is None:
            raise CommandError(_("There is no active user %(name)s.") % {"name": user})
        try:
            document = read_document(file)
            plan, differing = import_document(
                document=document, by=by, create_agencies=create_agencies
            )
        except (Refused, PermissionDenied) as refusal:
            nothing = _("Nothing was imported.")
            raise CommandError(f"{file.name}: {refusal} {nothing}") from refusal
        self.stdout.write(_("Imported as a draft: %(plan)s") % {"plan": plan})
        if document["evidence"]:
            self.stderr.write(
                _("Files of evidence are not part of the data (%(count)s). Attach them again.")
                % {"count": len(document["evidence"])}
            )
        if differing:
            self.stderr.write(
                _("Not the same here as in the file: %(parts)s. Compare them before you submit.")
                % {"parts": ", ".join(differing)}
            )
