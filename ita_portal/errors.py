"""Error pages. The 500 page needs no database, no session and no template of an app."""

from django.shortcuts import render


def bad_request(request, exception):
    return render(request, "errors/400.html", status=400)


def permission_denied(request, exception):
    # Text of our own exceptions only: anything else could tell what it should not.
    reason = exception.args[0] if exception.args else ""
    return render(request, "errors/403.html", {"reason": reason}, status=403)


def not_found(request, exception):
    return render(request, "errors/404.html", status=404)


def too_many_requests(request):
    return render(request, "errors/429.html", status=429)


def server_error(request):
    return render(request, "errors/500.html", {"code": getattr(request, "code", "")}, status=500)


def csrf_failure(request, reason=""):
    return render(request, "errors/csrf.html", status=403)
