"""Confirms figures that look mistyped and are right all the same."""

from django.db import IntegrityError, transaction

from accounts import events
from assessments.actions.scores import locked, may_edit
from assessments.models import Confirmation
from assessments.results import two_years
from assessments.warnings import found_in


class FiguresChanged(Exception):
    """There is no such warning of these figures (any more)."""


def confirm_warning(*, assessment, warning, figures, by):
    """Confirms a warning (its code) that the result gives with exactly these figures.

    Pressed twice, also at once, there is one confirmation and one event. Raises FiguresChanged.
    """
    which = {"assessment": assessment, "warning": warning, "figures": figures}
    try:
        return _confirm(**which, by=by)
    except IntegrityError:
        return Confirmation.objects.get(**which)


@transaction.atomic
def _confirm(*, assessment, warning, figures, by):
    agency = assessment.agency
    assessment = locked(pk=assessment.pk)
    assessment.agency = agency
    may_edit(assessment, by)
    years = two_years(agency, assessment.year, assessment.kind)
    found = {(one.code.value, one.figures): one for one in found_in(years)}
    if (warning, figures) not in found:
        raise FiguresChanged
    confirmation = Confirmation.objects.create(
        assessment=assessment, warning=warning, figures=figures, by=by
    )
    events.record(
        verb="warning.confirmed",
        by=by,
        agency=agency,
        obj=assessment,
        after={
            "warning": warning,
            "figures": figures,
            # As she read it: what the figures meant then.
            "text": found[warning, figures].text,
        },
    )
    return confirmation
