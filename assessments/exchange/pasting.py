"""What a pasted table gives: scores by year and cell, with every doubt about it in words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.exchange.clipboard import Unreadable, bare, is_dash, rows_of
from assessments.exchange.names import HEADING, LEVEL, TOTAL, Doubt, Names, is_indicator
from assessments.exchange.pasted_checks import (
    doubts_of_figures,
    doubts_of_totals,
    has_decimal_commas,
    in_order,
    is_sum_of,
    miscounted,
    read_commas,
)
from assessments.exchange.pasted_table import Table
from assessments.numbers import ScoreError, parse_score, score_name
from assessments.scoring import Rules


@dataclass(frozen=True)
class Scored:
    """The plain data of one fiscal year's framework."""

    names: Names
    rules: Rules


@dataclass
class Pasted:
    """`years`: year (BE) → key → points, None where the table says there are none.

    `doubts` are shown before anything is kept; `problems` keep everything from being taken.
    `order` are the years of two columns that the table itself does not name; `by_name` is whether
    names told which score is whose.
    """

    years: dict[int, dict[str, Decimal | None]] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    order: tuple[int, int] | None = None
    by_name: bool = False

    def sure_of(self, year, keys) -> bool:
        """Whether this is `year` alone, all of the keys, and nothing is in doubt."""
        complete = set(self.years) == {year} and set(keys) <= set(self.years[year])
        return complete and not self.doubts and not self.problems


def read_paste(
    text: str,
    frameworks: Mapping[int, Scored],
    year: int,
    *,
    order: tuple[int, int] | None = None,
    stored: Mapping[int, Mapping[str, Decimal | None]] | None = None,
) -> Pasted:
    """Reads for the page of `year` (BE), whose framework must be among `frameworks`.

    `order` answers which of two columns without headings is which year; without it, the column
    that equals what is `stored` of the year before is that year's, else the left one.
    """
    try:
        return _Reader(frameworks, year, order, stored or {}).read(text)
    except Unreadable as reason:
        return Pasted(problems=[str(reason)])


