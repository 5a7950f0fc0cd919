from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.proof import ProofForm, is_own_address


@login_required
def proof(request):
    """Asks for the password or a code again, and leads back to where one was going."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    if not is_own_address(request, back):
        back = reverse("home")
    form = ProofForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        return redirect(back)
    return render(request, "accounts/proof.html", {"form": form, "back": back})
