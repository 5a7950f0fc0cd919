import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

#: A short code a request; the error page shows it, so that a log line can be found by it.
request_code: ContextVar[str] = ContextVar("request_code", default="")


class JsonFormatter(logging.Formatter):
    """One JSON object a line. Names, texts and addresses of people are never passed to it."""

    FIELDS = ("method", "path", "status", "user", "ms")

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if code := request_code.get():
            line["request"] = code
        line |= {name: getattr(record, name) for name in self.FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
