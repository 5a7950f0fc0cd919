from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import Agency
from ita_portal import demo


class Command(BaseCommand):
    help = "Fills the portal with demo data; what is already there stays as it is."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there is an agency"
        )
        parser.add_argument(
            "--show-logins", action="store_true", help="only print one login a role"
        )

    def handle(self, *args, if_empty, show_logins, **options):
        if show_logins:
            self.show_logins()
            return
        if if_empty and Agency.objects.exists():
            return
        with transaction.atomic():
            made = demo.seed()
        self.stdout.write(f"Demo agencies added: {', '.join(made) or 'none'}")

    def show_logins(self):
        """Nothing where the demo people are not, as on a portal in real use."""
        for username, role in demo.logins():
            self.stdout.write(f"{role:<18} {username:<14} {demo.PASSWORD}")
