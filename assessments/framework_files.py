"""Reads assessments/frameworks/<year>.toml into checked values. No database here."""

import hashlib
import tomllib
from collections import Counter
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from assessments.framework_checks import FrameworkError, check

FRAMEWORKS = Path(__file__).parent / "frameworks"

FACT_GROUPS = (
    "weights",
    "indicators",
    "subindicators",
    "items",
    "item_contents",
    "item_scoring",
    "questions",
    "levels",
    "pass_mark",
    "document_items",
)
FACT_STATUSES = ("verified", "derived", "secondary", "unverified")


@dataclass(frozen=True)
class InstrumentEntry:
    """`weight` in per cent of the total."""

    code: str
    name_th: str
    name_en: str
    weight: Decimal
    description_th: str


@dataclass(frozen=True)
class IndicatorEntry:
    """`predecessor`: number in the year before; left out, the same number; 0, not comparable."""

    number: int
    instrument: str
    name_th: str
    name_en: str
    description_th: str
    predecessor: int | None = None

    @property
    def predecessor_number(self):
        return self.number if self.predecessor is None else self.predecessor


@dataclass(frozen=True)
class SubIndicatorEntry:
    code: str
    indicator: int
    name_th: str


@dataclass(frozen=True)
class ItemEntry:
    number: int
    subindicator: str
    name_th: str
    content_th: str = ""


@dataclass(frozen=True)
class QuestionEntry:
    """A question of the survey: i1 … of IIT, e1 … of EIT."""

    code: str
    indicator: int
    topic_th: str


@dataclass(frozen=True)
class LevelEntry:
    """A level from the highest down; `min_instrument` is what each instrument must reach too."""

    code: str
    name_th: str
    min_total: Decimal
    min_instrument: Decimal | None = None


@dataclass(frozen=True)
class FactEntry:
    status: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class FrameworkFile:
    """One fiscal year (Buddhist Era), consistent in itself.

    `item_marks`: the points that an OIT item can get, from the lowest.
    """

    year: int
    name: str
    pass_mark: Decimal
    measures_item: str
    progress_item: str
    eit_parts: bool
    scale_note: str
    instruments: tuple[InstrumentEntry, ...]
    indicators: tuple[IndicatorEntry, ...]
    subindicators: tuple[SubIndicatorEntry, ...]
    items: tuple[ItemEntry, ...]
    questions: tuple[QuestionEntry, ...]
    levels: tuple[LevelEntry, ...]
    facts: dict[str, FactEntry]
    file_name: str
    checksum: str
    item_marks: tuple[int, ...] = (0, 100)


LISTS = {
    "instruments": InstrumentEntry,
    "indicators": IndicatorEntry,
    "subindicators": SubIndicatorEntry,
    "items": ItemEntry,
    "questions": QuestionEntry,
    "levels": LevelEntry,
}
#: What names an entry in messages, and may occur once in its list.
KEYS = {
    "instruments": "code",
    "indicators": "number",
    "subindicators": "code",
    "items": "number",
    "questions": "code",
    "levels": "code",
}
MAY_BE_EMPTY = {"measures_item", "progress_item", "scale_note", "content_th", "note"}


def read_framework(path):
    """The checked content of one file; raises FrameworkError."""
    path = Path(path)
    return _Reader(path.name).read(path)


class _Reader:
    def __init__(self, file_name):
        self.file_name = file_name

    def refuse(self, place, message, **values):
        raise FrameworkError(self.file_name, place, message % values)

    def read(self, path):
        try:
            content = path.read_bytes()
            raw = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
        except OSError:
            self.refuse("", _("cannot be read"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.refuse("", _("is not TOML in UTF-8: %(error)s"), error=error)
        for own in {"file_name", "checksum"} & raw.keys():
            self.refuse(own, _("unknown key"))
        raw |= {
            "file_name": self.file_name,
            "checksum": hashlib.sha256(content).hexdigest(),
        }
        raw.setdefault("questions", [])
        for name, kind in LISTS.items():
            raw[name] = self.entries(name, kind, raw.get(name))
        raw["facts"] = self.facts(raw.get("facts"))
        framework = self.build(FrameworkFile, raw, "")
        check(framework)
        return framework

    def entries(self, name, kind, raw):
        if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
            self.refuse(name, _("must be a list of tables"))
        entries = tuple(
            self.build(kind, entry, f"{name} {entry.get(KEYS[name], f'#{position}')}")
            for position, entry in enumerate(raw, start=1)
        )
        counts = Counter(getattr(entry, KEYS[name]) for entry in entries)
        for key, count in counts.items():
            if count > 1:
                self.refuse(
                    f"{name} {key}", _("occurs %(count)s times, may occur once"), count=count
                )
        return entries

    def facts(self, raw):
        if not isinstance(raw, dict) or not all(isinstance(entry, dict) for entry in raw.values()):
            self.refuse("facts", _("must be a table of tables"))
        for group in raw:
            if group not in FACT_GROUPS:
                self.refuse(f"facts {group}", _("unknown group of facts"))
        for group in FACT_GROUPS:
            if group not in raw:
                self.refuse(f"facts {group}", _("is missing"))
        facts = {
            group: self.build(FactEntry, raw[group], f"facts {group}") for group in FACT_GROUPS
        }
        for group, fact in facts.items():
            if fact.status not in FACT_STATUSES:
                self.refuse(
                    f"facts {group} status",
                    _("“%(value)s” is not one of %(allowed)s"),
                    value=fact.status,
                    allowed=", ".join(FACT_STATUSES),
                )
        return facts

    def build(self, kind, raw, place):
        known = {field.name: field for field in fields(kind)}
        for key in raw:
            if key not in known:
                self.refuse(f"{place} {key}".strip(), _("unknown key"))
        values = {}
        for name, field in known.items():
            here = f"{place} {name}".strip()
            if name not in raw:
                if field.default is MISSING:
                    self.refuse(here, _("is missing"))
                continue
            values[name] = self.value(field, raw[name], here)
        return kind(**values)

    def value(self, field, value, place):
        if field.type in (Decimal, Decimal | None):
            if type(value) is int:
                value = Decimal(value)
            if not isinstance(value, Decimal) or not value.is_finite():
                self.refuse(place, _("must be a number"))
            if not 0 <= value <= 100:
                self.refuse(place, _("%(value)s is not between 0 and 100"), value=value)
        elif field.type in (int, int | None):
            if type(value) is not int or value < 0:
                self.refuse(place, _("must be a whole number"))
        elif field.type == tuple[int, ...]:
            if not isinstance(value, list) or any(type(one) is not int for one in value):
                self.refuse(place, _("must be a list of whole numbers"))
            value = tuple(value)
        elif field.type is bool:
            if not isinstance(value, bool):
                self.refuse(place, _("must be true or false"))
        elif field.type is str:
            if not isinstance(value, str):
                self.refuse(place, _("must be text"))
            value = value.strip()
            if not value and field.name not in MAY_BE_EMPTY:
                self.refuse(place, _("is empty"))
        return value
