"""What a report says, as plain values: no HTML, and nothing of the database after `build`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import TextChoices, prefetch_related_objects
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.permissions import State
from assessments import charts, scoring
from assessments.analysis import (
    Analysis,
    IndicatorRow,
    result_sentence,
)
from assessments.fiscal import fiscal_year_start
from assessments.models import Fact
from assessments.results import analysis_of, indicator_names, official
from measures.models import Issue, ProgressEntry

#: The only years for which the master plan's target is known (phase 1 of issue 21).
TARGET_YEARS = range(2561, 2566)
#: States that say something even without a text.
SETTLED = (ProgressEntry.State.DONE, ProgressEntry.State.NOT_DONE)
#: The groups of framework facts that the report prints.
FACTS_USED = (
    Fact.Group.WEIGHTS,
    Fact.Group.INDICATORS,
    Fact.Group.SUBINDICATORS,
    Fact.Group.LEVELS,
    Fact.Group.PASS_MARK,
)


class Part(TextChoices):
    FULL = "full", _("Full report")
    MEASURES = "measures", _("Table of measures")
    PROGRESS = "progress", _("Progress report")


#: What each part reads of a plan.
NEEDED = {
    Part.FULL: ("issues", "measures__indicators", "rounds__entries"),
    Part.MEASURES: ("measures__indicators",),
    Part.PROGRESS: ("measures__indicators", "rounds__entries"),
}


@dataclass(frozen=True)
class IndicatorText:
    number: int
    name: str
    assesses: str
    subindicators: tuple[str, ...]


@dataclass(frozen=True)
class InstrumentText:
    """`weight` is in per cent of the total."""

    code: str
    name: str
    name_en: str
    description: str
    weight: Decimal
    indicators: tuple[IndicatorText, ...]

    @property
    def share(self) -> Decimal:
        return scoring.round2(self.weight / 100)


@dataclass(frozen=True)
class LevelText:
    """Totals from `lowest` to `highest`; a level with a condition may share them with the next."""

    name: str
    lowest: Decimal
    highest: Decimal
    min_instrument: Decimal | None
    passes: bool


@dataclass(frozen=True)
class Source:
    """Where a group of facts comes from; `mark` is its number in the list of sources."""

    mark: int
    group: str
    topic: str
    status: str
    verified: bool
    source: str
    note: str


@dataclass(frozen=True)
class Criteria:
    """How results of the fiscal year `year` are scored."""

    year: int
    instruments: tuple[InstrumentText, ...]
    levels: tuple[LevelText, ...]
    pass_mark: Decimal
    eit_parts: bool
    scale_note: str
    sources: Mapping[str, Source]

    @property
    def indicators(self) -> tuple[IndicatorText, ...]:
        return tuple(i for instrument in self.instruments for i in instrument.indicators)

    @property
    def unverified(self) -> bool:
        return not all(source.verified for source in self.sources.values())

    @property
    def has_conditions(self) -> bool:
        return any(level.min_instrument is not None for level in self.levels)

    @property
    def has_target(self) -> bool:
        return self.year in TARGET_YEARS


@dataclass(frozen=True)
class Result:
    """The year's analysis with what the report says of it first; `gap` is total − pass mark.

    `difference` is between the announced and the computed total.
    """

    analysis: Analysis
    names: Mapping[int, str]
    sentence: str
    difference: scoring.Difference | None
    published_level: str
    gap: Decimal | None
    bars: charts.BarChart
    radar: charts.RadarChart | None

    @property
    def level_differs(self) -> bool:
        level = self.analysis.level
        return bool(self.published_level and level and self.published_level != level.name)

    @property
    def largest_rise(self) -> IndicatorRow | None:
        return self._furthest(1)

    @property
    def largest_fall(self) -> IndicatorRow | None:
        return self._furthest(-1)

    @property
    def directions(self) -> Mapping[str, int]:
        """Direction → number of indicators."""
        return Counter(row.direction.value for row in self.analysis.rows)

    @property
    def level_move(self) -> str:
        """`up`, `down`, `same`, or empty where two levels cannot be compared."""
        now, then = self.analysis.level, self.analysis.previous_level
        if not (now and then and self.analysis.levels_comparable):
            return ""
        codes = [level.code for level in self.analysis.result.rules.levels]
        step = codes.index(then.code) - codes.index(now.code)
        return "up" if step > 0 else "down" if step < 0 else "same"

    def _furthest(self, sign: int) -> IndicatorRow | None:
        changed = [row for row in self.analysis.rows if row.change and row.change.points * sign > 0]
        return max(changed, key=lambda row: row.change.points * sign, default=None)


@dataclass(frozen=True)
class IssueText:
    """`points` is an item a line, for an indicator left out it is the reason."""

    indicator: IndicatorText
    points: str


@dataclass(frozen=True)
class MeasureText:
    """Texts as typed: an item a line, `-` before a sub-item."""

    number: int
    title: str
    steps: str
    period: str
    follow_up: str
    responsible: str
    indicators: tuple[int, ...]


@dataclass(frozen=True)
class ProgressText:
    """`state` is empty when the round has no entry for the measure."""

    measure: MeasureText
    state: str
    state_label: str
    result: str
    suggestion: str

    @property
    def reported(self) -> bool:
        return bool(self.result) or self.state in SETTLED


@dataclass(frozen=True)
class RoundText:
    months: int
    start: date
    end: date
    entries: tuple[ProgressText, ...]

    @property
    def reported(self) -> bool:
        return any(entry.reported for entry in self.entries)

    @property
    def unreported(self) -> tuple[int, ...]:
        return tuple(entry.measure.number for entry in self.entries if not entry.reported)

    @property
    def states(self) -> tuple[tuple[str, int], ...]:
        """State in words and its number of measures, in the order of the states."""
        found = Counter(entry.state or ProgressEntry.State.NOT_STARTED for entry in self.entries)
        return tuple((s.label, found[s]) for s in ProgressEntry.State if found[s])


@dataclass(frozen=True)
class Report:
    """The result of `result_year` (BE), the measures and the progress of `year`, the year after.

    Texts are Thai. What the part does not need is empty or None.
    """

    part: Part
    agency: str
    place: str
    year: int
    result_year: int
    previous_year: int | None
    day: date
    approved_on: date | None
    is_draft: bool
    threshold: Decimal
    criteria: Criteria | None
    result: Result | None
    develop: tuple[IssueText, ...]
    fix: tuple[IssueText, ...]
    left_out: tuple[IssueText, ...]
    without_issue: tuple[int, ...]
    measures: tuple[MeasureText, ...]
    rounds: tuple[RoundText, ...]


def build(plan, part, today) -> Report:
    """Reads all that the part prints, at most 13 queries for any number of rows."""
    with translation.override("th"):
        return _build(plan, Part(part), today)


def _build(plan, part, today):
    full = part == Part.FULL
    result_year = plan.year - 1
    prefetch_related_objects([plan], *NEEDED[part])
    issues = {kind: [] for kind in Issue.Kind}
    criteria = result = None
    previous_year, without_issue = None, ()
    if full:
        assessment = official(plan.agency, result_year)
        analysis = analysis_of(assessment)
        prefetch_related_objects(
            [assessment.framework], "instruments__indicators__subindicators", "facts"
        )
        criteria = _criteria(assessment.framework)
        result = _result(assessment, analysis)
        previous_year = analysis.previous_year
        texts = {
            row.pk: text
            for row, text in zip(
                assessment.framework.ordered_indicators(), criteria.indicators, strict=True
            )
        }
        for issue in plan.issues.all():
            issues[issue.kind].append(IssueText(texts[issue.indicator_id], issue.points))
        taken_up = {row.indicator.number for rows in issues.values() for row in rows}
        without_issue = tuple(n for n in analysis.weak_numbers if n not in taken_up)
    measures = _measures(plan)
    approved = plan.state == State.APPROVED
    return Report(
        part=part,
        agency=plan.agency.name,
        place=plan.agency.place,
        year=plan.year,
        result_year=result_year,
        previous_year=previous_year,
        day=today,
        approved_on=plan.reviewed_at if approved else None,
        is_draft=not approved,
        threshold=plan.agency.threshold,
        criteria=criteria,
        result=result,
        develop=tuple(issues[Issue.Kind.DEVELOP]),
        fix=tuple(issues[Issue.Kind.FIX]),
        left_out=tuple(issues[Issue.Kind.LEFT_OUT]),
        without_issue=without_issue,
        measures=tuple(measures.values()),
        rounds=() if part == Part.MEASURES else _rounds(plan, measures),
    )


def _criteria(framework):
    facts = {fact.group: fact for fact in framework.facts.all()}
    sources = {}
    for group in FACTS_USED:
        if fact := facts.get(group):
            sources[group.value] = Source(
                mark=len(sources) + 1,
                group=group.value,
                topic=str(group.label),
                status=fact.get_status_display(),
                verified=fact.status == Fact.Status.VERIFIED,
                source=fact.source,
                note=fact.note,
            )
    return Criteria(
        year=framework.year,
        instruments=tuple(_instrument(row) for row in framework.instruments.all()),
        levels=_levels(framework.rules().levels),
        pass_mark=framework.pass_mark,
        eit_parts=framework.eit_parts,
        scale_note=framework.scale_note,
        sources=sources,
    )


def _instrument(row):
    indicators = tuple(
        IndicatorText(
            number=indicator.number,
            name=indicator.name_th,
            assesses=indicator.description_th,
            subindicators=tuple(sub.name_th for sub in indicator.subindicators.all()),
        )
        for indicator in row.indicators.all()
    )
    return InstrumentText(
        row.code, row.name_th, row.name_en, row.description_th, row.weight, indicators
    )


def _levels(rules):
    """Only a level without a further condition takes all totals from its lowest on."""
    texts, highest = [], Decimal(100)
    for rule in rules:
        texts.append(
            LevelText(rule.name, rule.min_total, highest, rule.min_instrument, rule.passes)
        )
        if rule.min_instrument is None:
            highest = rule.min_total - Decimal("0.01")
    return tuple(texts)


def _result(assessment, analysis):
    names = indicator_names(assessment.framework)
    points = charts.chart_points(analysis, names)
    years = {"year": analysis.year, "previous_year": analysis.previous_year}
    level = assessment.published_level
    return Result(
        analysis=analysis,
        names=names,
        sentence=result_sentence(analysis),
        difference=scoring.explain_difference(analysis.total, assessment.published_total),
        published_level=level.name_th if level else "",
        gap=None if analysis.total is None else analysis.total - assessment.framework.pass_mark,
        bars=charts.bar_chart(points, threshold=analysis.threshold, **years),
        radar=charts.radar_chart(points, **years),
    )


def _measures(plan):
    """Primary key → text, in the order of the plan."""
    return {
        row.pk: MeasureText(
            number=number,
            title=row.title,
            steps=row.steps,
            period=row.period,
            follow_up=row.follow_up,
            responsible=row.responsible,
            indicators=tuple(sorted(indicator.number for indicator in row.indicators.all())),
        )
        for number, row in enumerate(plan.measures.all(), start=1)
    }


def _rounds(plan, measures):
    start = fiscal_year_start(plan.year)
    rounds = []
    for row in plan.rounds.all():
        entries = {entry.measure_id: entry for entry in row.entries.all()}
        later = start.month - 1 + row.months
        end = date(start.year + later // 12, later % 12 + 1, 1) - timedelta(days=1)
        rounds.append(
            RoundText(
                months=row.months,
                start=start,
                end=end,
                entries=tuple(_progress(text, entries.get(pk)) for pk, text in measures.items()),
            )
        )
    return tuple(rounds)


def _progress(measure, entry):
    if entry is None:
        return ProgressText(measure, "", "", "", "")
    return ProgressText(
        measure, entry.state, str(entry.get_state_display()), entry.result, entry.suggestion
    )
