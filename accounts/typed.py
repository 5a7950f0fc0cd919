"""What was typed into a form that cannot be taken, for a page from which it can be copied."""

import re

#: All forms with texts are below it.
TEXT_FORMS = "/a/"
#: Names of what is carried along, chosen or pressed, and of what proves who she is.
NOT_TYPED = re.compile(
    "csrfmiddlewaretoken|once|confirmed|initial-.*|.*version|.*_choice|.*state|.*kind|role|indicators?"
    "|published-level|up|down|moved|ids|row|back|resolved|seen|digest|proof"
)


def typed_texts(request):
    """The texts of the request, in the order of the form; empty for a form of choices only."""
    if request.method != "POST" or not request.path.startswith(TEXT_FORMS):
        return []
    return [
        text
        for name, text in request.POST.items()
        if text.strip() and not NOT_TYPED.fullmatch(name)
    ]
