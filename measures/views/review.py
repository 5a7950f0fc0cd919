"""One page to review a plan: figures, changes, comments, checks, and the moves with their forms."""

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
from accounts.typed import typed_texts
from assessments.numbers import format_change, format_score, format_threshold
from measures.actions import move_plan, open_review
from measures.authors import evidence, wrote
from measures.comments import labels_of, lists_of, open_comments
from measures.differences import differences, figures, texts_of
from measures.models import Plan, Revision
from measures.publishing.checks import not_entered, unapproved_rounds
from measures.publishing.personal_data import to_look_at
from measures.report.frozen import WRITING, current_revision, thaw
from measures.situation import situation_of
from measures.telling import audience
from measures.views.comments import grouped
from measures.views.returning import ReopenForm, ReturnForm
from measures.views.told import say_told
from measures.workflow import EVENTS, TRANSITIONS, Move, moves_for

EXPLANATIONS = {
    Move.SUBMIT: gettext_lazy(
        "Scores, issues and measures cannot be changed while they are under review. To change "
        "them, take the plan back before it is opened for review, or have an agency admin return "
        "it."
    ),
    Move.TAKE_BACK: gettext_lazy("The plan becomes a draft again and can be changed."),
    Move.RETURN: gettext_lazy(
        "The staff can change the plan again. Tick what is to be mended, each with its reason."
    ),
    Move.APPROVE: gettext_lazy(
        "The plan is closed, and the executive is asked to sign it. To change it afterwards, it "
        "has to be returned or reopened."
    ),
    Move.SIGN: gettext_lazy("The page shows what is signed, and asks for your password or code."),
    Move.RECORD_SIGNATURE: gettext_lazy("For a report that was printed and signed on paper."),
    Move.PUBLISH: gettext_lazy(
        "The page shows what the public will see, and then the address to hand in."
    ),
    Move.WITHDRAW: gettext_lazy(
        "The page lists the versions. The public reads your reason in place of the one that you "
        "choose; the report stays signed and can be published again as the next version."
    ),
    Move.REOPEN: gettext_lazy(
        "The staff can change the plan again and submit it as a new revision. The revisions up to "
        "now stay as they are. Progress that the newest one approved is to be approved again. What "
        "is published stays public until another version replaces it or an admin withdraws it."
    ),
}
DONE = {
    Move.SUBMIT: gettext_lazy("The plan was submitted for review."),
    Move.TAKE_BACK: gettext_lazy("The plan was taken back and is a draft again."),
    Move.RETURN: gettext_lazy("The plan was returned to the staff."),
    Move.APPROVE: gettext_lazy("The plan was approved."),
    Move.REOPEN: gettext_lazy("The plan was reopened."),
}
WAITING = {
    State.DRAFT: gettext_lazy("The staff are still writing and have not submitted it."),
    State.RETURNED: gettext_lazy("The staff are changing what the review asked for."),
    State.SUBMITTED: gettext_lazy("It waits for an agency admin who did not write it."),
    State.APPROVED: gettext_lazy("It is approved and waits for the executive's signature."),
    State.SIGNED: gettext_lazy("It is signed and waits to be published."),
    State.PUBLISHED: gettext_lazy("It is published."),
}


