"""What a report says otherwise than an earlier one: figures, texts and rows, word by word."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.analysis import Analysis
from assessments.numbers import NONE_MARK, format_score, format_threshold
from assessments.texts import title_of
from measures.budgets import budget_value
from measures.report.content import Report
from measures.word_pieces import Kind, Piece, pieces_of


class Status(TextChoices):
    ADDED = "added", gettext_lazy("Added")
    REMOVED = "removed", gettext_lazy("Taken out")
    CHANGED = "changed", gettext_lazy("Changed row")
    MOVED = "moved", gettext_lazy("Moved")


@dataclass(frozen=True)
class Field:
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class RowDifference:
    """`name` is the row's as in `measures.rows`, or empty; `moved` says from where to where."""

    name: str
    label: str
    status: Status
    fields: tuple[Field, ...]
    moved: str


@dataclass(frozen=True)
class Section:
    title: str
    rows: tuple[RowDifference, ...]


@dataclass(frozen=True)
class _Row:
    """A row as one of the reports has it: its texts by their labels, and its list."""

    name: str
    label: str
    texts: Mapping[str, str]
    group: str = ""

    @property
    def key(self):
        return self.name or self.label


def differences(old: Report, new: Report) -> tuple[Section, ...]:
    """Only of what differs; both are full reports of the same plan."""
    sections = (
        Section(
            _("Scores and figures"),
            figures(old.result.analysis, new.result.analysis, new.result.names),
        ),
        _section(_("Texts of the analysis"), _paragraphs, old, new),
        _section(_("Issues"), _issues, old, new),
        _section(_("Measures"), _measures, old, new),
        _section(_("Progress"), _progress, old, new),
    )
    return tuple(section for section in sections if section.rows)


def figures(old: Analysis, new: Analysis, names: Mapping[int, str]) -> tuple[RowDifference, ...]:
    """Scores, totals, levels and the threshold where they differ; `names` are the indicators'."""
    return tuple(_compared(_figures(old, names), _figures(new, names), _replaced))


def texts_of(report: Report) -> dict[str, Mapping[str, str]]:
    """Row name → what the row says, by labels; only of what is written there."""
    figures = _figures(report.result.analysis, report.result.names)
    rows = chain(figures, _issues(report), _measures(report), _progress(report))
    found = {row.name: row.texts for row in rows if row.name}
    return {
        name: {label: text for label, text in texts.items() if text}
        for name, texts in found.items()
    }


def _section(title, rows_of: Callable[[Report], Iterable[_Row]], old, new):
    return Section(title, tuple(_compared(rows_of(old), rows_of(new), pieces_of)))


def _compared(old, new, pieces) -> Iterator[RowDifference]:
    """In the order of the new report; what was taken out follows."""
    before, after = ({row.key: row for row in rows} for rows in (old, new))
    moves = _moves(before, after)
    for key, row in after.items():
        earlier = before.get(key)
        moved = moves.get(key, "")
        fields = _fields(earlier.texts if earlier else {}, row.texts, pieces)
        if earlier is None:
            yield RowDifference(row.name, row.label, Status.ADDED, fields, "")
        elif fields or moved:
            status = Status.CHANGED if fields else Status.MOVED
            yield RowDifference(row.name, row.label, status, fields, moved)
    for key, row in before.items():
        if key not in after:
            fields = _fields(row.texts, {}, pieces)
            yield RowDifference("", row.label, Status.REMOVED, fields, "")


def _fields(old, new, pieces):
    labels = dict.fromkeys([*new, *old])
    texts = ((label, old.get(label, ""), new.get(label, "")) for label in labels)
    return tuple(
        Field(label, pieces(before, after)) for label, before, after in texts if before != after
    )


def _replaced(old, new):
    """Of figures and choices, which are one word each."""
    found = ((Kind.REMOVED, old), (Kind.ADDED, new))
    return tuple(Piece(kind, text) for kind, text in found if text)


