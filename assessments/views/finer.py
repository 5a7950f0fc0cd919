from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import agency_page, can
from accounts.permissions import LateChange, Permission, State, require
from assessments.actions import enter_scores
from assessments.finer_forms import ItemsForm, QuestionsForm, mark_label
from assessments.models import Assessment, Fact, Indicator
from assessments.numbers import format_score
from assessments.results import TwoYears, indicator_names, two_years
from assessments.scoring import change, printed, round2, score
from assessments.subscores import Finer, Group, by_items, by_questions
from assessments.views.grid import Cell, kind_url
from assessments.views.scores import no_framework, readonly_reason
from assessments.what_if import item_worths


@dataclass(frozen=True)
class Page:
    """One of the two grids: what it reads of the framework, and what it shows of each row."""

    name: str
    structure: str
    grouped: Callable
    form: type
    facts: tuple[Fact.Group, ...]


ITEMS = Page(
    "items",
    "instruments__indicators__subindicators__items",
    by_items,
    ItemsForm,
    (
        Fact.Group.SUBINDICATORS,
        Fact.Group.ITEMS,
        Fact.Group.ITEM_SCORING,
        Fact.Group.ITEM_CONTENTS,
    ),
)
QUESTIONS = Page(
    "questions",
    "instruments__indicators__questions",
    by_questions,
    QuestionsForm,
    (Fact.Group.QUESTIONS,),
)


@dataclass(frozen=True)
class Row:
    """An item or a question; `shown` is its mark where it may not be changed.

    `worth`: what the item can add to the total, in points as printed.
    """

    code: str
    name: str
    content: str
    cell: Cell
    shown: str
    worth: Decimal | None = None


@dataclass(frozen=True)
class Part:
    group: Group
    rows: list[Row]
    mean: Decimal | None


@dataclass(frozen=True)
class Block:
    """An indicator as its marks have it, beside the official score; all as printed."""

    indicator: Indicator
    finer: Finer
    parts: list[Part]
    computed: Decimal | None
    official: Decimal | None
    difference: Decimal | None


@dataclass(frozen=True)
class Beside:
    """An indicator, or without a number the total, in both kinds of result; as printed."""

    number: int | None
    name: str
    own: Decimal | None
    official: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return _difference(self.own, self.official)


@agency_page(Permission.VIEW)
def items(request, agency, year, kind):
    """The marks of the OIT items."""
    return _grid(request, agency, year, kind, ITEMS)


@agency_page(Permission.VIEW)
def questions(request, agency, year, kind):
    """The averages of the questions of IIT and EIT."""
    return _grid(request, agency, year, kind, QUESTIONS)


def beside_official(years: TwoYears) -> list[Beside]:
    """A self-assessment, indicator by indicator, where the official result is there too."""
    if years.official in (None, years.current) or years.current is None:
        return []
    own, official = years.analysis, years.official
    result = score(years.framework.rules(), official.values, official.instrument_values)
    names = indicator_names(years.framework)
    rows = [
        Beside(row.number, names[row.number], row.current, printed(result.values[row.number]))
        for row in own.rows
    ]
    return [*rows, Beside(None, "", own.total, result.total_printed)]


def _grid(request, agency, year, kind, page):
    years = _read(agency, year, kind, page)
    if years.framework is None:
        return no_framework(request, year)
    if request.method != "POST":
        return _show(request, years, kind, page)
    require(request.user, Permission.EDIT_SCORES, agency)
    form = page.form(request.POST, framework=years.framework, assessment=years.current)
    if not form.is_valid():
        return _show(request, years, kind, page, form=form)
    changes = list(form.changes())
    after = redirect(kind_url(f"scores-{page.name}", years, kind))
    if not changes:
        messages.info(request, _("Nothing was changed."))
        return after
    try:
        saved = enter_scores(agency=agency, year=year, changes=changes, by=request.user, kind=kind)
    except LateChange as late:
        years = _read(agency, year, kind, page)
        return _show(request, years, kind, page, form=form, late=late, status=409)
    if saved.stale:
        years = _read(agency, year, kind, page)
        form = form.keep_conflicts(saved, years.current)
        return _show(request, years, kind, page, form=form, saved=saved, status=409)
    messages.success(request, _("Saved: %(count)s marks.") % {"count": len(saved.changed)})
    return after


def _read(agency, year, kind, page):
    years = two_years(agency, year, kind)
    if years.framework is not None:
        prefetch_related_objects([years.framework], page.structure)
    if years.current is not None:
        prefetch_related_objects([years.current], "subscores")
    return years


def _show(request, years: TwoYears, kind, page, *, form=None, saved=None, late=None, status=200):
    framework, current = years.framework, years.current
    state = current.state if current else State.DRAFT
    may_edit = can(request, Permission.EDIT_SCORES, state)
    facts = list(framework.facts.all())
    shown = form or page.form(framework=framework, assessment=current)
    context = {
        "year": framework.year,
        "kind": kind,
        "is_self": kind == Assessment.Kind.SELF,
        "of_items": page is ITEMS,
        "page": f"scores-{page.name}",
        "framework": framework,
        "facts": facts,
        "doubtful_facts": [
            fact
            for fact in facts
            if fact.group in page.facts and fact.status != Fact.Status.VERIFIED
        ],
        "blocks": _blocks(years, page, shown, saved),
        "form": form,
        "saved": saved,
        "late": late,
        "may_edit": may_edit,
        # What was typed into a record that has been locked meanwhile stays to be copied.
        "show_inputs": may_edit or form is not None,
        "readonly_reason": readonly_reason(request, state),
        "urls": {
            "here": request.path,
            "grid": kind_url("scores", years, kind),
            "cells": kind_url("scores-cells", years, kind),
        },
    }
    return render(request, f"assessments/{page.name}.html", context, status=status)


def _blocks(years, page, form, saved):
    current, official = years.current, years.official
    stored = current.subscores.all() if current else ()
    marks = {(one.item_id, one.question_id): one.value for one in stored}
    stale = saved.stale if saved else {}
    found = page.grouped(years.framework.ordered_indicators(), marks)
    worths = _worths(years.framework, found) if page is ITEMS else {}

    def cell(key):
        return Cell(key, form[key], form[f"{key}_version"], stale.get(key))

    def row(of, points):
        if page is QUESTIONS:
            return Row(of.code, of.topic_th, "", cell(f"q_{of.code}"), format_score(points))
        words = mark_label(points, years.framework.item_marks)
        key, worth = f"o{of.number}", worths[of.number]
        return Row(of.code, of.name_th, of.content_th, cell(key), words, worth)

    def block(finer):
        parts = [
            Part(group, [row(*pair) for pair in group.rows], printed(group.mean))
            for group in finer.groups
        ]
        computed = printed(finer.value)
        announced = printed(official.values[finer.indicator.number]) if official else None
        difference = _difference(computed, announced)
        return Block(finer.indicator, finer, parts, computed, announced, difference)

    return [block(finer) for finer in found]


def _worths(framework, found):
    """Item number → points of the total."""
    structure = [
        (
            finer.indicator.number,
            [
                (group.of.code, group.of.name_th, tuple(item.number for item, _mark in group.rows))
                for group in finer.groups
            ],
        )
        for finer in found
    ]
    worths = item_worths(framework.rules(), structure)
    return {number: round2(one.points) for one in worths for number in one.numbers}


def _difference(own, official):
    found = change(official, own)
    return found and found.points
