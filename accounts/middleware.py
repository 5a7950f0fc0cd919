from django.shortcuts import redirect

#: What a person with an initial password may reach before she has chosen her own.
OPEN_TO_NEWCOMERS = {"account_change_password", "account_logout", "set_language", "health"}


class InitialPasswordMiddleware:
    """Leads a person whose password somebody else made to the page where she chooses her own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.resolver_match.view_name in OPEN_TO_NEWCOMERS:
            return None
        if getattr(request.user, "must_change_password", False):
            return redirect("account_change_password")
        return None
