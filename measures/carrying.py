"""Last year's measures, as they are offered to this year's plan."""

from collections import defaultdict

from django.db.models import Case, Count, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from assessments.models import Indicator
from measures.models import Measure, ProgressEntry


def last_years(agency, year):
    """The measures of the plan of the year before: `is_done`, by the newest round in which each was
    reported, and `is_carried` into the `year`'s.
    """
    entries = ProgressEntry.objects.filter(measure=OuterRef("pk")).order_by("-round__months")
    done = When(Exact(Subquery(entries.values("state")[:1]), ProgressEntry.State.DONE), Value(True))
    # Into a later plan she may have begun with it from the library.
    carried = Measure.objects.filter(
        carried_from=OuterRef("pk"), plan__year=OuterRef("plan__year") + 1
    )
    return Measure.objects.filter(plan__agency=agency, plan__year=year - 1).annotate(
        is_done=Case(done, default=Value(False)), is_carried=Exists(carried)
    )


def offered(agency, year):
    """All of them, the unfinished first, each with the indicators it would serve: three queries."""
    rows = last_years(agency, year).prefetch_related("indicators").order_by("is_done", "order")
    measures = list(rows)
    served = new_indicators(measures, year - 1)
    for measure in measures:
        measure.would_serve = served[measure.pk]
    return measures


def with_unfinished(plans):
    """Plans with `unfinished`: how many measures of last year are neither done nor carried."""
    rows = last_years(OuterRef("agency"), OuterRef("year"))
    rows = rows.filter(is_done=False, is_carried=False).order_by().values("plan__agency")
    count = rows.annotate(count=Count("pk")).values("count")
    return plans.annotate(unfinished=Coalesce(Subquery(count), 0))


def new_indicators(measures, year):
    """Primary key of the measure → the indicators of that year that come from its own."""
    new = Indicator.objects.filter(predecessor__isnull=False, framework__year=year)
    successors = defaultdict(list)
    for indicator in new.order_by("number"):
        successors[indicator.predecessor_id].append(indicator)
    return {
        measure.pk: sorted(
            {new for old in measure.indicators.all() for new in successors[old.pk]},
            key=lambda indicator: indicator.number,
        )
        for measure in measures
    }
