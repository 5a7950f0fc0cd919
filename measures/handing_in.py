"""Whether the report holds what the two items of the year ask for, point by point.

What an item must contain is as the framework of the year tells it, not an official wording.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import State
from assessments.analysis import missing_sentence
from assessments.fiscal import fiscal_year_start, local_date
from assessments.models import Fact, Item
from measures.models import Evidence, Issue, ProgressEntry
from measures.rows import Row


class Standing(TextChoices):
    DONE = "done", gettext_lazy("It is there")
    MISSING = "missing", gettext_lazy("Missing")
    NOT_YET = "not_yet", gettext_lazy("Not yet due")


@dataclass(frozen=True)
class Gap:
    """A row that lacks what is asked, or the place where it is to be written."""

    label: str
    url: str


@dataclass(frozen=True)
class Point:
    text: str
    standing: Standing
    url: str
    note: str = ""
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class Section:
    heading: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class AskedItem:
    """An item of the disclosure of a year; `doubts` names what of it is not verified."""

    code: str
    has_sure_code: bool
    name: str = ""
    content: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """One of the two that are handed in; `item` is None where the year's items are not known."""

    title: str
    item: AskedItem | None
    sections: tuple[Section, ...]

    def _count(self, standing):
        return sum(one.standing == standing for part in self.sections for one in part.points)

    @property
    def missing(self) -> int:
        return self._count(Standing.MISSING)

    @property
    def there(self) -> int:
        return self._count(Standing.DONE)

    @property
    def all(self) -> int:
        return sum(len(section.points) for section in self.sections)


_SIGNED = (State.SIGNED, State.PUBLISHED)
#: What a row of the measures table must say; the columns that the document prints.
_COLUMNS = {
    "steps": gettext_lazy("Each measure has its steps"),
    "responsible": gettext_lazy("Each measure has a responsible unit"),
    "period": gettext_lazy("Each measure has its period"),
    "follow_up": gettext_lazy("Each measure has its follow-up"),
}
_KINDS = {
    Issue.Kind.FIX: gettext_lazy("Points to fix"),
    Issue.Kind.DEVELOP: gettext_lazy("Points to develop"),
}


def handing_in(situation, items, entries, evidence, today) -> tuple[Document, Document]:
    """The document of the measures and the progress report. No query.

    `items` are the two AskedItem or None, `entries` those of progress, `evidence` the pairs
    (measure, months) that a file is attached to.
    """
    progress = _progress(situation, tuple(entries), frozenset(evidence), today)
    measures = (_analysis(situation), _measures(situation), _way(situation, situation.plan.state))
    return (
        Document(_("Analysis of the result, and measures"), items[0], measures),
        Document(_("Report on carrying out the measures"), items[1], progress),
    )


def _point(text, there, url, note="", gaps=()):
    standing = Standing.DONE if there else Standing.MISSING
    return Point(str(text), standing, url, "" if there else str(note), tuple(gaps))


def _analysis(situation):
    plan, analysis, coverage = situation.plan, situation.analysis, situation.coverage
    scores, issues = plan.assessment.get_absolute_url(), plan.get_issues_url()
    kinds = {issue.kind for issue in situation.issues}
    points = [
        _point(
            _("All scores of %(year)s, with strengths and weaknesses") % {"year": analysis.year},
            not analysis.missing,
            scores,
            missing_sentence(analysis),
        ),
        _point(
            _("Compared with the result of %(year)s") % {"year": analysis.year - 1},
            analysis.previous_total is not None,
            _scores_before(plan),
            _("The scores of %(year)s are not all in.") % {"year": analysis.year - 1},
        ),
    ]
    # A single weak indicator is either to fix or to develop, and none is neither.
    needs_both = analysis.missing or coverage.without_issue or len(analysis.weak_numbers) > 1
    for kind, text in _KINDS.items():
        note = _("No issue is of this kind: the item asks for both kinds.")
        points.append(_point(text, kind in kinds or not needs_both, issues, note))
    without = coverage.without_issue
    points.append(
        _point(
            _("Each weak indicator has an issue, or a reason for not taking it up"),
            not without and not analysis.missing,
            issues,
            _("Indicators without: %(numbers)s") % {"numbers": _listed(without)} if without else "",
        )
    )
    begun = situation.begun
    points.append(
        _point(
            _("The issues are written for the agency"),
            situation.issues and not begun,
            issues,
            _("These still hold the text that they were made with:") if begun else "",
            (
                Gap(_indicators(issue.numbers), f"{issues}#{Row('issue', issue.pk)}")
                for issue in begun
            ),
        )
    )
    return Section(_("Analysis and issues"), tuple(points))


def _scores_before(plan):
    scores = reverse("assessments:scores", args=[plan.agency.code, plan.year - 2])
    return f"{scores}?plan={plan.year}"


def _measures(situation):
    plan, url = situation.plan, situation.plan.get_measures_url()
    without = situation.coverage.without_measure
    points = [
        _point(_("The plan has measures"), situation.measures, url),
        _point(
            _("Each issue that is taken up has a measure"),
            situation.issues and not without,
            url,
            _("Indicators without: %(numbers)s") % {"numbers": _listed(without)} if without else "",
        ),
    ]
    for name, text in _COLUMNS.items():
        lacking = [one for one in situation.measures if not getattr(one, name).strip()]
        gaps = (Gap(one.title, f"{url}#{Row('measure', one.pk)}") for one in lacking)
        points.append(_point(text, situation.measures and not lacking, url, gaps=gaps))
    return Section(_("Measures of %(year)s") % {"year": plan.year}, tuple(points))


