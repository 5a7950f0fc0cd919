"""What is said of a row, where the row is shown or written."""

from operator import itemgetter

from django import template
from django.template.loader import render_to_string

from accounts.permissions import Permission, allowed
from measures.comments import comments_url, open_comments
from measures.models import Plan
from measures.rows import parse_row

register = template.Library()


def comments_of_row(user, plan, row, subject=""):
    """Open reasons for a return, and the way to the comments; one query for all rows of a page."""
    if not allowed(user, Permission.COMMENT, plan.agency):
        return ""
    found = open_comments(plan).get(row, [])
    may_add = allowed(user, Permission.COMMENT, plan.agency, plan.state, plan.closed)
    if not found and not may_add:
        return ""
    context = {
        "url": comments_url(plan, row),
        "count": len(found),
        "reasons": [comment for comment in found if comment.is_return],
        "subject": subject,
    }
    return render_to_string("measures/parts/row_comments.html", context)


def comments_of_scores(user, agency, year):
    """The same for the scores that the plan of the year (BE) stands on; two queries."""
    plan = Plan.objects.visible_to(user).for_year(year).filter(agency=agency).first()
    if plan is None or not allowed(user, Permission.COMMENT, agency):
        return ""
    plan.agency = agency
    rows = [
        (
            parse_row(row).number,
            comments_url(plan, row),
            found,
            [comment for comment in found if comment.is_return],
        )
        for row, found in open_comments(plan).items()
        if row.startswith("score-")
    ]
    context = {"rows": sorted(rows, key=itemgetter(0)), "all_url": comments_url(plan)}
    return render_to_string("measures/parts/score_comments.html", context)


@register.simple_tag(takes_context=True)
def row_comments(context, plan, *parts):
    """`parts` are the row's name, or what it is made of: "measure" 5, "progress" 6 5."""
    return comments_of_row(context["request"].user, plan, "-".join(map(str, parts)))