def _moves(before, after):
    """Key → from which place to which, of the fewest rows whose moves explain the new order."""
    places = {key: _places(rows) for key, rows in (("old", before), ("new", after))}
    moves = {}
    for group in {row.group for row in after.values() if row.group}:
        common = [
            key
            for key, row in after.items()
            if row.group == group and key in before and before[key].group == group
        ]
        stayed = _longest_rising([places["old"][key] for key in common])
        for key in common:
            if places["old"][key] not in stayed:
                moves[key] = _("from place %(old)s to place %(new)s") % {
                    "old": places["old"][key],
                    "new": places["new"][key],
                }
    return moves


def _places(rows):
    counts, places = {}, {}
    for key, row in rows.items():
        counts[row.group] = places[key] = counts.get(row.group, 0) + 1
    return places


def _longest_rising(numbers):
    """The numbers of a longest rising run among different ones, neighbours or not."""
    ends, runs = [], []
    for number in numbers:
        at = bisect_left(ends, number)
        run = [*(runs[at - 1] if at else ()), number]
        ends[at : at + 1], runs[at : at + 1] = [number], [run]
    return set(runs[-1]) if runs else set()


def _figures(analysis, names):
    year, earlier = str(analysis.year), str(analysis.year - 1)
    for row in analysis.rows:
        label = f"{row.number}. {names[row.number]}"
        scores = {year: format_score(row.current), earlier: format_score(row.previous)}
        yield _Row(f"score-{row.number}", label, scores)
    totals = {year: analysis.total, earlier: analysis.previous_total}
    levels = {year: analysis.level, earlier: analysis.previous_level}
    yield _Row("", _("Total"), {key: format_score(total) for key, total in totals.items()})
    yield _Row(
        "", _("Level"), {key: level.name if level else NONE_MARK for key, level in levels.items()}
    )
    yield _Row("", _("Strength threshold"), {year: format_threshold(analysis.threshold)})


def _paragraphs(report):
    for section, lines in report.result.paragraphs.items():
        yield _Row("", title_of(section), {"": "\n".join(lines)})


def _issues(report):
    kinds = (
        (_("Points to develop"), report.develop),
        (_("Points to fix"), report.fix),
        (_("Not taken up this year"), report.left_out),
    )
    for kind, issues in kinds:
        for issue in issues:
            numbers = _listed(indicator.number for indicator in issue.indicators)
            label = _("Issue of indicators %(numbers)s") % {"numbers": numbers}
            texts = {
                _("Kind of issue"): kind,
                _("Indicators"): numbers,
                _("Points, or the reason for not taking it up"): issue.points,
            }
            yield _Row(f"issue-{issue.pk}", label, texts, group=kind)


def _measures(report):
    for measure in report.measures:
        texts = {
            _("Measure"): measure.title,
            _("Steps"): measure.steps,
            _("Period"): measure.period,
            _("Follow-up"): measure.follow_up,
            _("Responsible units"): measure.responsible,
            _("Budget (baht)"): budget_value(measure.budget),
            _("Indicators it serves"): _listed(measure.indicators),
        }
        yield _Row(f"measure-{measure.pk}", _measure_label(measure), texts, group="measures")


def _progress(report):
    for round_ in report.rounds:
        for entry in round_.entries:
            # Without a state nobody has reported on the measure yet.
            if entry.state:
                label = _("%(months)s months: %(measure)s") % {
                    "months": round_.months,
                    "measure": _measure_label(entry.measure),
                }
                texts = {
                    _("Progress"): entry.state_label,
                    _("Per cent done"): "" if entry.percent is None else str(entry.percent),
                    _("Result"): entry.result,
                    _("Suggestion"): entry.suggestion,
                }
                yield _Row(f"progress-{round_.months}-{entry.measure.pk}", label, texts)


def _measure_label(measure):
    return f"{measure.number}. {measure.title}"


def _listed(numbers):
    return ", ".join(map(str, numbers))
