"""What the pages that write a plan have in common: saving, conflicts, deleting, ordering."""

import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Event
from accounts.permissions import LateChange, Permission, State, allowed
from accounts.versioning import StaleWrite
from assessments.fiscal import local_datetime
from measures.actions import NotOwn, delete_row, reorder
from measures.forms import DeleteForm, PlainText
from measures.models import Issue
from measures.weaknesses import FAR_BELOW

CONFLICT = 409
ROW_ID = re.compile("[0-9]{1,18}")


def form_page(request, basis, form, action, *, template, back, context, gone_as=None):
    """A page with one form. `action(version=…, **values)` saves what is valid; what was refused

    stands on the form with all that was typed. `gone_as` is (model, id) of the row that is edited.
    """
    status = 200
    if request.method == "POST":
        try:
            saved, status = _save(form, action)
        except StaleWrite:
            return gone(request, basis, form, *gone_as, back)
        if saved is not None:
            messages.success(request, _("Saved: %(title)s") % {"title": saved})
            return redirect(back)
    context |= {"basis": basis, "year": basis.year, "form": form, "back": back}
    context.setdefault(
        "fields_url", reverse("measures:plan-fields", args=[basis.agency.code, basis.year])
    )
    return render(request, template, context, status=status)


def _save(form, action):
    if not form.is_valid():
        return None, 200
    try:
        return action(version=form.cleaned_data["version"], **form.values), 302
    except ValidationError as error:
        form.add_error(None, error)
        return None, 200
    except StaleWrite as conflict:
        if conflict.current is None:
            raise
        form.show_conflict(conflict.current)
    except (LateChange, NotOwn) as refusal:
        form.add_error(None, _locked_with_text(refusal))
    return None, CONFLICT


def _locked_with_text(late):
    return _("%(reason)s Your text is still in the form: copy it before you leave the page.") % {
        "reason": late
    }


def no_plan(request, basis, title):
    """Instead of a page of a year that nobody has begun, or whose result has no rules."""
    context = {"basis": basis, "year": basis.year, "page_title": title}
    context["far_below"] = FAR_BELOW
    context["may_begin"] = allowed(request.user, Permission.EDIT_PLAN, basis.agency)
    context["may_set_up"] = allowed(request.user, Permission.SET_UP, basis.agency)
    return render(request, "measures/no_plan.html", context)


def readonly_reason(basis, permission):
    """Why the person cannot write here now; empty when she can."""
    if basis.may(permission):
        return ""
    if not allowed(basis.user, permission, basis.agency):
        return _("You see this page but do not change it: staff of the agency write it.")
    if allowed(basis.user, permission, basis.agency, basis.plan.state):
        return _(
            "The year closed on %(day)s, so it cannot be changed. "
            "Ask the system operator to extend it."
        ) % {"day": basis.plan.closed}
    if basis.plan.state == State.SUBMITTED:
        return _(
            "%(name)s submitted the plan on %(time)s, so it cannot be changed. "
            "To change it, ask the reviewer to return it."
        ) % {
            "name": basis.plan.submitted_by,
            "time": local_datetime(basis.plan.submitted_at, "short"),
        }
    return _(
        "The plan has been approved, so it cannot be changed. "
        "To change it, ask the reviewer to return it."
    )


def get_row(request, basis, model, pk):
    """The plan's row, or None when it was deleted after the form was opened; any other is 404."""
    rows = model.objects.filter(plan=basis.plan, pk=pk).numbered() if basis.plan else []
    row = rows[0] if rows else None
    if row is None and not (request.method == "POST" and deletion(basis.plan, model, pk)):
        raise Http404
    if row is not None:
        row.plan = basis.plan
    return row


def deletion(plan, model, pk):
    """The event with which the plan's row went, or None: deleted, or merged into another."""
    if plan is None:
        return None
    deleted = Event.objects.filter(
        object_type=model._meta.label_lower,
        object_id=pk,
        verb=f"{model._meta.model_name}.deleted",
        agency_id=plan.agency_id,
    ).first()
    if deleted is None and model is Issue:
        return _merge(plan, pk)
    return deleted


