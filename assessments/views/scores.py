from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import agency_page, can
from accounts.permissions import LateChange, Permission, State, require
from accounts.versioning import StaleWrite
from assessments.actions import enter_published, enter_scores
from assessments.forms import PublishedForm, ScoresForm
from assessments.models import Assessment, Framework
from assessments.results import TwoYears, two_years
from assessments.views.grid import grid_context, handover, kind_url, plan_of


@agency_page(Permission.VIEW)
def scores(request, agency, year, kind=Assessment.Kind.OFFICIAL):
    """The ten scores of a year's results. The first save opens the year; looking never writes."""
    years = two_years(agency, year, kind)
    if years.framework is None:
        return no_framework(request, year)
    if request.method != "POST":
        return _page(request, years, kind)
    require(request.user, Permission.EDIT_SCORES, agency)
    form = ScoresForm(request.POST, framework=years.framework, assessment=years.current)
    if not form.is_valid():
        return _page(request, years, kind, form=form)
    done = "done" in request.POST
    urls = _urls(request, years, kind)
    after = redirect(urls["done" if done else "grid"])
    changes = list(form.changes())
    if not changes:
        if not done:
            messages.info(request, _("Nothing was changed."))
        return after
    try:
        saved = enter_scores(agency=agency, year=year, changes=changes, by=request.user, kind=kind)
    except LateChange as late:
        years = two_years(agency, year, kind)
        return _page(request, years, kind, form=form, late=late, status=409)
    if saved.stale:
        years = two_years(agency, year, kind)
        form = form.keep_conflicts(saved, years.current)
        return _page(request, years, kind, form=form, saved=saved, status=409)
    messages.success(request, _("Saved: %(count)s scores.") % {"count": len(saved.changed)})
    return after


@agency_page(Permission.EDIT_SCORES)
def published(request, agency, year):
    """Receives the form below the grid."""
    years, kind = two_years(agency, year), Assessment.Kind.OFFICIAL
    if years.framework is None or request.method != "POST":
        return redirect("assessments:scores", agency.code, year)
    form = PublishedForm(request.POST, framework=years.framework, assessment=years.current)
    if not form.is_valid():
        return _page(request, years, kind, published=form)
    entered = form.cleaned_data
    try:
        enter_published(agency=agency, year=year, by=request.user, **entered)
    except LateChange as late:
        years = two_years(agency, year)
        return _page(request, years, kind, published=form, late=late, status=409)
    except StaleWrite as conflict:
        form.refuse_stale(conflict)
        return _page(request, two_years(agency, year), kind, published=form, status=409)
    messages.success(request, _("Saved the announced total and level."))
    return redirect(_urls(request, years, kind)["grid"])


def no_framework(request, year):
    """Instead of a page of a year whose rules the portal does not have."""
    known = Framework.objects.values_list("year", flat=True).order_by("year")
    return render(request, "assessments/no_framework.html", {"year": year, "known": list(known)})


def _page(
    request, years: TwoYears, kind, *, form=None, published=None, saved=None, late=None, status=200
):
    framework, current = years.framework, years.current
    state = current.state if current else State.DRAFT
    may_edit = can(request, Permission.EDIT_SCORES, state)
    context = grid_context(years, kind, form, saved) | {
        "handover": handover(years),
        "facts": framework.facts.all(),
        "assessment": current,
        "form": published or form,
        "published": published or PublishedForm(framework=framework, assessment=current),
        "late": late,
        "saved": saved,
        "may_edit": may_edit,
        # What was typed into a record that has been locked meanwhile stays to be copied.
        "show_inputs": may_edit or form is not None,
        "show_published_form": may_edit or published is not None,
        "readonly_reason": readonly_reason(request, state),
        "fill_last_year": _fill_last_year(request, years),
    }
    context["urls"] |= _urls(request, years, kind)
    return render(request, "assessments/scores.html", context, status=status)


def readonly_reason(request, state):
    if not can(request, Permission.EDIT_SCORES):
        return _("You see the scores but do not change them: staff of the agency enter them.")
    if state == State.SUBMITTED:
        return _(
            "The plan on this result has been submitted for review, so scores cannot be changed. "
            "To change them, ask the reviewer to return it."
        )
    if state == State.APPROVED:
        return _(
            "The plan on this result has been approved, so scores cannot be changed. "
            "To change them, ask the reviewer to return it."
        )
    return ""


def _urls(request, years, kind):
    """Of the grid and of what follows it, in the work of the plan that the page is open for."""
    year = years.framework.year
    plan = plan_of(request, year)
    grid, published = kind_url("scores", years, kind), "assessments:scores-published"
    urls = {
        "grid": grid,
        "done": kind_url("analysis", years, kind),
        "published": reverse(published, args=[years.agency.code, year]),
    }
    if plan == year + 1:
        return urls
    of_plan = {name: f"{urls[name]}?plan={plan}" for name in ("grid", "published")}
    return of_plan | {"done": reverse("overview", args=[years.agency.code, plan])}


def _fill_last_year(request, years):
    """The address of last year's grid when its scores are still wanted and may be entered."""
    last_year = years.last_year
    known = last_year is not None and None not in last_year.values.values()
    if years.earlier_framework is None or known or not can(request, Permission.EDIT_SCORES):
        return None
    earlier = years.earlier_framework.year
    url = reverse("assessments:scores", args=[years.agency.code, earlier])
    return f"{url}?plan={earlier + 2}"
