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
        found.append(
            Finding(Severity.MUST, missing_sentence(analysis), plan.assessment.get_absolute_url())
        )
    if not situation.measures:
        found.append(
            Finding(Severity.MUST, _("The plan has no measure yet."), plan.get_measures_url())
        )
    return found


def remarks(situation, to_check, outdated):
    """What should be looked at; `to_check` counts the warnings that nobody has confirmed,
    `outdated` the edited texts of the analysis whose figures have changed since.
    """
    plan, analysis, coverage = situation.plan, situation.analysis, situation.coverage
    found = []
    if to_check:
        found.append(
            Finding(
                Severity.SHOULD,
                _("Figures to check that nobody has confirmed: %(count)s.") % {"count": to_check},
                f"{plan.assessment.get_absolute_url()}#warnings",
            )
        )
    if analysis.previous_total is None:
        found.append(
            Finding(
                Severity.SHOULD,
                _("Last year's scores are not in, so the report cannot show the change."),
                plan.assessment.get_absolute_url(),
            )
        )
    if coverage.without_issue:
        found.append(
            Finding(
                Severity.SHOULD,
                _(
                    "Indicators %(numbers)s are weak, but have neither an issue nor a reason "
                    "for not taking them up."
                )
                % {"numbers": _listed(coverage.without_issue)},
                plan.get_issues_url(),
            )
        )
    if outdated:
        found.append(
            Finding(
                Severity.SHOULD,
                _("Edited texts of the analysis whose figures have changed since: %(count)s.")
                % {"count": outdated},
                plan.assessment.get_analysis_url(),
            )
        )
    if begun := situation.begun:
        found.append(
            Finding(
                Severity.SHOULD,
                _(
                    "The issues of indicators %(numbers)s still hold the text that they were "
                    "made with: adapt them to the agency."
                )
                % {"numbers": _listed(sorted({n for issue in begun for n in issue.numbers}))},
                plan.get_issues_url(),
            )
        )
    if coverage.without_measure:
        found.append(
            Finding(
                Severity.SHOULD,
                _("The issues of indicators %(numbers)s have no measure.")
                % {"numbers": _listed(coverage.without_measure)},
                plan.get_measures_url(),
            )
        )
    if said := situation.open_comments:
        text = _("Comments that are still open: %(count)s.") % {"count": said}
        found.append(Finding(Severity.SHOULD, text, f"{plan.get_review_url()}#comments"))
    if aimless := sum(not measure.numbers for measure in situation.measures):
        found.append(
            Finding(
                Severity.SHOULD,
                _("Measures that serve no indicator yet: %(count)s.") % {"count": aimless},
                plan.get_measures_url(),
            )
        )
    if plan.wordless:
        text = _(
            "Progress after %(months)s months: measures are marked as done or not done, but "
            "nothing is written about it."
        )
        url = plan.get_progress_url(plan.wordless)
        found.append(Finding(Severity.SHOULD, text % {"months": plan.wordless}, url))
    if doubted := _doubted(situation):
        row, count = doubted[0], len(doubted)
        text = _("Rows with doubled words, or with a year that does not fit: %(count)s.")
        row.plan = plan
        found.append(Finding(Severity.SHOULD, text % {"count": count}, row.get_absolute_url()))
    return found


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
