"""Writes a checked framework file to the database, in place, so that scores keep their rows."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ForeignKey, ProtectedError
from django.utils.translation import gettext as _

from accounts import events
from assessments.framework_checks import FrameworkError
from assessments.models import (
    Fact,
    Framework,
    Indicator,
    Instrument,
    Item,
    Level,
    Question,
    Score,
    SubIndicator,
    SubScore,
)

#: Fields and rows that only say things: no score, level or comparison comes out otherwise.
WORDS = {"name", "name_th", "name_en", "description_th", "content_th", "scale_note"}
WORDS |= {"source", "note", "status", "topic_th", "measures_item", "progress_item"}
#: What only the marks of items and the averages of questions rest on.
OF_FINER_MARKS = {"item_marks"}
FINER = (SubIndicator, Item, Question)


@dataclass(frozen=True)
class Change:
    """One value before and after; a row that comes or goes has an empty side.

    `decides`: Score or SubScore, when results that have such points may come out otherwise.
    """

    place: str
    before: str
    after: str
    decides: type[Score | SubScore] | None

    def __str__(self):
        return f"{self.place}: {self.before or '–'} → {self.after or '–'}"


@dataclass(frozen=True)
class Outcome:
    """`action` is loaded (new), updated or unchanged."""

    year: int
    action: str
    changes: tuple[Change, ...] = ()


class FrameworkHasScores(FrameworkError):
    """The file would change how a year that has scores comes out; `changes` says what."""

    def __init__(self, file, changes):
        self.changes = changes
        message = _("the year has scores; --confirm-changes would change:")
        super().__init__(file.file_name, "", "\n  ".join([message, *map(str, changes)]))


@transaction.atomic
def load_framework(file, *, confirm_changes=False):
    """Makes the database say what the file says; raises FrameworkError and then writes nothing.

    Earlier years are to be loaded first: indicators are linked to those of the year before.
    """
    existing = Framework.objects.filter(year=file.year).first()
    loading = _Loading(file, existing or Framework(year=file.year))
    loading.run()
    if existing is None:
        return Outcome(file.year, "loaded")
    changes = tuple(loading.changes)
    if not changes:
        same_file = existing.checksum == file.checksum
        loading.keep_checksum()
        return Outcome(file.year, "unchanged" if same_file else "updated")
    points = {change.decides for change in changes} - {None}
    if not confirm_changes and any(
        kind.objects.filter(assessment__framework=existing).exists() for kind in points
    ):
        raise FrameworkHasScores(file, changes)
    loading.keep_checksum()
    events.record(
        verb="framework.changed",
        by=None,
        agency=None,
        obj=existing,
        before={change.place: change.before for change in changes},
        after={change.place: change.after for change in changes},
    )
    return Outcome(file.year, "updated", changes)


class _Loading:
    def __init__(self, file, framework):
        self.file = file
        self.framework = framework
        self.changes = []
        self.stale = []

    def keep_checksum(self):
        if self.framework.checksum != self.file.checksum:
            self.framework.checksum = self.file.checksum
            self.framework.save(update_fields=["checksum"])

    def run(self):
        file, framework = self.file, self.framework
        self.write_framework()
        instruments = self.sync(
            Instrument,
            "code",
            framework.instruments.all(),
            {
                entry.code: {
                    "framework": framework,
                    "name_th": entry.name_th,
                    "name_en": entry.name_en,
                    "description_th": entry.description_th,
                    "weight": entry.weight,
                    "order": order,
                }
                for order, entry in enumerate(file.instruments)
            },
        )
        predecessors = self.predecessors()
        indicators = self.sync(
            Indicator,
            "number",
            framework.indicators.all(),
            {
                entry.number: {
                    "framework": framework,
                    "instrument": instruments[entry.instrument],
                    "name_th": entry.name_th,
                    "name_en": entry.name_en,
                    "description_th": entry.description_th,
                    "predecessor": predecessors[entry.number],
                }
                for entry in file.indicators
            },
        )
        subindicators = self.sync(
            SubIndicator,
            "code",
            SubIndicator.objects.filter(indicator__framework=framework),
            {
                entry.code: {
                    "indicator": indicators[entry.indicator],
                    "name_th": entry.name_th,
                    "order": order,
                }
                for order, entry in enumerate(file.subindicators)
            },
        )
        self.sync(
            Item,
            "number",
            Item.objects.filter(subindicator__indicator__framework=framework),
            {
                entry.number: {
                    "subindicator": subindicators[entry.subindicator],
                    "name_th": entry.name_th,
                    "content_th": entry.content_th,
                }
                for entry in file.items
            },
        )
        self.sync(
            Question,
            "code",
            Question.objects.filter(indicator__framework=framework),
            {
                entry.code: {
                    "indicator": indicators[entry.indicator],
                    "topic_th": entry.topic_th,
                    "order": order,
                }
                for order, entry in enumerate(file.questions)
            },
        )
        self.sync(
            Level,
            "code",
            framework.levels.all(),
            {
                entry.code: {
                    "framework": framework,
                    "name_th": entry.name_th,
                    "min_total": entry.min_total,
                    "min_instrument": entry.min_instrument,
                    "order": order,
                    "passes": entry.min_total >= file.pass_mark,
                }
                for order, entry in enumerate(file.levels)
            },
        )
        self.sync(
            Fact,
            "group",
            framework.facts.all(),
            {
                group: {
                    "framework": framework,
                    "status": entry.status,
                    "source": entry.source,
                    "note": entry.note,
                }
                for group, entry in file.facts.items()
            },
        )
        self.delete_stale()

    def write_framework(self):
        new = self.framework.pk is None
        names = (
            "name",
            "pass_mark",
            "measures_item",
            "progress_item",
            "eit_parts",
            "scale_note",
        )
        wanted = {name: getattr(self.file, name) for name in names}
        wanted["item_marks"] = list(self.file.item_marks)
        if new:
            wanted["checksum"] = self.file.checksum
        changed = self.assign(self.framework, wanted, "")
        if new:
            self.framework.save()
        elif changed:
            self.framework.save(update_fields=changed)

    def predecessors(self):
        """Indicator number → the indicator of the year before, None where nothing is comparable."""
        before = {
            indicator.number: indicator
            for indicator in Indicator.objects.filter(framework__year=self.file.year - 1)
        }
        for entry in self.file.indicators:
            number = entry.predecessor_number
            if before and number and number not in before:
                raise FrameworkError(
                    self.file.file_name,
                    f"indicators {entry.number} predecessor",
                    _("the year before has no indicator %(number)s; 0 means there is none")
                    % {"number": number},
                )
        return {
            entry.number: before.get(entry.predecessor_number) for entry in self.file.indicators
        }

    def sync(self, model, key, rows, wanted):
        """Rows matched by key are updated in place; returns key → row for all wanted."""
        kind = {"Fact": "facts"}.get(model.__name__, f"{model.__name__.lower()}s")
        rows = {getattr(row, key): row for row in rows}
        self.stale += [(f"{kind} {name}", row) for name, row in rows.items() if name not in wanted]
        new = []
        for name, values in wanted.items():
            place = f"{kind} {name}"
            if name in rows:
                changed = self.assign(rows[name], values, place)
                if changed:
                    rows[name].save(update_fields=changed)
                continue
            rows[name] = model(**{key: name})
            self.assign(rows[name], values, place)
            self.changes.append(Change(place, "", str(rows[name]), _decides(rows[name])))
            new.append(rows[name])
        model.objects.bulk_create(new)
        return rows

    def assign(self, row, values, place):
        """Sets what differs, notes it for an existing row, and returns the names set."""
        changed = []
        for name, value in values.items():
            field = row._meta.get_field(name)
            relation = isinstance(field, ForeignKey)
            now = getattr(row, field.attname) if relation else getattr(row, name)
            if row.pk is not None and now == (value.pk if relation and value else value):
                continue
            if row.pk is not None:
                before = getattr(row, name)
                where = f"{place} {name}".strip()
                self.changes.append(Change(where, _text(before), _text(value), _decides(row, name)))
            setattr(row, name, value)
            changed.append(name)
        relations = [field.name for field in row._meta.fields if isinstance(field, ForeignKey)]
        try:
            row.clean_fields(exclude=relations)
        except ValidationError as error:
            name, messages = next(iter(error.message_dict.items()))
            raise FrameworkError(
                self.file.file_name, f"{place} {name}".strip(), messages[0]
            ) from error
        return changed

    def delete_stale(self):
        # Last and from the bottom up, because a kept row may have moved away from a stale one.
        for place, row in reversed(self.stale):
            self.changes.append(Change(place, str(row), "", _decides(row)))
            try:
                row.delete()
            except ProtectedError as error:
                raise FrameworkError(
                    self.file.file_name, place, _("is in use and may not be left out")
                ) from error


def _decides(row, field=""):
    """Which points of a result rest on the row, or on one field of it."""
    if isinstance(row, Fact) or field in WORDS:
        return None
    return SubScore if isinstance(row, FINER) or field in OF_FINER_MARKS else Score


def _text(value):
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return str(value)