class _Reader:
    def __init__(self, frameworks, year, order, stored):
        self.frameworks, self.year, self.order, self.stored = frameworks, year, order, stored
        self.names = frameworks[year].names
        self.count = len(self.names.numbers)
        self.pasted = Pasted()

    def read(self, text):
        table = Table(rows_of(text, self.names), self.names)
        self.data = table.data
        columns = self._columns(table)
        scored = [line for line in self.data if line.match]
        if not any(is_indicator(line.key) for line in scored):
            scored = self._by_position(table, columns) or scored
        self._check_labels(scored)
        self.pasted.by_name = all(line.match.by_name for line in scored if is_indicator(line.key))
        for column, year in self._years_of(table, columns).items():
            self._take(scored, column, year)
        if self.pasted.years and self.year not in self.pasted.years:
            facts = {"year": self.year, "others": ", ".join(map(str, sorted(self.pasted.years)))}
            self.pasted.doubts.insert(
                0,
                _("The pasted table has no scores of %(year)s, only of %(others)s.") % facts,
            )
        if not self.pasted.years and not self.pasted.problems:
            # What was to be doubted is then all there is to say.
            self.pasted.problems, self.pasted.doubts = self.pasted.doubts, []
            if not self.pasted.problems:
                raise _no_scores()
        return self.pasted

    def _columns(self, table):
        """Column → year or None, of the columns that hold scores."""
        columns = table.columns
        if not columns:
            raise _no_scores()
        if table.has_left_out:
            self.pasted.doubts.append(
                _("Figures that do not look like scores and have no heading were left out.")
            )
        others = sorted(table.mentioned - {self.year})
        if len(columns) == 1 and not any(columns.values()) and others and not table.years:
            self.pasted.doubts.append(
                _("The text beside the values speaks of %(others)s; they were taken as %(year)s.")
                % {"others": ", ".join(map(str, others)), "year": self.year}
            )
        if all(columns.values()) or not table.years:
            return columns
        if len(table.years) == len(columns):
            if len(columns) > 1 or table.years != [self.year]:
                self._doubt_years(table.years)
            return dict(zip(columns, table.years, strict=True))
        if any(columns.values()) and set(table.years) <= set(columns.values()):
            self.pasted.doubts.append(
                _("Columns without a year in their heading were left out, as others have one.")
            )
            return {column: year for column, year in columns.items() if year}
        raise Unreadable(
            _(
                "The years in the headings do not stand above the columns of values. Copy the "
                "headings and values together, or only the scores of one year."
            )
        )

    def _doubt_years(self, years):
        self.pasted.doubts.append(
            _("The years were taken from the text above the values, from the left: %(years)s.")
            % {"years": ", ".join(map(str, years))}
        )

    def _by_position(self, table, columns):
        """Rows that nothing names: only as many as there are indicators can be placed."""
        plain = [line for line in self.data if line.match is None]
        named = [line for line in plain if line.text]
        if named:
            raise Unreadable(
                _('No row has the name or number of an indicator ("%(text)s" is not known).')
                % {"text": named[0].text[:60]}
            )
        if not plain:
            return None
        if len(plain) == self.count + 1:
            plain = self._without_sum(plain, columns)
        if len(plain) < self.count:
            self._check_words(table)
        if len(plain) != self.count:
            raise miscounted(len(plain), self.count)
        numbers = sorted(bare(line.cell(column)) for line in plain for column in columns)
        if numbers == sorted(map(str, self.names.numbers)):
            # The column beside the scores was copied.
            raise _no_scores()
        dashes = any(is_dash(line.cell(column)) for line in plain for column in columns)
        others = any(line.match for line in self.data) or table.has_gaps or table.has_ranks
        if dashes or others or len(columns) > 1:
            self.pasted.doubts.append(
                _(
                    "The rows have no names, so they were taken in the order of the indicators, "
                    "1 to %(all)s."
                )
                % {"all": self.count}
            )
        for line, number in zip(plain, self.names.numbers, strict=True):
            line.text, line.match = str(number), self.names.match(str(number))
        return plain

    def _without_sum(self, plain, columns):
        """The total or the mean, copied along before or after the scores, is left out."""
        rules = self.frameworks[self.year].rules
        for line, rest in ((plain[-1], plain[:-1]), (plain[0], plain[1:])):
            if all(
                is_sum_of(line.cell(column), [one.cell(column) for one in rest], rules)
                for column in columns
            ):
                self.data = [one for one in self.data if one is not line]
                self.pasted.doubts.append(
                    _(
                        "%(count)s values were pasted, one too many (%(sum)s is the total or the "
                        "mean). It was left out; the others were taken in the order of the "
                        "indicators, 1 to %(all)s."
                    )
                    % {
                        "count": len(plain),
                        "sum": ", ".join(line.cell(column) for column in columns),
                        "all": self.count,
                    }
                )
                return rest
        return plain

    def _check_words(self, table):
        """Says which of the values is a word."""
        values = table.filled if len(table.filled) == self.count else table.between
        words = [
            _('value %(place)s "%(text)s" is not a number')
            % {"place": place, "text": line.text[:60]}
            for place, line in enumerate(values, start=1)
            if line.text and not line.match and not line.has_scores
        ]
        if words:
            raise Unreadable(
                _("%(words)s. Correct it and paste again. Nothing has been saved.")
                % {"words": ", ".join(words[:5])}
            )

    def _check_labels(self, scored):
        """Says which rows were understood only by likeness, and which were not used."""
        doubtful = [line for line in scored if line.match.doubt]
        misnumbered = [line for line in doubtful if line.match.doubt is Doubt.NUMBER_DIFFERS]
        if len(misnumbered) > 2:
            # A rank, or a count of its own: one sentence is enough.
            doubtful = [line for line in doubtful if line not in misnumbered]
            self.pasted.doubts.append(
                _("The numbers of %(count)s rows are those of other indicators; the names decided.")
                % {"count": len(misnumbered)}
            )
        self.pasted.doubts += map(self._doubt_of, doubtful)
        numbers = [line.key for line in scored if is_indicator(line.key)]
        similar = any(line.match.doubt for line in scored)
        if similar and numbers != sorted(numbers, key=in_order):
            self.pasted.doubts.append(
                _(
                    "The names pasted are in another order than the table. They were matched by "
                    "name; check before you confirm."
                )
            )
        if unused := [line.text or " ".join(line.cells) for line in self.data if not line.match]:
            self.pasted.doubts.append(
                _("Rows not used, as they name no indicator: %(rows)s")
                % {"rows": ", ".join(f'"{text[:60]}"' for text in unused[:10])}
            )

    def _doubt_of(self, line):
        facts = {"text": line.text[:80], "name": self._name(line.key), "number": line.match.number}
        match line.match.doubt:
            case Doubt.SIMILAR:
                return _('"%(text)s" was understood as %(name)s.') % facts
            case Doubt.NUMBER_DIFFERS:
                return (
                    _('"%(text)s": its number is that of another; the name decided: %(name)s.')
                    % facts
                )
            case Doubt.NAME_UNKNOWN:
                return _('"%(text)s": the name is not known; the number decided: %(name)s.') % facts
        return None

    def _name(self, key):
        number = key.removeprefix("i").partition("_")[0]
        if not is_indicator(key):
            return key.upper()
        return _("indicator %(number)s %(name)s") % {
            "number": number,
            "name": self.names.shown.get(int(number), ""),
        }

    def _years_of(self, table, columns):
        """Column → year of each column that is taken."""
        if doubled := [year for year, n in Counter(columns.values()).items() if year and n > 1]:
            raise Unreadable(
                _("%(year)s heads two columns. Copy each year once.") % {"year": doubled[0]}
            )
        if all(columns.values()):
            years = columns
        elif len(columns) == 1:
            years = dict.fromkeys(columns, self.year)
        elif len(columns) == 2:
            years = dict(zip(columns, self._order_of(*columns), strict=True))
            headings = [table.heading(column) for column in columns]
            if all(headings) and headings[0] != headings[1]:
                self.pasted.doubts.append(
                    _(
                        'The two sets of values are headed "%(first)s" and "%(second)s". If they '
                        "are not two years of this agency, paste only the one that is meant."
                    )
                    % {"first": headings[0][:60], "second": headings[1][:60]}
                )
        else:
            raise Unreadable(
                _(
                    "There are %(count)s columns of values and no years above them. Copy the "
                    "headings too, or only the scores of one year."
                )
                % {"count": len(columns)}
            )
        unknown = sorted(year for year in years.values() if year not in self.frameworks)
        for year in unknown:
            self.pasted.doubts.append(
                _("The portal has no rules of %(year)s, so its values are left out.")
                % {"year": year}
            )
        return {column: year for column, year in years.items() if year not in unknown}

    def _order_of(self, left, right):
        if self.order:
            self.pasted.order = self.order
        else:
            before = self.stored.get(self.year - 1, {})
            as_stored = [
                all(_same(line.cell(column), before.get(line.key)) for line in self.data)
                for column in (left, right)
            ]
            newest_first = any(before.values()) and as_stored == [False, True]
            self.pasted.order = (
                (self.year, self.year - 1) if newest_first else (self.year - 1, self.year)
            )
        self.pasted.doubts.append(
            _(
                "No years stand at the two sets of values. The first was taken as %(first)s, the "
                "second as %(second)s. If it is the other way round, choose so below."
            )
            % dict(zip(("first", "second"), self.pasted.order, strict=True))
        )
        return self.pasted.order

    def _take(self, scored, column, year):
        values, others, refused, doubled = {}, {}, set(), set()
        framework = self.frameworks[year]
        commas = has_decimal_commas(bare(line.cell(column)) for line in scored)
        for line in scored:
            match = line.match if year == self.year else framework.names.match(line.text)
            key, text = match.key if match else None, bare(line.cell(column))
            if key in (None, HEADING, LEVEL) or not text:
                continue
            goal = values if is_indicator(key) else others
            try:
                value = parse_score(text.replace(",", ".") if commas else text)
            except ScoreError as error:
                if goal is values:
                    self.pasted.problems.append(self._refused(key, year, error))
                    refused.add(key)
                continue
            if goal.get(key, value) != value:
                doubled.add(key)
            goal[key] = value
        if not values and not any(is_indicator(line.key) for line in scored):
            # A table of the instruments only: their scores as announced.
            values = {key: value for key, value in others.items() if key != TOTAL}
            self.pasted.doubts += doubts_of_totals(values, others, framework.rules, year)
        elif values:
            self._say_missing({*values, *refused}, framework, year)
            named = any(line.match.by_name for line in scored if is_indicator(line.key))
            self.pasted.doubts += doubts_of_totals(values, others, framework.rules, year)
            self.pasted.doubts += doubts_of_figures(values, year, named)
        if found := sorted(doubled & values.keys()):
            raise Unreadable(
                _("%(name)s occurs twice in %(year)s with different values. Leave one out.")
                % {"name": self._name(found[0]), "year": year}
            )
        if values:
            self.pasted.years[year] = values
            self.pasted.doubts += read_commas(values, year) if commas else ()

    def _refused(self, key, year, error):
        named = score_name(int(key[1:])) if key[1:].isdigit() else self._name(key)
        return _("%(year)s: %(reason)s") % {"year": year, "reason": error.message(named)}

    def _say_missing(self, keys, framework, year):
        covered = {key.partition("_")[0] for key in keys}
        if missing := [str(n) for n in framework.names.numbers if f"i{n}" not in covered]:
            self.pasted.doubts.append(
                _(
                    "%(year)s: the pasted table has no values of indicators %(numbers)s. What is "
                    "stored of them stays."
                )
                % {"year": year, "numbers": ", ".join(missing)}
            )


def _no_scores():
    return Unreadable(_("There are no scores in the text. Copy the table with its values."))


def _same(text, value):
    try:
        return value is None or parse_score(bare(text)) == value
    except ScoreError:
        return False
