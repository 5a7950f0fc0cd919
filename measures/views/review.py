from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import agency_page
from accounts.models import Event
from accounts.permissions import LateChange, Permission, State, allowed
from assessments.numbers import format_change, format_score, format_threshold
from measures.actions import move_plan
from measures.authors import evidence, wrote
from measures.models import Plan
from measures.situation import situation_of
from measures.workflow import TRANSITIONS, Move, moves_for

EXPLANATIONS = {
    Move.SUBMIT: gettext_lazy(
        "Scores, issues and measures cannot be changed while they are under review. To change "
        "them, an agency admin returns the plan."
    ),
    Move.APPROVE: gettext_lazy(
        "The draft mark goes from the report, and the plan is closed. To change it afterwards, an "
        "agency admin returns it."
    ),
}
DONE = {
    Move.SUBMIT: gettext_lazy("The plan was submitted for review."),
    Move.RETURN: gettext_lazy("The plan was returned to the staff."),
    Move.APPROVE: gettext_lazy("The plan was approved."),
}
WAITING = {
    State.DRAFT: gettext_lazy("The staff are still writing and have not submitted it."),
    State.RETURNED: gettext_lazy("The staff are changing what the review asked for."),
    State.SUBMITTED: gettext_lazy("It waits for an agency admin who did not write it."),
    State.APPROVED: gettext_lazy(
        "It is approved. An agency admin can return it if it must change."
    ),
}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason for returning"),
        help_text=gettext_lazy(
            "Say what to change and where; the staff see it on the overview and while writing."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy(
                "Write why it is returned, so that the staff know what to change."
            )
        },
    )


def _get_plan(request, agency, year):
    plans = Plan.objects.visible_to(request.user).for_year(year).with_basis()
    return plans.select_related("submitted_by", "reviewed_by").filter(agency=agency).first()


@agency_page(Permission.VIEW)
def review(request, agency, year):
    return _page(request, agency, year, _get_plan(request, agency, year))


def _page(request, agency, year, plan, form=None, status=200):
    context = {"year": year, "plan": plan, "form": form}
    if plan is not None:
        situation = situation_of(plan)
        moves = moves_for(request.user, plan)
        events = _events(plan, request.user if any(t.not_by_author for t in moves) else None)
        is_author = _is_author(request.user, situation, events)
        context |= {
            "facts": _facts(situation),
            "findings": situation.findings,
            "panel": situation.panel,
            "may_edit": allowed(request.user, Permission.EDIT_PLAN, agency, plan.state),
            "moves": [_move(t, situation, is_author, form) for t in moves],
            "waiting": WAITING[plan.state],
            "events": _history(events),
        }
    return render(request, "measures/review.html", context, status=status)


def _facts(situation):
    analysis = situation.analysis
    change = analysis.change
    return {
        "total": format_score(analysis.total),
        "level": analysis.level.name if analysis.level else _("not complete"),
        "change": format_change(change.points if change else None),
        "percent": f"{format_change(change.percent)} %"
        if change and change.percent is not None
        else "",
        "weak": len(analysis.weak_numbers),
        "threshold": format_threshold(analysis.threshold),
        "issues": sum(issue.is_taken_up for issue in situation.issues),
        "measures": len(situation.measures),
    }


def _move(transition, situation, is_author, form):
    """What the page shows of a move: its form, or why it cannot be made yet."""
    move = transition.move
    obstacle = ""
    if transition.needs_complete and situation.holds_up:
        obstacle = _("Correct what is listed above first.")
    elif transition.not_by_author and is_author:
        obstacle = _("You wrote part of this plan, so you cannot approve it. Another admin must.")
    return {
        "name": move.value,
        "label": move.label,
        "url": situation.plan.get_move_url(move),
        "obstacle": obstacle,
        "explanation": EXPLANATIONS.get(move, ""),
        "form": (form or ReasonForm()) if transition.needs_reason else None,
        "asks_first": _asks_first(transition, situation),
        "primary": transition.target in (State.SUBMITTED, State.APPROVED),
    }


def _asks_first(transition, situation):
    """An approval, and a submission with something left to look at; returning asks for a reason."""
    return transition.not_by_author or transition.needs_complete and bool(situation.remarks)


def _events(plan, approver):
    """What the history shows, and of an approver what she wrote: one query for both."""
    shown = Q(object_type=plan._meta.label_lower, object_id=plan.pk, verb__in=_labels()) | Q(
        object_type=plan.assessment._meta.label_lower,
        object_id=plan.assessment_id,
        verb="warning.confirmed",
    )
    return Event.objects.filter(shown | evidence(approver, plan) if approver else shown)


def _is_author(user, situation, events):
    return wrote(user, events, [issue.pk for issue in situation.issues])


def _labels():
    labels = {t.event: t.target.label for t in TRANSITIONS.values()}
    return labels | {"warning.confirmed": _("Figure confirmed")}


def _history(events):
    labels = _labels()
    shown = [event for event in events if event.verb in labels]
    for event in shown:
        event.label = labels[event.verb]
        event.reason = event.after.get("reason") or event.after.get("text", "")
    return shown


def _confirmation(request, agency, year, plan, move):
    """Asks before the move; a change of language asks for this address also after a refusal."""
    transition = TRANSITIONS[Move(move)]
    if plan is None or transition not in moves_for(request.user, plan):
        return redirect("measures:review", agency.code, year)
    situation = situation_of(plan)
    is_author = _is_author(request.user, situation, _events(plan, request.user))
    shown = _move(transition, situation, is_author, None)
    if shown["obstacle"] or not shown["asks_first"]:
        return redirect("measures:review", agency.code, year)
    context = {"year": year, "plan": plan, "move": shown, "findings": situation.remarks}
    return render(request, "measures/review_confirm.html", context)


@agency_page(Permission.VIEW)
def move(request, agency, year, move):
    if move not in Move.values:
        raise Http404
    plan = _get_plan(request, agency, year)
    if request.method != "POST":
        return _confirmation(request, agency, year, plan, move)
    if plan is None:
        raise Http404
    transition = TRANSITIONS[Move(move)]
    form = ReasonForm(request.POST) if transition.needs_reason else None
    if form is not None and not form.is_valid():
        return _page(request, agency, year, plan, form, status=422)
    try:
        move_plan(
            plan=plan,
            move=move,
            by=request.user,
            reason=form.cleaned_data["reason"] if form else "",
        )
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return _page(request, agency, year, _get_plan(request, agency, year), form, status=422)
    except LateChange as late:
        messages.error(request, str(late))
        return _page(request, agency, year, _get_plan(request, agency, year), form, status=409)
    messages.success(request, DONE[transition.move])
    return redirect(plan.get_review_url())
