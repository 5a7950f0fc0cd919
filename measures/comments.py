"""Which rows of a plan people speak about, and what they have said: reads only."""

import re
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Event, Membership
from accounts.permissions import RULES, Permission
from measures.models import Comment, Issue, ProgressRound
from measures.rows import Row, parse_row

#: Not one inside a mail address; Thai has no space before it.
_AT = re.compile(r"(?<![A-Za-z0-9_.+@-])@")
_GOES_ON = re.compile(r"[a-z0-9_]{2}")
#: Before a Thai name, mostly without a space; nobody is called by it.
_TITLE = re.compile(r"(?:นางสาว|นาง|นาย|น\.ส\.|ดร\.|ว่าที่ ?ร้อยตรี|ว่าที่ ?ร\.ต\.) *(?=[ก-ฮเ-ไ])")


@dataclass(frozen=True)
class NamedRow:
    """`name` as in `measures.rows`, empty for the plan as a whole; `url` is where it is shown.

    A row that was deleted or merged into another keeps the label that it had then.
    """

    name: str
    label: str
    url: str
    is_lost: bool = False


def rows_of(plan) -> dict[str, list[NamedRow]]:
    """All rows by the title of their list, the plan itself first; three queries."""
    indicators = plan.assessment.framework.indicators.order_by("number")
    return lists_of(plan, indicators, plan.issues.numbered(), list(plan.measures.all()))


def labels_of(plan, lists, comments) -> dict[str, NamedRow]:
    """All rows by their names, in the order of the lists, and the lost ones of the comments."""
    found = {row.name: row for rows in lists.values() for row in rows}
    names = {comment.row for comment in comments} - found.keys()
    return found | _lost_rows(plan, {name: row for name in names if (row := parse_row(name))})


def lists_of(plan, indicators, issues, measures) -> dict[str, list[NamedRow]]:
    """The same of what has been read already."""
    lists = {
        _("The plan as a whole"): [_whole(plan)],
        _("Scores"): [_score(plan, indicator) for indicator in indicators],
        _("Issues"): [_issue(plan, issue) for issue in issues],
        _("Measures"): [_measure(plan, measure) for measure in measures],
    }
    for months in ProgressRound.Months.values:
        lists[_("Progress after %(months)s months") % {"months": months}] = [
            _progress(plan, months, measure) for measure in measures
        ]
    return {title: rows for title, rows in lists.items() if rows}


def named_rows(plan, names) -> dict[str, NamedRow]:
    """Those of the names that are rows of the plan, or were; a query a kind, one for lost ones."""
    found = {"": _whole(plan)} if "" in names else {}
    rows = {name: row for name in names if (row := parse_row(name))}
    if numbers := _ids(rows, "score"):
        indicators = plan.assessment.framework.indicators.filter(number__in=numbers)
        found |= {row.name: row for row in (_score(plan, one) for one in indicators)}
    if ids := _ids(rows, "issue"):
        issues = plan.issues.filter(pk__in=ids).numbered()
        found |= {row.name: row for row in (_issue(plan, one) for one in issues)}
    if ids := _ids(rows, "measure", "progress"):
        measures = {measure.pk: measure for measure in plan.measures.filter(pk__in=ids)}
        for name, row in rows.items():
            if row.kind == "measure" and row.number in measures:
                found[name] = _measure(plan, measures[row.number])
            elif row.kind == "progress" and row.number in measures:
                found[name] = _progress(plan, row.months, measures[row.number])
    return found | _lost_rows(plan, {name: rows[name] for name in rows if name not in found})


def _whole(plan):
    return NamedRow("", _("The plan as a whole"), plan.get_review_url())


def _score(plan, indicator):
    return NamedRow(
        f"score-{indicator.number}",
        _("Score of indicator %(number)s %(name)s")
        % {"number": indicator.number, "name": indicator.name},
        f"{plan.assessment.get_absolute_url()}#box_i{indicator.number}",
    )


def _issue(plan, issue):
    name = f"issue-{issue.pk}"
    label = _issue_label(issue.get_kind_display(), issue.numbers)
    return NamedRow(name, label, f"{plan.get_issues_url()}#{name}")


def _issue_label(kind, numbers):
    facts = {"kind": kind, "numbers": ", ".join(map(str, numbers))}
    return _("%(kind)s, indicators %(numbers)s") % facts


