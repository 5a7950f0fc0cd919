"""The rows of an export: what was entered, what follows from it, what was announced."""

from assessments.exchange.columns import COMPUTED, wide_columns
from assessments.exchange.writing import write
from assessments.models import Assessment
from assessments.scoring import score


def export(assessments, format) -> bytes:
    """CSV or XLSX of these assessments, fetched with `with_results()`."""
    assessments = list(assessments)
    numbers = sorted({number for one in assessments for number in one.values})
    rows = [_row(assessment, numbers) for assessment in assessments]
    return write(format, wide_columns(numbers), rows, "ITA")


def blank(agency, framework) -> Assessment:
    """A year not opened yet as a row without scores: the form to fill in and import."""
    assessment = Assessment(agency=agency, framework=framework)
    assessment.values = {i.number: None for i in framework.ordered_indicators()}
    assessment.instrument_values = {}
    return assessment


def _row(assessment, numbers):
    rules = assessment.framework.rules()
    result = score(rules, assessment.values, assessment.instrument_values)
    computed = {code.casefold(): result.instrument_printed(code) for code in result.instruments}
    computed |= {"total": result.total_printed, "level": result.level and result.level.name}
    level = assessment.published_level
    return [
        assessment.agency.code,
        assessment.agency.name,
        assessment.year,
        *(result.values.get(number) for number in numbers),
        *(computed.get(column) for column in COMPUTED),
        assessment.published_total,
        level.name_th if level else None,
    ]
