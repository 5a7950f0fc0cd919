"""What was typed into a form that cannot be taken, for a page from which it can be copied."""

#: All forms with texts are below it, and none with a password.
TEXT_FORMS = "/a/"
NOT_TYPED = ("csrfmiddlewaretoken", "confirmed", "version", "choice", "state", "kind", "role")


def typed_texts(request):
    """The texts of the request, in the order of the form; empty for a form of choices only."""
    if request.method != "POST" or not request.path.startswith(TEXT_FORMS):
        return []
    return [
        text
        for name, text in request.POST.items()
        if text.strip() and not name.startswith("initial-") and not name.endswith(NOT_TYPED)
    ]
