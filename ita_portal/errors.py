"""Error pages. None needs the database or a session: they must come up when those fail."""

from django.http import HttpResponse
from django.template.loader import render_to_string

from accounts.typed import typed_texts


def _page(name, status, **context):
    return HttpResponse(render_to_string(f"errors/{name}.html", context), status=status)


def bad_request(request, exception):
    return _page("400", 400)


def permission_denied(request, exception):
    return _page("403", 403, reason=exception.args[0] if exception.args else "")


def not_found(request, exception):
    return _page("404", 404)


def too_many_requests(request):
    return _page("429", 429)


def server_error(request):
    return _page("500", 500, code=getattr(request, "code", ""))


def csrf_failure(request, reason=""):
    return _page("csrf", 403, typed=typed_texts(request))
