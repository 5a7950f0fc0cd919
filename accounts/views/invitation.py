"""Codes on paper: the page that is printed, and the public one where a code is used."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import InvitationForm
from accounts.invitations import VALID_FOR, use_code


def code_page(request, people, back, agency=None):
    """The paper of each (person, code); it answers the POST itself, so that no code is kept.

    Sent again, the form leads `back`: another code would take the first one's place.
    """
    context = {
        "people": people,
        "agency": agency,
        "address": request.build_absolute_uri(reverse("account_invitation")),
        "valid_until": timezone.localdate(timezone.now() + VALID_FOR),
        "back": back,
    }
    response = render(request, "accounts/invitation_codes.html", context)
    response.sent_again_leads_to = back
    return response


@sensitive_post_parameters()
def invitation(request):
    if request.user.is_authenticated:
        return redirect("home")
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        # Wrong codes alone are counted: one office is often one address.
        if not ratelimit.consume(request, action="invitation", dry_run=True):
            return ratelimit.respond_429(request)
        try:
            user = use_code(**form.facts)
        except ValidationError as error:
            form.add_error("password1", error)
        else:
            if user is not None:
                get_adapter().forget_failures(request, user.username)
                return perform_login(request, user)
            ratelimit.consume(request, action="invitation")
            form.add_error(
                None,
                _(
                    "The username and the code do not match, or the code has expired or was used "
                    "before. Check both on the paper, or ask an admin of your agency for a new one."
                ),
            )
    return render(request, "account/invitation.html", {"form": form})
