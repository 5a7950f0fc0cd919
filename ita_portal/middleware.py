import logging
import re
import secrets
import time

from django.conf import settings
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from ita_portal.errors import content_too_large
from ita_portal.logs import request_code

logger = logging.getLogger("ita_portal.requests")
# No letters or digits that are mistaken for another when read out on the telephone.
CODE_LETTERS = "ACDEFHJKMNPRTWXY34679"
# The link of a password reset is as good as a password.
SECRET_PART = re.compile(r"(?<=/reset/key/)[^/]+-[^/]+")


class RequestLogMiddleware:
    """Gives each request a short code and writes one line about it, without its query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.code = "".join(secrets.choice(CODE_LETTERS) for _ in range(6))
        token = request_code.set(request.code)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            logger.info(
                "request",
                extra={
                    "method": request.method,
                    "path": SECRET_PART.sub("...", request.path),
                    "status": response.status_code,
                    # Who it was, where the page has asked: a number, not a name.
                    "user": getattr(getattr(request, "_cached_user", None), "pk", None),
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )
            return response
        finally:
            request_code.reset(token)


class BodyLimitMiddleware:
    """Refuses what is too large by its announced length, before any of it is read.

    And frees the thread of one who stops sending: gunicorn's own time limit does not.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > settings.MAX_REQUEST_BYTES:
            return content_too_large(request, length)
        if length and (connection := request.META.get("gunicorn.socket")):
            connection.settimeout(settings.BODY_TIMEOUT)
        return self.get_response(request)


class LanguageMiddleware:
    """Thai until the visitor chooses otherwise: many Thai offices run English browsers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        known = chosen in dict(settings.LANGUAGES)
        translation.activate(chosen if known else settings.LANGUAGE_CODE)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        patch_vary_headers(response, ["Cookie"])
        return response


class PrivatePagesMiddleware:
    """Keeps what people see out of caches, so that Back after signing out shows nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
