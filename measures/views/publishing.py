"""Publishing the signed report: what the public will see, one press, then what to do with it."""

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import agency_page
from accounts.forms import NamingErrors
from accounts.permissions import LateChange, Permission, State, allowed
from accounts.proof import needs_recent_proof
from measures import actions
from measures.actions.publishing import next_copy
from measures.handing_in import asked_items
from measures.models import Publication
from measures.publishing.checks import lacking, unapproved_rounds
from measures.publishing.making import MAKERS, PDF, make
from measures.publishing.official_form import answers
from measures.publishing.page import Facts, known_files, version_page
from measures.publishing.personal_data import personal_data, places_of
from measures.publishing.published import files_of
from measures.report import cache
from measures.report.content import Part
from measures.report.frozen import revision_report
from measures.report.jobs import Failure
from measures.report.qr import qr_svg
from measures.report.worker import RenderBusy, RenderFailed
from measures.views.downloads import failure_of, told_when_unmade
from measures.views.printing import printing_of
from measures.views.returning import WithdrawForm
from measures.views.signing import waiting
from measures.views.told import say_told

#: How wide a module of the QR code is, in pixels: some 9 cm at 300 dots an inch.
QR_SCALE = 30
FAILED = {
    Failure.BUSY: gettext_lazy(
        "Nothing is published yet: other documents are being made at the moment. Wait half a "
        "minute, then press “Publish” again."
    ),
    Failure.TOO_LARGE: gettext_lazy(
        "Nothing is published yet: the report is too long to be made. Have the plan reopened and "
        "shorten the longest texts of the measures and of their progress."
    ),
    Failure.FAULT: gettext_lazy(
        "Nothing is published yet: the document could not be made. Try again; if it fails once "
        "more, tell the system operator."
    ),
}
QR_KINDS = {"svg": "image/svg+xml", "png": "image/png"}