def _way(situation, state):
    """Signing and publishing: each is due once what comes before it is done."""
    plan = situation.plan
    signed, published = state in _SIGNED, state == State.PUBLISHED
    return Section(
        _("Signature and publication"),
        (
            _when(
                state == State.APPROVED,
                _("Signed by the executive"),
                signed,
                plan.get_revisions_url() if signed else plan.get_review_url(),
            ),
            _when(
                signed,
                _("Published at an address"),
                published,
                plan.get_public_url() if published else plan.get_revisions_url(),
            ),
        ),
    )


def _when(is_due, text, there, url, note="", gaps=()):
    if there or is_due:
        return _point(text, there, url, note, gaps)
    return Point(text, Standing.NOT_YET, url)


def _progress(situation, entries, evidence, today):
    rounds = situation.rounds
    due = [round for round in rounds if round.reported or _opens_on(round) <= today]
    sections = [_round(situation, one, one in due, entries, evidence) for one in rounds]
    # What is not approved stands in no report that could be signed.
    is_in = bool(due) and due[-1].approved_at is not None
    return *sections, _way(situation, situation.plan.state if is_in else State.DRAFT)


def _opens_on(round):
    """The agency's own day, else the first after the months that are reported on."""
    if round.opens_on:
        return round.opens_on
    start = fiscal_year_start(round.plan.year)
    months = start.month - 1 + round.months
    return date(start.year + months // 12, months % 12 + 1, 1)


def _round(situation, round, is_due, entries, evidence):
    url, measures = round.get_absolute_url(), situation.measures
    found = {one.measure_id: one for one in entries if one.round_id == round.pk}
    asked = (
        (_("The state of each measure"), lambda pk: _has_state(found.get(pk))),
        (_("The result of each measure"), lambda pk: pk in found and found[pk].result),
        (_("Evidence of each measure"), lambda pk: (pk, round.months) in evidence),
    )
    points = []
    for text, has in asked:
        lacking = [one for one in measures if not has(one.pk)]
        gaps = (Gap(one.title, f"{url}#{Row('progress', one.pk, round.months)}") for one in lacking)
        points.append(_when(is_due, text, measures and not lacking, url, gaps=gaps))
    suggested = any(entry.suggestion for entry in found.values())
    note = _("No measure has one: write what hindered the work, or what to do next.")
    points += [
        _when(is_due, _("Obstacles or suggestions"), suggested, url, note),
        _when(is_due, _("The round is approved"), round.approved_at, url),
    ]
    heading = _("Round of %(months)s months") % {"months": round.months}
    if not is_due:
        day = local_date(_opens_on(round))
        heading = _("%(round)s (from %(day)s)") % {"round": heading, "day": day}
    return Section(heading, tuple(points))


def _has_state(entry):
    """“Not started” is also what nobody has chosen; with a word on it, somebody has."""
    return entry is not None and (entry.state != entry.State.NOT_STARTED or bool(entry.result))


def _listed(numbers: Iterable[int]):
    return ", ".join(map(str, numbers))


def _indicators(numbers):
    return _("Indicator %(numbers)s") % {"numbers": _listed(numbers)}


def asked_items(year) -> tuple[AskedItem | None, AskedItem | None]:
    """The items that the two documents of the year (BE) answer; two queries."""
    found = Fact.objects.filter(framework__year=year).select_related("framework")
    facts = {fact.group: fact for fact in found}
    if not facts:
        return None, None
    framework = next(iter(facts.values())).framework
    codes = (framework.measures_item, framework.progress_item)
    numbers = [int(code.removeprefix("O")) for code in codes if code]
    found = Item.objects.filter(subindicator__indicator__framework=framework, number__in=numbers)
    items = {item.code: item for item in found}
    return tuple(_asked(code, items.get(code), facts) if code else None for code in codes)


def _asked(code, item, facts):
    said = {
        Fact.Group.DOCUMENT_ITEMS: (_("number of the item"), code),
        Fact.Group.ITEMS: (_("name of the item"), item and item.name_th),
        Fact.Group.ITEM_CONTENTS: (_("content of the item"), item and item.content_th),
    }
    doubts = {
        group: f"{what}: {facts[group].get_status_display()}"
        for group, (what, text) in said.items()
        if text and group in facts and facts[group].status != Fact.Status.VERIFIED
    }
    return AskedItem(
        code,
        has_sure_code=Fact.Group.DOCUMENT_ITEMS not in doubts,
        name=item.name_th if item else "",
        content=item.content_th if item else "",
        doubts=tuple(doubts.values()),
    )


def entries_of(plan):
    return ProgressEntry.objects.filter(round__plan=plan)


def evidenced(plan):
    """The pairs of measure and months that a standing file is attached to."""
    files = Evidence.objects.filter(~Q(months=None), plan=plan).standing()
    return set(files.values_list("measure_id", "months"))
