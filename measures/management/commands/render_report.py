from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.fiscal import YearError, parse_year
from measures.actions import record_download
from measures.models import Plan
from measures.report.content import Part
from measures.report.frozen import current_report
from measures.report.html import pdf_of
from measures.report.worker import RenderBusy, RenderFailed


class Command(BaseCommand):
    help = "Writes a report of an agency's plan (YEAR in Buddhist Era) as PDF."

    def add_arguments(self, parser):
        parser.add_argument("agency", help="the agency's code")
        parser.add_argument("year", help="the fiscal year of the plan, Buddhist Era")
        parser.add_argument("--part", choices=Part.values, default=Part.FULL.value)
        parser.add_argument("--output", required=True, type=Path)

    def handle(self, *, agency, year, part, output, **options):
        try:
            year = parse_year(year)
        except YearError as error:
            raise CommandError(error.message) from None
        plans = Plan.objects.for_year(year).select_related("agency", "assessment")
        plan = plans.filter(agency__code=agency).first()
        if plan is None:
            raise CommandError(f"{agency} has no plan of {year}")
        try:
            report = current_report(plan, part)
            pdf = pdf_of(report)
        except (RenderBusy, RenderFailed) as error:
            raise CommandError(f"no PDF: {error}") from error
        output.write_bytes(pdf)
        record_download(plan=plan, part=part, by=None, revision=report.revision)
        self.stdout.write(f"{output}: {len(pdf)} bytes")
