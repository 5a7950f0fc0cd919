"""The paragraphs of an analysis as they are read: in the officer's words, or generated."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from assessments import live_text
from assessments.models import AnalysisText, Assessment
from assessments.narrative import TITLES, Paragraph, narrative
from assessments.typed_figures import figure, typed_figures


def title_of(section: str) -> str:
    """In Thai, as in the report."""
    return TITLES[section]


@dataclass(frozen=True)
class Change:
    """A fact since she last looked at her text; `old` or `new` is empty where not known."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class TypedFigure:
    """A number that she typed, and the fact it speaks of as last seen and now; empty if unknown."""

    text: str
    label: str
    seen: str
    now: str

    @property
    def is_outdated(self) -> bool:
        """Whether the scores left it behind since she last looked."""
        return bool(self.now) and figure(self.text) == self.seen != self.now

    @property
    def sentence(self) -> str:
        if self.is_outdated:
            text = _("Your own words still have the old value %(text)s (now: %(label)s %(now)s)")
        elif not self.now:
            text = _("%(text)s was typed by hand and does not follow the scores")
        elif figure(self.text) == self.now:
            text = _("%(text)s was typed by hand and does not follow the scores (%(label)s)")
        else:
            text = _(
                "%(text)s was typed by hand and does not follow the scores "
                "(computed: %(label)s %(now)s)"
            )
        return text % {"text": self.text, "label": self.label, "now": self.now}


@dataclass(frozen=True)
class SectionText:
    """A paragraph of the analysis; `row` is what is stored of it, or None."""

    paragraph: Paragraph
    row: AnalysisText | None

    @property
    def section(self) -> str:
        return self.paragraph.section

    @property
    def is_own(self) -> bool:
        return bool(self.row and self.row.text)

    @property
    def version(self) -> int:
        return self.row.version if self.row else 1

    @property
    def template(self) -> str:
        return self.row.text if self.is_own else self.paragraph.template

    @property
    def seen(self) -> dict[str, str]:
        """The facts as they were when the text was last saved."""
        stored = self.row.facts if self.is_own else {}
        return {key: text for key, text in stored.items() if not key[0].isdecimal()}

    @property
    def spoken_of(self) -> dict[str, str]:
        """Number typed by hand → the fact it speaks of; stored among the facts under the number."""
        stored = self.row.facts if self.is_own else {}
        return {number: key for number, key in stored.items() if number[0].isdecimal()}

    @cached_property
    def typed(self) -> list[TypedFigure]:
        """What follows no score, in the order of the text."""
        now = self.paragraph.facts
        return [
            TypedFigure(
                number,
                now[key].label if key in now else "",
                self.seen.get(key, ""),
                now[key].text if key in now else "",
            )
            for number, key in typed_figures(
                self.template, self.paragraph.template, self.paragraph.printed, self.spoken_of
            ).items()
            if self.is_own
        ]

    @property
    def live(self) -> list[str]:
        """What follows the scores, as printed, each once."""
        now = self.paragraph.facts
        return list(dict.fromkeys(one.text for one in self.pieces if one.key in now))

    @property
    def facts(self) -> dict[str, str]:
        """What is no longer a fact is printed as it was last known."""
        return {**self.seen, **self.paragraph.printed}

    @property
    def text(self) -> str:
        return live_text.render(self.template, self.facts)

    @property
    def pieces(self) -> list[live_text.Piece]:
        return live_text.pieces(self.template, self.facts)

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def generated(self) -> str:
        return self.paragraph.text

    @property
    def changes(self) -> list[Change]:
        """What has changed since the text was written, also what can be said only now; empty
        for a generated one."""
        if not self.is_own:
            return []
        now = self.paragraph.facts
        return [
            Change(now[key].label if key in now else "", old, now[key].text if key in now else "")
            for key, old in (dict.fromkeys(self.paragraph.keys, "") | self.seen).items()
            if key not in now or now[key].text != old
        ]


def texts_of(assessment: Assessment | None) -> list[SectionText]:
    """All sections of a result that `two_years` or `official` has read; one query more.

    A self-assessment has generated texts only.
    """
    if assessment is None:
        return []
    years, is_self = assessment.years, assessment.kind == Assessment.Kind.SELF
    frameworks = [one for one in (years.earlier_framework, years.framework) if one]
    paragraphs = narrative(
        years.analysis,
        {indicator.number: indicator.name_th for indicator in years.framework.ordered_indicators()},
        levels={level.code: level.name_th for one in frameworks for level in one.levels.all()},
        self_assessed=is_self,
        announced=years.announced,
    )
    rows = {}
    if not is_self:
        stored = AnalysisText.objects.filter(assessment=assessment).select_related("updated_by")
        rows = {row.section: row for row in stored}
    return [SectionText(paragraph, rows.get(paragraph.section)) for paragraph in paragraphs]


def fingerprint(texts: list[SectionText]) -> str:
    """Of the facts that a page was shown with; they may change before a text comes back."""
    printed = json.dumps(texts[0].paragraph.printed, sort_keys=True) if texts else ""
    return hashlib.sha256(printed.encode()).hexdigest()[:16]
