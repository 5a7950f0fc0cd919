"""A table copied from elsewhere: read, shown beside what is stored, and only then kept."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import agency_page, wants_json
from accounts.permissions import LateChange, Permission, State
from assessments.actions import ImportOutdated, ScoreChange, enter_pasted
from assessments.cells import cell_name, cell_text
from assessments.exchange.names import Names
from assessments.exchange.pasting import Scored, read_paste
from assessments.models import Assessment, Framework, SubScore, result_url
from assessments.numbers import parse_score
from assessments.views.carried import carried_back, carry
from assessments.views.scores import no_framework, readonly_reason
from assessments.what_if import listed


@agency_page(Permission.EDIT_SCORES)
def paste(request, agency, year, kind):
    """Reads a table copied from elsewhere and shows what it gives before anything is kept."""
    known = Framework.objects.prefetch_related("instruments__indicators", "levels")
    frameworks = {framework.year: framework for framework in known}
    if year not in frameworks:
        return no_framework(request, year)
    return _Paste(request, agency, year, kind, frameworks).respond()


@dataclass(frozen=True)
class Row:
    key: str
    name: str
    now: Decimal | None
    after: Decimal | None
    version: int

    @property
    def differs(self):
        return self.now != self.after


@dataclass
class PastedYear:
    """What the table gives for one year; `refused` says why nothing of it is taken."""

    year: int
    rows: list[Row] = field(default_factory=list)
    refused: str = ""

    @cached_property
    def changes(self):
        return [] if self.refused else [row for row in self.rows if row.differs]


class _Paste:
    def __init__(self, request, agency, year, kind, frameworks):
        self.request, self.agency, self.year, self.kind = request, agency, year, kind
        self.frameworks = frameworks
        self.results = {}
        marked = SubScore.objects.filter(assessment=OuterRef("pk"), value__isnull=False)
        # Every other year is official: a table of the past is never of a self-assessment.
        found = Assessment.objects.filter(
            Q(framework__year=year, kind=kind)
            | ~Q(framework__year=year) & Q(kind=Assessment.Kind.OFFICIAL),
            agency=agency,
        ).annotate(marked=Exists(marked))
        for result in found.select_related("framework").prefetch_related("scores"):
            result.agency, result.framework = agency, frameworks[result.framework.year]
            self.results[result.year] = result

    def respond(self):
        if self.request.method != "POST":
            return self._page()
        if "confirmed" in self.request.POST:
            return self._confirm()
        text = self.request.POST.get("text", "")
        if not wants_json(self.request):
            return self._preview(text, self._order())
        return self._answer(text)

    def _read(self, text, order=None):
        pasted = read_paste(
            text,
            {year: Scored(Names.of(one), one.rules()) for year, one in self.frameworks.items()},
            self.year,
            order=order,
            stored={
                year: {key: score.value for key, score in result.cells.items()}
                for year, result in self.results.items()
            },
        )
        if self.kind == Assessment.Kind.OFFICIAL and "ประเมินตนเอง" in text:
            pasted.doubts.append(
                _(
                    "The text speaks of a self-assessment, but this is the page of the official "
                    "result. Paste only what was announced."
                )
            )
        return pasted

    def _order(self):
        """The years of the first and the second column, as chosen on the page."""
        chosen = self.request.POST.get("order_choice", "")
        orders = {"earlier": (self.year - 1, self.year), "later": (self.year, self.year - 1)}
        return orders.get(chosen)

    def _answer(self, text):
        """For the grid: the scores when there is nothing to look at first."""
        pasted = self._read(text)
        framework = self.frameworks[self.year]
        keys = [f"i{indicator.number}" for indicator in framework.ordered_indicators()]
        values = pasted.years.get(self.year, {})
        if not pasted.sure_of(self.year, keys) or self._finer(self.year, values):
            return JsonResponse({"sure": False})
        cells = {key: cell_text(key, value) for key, value in values.items()}
        return JsonResponse({"sure": True, "by_name": pasted.by_name, "cells": cells})

    def _years(self, pasted):
        return [self._pasted_year(year, values) for year, values in sorted(pasted.years.items())]

    def _pasted_year(self, year, values):
        stored = self.results[year].cells if year in self.results else {}
        indicators = self.frameworks[year].ordered_indicators()
        names = {f"i{one.number}": f"{one.number}. {one.name}" for one in indicators}
        order = [*names, *(key for key in values if key not in names)]
        rows = [
            Row(
                key,
                names.get(key) or cell_name(key),
                stored[key].value if key in stored else None,
                values[key],
                stored[key].version if key in stored else 1,
            )
            for key in order
            if key in values
        ]
        return PastedYear(year, rows, self._refusal(year))

    def _refusal(self, year):
        if self.kind == Assessment.Kind.SELF and year != self.year:
            return _(
                "Last year's result is official and is not changed from a self-assessment. Paste "
                "the table on the page of the official scores of %(year)s."
            ) % {"year": year}
        return readonly_reason(self.request, self._state(year))

    def _finer(self, year, values):
        """Indicators whose score comes from finer figures, so that a pasted one changes nothing."""
        result = self.results.get(year)
        if result is None:
            return []
        if result.kind == Assessment.Kind.SELF and result.marked:
            return [key for key in values if key.startswith("i")]
        filled = {key for key, score in result.cells.items() if score.value is not None}
        return [key for key in values if {f"{key}_1", f"{key}_2"} <= filled - set(values)]

    def _preview(self, text, order=None, *, notice="", status=200):
        pasted = self._read(text, order)
        years = self._years(pasted)
        doubts = list(pasted.doubts)
        for one in years:
            if self._finer(one.year, pasted.years[one.year]):
                doubts.append(
                    _(
                        "%(year)s: parts, items or questions are filled in. Where they are "
                        "complete, the score comes from them and not from the pasted value."
                    )
                    % {"year": one.year}
                )
        changes = any(one.changes for one in years) and not pasted.problems
        carried = {
            "text": text,
            "order": pasted.order,
            # The values too: read once more, the text may give others where the order is a guess.
            "years": {
                one.year: [
                    (row.key, cell_text(row.key, row.after), row.version) for row in one.rows
                ]
                for one in years
                if one.changes
            },
        }
        return self._page(
            pasted=text,
            years=years,
            doubts=doubts,
            problems=pasted.problems,
            has_errors=bool(pasted.problems),
            order=pasted.order,
            count=sum(len(one.changes) for one in years),
            changed_years=listed([one.year for one in years if one.changes]) if changes else "",
            confirmed=carry(self.request, self.request.path, **carried) if changes else "",
            notice=notice,
            status=status,
        )

    def _confirm(self):
        request = self.request
        sent = carried_back(request, request.path)
        if sent is None:
            messages.error(request, _("Nothing was saved: paste the table again and confirm."))
            return redirect(request.path)
        text, order = sent["text"], sent["order"] and tuple(sent["order"])
        years = {
            int(year): [ScoreChange(key, parse_score(text), version) for key, text, version in rows]
            for year, rows in sent["years"].items()
        }
        try:
            changed = enter_pasted(agency=self.agency, years=years, by=request.user, kind=self.kind)
        except ImportOutdated:
            notice = _(
                "Somebody changed scores while you were checking. Nothing was saved; check again."
            )
        except LateChange as late:
            notice = str(late)
        else:
            messages.success(request, _("Saved: %(count)s scores.") % {"count": changed})
            return redirect(result_url("scores", self.agency, self.year, self.kind))
        fresh = _Paste(request, self.agency, self.year, self.kind, self.frameworks)
        return fresh._preview(text, order, notice=notice, status=409)

    def _page(self, *, status=200, **context):
        context |= {
            "year": self.year,
            "kind": self.kind,
            "readonly_reason": readonly_reason(self.request, self._state(self.year)),
        }
        return render(self.request, "assessments/paste.html", context, status=status)

    def _state(self, year):
        return self.results[year].state if year in self.results else State.DRAFT