def _measure(plan, measure):
    name = f"measure-{measure.pk}"
    return NamedRow(name, _measure_label(measure.title), f"{plan.get_measures_url()}#{name}")


def _measure_label(title):
    return _("Measure: %(title)s") % {"title": title}


def _progress(plan, months, measure):
    name = str(Row("progress", measure.pk, months))
    url = f"{plan.get_progress_url(int(months))}#{name}"
    return NamedRow(name, _progress_label(months, measure.title), url)


def _progress_label(months, title):
    return _("Progress after %(months)s months: %(title)s") % {
        "months": int(months),
        "title": title,
    }


def _lost_rows(plan, rows):
    """Deleted ones, and issues that were merged into another."""
    issues, measures = _ids(rows, "issue"), _ids(rows, "measure", "progress")
    if not issues and not measures:
        return {}
    deleted = Q(verb="issue.deleted", object_id__in=issues) | Q(
        verb="measure.deleted", object_id__in=measures
    )
    merged = Q(object_type=plan._meta.label_lower, object_id=plan.pk, verb="issues.merged")
    titles, labels = {}, {}
    for event in Event.objects.filter(deleted | merged, agency_id=plan.agency_id):
        if event.verb == "measure.deleted":
            titles[event.object_id] = event.object_label
            continue
        merge = event.verb == "issues.merged"
        for issue in event.before["issues"] if merge else [event.before | {"id": event.object_id}]:
            kind = Issue.Kind(issue["kind"]).label
            labels[issue["id"]] = _issue_label(kind, issue["indicators"])
    found = {}
    for name, row in rows.items():
        if row.kind == "issue" and row.number in labels:
            found[name] = NamedRow(name, labels[row.number], plan.get_issues_url(), True)
        elif row.kind == "measure" and row.number in titles:
            label = _measure_label(titles[row.number])
            found[name] = NamedRow(name, label, plan.get_measures_url(), True)
        elif row.kind == "progress" and row.number in titles:
            label = _progress_label(row.months, titles[row.number])
            found[name] = NamedRow(name, label, plan.get_progress_url(row.months), True)
    return found


def _ids(rows, *kinds):
    return [row.number for row in rows.values() if row.kind in kinds]


def open_comments(plan) -> dict[str, list]:
    """Row → its open comments, read once for a page: the plan remembers them."""
    if "_open_comments" not in plan.__dict__:
        found = {}
        said = plan.comments.filter(resolved_at=None).select_related("by", "revision")
        for comment in said.defer("revision__content"):
            found.setdefault(comment.row, []).append(comment)
        plan.__dict__["_open_comments"] = found
    return plan.__dict__["_open_comments"]


def comments_url(plan, row="", comment=None):
    """The page of comments, of one row where `row` names it."""
    url = reverse("measures:comments", args=[plan.agency.code, plan.year])
    query = f"?row={row}" if row else ""
    return f"{url}{query}{f'#comment-{comment.pk}' if comment else ''}"


def addressed(plan, row, text):
    """Whom a comment is for: whom it names with @, a person or all people of a unit, then those
    who commented on the row before; only such as may comment. One query.

    Thai has no space after a name: the longest name that the text goes on with is meant.
    """
    may = list(RULES[Permission.COMMENT].of_role)
    members = Membership.objects.filter(agency=plan.agency, role__in=may, user__is_active=True)
    before = Comment.objects.filter(plan=plan, row=row, by=OuterRef("user"))
    names, spoke = {}, []
    for member in members.select_related("user", "unit").annotate(spoke=Exists(before)):
        for name in _names_of(member):
            names.setdefault(name.casefold(), []).append(member.user)
        if member.spoke:
            spoke.append(member.user)
    longest_first = sorted(names, key=len, reverse=True)
    people = []
    for at in _AT.finditer(text):
        rest = text[at.end() :].casefold()
        name = next((one for one in longest_first if _begins_with(rest, one)), None)
        people += names.get(name, ())
    return list(dict.fromkeys(people + spoke))


def _begins_with(text, name):
    """Not with a longer word of Latin letters or digits than the name's last."""
    return text.startswith(name) and not _GOES_ON.match(text, len(name) - 1)


def _names_of(member):
    user = member.user
    title = _TITLE.match(user.name)
    without = user.name[title.end() :] if title else user.name
    first = without.split(" ")[0]
    names = {user.username, user.name, without, first, title[0] + first if title else first}
    if member.unit:
        names.add(member.unit.name)
    return names - {""}
