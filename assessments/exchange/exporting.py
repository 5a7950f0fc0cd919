"""The rows of an export: what was entered, what follows from it, what was announced."""

from django.db.models import prefetch_related_objects

from accounts.models import Agency
from assessments.cells import key_of
from assessments.exchange.columns import (
    AGENCY,
    COMPUTED,
    KIND,
    LEVEL,
    NAME,
    PUBLISHED,
    TOTAL,
    YEAR,
    cell_key,
    is_finer,
    score_columns,
)
from assessments.exchange.writing import write
from assessments.models import Assessment, Framework, Score, SubScore
from assessments.scoring import score


def export(assessments, format) -> bytes:
    """CSV or XLSX of results of one kind, fetched with `with_results()`."""
    stored = [one for one in assessments if one.pk]
    prefetch_related_objects(stored, "subscores__item", "subscores__question")
    columns = columns_of(assessments)
    return write(format, columns, [_row(one, columns) for one in assessments], "ITA")


def columns_of(assessments) -> list[str]:
    """Parts, scores of instruments, items and questions stand there only where a result has them.

    The kind is written of self-assessments, so that nobody takes them for official.
    """
    keys = {f"i{i.number}" for one in assessments for i in one.framework.ordered_indicators()}
    keys |= {key for one in assessments for key in filled(one)}
    scores = score_columns(keys)
    announced = [column for column in scores if column.startswith(PUBLISHED)]
    kind = [KIND] if any(one.kind == Assessment.Kind.SELF for one in assessments) else []
    finer = [column for column in scores if is_finer(column)]
    own = [column for column in scores if column not in (*announced, *finer)]
    return [AGENCY, NAME, YEAR, *kind, *own, *COMPUTED, *announced, TOTAL, LEVEL, *finer]


def cells_in(assessment) -> dict[str, Score | SubScore]:
    """By key, items and questions too."""
    finer = assessment.subscores.all() if assessment.pk else ()
    return {**assessment.cells, **{key_of(one): one for one in finer}}


def filled(assessment) -> set[str]:
    """Keys of the cells that hold a score."""
    return {key for key, cell in cells_in(assessment).items() if cell.value is not None}


def holds_anything(assessment) -> bool:
    """An opened result without a single figure is nothing that an import could bring back."""
    announced = (assessment.published_total, assessment.published_level)
    return bool(filled(assessment)) or announced != (None, None)


def blank(agency, framework) -> Assessment:
    """A year not opened yet as a row without scores: the form to fill in and import."""
    assessment = Assessment(agency=agency, framework=framework)
    assessment.cells = {}
    return assessment


def export_entered(code, name, results) -> bytes:
    """The CSV of an agency's official results as a document has kept them, as `entered_table`."""
    return write("csv", *entered_table(code, name, results), "ITA")


def entered_table(code, name, results):
    """(columns, rows) of an agency's official results as a document has kept them.

    `results`: the year (BE), the scores by cell, what was published as total and level.
    """
    frameworks = Framework.objects.filter(year__in=[one["year"] for one in results])
    frameworks = frameworks.prefetch_related("levels", "instruments__indicators__subindicators")
    by_year = {framework.year: framework for framework in frameworks}
    agency = Agency(code=code, name=name)
    kept = [_kept(agency, by_year[one["year"]], one) for one in results]
    columns = columns_of(kept)
    return columns, [_row(one, columns) for one in kept]


def _kept(agency, framework, result):
    assessment = blank(agency, framework)
    assessment.cells = {key: Score(value=value) for key, value in result["scores"].items()}
    assessment.published_total = result["published_total"]
    levels = {level.name_th: level for level in framework.levels.all()}
    assessment.published_level = levels.get(result["published_level"])
    return assessment


def _row(assessment, columns):
    rules = assessment.framework.rules()
    result = score(rules, assessment.values, assessment.instrument_values)
    known = {
        **frame_of(assessment),
        KIND: assessment.kind,
        **{code.casefold(): result.instrument_printed(code) for code in result.instruments},
        "total": result.total_printed,
        "level": result.level and result.level.name,
    }
    cells = cells_in(assessment)
    return [known[column] if column in known else stored(cells, column) for column in columns]


def frame_of(assessment) -> dict:
    """Whose result it is, and what was announced of it."""
    level = assessment.published_level
    return {
        AGENCY: assessment.agency.code,
        NAME: assessment.agency.name,
        YEAR: assessment.year,
        TOTAL: assessment.published_total,
        LEVEL: level and level.name_th,
    }


def stored(cells, column):
    """What was entered, not what follows from finer figures: only that is imported again."""
    cell = cells.get(cell_key(column))
    return cell.value if cell else None
