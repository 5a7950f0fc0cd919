from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import actions, events, sessions
from accounts.forms import DetailsForm
from accounts.proof import ProofForm, is_own_address, needs_recent_proof


@sensitive_post_parameters()
@login_required
def proof(request):
    """Asks for the password or a code again, and leads back to where one was going."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    if not is_own_address(request, back):
        back = reverse("home")
    form = ProofForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        return redirect(back)
    return render(request, "account/proof.html", {"form": form, "back": back})


@login_required
@needs_recent_proof
def details(request):
    """One's own name and position, as they will be printed from now on."""
    form = DetailsForm(request.POST if request.method == "POST" else None, of=request.user)
    if form.is_valid():
        actions.change_details(user=request.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your name and position were saved."))
        return redirect("account_details")
    return render(request, "account/details.html", {"form": form})


@login_required
@require_POST
def sign_out_everywhere(request):
    sessions.end_all(user=request.user)
    logout(request)
    messages.success(request, _("You have signed out on all devices."))
    return redirect("account_login")


class Recorded:
    """Mixed into a page of allauth's that changes the second factor: leaves an event."""

    def form_valid(self, form):
        user = self.request.user
        with transaction.atomic():
            response = super().form_valid(form)
            events.record(verb=self.verb, by=user, agency=None, obj=user)
        return response


class SetUpSecondFactor(Recorded, ActivateTOTPView):
    verb = "user.second_factor_set"


class RemoveSecondFactor(Recorded, DeactivateTOTPView):
    verb = "user.second_factor_removed"


class RenewRecoveryCodes(Recorded, GenerateRecoveryCodesView):
    verb = "user.recovery_codes_renewed"
