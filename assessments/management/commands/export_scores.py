from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessments.exchange.exporting import export
from assessments.exchange.writing import CONTENT_TYPES
from assessments.models import Assessment


class Command(BaseCommand):
    help = "Exports official scores as CSV or XLSX with the columns that import_scores reads."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="fiscal year (Buddhist Era); default all")
        parser.add_argument("--agency", metavar="CODE", help="default all")
        parser.add_argument("--format", choices=sorted(CONTENT_TYPES), default="csv")
        parser.add_argument("--output", type=Path, metavar="FILE", help="default standard output")

    def handle(self, *args, year, agency, format, output, **options):
        assessments = Assessment.objects.official().with_results()
        if year:
            assessments = assessments.for_year(year)
        if agency:
            assessments = assessments.filter(agency__code=agency)
        assessments = list(assessments.order_by("agency__code", "framework__year"))
        if not assessments:
            raise CommandError(_("There are no scores to export."))
        content = export(assessments, format)
        if output is None:
            self.stdout.buffer.write(content)
            return
        output.write_bytes(content)
        self.stderr.write(
            _("%(count)s results written to %(file)s.")
            % {"count": len(assessments), "file": output}
        )
