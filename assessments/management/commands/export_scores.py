from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessments.exchange.exporting import export, holds_anything
from assessments.exchange.writing import CONTENT_TYPES
from assessments.models import Assessment


class Command(BaseCommand):
    help = "Exports scores as CSV or XLSX with the columns that import_scores reads."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="fiscal year (Buddhist Era); default all")
        parser.add_argument("--agency", metavar="CODE", help="default all")
        parser.add_argument(
            "--kind",
            choices=Assessment.Kind.values,
            default=Assessment.Kind.OFFICIAL.value,
            help="official results, or self-assessments; default official",
        )
        parser.add_argument("--format", choices=sorted(CONTENT_TYPES), default="csv")
        parser.add_argument("--output", type=Path, metavar="FILE", help="default standard output")

    def handle(self, *args, year, agency, kind, format, output, **options):
        assessments = Assessment.objects.filter(kind=kind).with_results()
        if kind == Assessment.Kind.SELF:
            assessments = assessments.prefetch_related(
                "subscores",
                "framework__instruments__indicators__subindicators__items",
                "framework__instruments__indicators__questions",
            )
        if year:
            assessments = assessments.for_year(year)
        if agency:
            assessments = assessments.filter(agency__code=agency)
        # Not sorted by the database: each has an order of its own for hyphens.
        assessments = sorted(
            filter(holds_anything, assessments), key=lambda one: (one.agency.code, one.year)
        )
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
