"""Writes the paragraphs of the analysis in the officer's words."""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import events
from accounts.permissions import Permission
from accounts.signs import validate_printable
from accounts.versioning import save_if_current
from assessments import live_text
from assessments.actions.scores import locked, may_edit
from assessments.models import AnalysisText, Assessment
from assessments.results import two_years
from assessments.texts import SectionText, fingerprint, texts_of
from assessments.typed_figures import typed_figures


@transaction.atomic
def save_text(*, agency, year, section, text, version, by, shown_with=""):
    """Keeps a paragraph of the official result; figures that stand as they stood follow the scores.

    An empty text brings back the generated one. `shown_with` is the fingerprint of the facts she
    saw. Returns the SectionText. Raises StaleWrite, ValidationError, KeyError for an unknown
    section and Assessment.DoesNotExist without a result.
    """
    result = locked(agency=agency, framework__year=year, kind=Assessment.Kind.OFFICIAL)
    if result is None:
        raise Assessment.DoesNotExist
    result.agency = agency
    may_edit(result, by, Permission.EDIT_ANALYSIS)
    texts = texts_of(two_years(agency, year).current)
    old = {one.section: one for one in texts}[section]
    before, text = old.text, clean(text, old.paragraph.title)
    outdated = shown_with not in {"", fingerprint(texts)}
    template = _template(text, old, outdated)
    facts = _facts(template, old, outdated) if template else {}
    row = old.row or AnalysisText(section=section)
    row.assessment = result
    if (template, facts) == (row.text, row.facts):
        return old
    if row.pk is None:
        row.save()
    save_if_current(row, version=version, by=by, text=template, facts=facts)
    new = SectionText(old.paragraph, row)
    events.record(
        verb="analysis_text.saved" if new.text != before else "analysis_text.checked",
        by=by,
        agency=agency,
        obj=row,
        before={section: before},
        after={section: new.text},
    )
    return new


def clean(text, title):
    """The text as it is stored; raises ValidationError for one that is too long or unprintable."""
    plain = live_text.without_marks(unicodedata.normalize("NFC", text))
    lines = [" ".join(line.split()) for line in plain.splitlines()]
    plain = "\n".join(line for line in lines if line)
    limit = AnalysisText._meta.get_field("text").max_length
    if (over := len(plain) - limit) > 0:
        raise ValidationError(
            _(
                "%(field)s: %(length)s characters. No more than %(limit)s are allowed; "
                "take out at least %(over)s."
            )
            % {
                "field": title,
                "length": f"{len(plain):,}",
                "limit": f"{limit:,}",
                "over": f"{over:,}",
            }
        )
    validate_printable(plain)
    return plain


def _template(text, old: SectionText, outdated):
    """Empty for the generated text, which may also have been typed in again."""
    if text in {"", old.generated}:
        return ""
    printed = old.paragraph.printed
    sources = [(old.template, old.facts)]
    if old.is_own:
        # What an earlier save has lost is live again when it is put back.
        sources.append((old.paragraph.template, printed))
    if outdated:
        sources.append((old.template, {**printed, **old.seen}))
    template = live_text.anchor(text, sources)
    gone = set(live_text.keys_of(template)) - set(printed)
    return live_text.settle(template, {key: old.facts[key] for key in gone})


def _facts(template, old: SectionText, outdated):
    """What the text prints, speaks of and was made from, as she has now seen it."""
    printed, live = old.paragraph.printed, live_text.keys_of(template)
    spoken_of = typed_figures(template, old.paragraph.template, printed, old.spoken_of)
    known = [key for key in spoken_of.values() if key in printed]
    keys = dict.fromkeys([*live, *old.paragraph.keys, *known])
    if not outdated:
        return {key: printed[key] for key in keys} | spoken_of
    seen = {key: old.seen.get(key, printed[key] if key in live else "") for key in keys}
    return seen | spoken_of
