from functools import cache, partial

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission, allowed, memberships_of, role_of
from assessments.views.grid import plan_of
from measures.models import Revision
from measures.report.frozen import WRITING, analysis_in
from measures.templatetags.comments import comments_of_scores

#: (url name, label, whether its year is the year of the results) in the order of the year's work.
STEPS = (
    ("overview", _("Overview"), False),
    ("assessments:scores", _("Scores"), True),
    ("assessments:analysis", _("Analysis"), True),
    ("measures:issues", _("Issues"), False),
    ("measures:measures", _("Measures"), False),
    ("measures:progress", _("Progress"), False),
    ("measures:review", _("Review"), False),
    ("measures:reports", _("Reports"), False),
)


def plan_year_of(request):
    """The year of the plan that a page belongs to: pages of results carry an earlier one."""
    match = request.resolver_match
    year = match.kwargs.get("year")
    if year is not None and match.app_name == "assessments":
        return plan_of(request, year)
    return year


def _tabs(agency, year, match):
    section = (match.url_name or "").split("-")[0].rstrip("s")
    for name, label, of_results in STEPS:
        args = [agency.code, year - 1 if of_results else year]
        if name == "measures:progress":
            args.append(match.kwargs.get("months", 6))
        yield {
            "label": label,
            "url": reverse(name, args=args),
            "current": name.split(":")[-1].rstrip("s") == section,
        }


def _sent_analysis(user, agency, year):
    """That of the revision whose figures count; None while the staff write. One query."""
    found = Revision.objects.visible_to(user).filter(plan__agency=agency, plan__year=year)
    revision = found.exclude(plan__state__in=WRITING).first()
    return analysis_in(revision)


def navigation(request):
    """What the page frame shows: the person's agencies, and inside one the steps of the year."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    agency, match = getattr(request, "agency", None), request.resolver_match
    context = {
        "memberships": SimpleLazyObject(lambda: memberships_of(user)),
        "unread_notices": cache(lambda: sum(one.unread for one in memberships_of(user))),
    }
    if agency is not None:
        context |= {
            "agency": agency,
            "role": role_of(user, agency),
            "may_manage": allowed(user, Permission.MANAGE_PEOPLE, agency),
            "may_read_history": allowed(user, Permission.READ_HISTORY, agency),
        }
        if year := plan_year_of(request):
            context |= {"plan_year": year, "tabs": list(_tabs(agency, year, match))}
            # The pages of results know no plan; what the one on them holds is asked for here.
            own = match.kwargs["year"] + (match.app_name == "assessments")
            context["said_of_scores"] = partial(comments_of_scores, user, agency, own)
            context["sent_analysis"] = cache(partial(_sent_analysis, user, agency, own))
    return context