class NoteForm(forms.Form):
    move = Move.SUBMIT
    note = forms.CharField(
        label=Revision._meta.get_field("note").verbose_name,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


#: Of the moves that are made where their button stands, or after a page that asks.
FORMS = {Move.SUBMIT: NoteForm, Move.REOPEN: ReopenForm}


def _get_plan(request, agency, year):
    plans = Plan.objects.visible_to(request.user).for_year(year).with_basis().with_publication()
    plan = plans.select_related("submitted_by", "reviewed_by").filter(agency=agency).first()
    if plan is not None:
        plan.agency = plan.assessment.agency = agency
    return plan


@agency_page(Permission.VIEW)
def review(request, agency, year):
    plan = _get_plan(request, agency, year)
    if plan is not None and plan.state == State.SUBMITTED and not plan.opened_at:
        open_review(plan=plan, by=request.user)
    return _page(request, agency, year, plan)


def _page(request, agency, year, plan, form=None, status=200, typed=()):
    context = {"year": year, "plan": plan, "form": form, "typed": typed}
    if plan is not None:
        moves = moves_for(request.user, plan)
        events = _events(plan, request.user if any(t.not_by_author for t in moves) else None)
        history = _history(events)
        revisions = _revisions(plan, history)
        current = thaw(revisions[0].content) if revisions else None
        situation = situation_of(plan, current.result.analysis if current else None)
        is_author = _is_author(request.user, situation, events)
        context |= {
            "facts": _facts(situation),
            "findings": situation.findings + _before_sending(request, situation, current),
            "panel": situation.panel,
            "may_edit": allowed(request.user, Permission.EDIT_PLAN, agency, plan.state),
            "moves": [_move(t, situation, is_author, form) for t in moves],
            "waiting": WAITING[plan.state],
            "events": history,
            "last_move": next((event for event in history if event.verb in EVENTS), None),
            "revision": revisions[0] if revisions else None,
            "changes": _changes(situation, revisions, current),
            "comments": _comments(request.user, situation),
        }
    return render(request, "measures/review.html", context, status=status)


def _before_sending(request, situation, report):
    """What becomes public with it, and what will be missing there."""
    may_set_up = allowed(request.user, Permission.CHANGE_SETTINGS, situation.plan.agency)
    missing = not_entered(situation.plan, may_set_up=may_set_up)
    return missing + to_look_at(situation, report)


def _revisions(plan, history):
    """The newest, then what it is compared with: the one approved last, and the one sent since
    that nobody took back. None while the staff write.
    """
    if plan.state in WRITING:
        return []
    taken_back = TRANSITIONS[Move.TAKE_BACK].event
    unread = [event.after.get("revision") for event in history if event.verb == taken_back]
    found = plan.revisions.exclude(number__in=unread).select_related("made_by")
    approved = found.exclude(approved_at=None)
    wanted = Q(pk__in=found.values("pk")[:2]) | Q(pk__in=approved.values("pk")[:2])
    newest, *before = found.filter(wanted) or [None]
    last_approved = next((one for one in before if one.approved_at), None)
    compared = [one for one in (last_approved, *before[:1]) if one]
    return [newest, *dict.fromkeys(compared)] if newest else []


def _changes(situation, revisions, current):
    """What the frozen revision says otherwise than earlier ones, and the live figures than it."""
    if current is None:
        return None
    return {
        "number": revisions[0].number,
        "compared": [(one, differences(thaw(one.content), current)) for one in revisions[1:]],
        "since": figures(situation.analysis, situation.years.analysis, current.result.names),
    }


def _comments(user, situation):
    """The open comments by row; None for somebody who does not take part in them."""
    plan = situation.plan
    if not allowed(user, Permission.COMMENT, plan.agency):
        return None
    found = [comment for listed in open_comments(plan).values() for comment in listed]
    indicators = situation.years.framework.ordered_indicators()
    lists = lists_of(plan, indicators, situation.issues, situation.measures)
    labels = labels_of(plan, lists, found)
    return {"count": len(found), "groups": grouped(user, plan, found, labels)}


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
    """What the page shows of a move: its form or its page, or why it cannot be made yet."""
    move, plan = transition.move, situation.plan
    exemption = plan.agency.own_approval_reason if transition.not_by_author and is_author else ""
    obstacle = ""
    if transition.needs_complete and situation.holds_up:
        obstacle = _("Correct what is listed above first.")
    elif transition.not_by_author and is_author and not exemption:
        obstacle = _("You wrote part of this plan, so you cannot approve it. Another admin must.")
    elif transition.before_opened and plan.opened_at:
        obstacle = _("The reviewer has opened it already. Ask for it to be returned.")
    return {
        "name": move.value,
        "label": move.label,
        "url": plan.get_move_url(move),
        "obstacle": obstacle,
        "explanation": EXPLANATIONS[move],
        "exemption": exemption,
        "form": _form(transition, form),
        "asks_first": _asks_first(transition),
        "primary": not (transition.needs_reason or transition.target == State.DRAFT),
    }


def _form(transition, form=None):
    """Of a move that is made where its button stands; None where nothing is typed."""
    if form is not None and form.move == transition.move:
        return form
    return FORMS[transition.move]() if transition.move in FORMS else None


def _asks_first(transition):
    """A submission, an approval, and what has a page of its own."""
    own_page = transition.page or transition.move == Move.RETURN
    return bool(transition.not_by_author or transition.needs_complete or own_page)


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
    return EVENTS | {"warning.confirmed": _("Figure confirmed")}


def _history(events):
    labels = _labels()
    shown = [event for event in events if event.verb in labels]
    for event in shown:
        event.label = labels[event.verb]
        event.reason = event.after.get("reason") or event.after.get("text", "")
    return shown


def _confirmation(request, agency, year, plan, move, form=None):
    """Asks before the move; a change of language asks for this address also after a refusal."""
    transition = TRANSITIONS[Move(move)]
    if plan is None or transition.page or transition not in moves_for(request.user, plan):
        return redirect("measures:review", agency.code, year)
    if transition.move == Move.RETURN:
        return _return_page(request, year, plan, ReturnForm(plan=plan))
    revision = current_revision(plan)
    report = thaw(revision.content) if revision else None
    situation = situation_of(plan, report.result.analysis if report else None)
    is_author = transition.not_by_author and _is_author(
        request.user, situation, _events(plan, request.user)
    )
    shown = _move(transition, situation, is_author, form)
    if shown["obstacle"] or not shown["asks_first"]:
        return redirect("measures:review", agency.code, year)
    context = {
        "year": year,
        "plan": plan,
        "move": shown,
        "findings": [
            *situation.remarks,
            *_before_sending(request, situation, report),
            *(unapproved_rounds(plan, report, plan.rounds.all()) if report else ()),
        ],
        "facts": _facts(situation),
        "freezes": transition.move == Move.SUBMIT,
        "told": audience(transition.move, plan, request.user),
        "seen": revision.number if revision else None,
    }
    status = 422 if form is not None else 200
    return render(request, "measures/review_confirm.html", context, status=status)


def _newest(plan):
    """Its number: what is approved or returned is the revision that was read."""
    return plan.revisions.values_list("number", flat=True).first()


def _return_page(request, year, plan, form, status=200, seen=None):
    context = {"year": year, "plan": plan, "form": form, "has_errors": status != 200}
    context["seen"] = seen or _newest(plan)
    revision = current_revision(plan)
    texts = texts_of(thaw(revision.content)) if revision else {}
    for row in form.rows:
        row.texts = texts.get(row.name)
    return render(request, "measures/review_return.html", context, status=status)


@agency_page(Permission.VIEW)
def move(request, agency, year, move):
    if move not in Move.values or TRANSITIONS[Move(move)].page and request.method == "POST":
        raise Http404
    plan = _get_plan(request, agency, year)
    if request.method != "POST":
        return _confirmation(request, agency, year, plan, move)
    if plan is None:
        raise Http404
    transition, seen = TRANSITIONS[Move(move)], request.POST.get("seen", "")
    seen = int(seen) if seen.isdecimal() else None
    if transition not in moves_for(request.user, plan) or seen not in (None, _newest(plan)):
        # The action says why; rows that were ticked may be no more.
        given = {}
    elif transition.move == Move.RETURN:
        form = ReturnForm(request.POST, plan=plan)
        if not form.is_valid():
            return _return_page(request, year, plan, form, status=422, seen=seen)
        given = {"reason": form.cleaned_data["reason"], "reasons": form.reasons}
    else:
        form = FORMS[move](request.POST) if move in FORMS else None
        if form is not None and not form.is_valid():
            if transition.needs_complete:
                return _confirmation(request, agency, year, plan, move, form)
            return _page(request, agency, year, plan, form, status=422)
        given = form.cleaned_data if form is not None else {}
    try:
        told = move_plan(plan=plan, move=move, by=request.user, seen=seen, **given)
    except (ValidationError, LateChange) as refused:
        return _refused(request, agency, year, refused)
    messages.success(request, DONE[transition.move])
    say_told(request, told)
    return redirect(plan.get_review_url())


def _refused(request, agency, year, refused):
    """The page as it now is, with what was typed to be copied."""
    is_late = isinstance(refused, LateChange)
    for message in [str(refused)] if is_late else refused.messages:
        messages.error(request, message)
    plan = _get_plan(request, agency, year)
    return _page(
        request, agency, year, plan, status=409 if is_late else 422, typed=typed_texts(request)
    )
