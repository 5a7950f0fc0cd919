"""Cleaning and checking what is typed into issues, measures and progress: one rule a field."""

from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.signs import sign_list, unprintable_signs
from measures.report.typography import LEGIBLE
from measures.text_lists import heading, normalise, one_line

#: Every other text is a list that is numbered where it has no marks of its own.
CLEANERS = {
    "title": heading,
    "period": one_line,
    "responsible": partial(normalise, numbered=False),
    "note": partial(normalise, numbered=False),
    "text": partial(normalise, numbered=False),
    "signer_name": one_line,
    "signer_position": one_line,
}


def clean_texts(model, values):
    """The texts as they are stored; raises ValidationError with a message for each wrong field."""
    cleaned = {name: CLEANERS.get(name, normalise)(text) for name, text in values.items()}
    errors = {
        name: _error(model._meta.get_field(name), text) or _unprintable(model, name, text, values)
        for name, text in cleaned.items()
    }
    if errors := {name: error for name, error in errors.items() if error}:
        raise ValidationError(errors)
    return cleaned


def _error(field, text):
    if not text and not field.blank:
        return _("Fill in: %(field)s") % {"field": field.verbose_name}
    over = len(text) - field.max_length
    if over <= 0:
        return ""
    return _(
        "%(field)s: %(length)s characters. No more than %(limit)s are allowed; "
        "take out at least %(over)s."
    ) % {
        "field": field.verbose_name,
        "length": f"{len(text):,}",
        "limit": f"{field.max_length:,}",
        "over": f"{over:,}",
    }


def _unprintable(model, name, text, typed):
    """Refused where it is typed: nobody could tell afterwards why there is no report."""
    signs = unprintable_signs(text.translate(LEGIBLE))
    if not signs:
        return ""
    return _("%(field)s: the reports cannot show %(signs)s. Take it out or write it in words.") % {
        "field": model._meta.get_field(name).verbose_name,
        "signs": sign_list(signs, typed[name]),
    }
