"""The warnings of a year's result, and which of them somebody has confirmed."""

from dataclasses import dataclass

from assessments.models import Confirmation
from assessments.plausibility import ScoreWarning, findings
from assessments.results import TwoYears


@dataclass(frozen=True)
class Warnings:
    open: tuple[ScoreWarning, ...] = ()
    confirmed: tuple[tuple[ScoreWarning, Confirmation], ...] = ()


def warnings_of(years: TwoYears) -> Warnings:
    """One query where there is something to warn of, else none."""
    found = found_in(years)
    if not found:
        return Warnings()
    confirmations = {
        (one.warning, one.figures): one for one in years.current.confirmations.select_related("by")
    }
    pairs = [(one, confirmations.get((one.code.value, one.figures))) for one in found]
    return Warnings(
        open=tuple(one for one, confirmation in pairs if confirmation is None),
        confirmed=tuple((one, by) for one, by in pairs if by is not None),
    )


def found_in(years: TwoYears) -> tuple[ScoreWarning, ...]:
    """All that the figures give, confirmed or not; no query."""
    current = years.current
    if current is None:
        return ()
    level = current.published_level
    return findings(
        years.analysis,
        {key: cell.value for key, cell in current.cells.items()},
        instruments=current.instrument_values,
        published_total=current.published_total,
        published_level=level.rule() if level else None,
    )
