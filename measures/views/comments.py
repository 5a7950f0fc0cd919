"""What people say about the rows of a plan: one page a year, filtered, with a form to add."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import agency_page
from accounts.permissions import LateChange, Permission, allowed
from accounts.typed import typed_texts
from measures.actions.comments import (
    change_comment,
    create_comment,
    may_resolve,
    not_hers,
    resolve_comment,
)
from measures.comments import comments_url, labels_of, named_rows, rows_of
from measures.models import Comment, Plan
from measures.texts import clean_texts
from measures.views.told import say_told

FILTERS = {
    "open": gettext_lazy("Open"),
    "resolved": gettext_lazy("Resolved"),
    "mine": gettext_lazy("Mine"),
    "all": gettext_lazy("All"),
}


class _RowField(forms.CharField):
    """A row's name; empty is the plan as a whole, which is an answer too."""

    widget = forms.Select

    def validate(self, value):
        pass


class CommentForm(forms.Form):
    """`clean_texts` judges the text, the action the row; `offer` gives the rows to choose from."""

    row = _RowField(label=gettext_lazy("About"))
    text = forms.CharField(
        label=Comment._meta.get_field("text").verbose_name,
        help_text=gettext_lazy(
            "Write @ and the name of a unit or a person, such as @กองคลัง, to tell them."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the comment before you save it.")},
    )

    def offer(self, rows):
        self.fields["row"].widget.choices = [
            (title, [(row.name, row.label) for row in listed]) for title, listed in rows.items()
        ]

    def clean_text(self):
        try:
            return clean_texts(Comment, {"text": self.cleaned_data["text"]})["text"]
        except ValidationError as error:
            raise ValidationError(error.message_dict["text"]) from error


class EditForm(CommentForm):
    row = None


@agency_page(Permission.COMMENT)
def comments(request, agency, year):
    plan = _plan(request, agency, year)
    data = request.POST if request.method == "POST" else None
    form = CommentForm(data, initial={"row": request.GET.get("row", "")})
    if form.is_valid() and (answer := _added(request, plan, form)):
        return answer
    context, status = _context(request, plan, form), 422 if form.errors else 200
    if not context["may_comment"]:
        context["typed"] = typed_texts(request)
    return render(request, "measures/comments.html", context, status=status)


def _plan(request, agency, year):
    plans = Plan.objects.visible_to(request.user).for_year(year).with_basis()
    plan = get_object_or_404(plans, agency=agency)
    plan.agency = plan.assessment.agency = agency
    return plan


def _added(request, plan, form):
    """Where it leads; None where it was refused, which the form then says."""
    try:
        comment, told = create_comment(plan=plan, by=request.user, **form.cleaned_data)
    except LateChange as late:
        form.add_error(None, str(late))
        return None
    except ValidationError as refused:
        if not named_rows(plan, [form.cleaned_data["row"]]):
            raise Http404 from refused
        form.add_error(None, refused)
        return None
    messages.success(request, _("The comment was added."))
    say_told(request, told)
    return redirect(comments_url(plan, comment.row, comment))


def _context(request, plan, form):
    rows = rows_of(plan)
    form.offer(rows)
    said = plan.comments.select_related("by", "resolved_by", "revision")
    found = list(said.defer("revision__content"))
    labels = labels_of(plan, rows, found)
    row = None
    if wanted := request.GET.get("row"):
        row = labels.get(wanted) or named_rows(plan, [wanted]).get(wanted)
        if row is None:
            raise Http404
        found = [comment for comment in found if comment.row == wanted]
    chosen = request.GET.get("state", "all" if row else "open")
    tests = _tests(request.user)
    if chosen not in tests:
        raise Http404
    shown = [comment for comment in found if tests[chosen](comment)]
    return {
        "year": plan.year,
        "plan": plan,
        "row": row,
        "form": form,
        "may_comment": allowed(
            request.user, Permission.COMMENT, plan.agency, plan.state, plan.closed
        ),
        "filters": [
            {
                "label": label,
                "count": sum(map(tests[name], found)),
                "url": _filter_url(plan, name, row),
                "current": name == chosen,
            }
            for name, label in FILTERS.items()
        ],
        "groups": grouped(request.user, plan, shown, labels),
        "one_url": comments_url(plan),
    }


def _tests(user):
    return {
        "open": lambda comment: comment.resolved_at is None,
        "resolved": lambda comment: comment.resolved_at is not None,
        "mine": lambda comment: comment.by_id == user.pk,
        "all": lambda comment: True,
    }


def _filter_url(plan, state, row):
    about = f"row={row.name}&" if row else ""
    return f"{comments_url(plan)}?{about}state={state}"


def grouped(user, plan, found, labels):
    """(row, its comments) in the order of the rows; each comment with what the person may do."""
    may_write = allowed(user, Permission.COMMENT, plan.agency, plan.state, plan.closed)
    groups, others = {}, not_hers(user, plan)
    for comment in found:
        comment.plan = plan
        own = comment.by_id == user.pk and not comment.is_return
        comment.may_change = may_write and own and comment.resolved_at is None
        comment.may_resolve = may_resolve(user, comment, others)
        groups.setdefault(comment.row, []).append(comment)
    order = {name: place for place, name in enumerate(labels)}
    return [(labels[name], groups[name]) for name in sorted(groups, key=order.__getitem__)]


def _comment(request, agency, year, pk):
    comment = get_object_or_404(
        Comment.objects.visible_to(request.user).select_related("by"),
        plan__agency=agency,
        plan__year=year,
        pk=pk,
    )
    comment.plan = _plan(request, agency, year)
    return comment


@agency_page(Permission.COMMENT)
def edit(request, agency, year, pk):
    comment = _comment(request, agency, year, pk)
    back = comments_url(comment.plan, comment.row, comment)
    if comment.by_id != request.user.pk or comment.is_return:
        messages.error(request, _("Only who wrote a comment changes it."))
        return redirect(back)
    form = EditForm(
        request.POST if request.method == "POST" else None, initial={"text": comment.text}
    )
    if form.is_valid():
        try:
            change_comment(comment=comment, by=request.user, **form.cleaned_data)
        except (LateChange, ValidationError) as refused:
            form.add_error(None, str(refused) if isinstance(refused, LateChange) else refused)
        else:
            messages.success(request, _("The comment was changed."))
            return redirect(back)
    context = {"year": year, "form": form, "back": back}
    context["row"] = named_rows(comment.plan, [comment.row]).get(comment.row)
    return render(
        request, "measures/comment_form.html", context, status=422 if form.errors else 200
    )


@agency_page(Permission.RESOLVE)
@require_POST
def resolve(request, agency, year, pk):
    comment = _comment(request, agency, year, pk)
    resolved = request.POST.get("resolved") != "no"
    try:
        resolve_comment(comment=comment, by=request.user, resolved=resolved)
    except LateChange as late:
        messages.error(request, str(late))
    else:
        done = _("The comment was resolved.") if resolved else _("The comment was reopened.")
        messages.success(request, done)
    if request.POST.get("back") == "review":
        return redirect(f"{comment.plan.get_review_url()}#comments")
    return redirect(comments_url(comment.plan, comment.row, comment))
