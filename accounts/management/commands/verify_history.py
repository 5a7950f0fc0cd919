from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import chain
from accounts.models import Agency, ChainEnd, Event


class Command(BaseCommand):
    help = "Checks the chain of events of each agency and finds what was changed afterwards."

    def add_arguments(self, parser):
        parser.add_argument("--agency", metavar="CODE", help="default all, and what is of none")

    def handle(self, *args, agency, **options):
        names = dict(Agency.objects.values_list("pk", "name"))
        faults = 0
        for agency_id in _one(agency) if agency else _every():
            name = names.get(agency_id) or _("of no agency")
            for fault in chain.faults_in(agency_id):
                faults += 1
                self.stdout.write(_("%(agency)s: %(fault)s") % {"agency": name, "fault": fault})
            end = ChainEnd.objects.filter(agency_id=agency_id).first()
            facts = {"agency": name, "number": end.number, "digest": end.digest} if end else None
            if facts:
                self.stdout.write(_("%(agency)s: newest event %(number)s, %(digest)s") % facts)
        if faults:
            raise CommandError(
                _("The history does not hold: %(count)s faults.") % {"count": faults}
            )
        self.stdout.write(self.style.SUCCESS(_("The history is unbroken.")))


def _one(code):
    try:
        return [Agency.objects.get(code=code).pk]
    except Agency.DoesNotExist:
        raise CommandError(_("There is no agency %(code)s.") % {"code": code}) from None


def _every():
    """Also those whose end or whose events somebody removed; 0 is the chain of none."""
    of_events = Event.objects.order_by().values_list("agency_id", flat=True).distinct()
    of_ends = ChainEnd.objects.values_list("agency_id", flat=True)
    return sorted({pk or 0 for pk in of_events} | set(of_ends))