def _merge(plan, pk):
    merges = Event.objects.filter(
        object_type=plan._meta.label_lower, object_id=plan.pk, verb="issues.merged"
    )
    return next((e for e in merges if pk in [row["id"] for row in e.before["issues"]]), None)


def gone(request, basis, form, model, pk, back):
    """Somebody deleted the row meanwhile: the page keeps what was typed, to be copied."""
    event = deletion(basis.plan, model, pk)
    if event is None:
        raise Http404
    typed = [
        (field.label, field.value())
        for field in form.visible_fields()
        if isinstance(field.field, PlainText) and (field.value() or "").strip()
    ]
    context = {
        "year": basis.year,
        "typed": typed,
        "event": event,
        "time": local_datetime(event.at, "short"),
        "back": back,
        "merged": event.verb == "issues.merged",
    }
    return render(request, "measures/row_gone.html", context, status=CONFLICT)


def delete_page(request, basis, model, pk, *, question, field, back):
    """Asks before deleting a row, and shows the text of its `field`; asks again with the new text
    when somebody changed it meanwhile.
    """
    row = get_row(request, basis, model, pk)
    if row is None or (request.method == "GET" and not basis.may(Permission.EDIT_PLAN)):
        return redirect(back)
    status = 200
    data = request.POST if request.method == "POST" else None
    form = DeleteForm(data, initial={"version": row.version})
    if form.is_valid():
        title = str(row)
        try:
            delete_row(row=row, version=form.cleaned_data["version"], by=request.user)
        except StaleWrite as conflict:
            row, status = conflict.current, CONFLICT
            form = DeleteForm(initial={"version": row.version})
        except (LateChange, NotOwn) as refusal:
            messages.error(request, str(refusal))
            return redirect(back)
        else:
            messages.success(request, _("Deleted: %(title)s") % {"title": title})
            return redirect(back)
    context = {"basis": basis, "year": basis.year, "row": row, "form": form, "back": back}
    context |= {"question": question, "text": getattr(row, field), "changed": status == CONFLICT}
    return render(request, "measures/row_delete.html", context, status=status)


def moved_row(request):
    """The id of the row that a button or a drag has moved, or None."""
    for name in ("up", "down", "moved"):
        if found := ids_in([request.POST.get(name, "")]):
            return found[0]
    return None


def ids_in(texts):
    """Those that are an id; Python refuses to read a number of thousands of digits."""
    return [int(text) for text in texts if ROW_ID.fullmatch(text)]


def order_rows(request, plan, rows, back):
    """Moves one row up or down among `rows`, or puts them in the order of `ids`.

    Goes back to the button that was pressed, so that the keyboard can go on from there.
    """
    before = [row.pk for row in rows]
    pk = moved_row(request)
    if pk not in before:
        raise Http404
    order = _wanted(request.POST, before, pk)
    try:
        reorder(plan=plan, model=type(rows[0]), ids=order, by=request.user)
    except LateChange as late:
        messages.error(request, str(late))
        return redirect(back)
    place = order.index(pk) + 1
    if order != before:
        messages.success(
            request,
            _("“%(title)s” is now number %(place)s of %(all)s.")
            % {"title": rows[before.index(pk)], "place": place, "all": len(order)},
        )
    up = place == len(order) or ("up" in request.POST and place > 1)
    return redirect(f"{back}#move-{pk}-{'up' if up else 'down'}")


def _wanted(data, before, pk):
    if ids := ids_in(data.getlist("ids")):
        named = [one for one in dict.fromkeys(ids) if one in before]
        return named + [one for one in before if one not in named]
    order = list(before)
    here = order.index(pk)
    there = min(max(here + (-1 if "up" in data else 1), 0), len(order) - 1)
    order.insert(there, order.pop(here))
    return order


def with_ends(rows):
    """Marks which rows stand first and last, for the buttons that move them."""
    rows = list(rows)
    for place, row in enumerate(rows):
        row.place, row.is_first, row.is_last = place + 1, place == 0, place == len(rows) - 1
    return rows
