from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import agency_page, can
from accounts.permissions import LateChange, Permission
from accounts.saving import UnreadableCells, conflict, person_to, refused, saved, saves_cells
from accounts.versioning import StaleWrite
from assessments.actions import save_text
from assessments.fiscal import local_datetime, local_time
from assessments.models import Assessment
from assessments.narrative import TITLES
from assessments.results import TwoYears, official
from assessments.texts import fingerprint, texts_of


def texts_context(request, years: TwoYears):
    """What parts/texts.html needs. One query."""
    result, texts = years.current, texts_of(years.current)
    is_official = result is not None and result.kind == Assessment.Kind.OFFICIAL
    where = [years.agency.code, years.framework.year]
    address = reverse("assessments:analysis-texts", args=where)
    return {
        "all": texts,
        "changed": [one for one in texts if one.changes],
        "may_edit": is_official and can(request, Permission.EDIT_ANALYSIS, result.state),
        "url": f"{address}?shown-with={fingerprint(texts)}",
    }


@agency_page(Permission.EDIT_ANALYSIS)
def texts(request, agency, year):
    """Saves paragraphs of the analysis in the officer's own words."""
    page = reverse("assessments:analysis", args=[agency.code, year])
    if "cells" in request.POST:
        return _as_typed(request, agency=agency, year=year)
    section = next((one for one in TITLES if one in request.POST), None)
    if section is None:
        return redirect(f"{page}#texts")
    form = TextForm(request.POST, section=section)
    status = 200
    if form.is_valid():
        text = "" if "generated" in request.POST else form.cleaned_data[section]
        version = form.cleaned_data[form.version]
        try:
            _save(request, agency, year, section, text, version)
        except ValidationError as error:
            form.add_error(section, error)
        except LateChange as late:
            form.add_error(None, late.args[0])
            status = 409
        except StaleWrite:
            form = form.beside(_now(agency, year, section), request.user)
            status = 409
        else:
            return redirect(f"{page}#text-{section}")
    context = {"year": year, "form": form, "url": request.get_full_path(), "back": f"{page}#texts"}
    return render(request, "assessments/text.html", context, status=status)


class TextForm(forms.Form):
    """One paragraph, for a browser without scripts; named as its section is."""

    def __init__(self, *args, section, **kwargs):
        super().__init__(*args, **kwargs)
        self.version, self.other = f"{section}-version", None
        self.section, self.section_title = section, TITLES[section]
        area = forms.Textarea(attrs={"rows": 12, "lang": "th"})
        self.fields[section] = forms.CharField(
            label=TITLES[section], required=False, strip=False, widget=area
        )
        self.fields[self.version] = forms.IntegerField(widget=forms.HiddenInput)

    def beside(self, theirs, reader):
        """The form with what was typed and the text that somebody else has saved meanwhile."""
        data = self.data.copy()
        data[self.version] = theirs.version
        form = TextForm(data, section=self.section)
        form.other = theirs
        form.add_error(
            None,
            _(
                "%(name)s saved this on %(time)s, after you opened the page. Your text is in the "
                "form and the saved one below it: bring them together and save again."
            )
            % {
                "name": person_to(reader, theirs.row.updated_by),
                "time": local_datetime(theirs.row.updated_at, "short"),
            },
        )
        return form


@saves_cells
def _as_typed(request, agency, year, cells):
    return [_answer(request, agency, year, cell) for cell in cells]


def _answer(request, agency, year, cell):
    if cell.key not in TITLES:
        raise UnreadableCells
    try:
        now = _save(request, agency, year, cell.key, cell.value, cell.version)
    except ValidationError as error:
        return refused(cell.key, error.messages[0])
    except StaleWrite:
        now = _now(agency, year, cell.key)
        return conflict(
            cell.key,
            yours=cell.value,
            theirs=now.text,
            version=now.version,
            person=person_to(request.user, now.row.updated_by),
            time=local_datetime(now.row.updated_at, "short"),
        )
    time = local_time(timezone.now())
    answer = saved(cell.key, value=now.text, version=now.version, time=time)
    return answer | {
        "pieces": [{"text": one.text, "live": bool(one.key)} for one in now.pieces],
        "live": now.live,
        "typed": [one.sentence for one in now.typed],
    }


def _save(request, agency, year, section, text, version):
    try:
        return save_text(
            agency=agency,
            year=year,
            section=section,
            text=text,
            version=version,
            by=request.user,
            shown_with=request.GET.get("shown-with", ""),
        )
    except Assessment.DoesNotExist as missing:
        raise Http404 from missing


def _now(agency, year, section):
    texts = texts_of(official(agency, year))
    return next(one for one in texts if one.section == section)
