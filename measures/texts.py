"""Cleaning and checking what is typed into issues, measures and progress: one rule a field."""

from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from measures.text_lists import normalise, one_line

#: Every other text is a list that is numbered where it has no marks of its own.
CLEANERS = {
    "title": one_line,
    "period": one_line,
    "responsible": partial(normalise, numbered=False),
}


def clean_texts(model, values):
    """The texts as they are stored; raises ValidationError with a message for each wrong field."""
    cleaned = {name: CLEANERS.get(name, normalise)(text) for name, text in values.items()}
    errors = {name: _error(model._meta.get_field(name), text) for name, text in cleaned.items()}
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
