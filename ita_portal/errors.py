"""Error pages. None needs the database or a session: they must come up when those fail.

But for the refusal of somebody who has signed in: that needed both already.
"""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.access import wants_json
from accounts.typed import typed_texts


def _page(name, status, **context):
    return HttpResponse(render_to_string(f"errors/{name}.html", context), status=status)


def _frame(request):
    """Of the public pages, which lead nowhere that asks to sign in, or of the portal's own."""
    return "public/error.html" if getattr(request, "is_public", False) else "errors/base.html"


def bad_request(request, exception):
    return _page("400", 400, frame=_frame(request))


def permission_denied(request, exception):
    reason = exception.args[0] if exception.args else ""
    if wants_json(request):
        return JsonResponse({"message": str(reason)}, status=403)
    context = {"reason": reason}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        # With the frame, which holds the ways to what she may open.
        return render(request, "errors/refused.html", context, status=403)
    return _page("403", 403, **context)


def not_found(request, exception):
    if wants_json(request):
        return JsonResponse({"message": _("This page was not found")}, status=404)
    return _page("404", 404, frame=_frame(request))


def content_too_large(request, length):
    megabytes = 1024 * 1024
    facts = {"size": -(-length // megabytes), "most": settings.MAX_REQUEST_BYTES // megabytes}
    if wants_json(request):
        message = _("What you sent has %(size)s MB, more than %(most)s MB.") % facts
        return JsonResponse({"message": message}, status=413)
    return _page("413", 413, **facts)


def too_many_requests(request):
    return _page("429", 429)


def server_error(request):
    return _page("500", 500, frame=_frame(request), code=getattr(request, "code", ""))


def csrf_failure(request, reason=""):
    if wants_json(request):
        # The page of the script fetches a new token and sends again what is still in it.
        message = _("The page was open too long")
        return JsonResponse({"message": message, "outdated": True}, status=403)
    return _page("csrf", 403, typed=typed_texts(request))
