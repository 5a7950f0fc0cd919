"""Signing on screen or on paper."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import agency_page
from accounts.forms import NamingErrors
from accounts.notices import people_with
from accounts.permissions import LateChange, Permission, Role, State
from accounts.proof import ProofForm
from measures import actions
from measures.evidence import Refused
from measures.models import Plan, Revision
from measures.report.content import Part
from measures.report.frozen import revision_report
from measures.views.told import say_told

WEAKEST = 3


class SignerForm(NamingErrors, forms.Form):
    """Who signs which revision: the digest is the one that the page showed."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(
        label=gettext_lazy("Name of the signer"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    position = forms.CharField(
        label=Revision._meta.get_field("signer_position").verbose_name,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )


class SignForm(SignerForm, ProofForm):
    field_order = ("name", "position", "proof", "digest")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Name and position stand there already: what is left to type comes first to hand.
        self.fields["proof"].widget.attrs["autofocus"] = True


class ScanForm(SignerForm):
    scan = forms.FileField(
        label=gettext_lazy("Scan or photograph of the signed page"),
        help_text=gettext_lazy("PDF, JPG or PNG, not more than 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    field_order = ("scan", "name", "position", "digest")


@agency_page(Permission.SIGN)
def sign(request, agency, year):
    """First what is to be signed, then, with its digest in the address, the form that signs it."""
    plan, revision = waiting(request, agency, year, State.APPROVED)
    form = None
    if revision is not None and (request.method == "POST" or "digest" in request.GET):
        signer = {"name": request.user.get_full_name(), "position": request.user.position}
        signer["digest"] = request.GET.get("digest", "")
        form = SignForm(request.POST or None, initial=signer, request=request)
    context = {"year": year, "plan": plan, "revision": revision, "form": form}
    if revision is not None and form is None:
        context |= _summary(revision)
    return _page(request, "measures/sign.html", context, _sign, _("The plan is signed."))


def _sign(plan, form, by):
    chosen = {name: form.cleaned_data[name] for name in ("digest", "name", "position")}
    return actions.sign(plan=plan, by=by, **chosen)


@agency_page(Permission.RECORD_SIGNATURE)
def signature(request, agency, year):
    plan, revision = waiting(request, agency, year, State.APPROVED)
    form = None
    if revision is not None:
        executives = people_with(agency, Role.EXECUTIVE)
        signer = {"digest": revision.digest}
        if len(executives) == 1:
            signer |= {"name": executives[0].get_full_name(), "position": executives[0].position}
        form = ScanForm(request.POST or None, request.FILES or None, initial=signer)
    context = {"year": year, "plan": plan, "revision": revision, "form": form}
    done = _("The signature on paper is recorded.")
    return _page(request, "measures/signature.html", context, _record_signature, done)


def _record_signature(plan, form, by):
    chosen = {name: form.cleaned_data[name] for name in ("digest", "name", "position")}
    return actions.record_signature(plan=plan, by=by, upload=form.cleaned_data["scan"], **chosen)


def waiting(request, agency, year, state):
    """The plan, and its newest revision while it waits in this state; each may be None.

    To what is sent, the action answers whether it is too late.
    """
    plans = Plan.objects.visible_to(request.user).for_year(year).select_related("agency")
    plan = plans.with_publication().filter(agency=agency).first()
    if plan is None or (plan.state != state and request.method != "POST"):
        return plan, None
    revision = plan.revisions.select_related("approved_by").first()
    if revision is not None:
        revision.plan = plan
    return plan, revision


def _page(request, template, context, act, done):
    plan, form, status = context["plan"], context["form"], 200
    if revision := context["revision"]:
        context["parts"] = [(part, revision.get_report_url(part.value)) for part in Part]
    if request.method == "POST" and form is not None:
        if form.is_valid():
            try:
                told = act(plan, form, request.user)
            except ValidationError as error:
                form.add_error(_field_of(error, form), error.messages)
            except LateChange as late:
                messages.error(request, str(late))
                return redirect(plan.get_revisions_url())
            else:
                messages.success(request, done)
                say_told(request, told)
                return redirect(context["revision"].get_absolute_url())
        status = 422
    return render(request, template, context, status=status)


def _field_of(error, form):
    """The one that it speaks of; of a file the gate says only what is wrong with it."""
    named = [name for name in getattr(error, "error_dict", ()) if name in form.fields]
    if named:
        return named[0]
    return "scan" if isinstance(error, Refused) else None


def _summary(revision):
    """What an executive must know before she signs, from the frozen report itself."""
    report = revision_report(revision, Part.FULL)
    rows = [row for row in report.result.analysis.rows if row.current is not None]
    rows.sort(key=lambda row: row.current)
    return {
        "report": report,
        "analysis": report.result.analysis,
        "weakest": [(row, report.result.names[row.number]) for row in rows[:WEAKEST]],
        "rounds": [round for round in report.rounds if round.reported],
    }
