"""What stands in the way of submitting a plan, and what the officer should look at before."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.analysis import missing_sentence
from measures.models import Measure
from measures.periods import is_outside
from measures.writing_help import TEXTS, hints


class Severity(models.TextChoices):
    MUST = "must", gettext_lazy("Must be corrected")
    SHOULD = "should", gettext_lazy("Should be looked at")


@dataclass(frozen=True)
class Finding:
    severity: Severity
    text: str
    url: str


def obstacles(situation):
    """What holds the plan up; empty when it can be submitted."""
    plan, analysis = situation.plan, situation.analysis
    found = []
    if analysis.missing:
        found.append((missing_sentence(analysis), plan.assessment.get_absolute_url()))
    if not situation.measures:
        found.append((_("The plan has no measure yet."), plan.get_measures_url()))
    return [Finding(Severity.MUST, text, url) for text, url in found]


def remarks(situation, to_check, outdated):
    """What should be looked at; `to_check` counts the warnings that nobody has confirmed,
    `outdated` the edited texts of the analysis whose figures have changed since.
    """
    found = _remarks(situation, to_check, outdated)
    return [Finding(Severity.SHOULD, text, url) for text, url in found]


def _remarks(situation, to_check, outdated):
    plan, analysis, coverage = situation.plan, situation.analysis, situation.coverage
    scores = plan.assessment.get_absolute_url()
    issues, measures = plan.get_issues_url(), plan.get_measures_url()
    if to_check:
        text = _("Figures to check that nobody has confirmed: %(count)s.")
        yield text % {"count": to_check}, f"{scores}#warnings"
    if analysis.previous_total is None:
        yield _("Last year's scores are not in, so the report cannot show the change."), scores
    if coverage.without_issue:
        text = _(
            "Indicators %(numbers)s are weak, but have neither an issue nor a reason for not "
            "taking them up."
        )
        yield text % {"numbers": _listed(coverage.without_issue)}, issues
    if outdated:
        text = _("Edited texts of the analysis whose figures have changed since: %(count)s.")
        yield text % {"count": outdated}, plan.assessment.get_analysis_url()
    if begun := situation.begun:
        text = _(
            "The issues of indicators %(numbers)s still hold the text that they were made with: "
            "adapt them to the agency."
        )
        yield text % {"numbers": _listed(sorted({n for one in begun for n in one.numbers}))}, issues
    if coverage.without_measure:
        text = _("The issues of indicators %(numbers)s have no measure.")
        yield text % {"numbers": _listed(coverage.without_measure)}, measures
    if said := situation.open_comments:
        text = _("Comments that are still open: %(count)s.")
        yield text % {"count": said}, f"{plan.get_review_url()}#comments"
    if aimless := sum(not measure.numbers for measure in situation.measures):
        text = _("Measures that serve no indicator yet: %(count)s.")
        yield text % {"count": aimless}, measures
    if plan.wordless:
        text = _(
            "Progress after %(months)s months: measures are marked as done or not done, but "
            "nothing is written about it."
        )
        yield text % {"months": plan.wordless}, plan.get_progress_url(plan.wordless)
    if doubted := _doubted(situation):
        text = _("Rows with doubled words, or with a year that does not fit: %(count)s.")
        doubted[0].plan = plan
        yield text % {"count": len(doubted)}, doubted[0].get_absolute_url()


def _doubted(situation):
    """The rows that the writing help says something about."""
    year = situation.plan.year
    return [
        row
        for row in [*situation.issues, *situation.measures]
        if any(hints(name, getattr(row, name, ""), year) for name in TEXTS)
        or (isinstance(row, Measure) and is_outside(row, year))
    ]


def _listed(numbers):
    return ", ".join(map(str, numbers))