class PublicationForm(NamingErrors, forms.Form):
    """Of the revision with the digest that the page showed.

    `found`: whether something that looks like personal data is to be confirmed.
    """

    thai_digits = forms.BooleanField(
        label=gettext_lazy("Thai digits in documents"),
        help_text=gettext_lazy("The preview shows the agency's own choice."),
        required=False,
    )
    own_url = forms.CharField(
        label=Publication._meta.get_field("own_url").verbose_name,
        help_text=gettext_lazy("The page on the agency's own website that leads there."),
        required=False,
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )
    looked_at = forms.BooleanField(
        label=gettext_lazy("I have looked at what was found, and all of it may be public"),
        error_messages={
            "required": gettext_lazy(
                "Look at what was found under “Personal data”, then tick that all of it may be "
                "public."
            )
        },
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        if not found:
            del self.fields["looked_at"]

    @property
    def chosen(self):
        return {name: self.cleaned_data[name] for name in ("digest", "own_url", "thai_digits")}


@agency_page(Permission.PUBLISH)
@needs_recent_proof
def publication(request, agency, year):
    plan, revision = waiting(request, agency, year, State.SIGNED)
    context, status = {"year": year, "plan": plan, "revision": revision}, 200
    if revision is not None:
        report = revision_report(revision, Part.FULL)
        found = personal_data(report, plan.evidence.public())
        last_url = plan.publications.values_list("own_url", flat=True).first() or ""
        initial = {
            "digest": revision.digest,
            "thai_digits": agency.thai_digits,
            "own_url": last_url,
        }
        form = PublicationForm(request.POST or None, initial=initial, found=found)
        may_set_up = allowed(request.user, Permission.CHANGE_SETTINGS, agency)
        if request.method == "POST":
            if form.is_valid() and (answer := _publish(request, plan, form)):
                return answer
            status = 422
        context |= {
            "form": form,
            "report": report,
            "found": places_of(plan, found),
            "findings": [
                *unapproved_rounds(plan, report, plan.rounds.all()),
                *lacking(plan, report, revision.number, may_set_up=may_set_up),
            ],
            "parts": [(part, plan.get_preview_file_url(f"{part.value}.pdf")) for part in Part],
        }
    if plan is not None:
        context |= _published(request.user, plan)
    return render(request, "measures/publication.html", context, status=status)


def _publish(request, plan, form):
    """Where it leads; None where the form says what is wrong."""
    try:
        _made, told = actions.publish(plan=plan, by=request.user, **form.chosen)
    except ValidationError as error:
        form.add_error(None, error)
    except LateChange as late:
        messages.error(request, _who_was_first(plan) or str(late))
        return redirect(plan.get_publication_url())
    except (RenderBusy, RenderFailed) as failed:
        form.add_error(None, FAILED[failure_of(failed)])
    else:
        messages.success(request, _("The plan is published. Copy the address below."))
        say_told(request, told)
        return redirect(plan.get_publication_url())
    return None


def _who_was_first(plan):
    """Said where somebody else, or the first of two presses, has published it meanwhile."""
    newest = plan.publications.select_related("published_by").defer("data").first()
    if newest is None or newest.is_withdrawn:
        return ""
    facts = {"name": newest.published_by.get_full_name(), "version": newest.number}
    return _("%(name)s has published it meanwhile as v%(version)s.") % facts


def _published(user, plan):
    """What is public of the plan, and what one does with it; three queries."""
    people = plan.publications.select_related("published_by", "withdrawn_by", "revision")
    versions = list(people.defer("data", "revision__content"))
    if not versions:
        return {}
    for one in versions:
        one.plan, one.replaced_by = plan, one.replacement_in(versions)
    newest, more = versions[0], {}
    if not newest.is_withdrawn:
        address = settings.PORTAL_URL + newest.get_newest_url()
        more = {
            "newest": newest,
            "address": address,
            "fixed_address": settings.PORTAL_URL + newest.get_absolute_url(),
            "qr": qr_svg(address, _("QR code of the public address")),
            "answers": answers(newest, asked_items(plan.year)),
            "files": files_of(newest),
        }
    may_withdraw = allowed(user, Permission.WITHDRAW, plan.agency)
    return {"versions": versions, "may_withdraw": may_withdraw} | more


@agency_page(Permission.WITHDRAW)
def withdraw(request, agency, year, number):
    """Asks for the reason, and withdraws one version."""
    versions = Publication.objects.at(agency.code, year).defer("data")
    publication = get_object_or_404(versions, number=number)
    plan, form = publication.plan, WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = actions.withdraw_publication(
                publication=publication, by=request.user, **form.cleaned_data
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("v%(version)s was withdrawn.") % {"version": number})
            say_told(request, told)
            return redirect(plan.get_publication_url())
    elif publication.is_withdrawn:
        return redirect(plan.get_publication_url())
    context = {
        "year": year,
        "plan": plan,
        "publication": publication,
        "others": versions.filter(withdrawn_at=None).exclude(pk=publication.pk),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "measures/publication_withdraw.html", context, status=status)


@require_safe
@agency_page(Permission.PUBLISH)
def preview(request, agency, year):
    """The very page of the public, with a sentence above it that it is not public yet."""
    copy = _waiting_copy(request, agency, year)
    if copy is None:
        return redirect("measures:publication", agency.code, year)
    plan = copy.revision.plan
    files = known_files((name, plan.get_preview_file_url(name), None, "") for name in MAKERS)
    facts = Facts(number=copy.number, published_at=copy.at, files=files)
    banner = _("Preview before publishing: only those who may publish see this page.")
    return HttpResponse(version_page(copy.data, facts, banner=banner))


@require_safe
@agency_page(Permission.PUBLISH)
@told_when_unmade
def preview_file(request, agency, year, name):
    if name not in MAKERS:
        raise Http404
    copy = _waiting_copy(request, agency, year)
    if copy is None:
        return redirect("measures:publication", agency.code, year)
    file = make(copy, name)
    _note_preview(request, copy, name)
    kind = "inline" if file.media_type == PDF else "attachment"
    headers = {"Content-Disposition": f'{kind}; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(file.content, content_type=file.media_type, headers=headers)


def _note_preview(request, copy, name):
    """Once in a session for the same file of the same revision, as it is looked at again."""
    revision = copy.revision
    facts = (request.session.session_key, revision.digest, name, copy.thai_digits)
    told = cache.name_of("preview", *facts) + ".told"
    if not cache.has(told):
        actions.record_document(
            plan=revision.plan, document=name, by=request.user, revision=revision.number
        )
        cache.put(told)


def _waiting_copy(request, agency, year):
    """None where nothing waits to be published, or no longer."""
    plan, revision = waiting(request, agency, year, State.SIGNED)
    if revision is None:
        return None
    return next_copy(plan, revision, printing_of(request, agency).thai_digits)


@require_safe
@agency_page(Permission.PUBLISH)
def qr(request, agency, year, kind):
    """Of the address of whatever version is the newest."""
    if kind not in QR_KINDS:
        raise Http404
    found = get_object_or_404(Publication.objects.at(agency.code, year).defer("data")[:1])
    code = segno.make(settings.PORTAL_URL + found.get_newest_url(), error="m", micro=False)
    response = HttpResponse(content_type=QR_KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="qr-{agency.code}-{year}.{kind}"'
    code.save(response, kind=kind, border=4, scale=QR_SCALE)
    return response
