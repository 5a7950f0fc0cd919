"""Publishing the signed report: what the public will see, then one press."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import agency_page
from accounts.forms import NamingErrors
from accounts.permissions import LateChange, Permission, State
from accounts.proof import needs_recent_proof
from measures import actions
from measures.models import Publication
from measures.report.content import Part
from measures.report.worker import RenderBusy, RenderFailed
from measures.views.signing import waiting
from measures.views.told import say_told


class PublicationForm(NamingErrors, forms.Form):
    """Of the revision with the digest that the page showed."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    thai_digits = forms.BooleanField(label=gettext_lazy("Thai digits in documents"), required=False)
    own_url = forms.CharField(
        label=Publication._meta.get_field("own_url").verbose_name,
        help_text=gettext_lazy("Optional: the page on the agency's own website that leads there."),
        required=False,
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )


@agency_page(Permission.PUBLISH)
@needs_recent_proof
def publication(request, agency, year):
    plan, revision = waiting(request, agency, year, State.SIGNED)
    form, status = None, 200
    if revision is not None:
        initial = {"digest": revision.digest, "thai_digits": agency.thai_digits}
        form = PublicationForm(request.POST or None, initial=initial)
    if form is not None and form.is_valid():
        try:
            made, told = actions.publish(plan=plan, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except LateChange as late:
            messages.error(request, str(late))
            return redirect(plan.get_revisions_url())
        except (RenderBusy, RenderFailed):
            form.add_error(None, _("The document could not be made. Try again in a moment."))
        else:
            messages.success(request, _("The plan is published."))
            say_told(request, told)
            return redirect(made.revision.get_absolute_url())
    if request.method == "POST":
        status = 422
    context = {"year": year, "plan": plan, "revision": revision, "form": form}
    if revision is not None:
        context["parts"] = [(part, revision.get_report_url(part.value)) for part in Part]
    return render(request, "measures/publication.html", context, status=status)
