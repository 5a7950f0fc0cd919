"""Scores as people type and read them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import Enum

from django.utils.translation import gettext as _

NONE_MARK = "–"

_THAI = "๐๑๒๓๔๕๖๗๘๙"
_TO_ASCII = str.maketrans(_THAI, "0123456789")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_BLANK = {"", "-", "–", "—", "ไม่มี"}

_SCORE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")
_SIGNED = re.compile(r"[-−]?[0-9]+(?:\.[0-9]+)?")
_COMMA = re.compile(r"([0-9]{1,3}),([0-9]{1,2})")


class ScoreProblem(Enum):
    NUMBER = "number"
    RANGE = "range"
    DECIMALS = "decimals"
    COMMA = "comma"


class ScoreError(ValueError):
    """Text that is no score; `suggestion` is what may have been meant, never taken silently."""

    def __init__(self, code: ScoreProblem, typed: str, suggestion: Decimal | None = None):
        super().__init__(code, typed, suggestion)
        self.code = code
        self.typed = typed
        self.suggestion = suggestion

    def message(self, of: int | str) -> str:
        """In the active language; `of` is the indicator's number, or the score's name."""
        facts = {
            "score": score_name(of) if isinstance(of, int) else of,
            "typed": self.typed,
            "suggestion": format_score(self.suggestion),
        }
        return self._text() % facts

    def _text(self) -> str:
        match self.code:
            case ScoreProblem.COMMA:
                return _(
                    "%(score)s: separate decimals with a point (.), not a comma (,) "
                    "(%(typed)s was entered; is %(suggestion)s meant?)"
                )
            case ScoreProblem.DECIMALS:
                return _("%(score)s can have at most 2 decimal places")
            case ScoreProblem.RANGE if self.suggestion is not None:
                return _(
                    "%(score)s must be between 0 and 100 "
                    "(%(typed)s was entered; is %(suggestion)s meant?)"
                )
            case ScoreProblem.RANGE:
                return _("%(score)s must be between 0 and 100")
            case _:
                return _("%(score)s must be a number, such as 87.54")


def score_name(number: int) -> str:
    return _("The score of indicator %(number)s") % {"number": number}


def numeric_text(text: str) -> str:
    """ASCII digits, no invisible characters, no outer spaces; NFC, as NFKC would let ８７ pass."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return visible.translate(_TO_ASCII).strip()


def parse_score(text: str) -> Decimal | None:
    """0 to 100 with at most two places, None for an empty cell; raises ScoreError."""
    plain = numeric_text(text)
    if plain in _BLANK:
        return None
    plain = plain.removesuffix("%").rstrip()
    if _SCORE.fullmatch(plain) and Decimal(plain) <= 100:
        return Decimal(plain).quantize(Decimal("0.01"))
    raise _refusal(plain)


def format_score(value: Decimal | None) -> str:
    return NONE_MARK if value is None else f"{value:.2f}"


def format_change(value: Decimal | None) -> str:
    """With its sign: +0.58, −31.58 (a true minus), 0.00."""
    if value is None:
        return NONE_MARK
    return f"{value:+.2f}".replace("-", "−") if value else "0.00"


def format_threshold(value: Decimal) -> str:
    """80 rather than 80.00, as the rules are spoken of."""
    return str(int(value)) if value == int(value) else format_score(value)


def _refusal(plain: str) -> ScoreError:
    comma = _COMMA.fullmatch(plain)
    if comma and (meant := Decimal(".".join(comma.groups()))) <= 100:
        return ScoreError(ScoreProblem.COMMA, plain, meant)
    if not _SIGNED.fullmatch(plain):
        return ScoreError(ScoreProblem.NUMBER, plain)
    if plain[0] in "-−" or Decimal(plain) > 100:
        return ScoreError(ScoreProblem.RANGE, plain, _misplaced_point(plain))
    return ScoreError(ScoreProblem.DECIMALS, plain)


def _misplaced_point(plain: str) -> Decimal | None:
    """875.4 and 8754 look like 87.54 with the point lost or moved."""
    digits = plain.replace(".", "")
    return Decimal(digits).scaleb(-2) if re.fullmatch("[1-9][0-9]{3}", digits) else None
