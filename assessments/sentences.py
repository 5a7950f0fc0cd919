from django.utils.translation import gettext_lazy

from accounts import sentences as accounts
from accounts.sentences import Vocabulary
from assessments.cells import cell_name
from assessments.narrative import TITLES


def _scores_saved(event):
    if any(value not in (None, "") for value in event.before.values()):
        return gettext_lazy("changed %(changes)s (%(rest)s)")
    return gettext_lazy("entered %(changes)s (%(rest)s)")


DEEDS = {
    "assessment.opened": gettext_lazy("opened the result %(rest)s for entry"),
    "assessment.threshold_chosen": gettext_lazy("chose the strength threshold: %(changes)s"),
    "scores.saved": _scores_saved,
    "scores.exported": gettext_lazy("exported the scores of %(years)s (%(format)s)"),
    "published.saved": gettext_lazy("entered what was announced: %(changes)s"),
    "warning.confirmed": gettext_lazy("confirmed a figure: %(text)s"),
    "analysis_text.saved": gettext_lazy("changed a text of the analysis: %(changes)s"),
    "analysis_text.checked": gettext_lazy("looked through a text of the analysis: %(changes)s"),
    "framework.changed": gettext_lazy("changed the rules of %(record)s: %(changes)s"),
}
LABELS = {
    "assessment.total": gettext_lazy("Published total"),
    "assessment.level": gettext_lazy("Published level"),
    "figures": gettext_lazy("Figures"),
    "format": gettext_lazy("Form of the file"),
    "text": gettext_lazy("Text"),
    "warning": gettext_lazy("Warning"),
    "years": gettext_lazy("Years"),
    **TITLES,
}


def _name_of_a_cell(key):
    try:
        return cell_name(key)
    except KeyError:
        return None


VOCABULARY = accounts.VOCABULARY | Vocabulary(
    DEEDS, LABELS, (_name_of_a_cell,), hidden=frozenset({"assessment.warning", "figures"})
)
