import logging
import secrets
import time

from django.utils.cache import add_never_cache_headers

from ita_portal.logs import request_code

logger = logging.getLogger("ita_portal.requests")
# No letters or digits that are mistaken for another when read out on the telephone.
CODE_LETTERS = "ACDEFHJKMNPRTWXY34679"


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
                    "path": request.path,
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )
            return response
        finally:
            request_code.reset(token)


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
