"""Text that a spreadsheet program would run as a formula, made harmless and back."""

import re

#: Excel with an East Asian keyboard takes the full-width signs too.
_RISKY = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")


def escape(text: str) -> str:
    return f"'{text}" if _RISKY.match(text) else text


def unescape(text: str) -> str:
    """Undoes `escape` exactly; other apostrophes stay."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text
