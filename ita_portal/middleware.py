import logging
import random
import re
import time

from csp.constants import HEADER as CONTENT_SECURITY_POLICY
from csp.utils import build_policy
from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpResponsePermanentRedirect
from django.urls import is_valid_path, resolve
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from ita_portal.errors import content_too_large
from ita_portal.logs import request_code

logger = logging.getLogger("ita_portal.requests")
# No letters or digits that are mistaken for another when read out on the telephone.
CODE_LETTERS = "ACDEFHJKMNPRTWXY34679"
# The link of a password reset is as good as a password.
SECRET_PART = re.compile(r"(?<=/reset/key/)[^/]+-[^/]+")
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=()"


class ContentPolicyMiddleware:
    """What a page may load, where its view does not say so: put together once, as no page differs.

    Django's own pages of errors, with DEBUG, are styled within.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request):
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault(CONTENT_SECURITY_POLICY, self.policy)
        return response


class RequestLogMiddleware:
    """Gives each request a short code and writes one line about it, without its query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Found by, not guarded by: no secret, and so without a call to the system a letter.
        request.code = "".join(random.choices(CODE_LETTERS, k=6))
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


class PublicPagesMiddleware:
    """Answers what anybody may read, in Thai and with no session: no cookie is read or set."""

    PATHS = ("/p/", "/api/")
    HEADERS = {
        "Content-Language": "th",
        "X-Frame-Options": "DENY",
        "Permissions-Policy": PERMISSIONS_POLICY,
        # Open data: scripts of other sites may read it, as they read it as nobody.
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
        # Asked for anew each time: what was published or withdrawn shows at once.
        "Cache-Control": "public, no-cache",
    }

    def __init__(self, get_response):
        self.get_response = get_response
        self.answer = convert_exception_to_response(self._answer)

    def __call__(self, request):
        # What is sent, which may be long, goes the way that limits it.
        if (
            not request.path_info.startswith(self.PATHS)
            or request.method not in ("GET", "HEAD")
            or request.META.get("CONTENT_LENGTH")
        ):
            return self.get_response(request)
        request.is_public = True
        with translation.override("th"):
            response = self.answer(request)
        lacks_slash = response.status_code == 404 and not request.path_info.endswith("/")
        if lacks_slash and is_valid_path(f"{request.path_info}/"):
            response = HttpResponsePermanentRedirect(request.get_full_path(True))
        for name, value in self.HEADERS.items():
            response.headers.setdefault(name, value)
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    def _answer(self, request):
        request.get_host()
        request.resolver_match = match = resolve(request.path_info)
        return match.func(request, *match.args, **match.kwargs)


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
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
