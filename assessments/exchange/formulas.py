"""Text that a spreadsheet program would run as a formula, made harmless and back."""

import re

_RISKY = re.compile(r"'*[=+\-@\t\r]")


def escape(text: str) -> str:
    return f"'{text}" if _RISKY.match(text) else text


def unescape(text: str) -> str:
    """Undoes `escape` exactly; other apostrophes stay."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text
