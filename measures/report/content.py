"""What a report says, as plain values: no HTML and nothing of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from assessments import charts, scoring
from assessments.analysis import Analysis, Announced, Direction
from assessments.findings import level_move

#: The only years for which the master plan's target is known (phase 1 of issue 21).
TARGET_YEARS = range(2561, 2566)


class Part(TextChoices):
    FULL = "full", _("Full report")
    MEASURES = "measures", _("Table of measures")
    PROGRESS = "progress", _("Progress report")


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
    """What a group of facts rests on; `mark` is its number among those not verified."""

    mark: int
    group: str
    topic: str
    status: str
    verified: bool
    basis: str


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
    def has_subindicators(self) -> bool:
        return any(indicator.subindicators for indicator in self.indicators)

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
class Entered:
    """An official result of `year` as it was typed in: points by cell (i9, i6_1, eit)."""

    year: int
    scores: Mapping[str, Decimal]
    published_total: Decimal | None
    published_level: str


@dataclass(frozen=True)
class Result:
    """The year's analysis; `paragraphs` are its texts in lines, the officer's own where she wrote.

    `difference` is between the announced and the computed total; `entered` are the figures that
    all of it follows from, last year's first.
    """

    analysis: Analysis
    names: Mapping[int, str]
    paragraphs: Mapping[str, tuple[str, ...]]
    difference: scoring.Difference | None
    announced: Announced | None
    published_level: str
    bars: charts.BarChart
    radar: charts.RadarChart | None
    entered: tuple[Entered, ...] = ()

    @property
    def published_total(self) -> Decimal | None:
        """As announced."""
        own = (one for one in self.entered if one.year == self.analysis.year)
        return next((one.published_total for one in own), None)

    @property
    def has_previous(self) -> bool:
        """Whether anything of last year stands beside this year's figures."""
        return self.analysis.previous_year is not None or self.analysis.previous_total is not None

    @property
    def level_differs(self) -> bool:
        level = self.analysis.level
        return bool(self.published_level and level and self.published_level != level.name)

    @property
    def total_change(self) -> scoring.Change | None:
        return (self.announced or self.analysis).change

    @property
    def total_direction(self) -> Direction:
        return (self.announced or self.analysis).direction

    @property
    def level_move(self) -> str:
        """Empty where two levels cannot be compared."""
        return level_move(self.analysis)


@dataclass(frozen=True)
class IssueText:
    """`points` is an item a line, for an indicator left out it is the reason.

    By `pk` a row is known again in another revision.
    """

    pk: int
    indicators: tuple[IndicatorText, ...]
    points: str

    @property
    def assesses(self) -> str:
        """A line an indicator, which says of which it is where there are several."""
        if len(self.indicators) == 1:
            return self.indicators[0].assesses
        return "\n".join(f"ตัวชี้วัดที่ {i.number}: {i.assesses}" for i in self.indicators)


@dataclass(frozen=True)
class MeasureText:
    """Texts as typed: an item a line, `-` before a sub-item. By `pk` a row is known again in
    another revision; `budget` is in baht: 0 is "no budget used", None is not stated.
    """

    pk: int
    number: int
    title: str
    steps: str
    period: str
    follow_up: str
    responsible: str
    budget: Decimal | None
    indicators: tuple[int, ...]


@dataclass(frozen=True)
class ProgressText:
    """`state` is empty when the round has no entry for the measure."""

    measure: MeasureText
    state: str
    state_label: str
    percent: int | None
    reported: bool
    result: str
    suggestion: str


@dataclass(frozen=True)
class RoundText:
    """`states`: state in words and its number of measures, in the order of the states."""

    months: int
    start: date
    end: date
    entries: tuple[ProgressText, ...]
    states: tuple[tuple[str, int], ...]

    @property
    def reported(self) -> bool:
        return any(entry.reported for entry in self.entries)

    @property
    def unreported(self) -> tuple[int, ...]:
        return tuple(entry.measure.number for entry in self.entries if not entry.reported)


@dataclass(frozen=True)
class ExtensionText:
    """Until when the system operator moved the closing day of a round, or of the whole year where
    `months` is None; `by` is her name, empty for a command.
    """

    months: int | None
    until: date
    reason: str
    by: str


@dataclass(frozen=True)
class Seal:
    """Which revision a report is, and who answers for it. Dates are None until then.

    `digest` is its beginning, in groups. The signer is the one who is to sign until `signed_on`;
    `on_paper`: the scan is kept.
    """

    number: int
    digest: str
    approver: str
    approver_position: str
    approved_on: date | None
    own_approval_reason: str
    signer: str
    position: str
    signed_on: date | None
    on_paper: bool
    replaced_by: int | None


@dataclass(frozen=True)
class PublishedCopy:
    """What a copy for the public says of itself; `url` is the whole address of the newest one."""

    number: int
    day: date
    url: str
    digest: str


@dataclass(frozen=True)
class Printing:
    """How a report is printed, which is no part of what it says."""

    thai_digits: bool = False
    published: PublishedCopy | None = None


@dataclass(frozen=True)
class Report:
    """The result of `result_year` (BE), the measures and the progress of `year`, the year after.

    Texts are Thai. What the part does not need is empty or None; `seal` is of a revision only.
    """

    part: Part
    agency: str
    place: str
    year: int
    result_year: int
    previous_year: int | None
    day: date
    threshold: Decimal | None
    criteria: Criteria | None
    result: Result | None
    develop: tuple[IssueText, ...]
    fix: tuple[IssueText, ...]
    left_out: tuple[IssueText, ...]
    without_issue: tuple[int, ...]
    measures: tuple[MeasureText, ...]
    rounds: tuple[RoundText, ...]
    seal: Seal | None = None
    #: SHA-256 of the agency's emblem; empty where it has none.
    emblem: str = ""
    #: Lines by which the public reaches the agency.
    contact: str = ""
    extensions: tuple[ExtensionText, ...] = ()

    @property
    def reported_rounds(self) -> tuple[RoundText, ...]:
        return tuple(round for round in self.rounds if round.reported)

    @property
    def revision(self) -> int | None:
        """Its number."""
        return self.seal.number if self.seal else None

    @property
    def approved_on(self) -> date | None:
        return self.seal.approved_on if self.seal else None

    @property
    def is_draft(self) -> bool:
        return self.approved_on is None
