"""What pages show of files: those of a measure and a round, in one query for all rows."""

from measures.models import Evidence


def with_evidence(measures, plan, months=None):
    """The measures, each with the `files` that stand for it; `months` is the round of progress."""
    found = {}
    for file in Evidence.objects.filter(plan=plan, months=months, measure__isnull=False).standing():
        file.plan = plan
        found.setdefault(file.measure_id, []).append(file)
    measures = list(measures)
    for measure in measures:
        measure.files = found.get(measure.pk, [])
    return measures
