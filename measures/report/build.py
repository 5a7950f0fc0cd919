"""Reads a plan and its result into what the report says."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.utils import translation

from accounts.signs import printable
from assessments import charts, scoring
from assessments.fiscal import fiscal_year_start
from assessments.models import Fact
from assessments.results import analysis_of, indicator_names, official, years_of
from assessments.texts import texts_of
from measures.calendar import CLOSING, ROUNDS, days_of, extensions_of
from measures.models import Issue, ProgressEntry
from measures.report.content import (
    Criteria,
    Entered,
    ExtensionText,
    IndicatorText,
    InstrumentText,
    IssueText,
    LevelText,
    MeasureText,
    Part,
    ProgressText,
    Report,
    Result,
    RoundText,
    Source,
)
from measures.report.typography import LEGIBLE

#: The groups of framework facts that the report prints.
FACTS_USED = (
    Fact.Group.WEIGHTS,
    Fact.Group.INDICATORS,
    Fact.Group.SUBINDICATORS,
    Fact.Group.LEVELS,
    Fact.Group.PASS_MARK,
)

#: Closing day → the round that it closes; the year's closes no single one.
MONTHS = {f"closes_{months}": months for months in ROUNDS}

#: What each part reads of a plan.
NEEDED = {
    Part.FULL: ("issues__indicators", "measures__indicators", "rounds__entries"),
    Part.MEASURES: ("measures__indicators",),
    Part.PROGRESS: ("measures__indicators", "rounds__entries"),
}


def build(plan, part, today) -> Report:
    """The draft of now: all that the part prints, in at most 16 queries for any number of rows."""
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
            indicators = tuple(texts[indicator.pk] for indicator in issue.indicators.all())
            issues[issue.kind].append(IssueText(issue.pk, indicators, issue.points))
        answered = {i.number for rows in issues.values() for row in rows for i in row.indicators}
        without_issue = tuple(n for n in analysis.weak_numbers if n not in answered)
    measures = _measures(plan)
    return Report(
        part=part,
        agency=plan.agency.name,
        place=plan.agency.place,
        year=plan.year,
        result_year=result_year,
        previous_year=previous_year,
        day=today,
        threshold=result.analysis.threshold if full else None,
        criteria=criteria,
        result=result,
        develop=tuple(issues[Issue.Kind.DEVELOP]),
        fix=tuple(issues[Issue.Kind.FIX]),
        left_out=tuple(issues[Issue.Kind.LEFT_OUT]),
        without_issue=without_issue,
        measures=tuple(measures.values()),
        rounds=() if part == Part.MEASURES else _rounds(plan, measures),
        emblem=plan.agency.emblem.digest if plan.agency.emblem else "",
        contact=plan.agency.contact,
        extensions=() if part == Part.MEASURES else _extensions(plan),
    )


def _criteria(framework):
    facts = {fact.group: fact for fact in framework.facts.all()}
    sources = {}
    for group in FACTS_USED:
        if fact := facts.get(group):
            sources[group.value] = Source(
                mark=1 + sum(not source.verified for source in sources.values()),
                group=group.value,
                topic=str(group.label),
                status=fact.get_status_display(),
                verified=fact.status == Fact.Status.VERIFIED,
                # Nothing can be cited for what is unverified; its note says what was taken instead.
                basis=fact.note if fact.status == Fact.Status.UNVERIFIED else fact.source,
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
    two = years_of(assessment)
    return Result(
        analysis=analysis,
        names=names,
        paragraphs={text.section: tuple(text.lines) for text in texts_of(assessment)},
        difference=scoring.explain_difference(analysis.total, assessment.published_total),
        announced=two.announced,
        published_level=_published_level(assessment),
        bars=charts.bar_chart(points, threshold=analysis.threshold, **years),
        radar=charts.radar_chart(points, **years),
        entered=tuple(_entered(one) for one in (two.last_year, two.current) if one),
    )


def _entered(assessment):
    # Sorted: databases differ in where they put the cells of instruments.
    cells = sorted(assessment.cells.items())
    return Entered(
        year=assessment.year,
        scores={key: cell.value for key, cell in cells if cell.value is not None},
        published_total=assessment.published_total,
        published_level=_published_level(assessment),
    )


def _published_level(assessment):
    level = assessment.published_level
    return level.name_th if level else ""


def _measures(plan):
    """Primary key → text, in the order of the plan."""
    return {
        row.pk: MeasureText(
            pk=row.pk,
            number=number,
            title=row.title,
            steps=row.steps,
            period=row.period,
            follow_up=row.follow_up,
            responsible=row.responsible,
            budget=row.budget,
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
                states=_states(entries.values(), len(measures)),
            )
        )
    return tuple(rounds)


def _extensions(plan):
    """No query where there is no closing day, and so nothing was extended."""
    days = days_of(plan, plan.rounds.all())
    if not any(days[name] for name in CLOSING):
        return ()
    return tuple(
        ExtensionText(
            MONTHS.get(one.name),
            one.until,
            printable(one.reason.translate(LEGIBLE)),
            printable(one.by),
        )
        for one in extensions_of(plan)
    )


def _progress(measure, entry):
    if entry is None:
        return ProgressText(measure, "", "", None, reported=False, result="", suggestion="")
    return ProgressText(
        measure=measure,
        state=entry.state,
        state_label=str(entry.get_state_display()),
        percent=entry.percent,
        reported=entry.is_reported,
        result=entry.result,
        suggestion=entry.suggestion,
    )


def _states(entries, measures):
    """A measure without an entry has not been started."""
    found = Counter(entry.state for entry in entries)
    found[ProgressEntry.State.NOT_STARTED] += measures - found.total()
    return tuple((str(state.label), found[state]) for state in ProgressEntry.State if found[state])
