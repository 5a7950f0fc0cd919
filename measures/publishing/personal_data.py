"""Points at what looks like personal data in a report to be published; people decide about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import State
from measures.checks import Finding, Severity
from measures.comments import lists_of, named_rows
from measures.handing_in import entries_of
from measures.report.content import Report
from measures.rows import Row


class Kind(TextChoices):
    IDENTITY = "identity", gettext_lazy("Identity number")
    PHONE = "phone", gettext_lazy("Telephone number")
    EMAIL = "email", gettext_lazy("E-mail address")
    NAME = "name", gettext_lazy("Name of a person")


@dataclass(frozen=True)
class Found:
    """`row` as in `measures.rows`; `ANALYSIS` is no row, `WHOLE` the plan itself."""

    kind: Kind
    text: str
    row: str


@dataclass(frozen=True)
class Place:
    """Where it stands, in words, and the page on which it can be read."""

    found: Found
    label: str
    url: str


ANALYSIS, WHOLE = "analysis", ""
THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
# All parts are bounded, and none begins in the middle of the same: a long text takes no longer.
IDENTITY = re.compile(r"(?<!\d)\d[ -]?\d{4}[ -]?\d{5}[ -]?\d{2}[ -]?\d(?!\d)", re.ASCII)
PHONE = re.compile(r"(?<![\d.,/-])(?:\+66[ -]?\d|0\d)(?:[ -]?\d){7,8}(?![\d,/]|-\d)", re.ASCII)
EMAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.ASCII)
_TITLES = r"นางสาว|นาง|นาย|น\.ส\.|เด็กชาย|เด็กหญิง|ด\.[ชญ]\.|ว่าที่ ?(?:ร้อย|ร\.)[ก-๙.]{1,5}"
#: Words that end like a title, and titles that begin an office.
_NO_TITLE = r"(?<!เจ้า)(?<!ขุน)(?<!ทำ)(?<!มิถุ)"
_OFFICES = "ก(?:องค์การ|เทศ|รัฐมนตรี|เมือง|สมาคม|สภา|อบ[ตจ])|กอง(?:ค์|ช่าง)|ช่าง|อำเภอ|ทะเบียน"
_OFFICES += "|แพทย์|ตรวจ|ทหาร|ตำรวจ|จ้าง|หน้า|ด่าน"
_WORD = "[ก-ฮเ-ไ][ก-์]{1,40}"
NAME = re.compile(rf"{_NO_TITLE}(?:{_TITLES}) ?(?!{_OFFICES}){_WORD} {{1,2}}{_WORD}")


def personal_data(report: Report, files=()) -> list[Found]:
    """In the order of the report. `files` are the evidence that goes out with it, by their names.

    The signer and the approver are named by their office, so nobody is asked about them.
    """
    return _found(_texts(report, files))


def to_look_at(situation, report=None) -> list[Finding]:
    """What is found in the `report` that was sent, else in what is written now, which is a query
    for the progress. None after the signature: to take something out is dear then.
    """
    plan = situation.plan
    if plan.state in (State.SIGNED, State.PUBLISHED):
        return []
    found = _found(_texts(report, ()) if report else _written(situation))
    indicators = situation.years.framework.ordered_indicators()
    lists = lists_of(plan, indicators, situation.issues, situation.measures)
    named = {row.name: row for rows in lists.values() for row in rows}
    return _findings(_places(plan, found, named))


def in_progress(plan, entries) -> list[Finding]:
    """What is found in these entries, before they are approved; a query where something is."""
    return _findings(places_of(plan, _found(_of_entries(entries))))


def _findings(places):
    text = _("May be personal data, and the public will see it: %(kind)s %(text)s (%(place)s).")
    return [
        Finding(
            Severity.SHOULD,
            text % {"kind": one.found.kind.label, "text": one.found.text, "place": one.label},
            one.url,
        )
        for one in places
    ]


def places_of(plan, found) -> list[Place]:
    return _places(plan, found, named_rows(plan, {one.row for one in found} - {ANALYSIS}))


def _found(texts):
    found = {}
    for row, text in texts:
        for kind, words in find(text):
            found[Found(kind, words, row)] = None
    return list(found)


def _places(plan, found, named):
    places = {name: (row.label, row.url) for name, row in named.items()}
    places[ANALYSIS] = (_("Analysis"), plan.assessment.get_analysis_url())
    return [Place(one, *places.get(one.row, ("", ""))) for one in found]


def find(text) -> Iterator[tuple[Kind, str]]:
    """What a text holds, as it is written there."""
    plain = text.translate(THAI_DIGITS)
    for kind, pattern in (
        (Kind.IDENTITY, IDENTITY),
        (Kind.EMAIL, EMAIL),
        (Kind.PHONE, PHONE),
        (Kind.NAME, NAME),
    ):
        for match in pattern.finditer(plain):
            if kind != Kind.IDENTITY or is_identity_number(match[0]):
                yield kind, text[match.start() : match.end()]


def is_identity_number(text) -> bool:
    """Thirteen digits of which the last one is the checksum (Department of Provincial
    Administration)."""
    *digits, last = (int(sign) for sign in text if sign.isdecimal())
    weighed = sum(digit * (13 - place) for place, digit in enumerate(digits))
    return (11 - weighed % 11) % 10 == last


def _written(situation):
    for text in situation.texts:
        if text.is_own:
            yield ANALYSIS, text.template
    for issue in situation.issues:
        yield str(Row("issue", issue.pk)), issue.points
    for one in situation.measures:
        yield from _of_measure(one)
    yield from _of_entries(entries_of(situation.plan).select_related("round"))


def _of_entries(entries):
    for one in entries:
        row = str(Row("progress", one.measure_id, one.round.months))
        yield row, one.result
        yield row, one.suggestion


def _of_measure(one):
    for text in (one.title, one.steps, one.period, one.follow_up, one.responsible):
        yield str(Row("measure", one.pk)), text


def _texts(report, files):
    for lines in report.result.paragraphs.values():
        yield ANALYSIS, "\n".join(lines)
    for issue in (*report.develop, *report.fix, *report.left_out):
        yield str(Row("issue", issue.pk)), issue.points
    for one in report.measures:
        yield from _of_measure(one)
    for round in report.rounds:
        for entry in round.entries:
            row = str(Row("progress", entry.measure.pk, round.months))
            yield row, entry.result
            yield row, entry.suggestion
    for one in report.extensions:
        yield WHOLE, one.reason
    for file in files:
        kind = "progress" if file.months else "measure"
        yield str(Row(kind, file.measure_id, file.months)), file.name
