"""Makes a draft plan of the open data of a publication, by the same actions as people do."""

from contextlib import contextmanager
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import create_agency, set_role
from accounts.models import Agency
from accounts.permissions import Role
from assessments.actions import ScoreChange, enter_published, enter_scores, save_text
from assessments.models import Assessment, Framework
from assessments.results import official
from assessments.texts import texts_of
from measures import actions
from measures.models import Plan
from measures.publishing.data import public_data
from measures.publishing.received import Refused
from measures.report.build import build
from measures.report.content import Part

#: What a draft has not, or the file does not hold.
NOT_COMPARED = {"revision", "publication", "evidence"}


@transaction.atomic
def import_document(*, document, by, create_agencies=False):
    """All of it or nothing; (the plan, names of the parts that come out otherwise here).

    An agency that is made gets `by` as its coordinator. Raises Refused, PermissionDenied.
    """
    year, result_year = document["year"], document["result_year"]
    if result_year != year - 1:
        raise _refused("result_year", _("The result must be that of the year before the plan."))
    framework = Framework.objects.filter(year=result_year).first()
    if framework is None:
        raise _refused("result_year", _no_rules(result_year))
    agency = _agency(document["agency"], document["result"]["threshold"], by, create_agencies)
    if agency.plans.filter(year=year).exists():
        raise _refused(
            "year",
            _("%(agency)s has a plan of %(year)s already. Nothing is written over it.")
            % {"agency": agency, "year": year},
        )
    for number, result in enumerate(document["scores"]):
        with at(f"scores[{number}]"):
            _enter(agency, result, (result_year - 1, result_year), by)
    plan = actions.open_plan(agency=agency, year=year, by=by)
    threshold = Decimal(document["result"]["threshold"])
    if threshold != agency.threshold:
        with at("result.threshold"):
            actions.choose_threshold(plan=plan, threshold=threshold, by=by)
    indicators = {one.number: one for one in framework.indicators.all()}
    for number, issue in enumerate(document["issues"]):
        with at(f"issues[{number}]"):
            _create_issue(plan, issue, indicators, by)
    measures = {}
    for number, measure in enumerate(document["measures"]):
        with at(f"measures[{number}]"):
            if measure["number"] != number + 1:
                raise ValidationError(_("Measures are numbered in their order, from 1 on."))
            measures[number + 1] = _create_measure(plan, measure, indicators, by)
    for number, round in enumerate(document["rounds"]):
        for place, entry in enumerate(round["entries"]):
            with at(f"rounds[{number}].entries[{place}]"):
                _save_progress(plan, round["months"], entry, measures, by)
    _save_texts(agency, result_year, document["analysis"], by)
    return plan, _differences(plan, document)


@contextmanager
def at(place):
    """What an action refuses is said with the place in the file."""
    try:
        yield
    except ValidationError as error:
        raise _refused(place, " ".join(error.messages)) from error


def _refused(place, text):
    return Refused(f"{place}: {text}")


def _no_rules(year):
    return _("There are no rules of the assessment of %(year)s here.") % {"year": year}


def _agency(facts, threshold, by, create):
    agency = Agency.objects.filter(code=facts["code"]).first()
    if agency is not None:
        return agency
    if not create:
        raise _refused(
            "agency.code",
            _("There is no agency %(code)s here. Add --create-agencies to make it.")
            % {"code": facts["code"]},
        )
    names = ("code", "name", "kind", "district", "province", "contact")
    with at("agency"):
        fields = {name: facts[name] for name in names}
        agency = create_agency(by=None, threshold=Decimal(threshold), **fields)
        set_role(user=by, agency=agency, role=Role.COORDINATOR, by=None)
    return agency


def _enter(agency, result, years, by):
    year = result["year"]
    if year not in years:
        raise ValidationError(
            _("Only results of %(years)s belong here.") % {"years": " – ".join(map(str, years))}
        )
    framework = Framework.objects.filter(year=year).first()
    if framework is None:
        raise ValidationError(_no_rules(year))
    scores = {key: Decimal(value) for key, value in result["scores"].items()}
    total, level = _announced(framework, result)
    there = Assessment.objects.official().filter(agency=agency, framework=framework).first()
    if there is not None and _holds_anything(there):
        if (_held(there), there.published_total, there.published_level) != (scores, total, level):
            raise ValidationError(
                _("Other scores of %(year)s are here already. Nothing is written over them.")
                % {"year": year}
            )
        return
    for key, value in scores.items():
        if not 0 <= value <= 100:
            raise ValidationError(_("%(key)s must be between 0 and 100.") % {"key": key})
    versions = {key: cell.version for key, cell in there.cells.items()} if there else {}
    changes = [ScoreChange(key, value, versions.get(key, 1)) for key, value in scores.items()]
    try:
        enter_scores(agency=agency, year=year, changes=changes, by=by)
    except KeyError as error:
        raise _unknown_cell(error.args[0], year) from error
    if (total, level) != (None, None):
        version = Assessment.objects.official().get(agency=agency, framework=framework).version
        facts = {"total": total, "level": level, "version": version}
        enter_published(agency=agency, year=year, by=by, **facts)


def _unknown_cell(key, year):
    return ValidationError(
        _("The assessment of %(year)s has no score %(key)s.") % {"year": year, "key": key}
    )


def _announced(framework, result):
    """The total and the level as announced, or None."""
    total, name = result["published_total"], result["published_level"]
    level = framework.levels.filter(name_th=name).first() if name else None
    if name and level is None:
        raise ValidationError(
            _("The assessment of %(year)s has no level %(level)s.")
            % {"year": framework.year, "level": name[:50]}
        )
    return total and Decimal(total), level


def _held(assessment):
    cells = assessment.cells.items()
    return {key: cell.value for key, cell in cells if cell.value is not None}


def _holds_anything(assessment):
    announced = (assessment.published_total, assessment.published_level)
    return bool(_held(assessment)) or announced != (None, None)


def _served(numbers, indicators):
    for number in numbers:
        if number not in indicators:
            raise ValidationError(
                _("There is no indicator %(number)s in that year.") % {"number": number}
            )
    return [indicators[number] for number in numbers]


def _create_issue(plan, issue, indicators, by):
    served = _served(issue["indicators"], indicators)
    facts = {name: issue[name] for name in ("kind", "points")}
    actions.create_issue(plan=plan, indicators=served, by=by, **facts)


def _create_measure(plan, measure, indicators, by):
    names = ("title", "steps", "period", "follow_up", "responsible")
    return actions.create_measure(
        plan=plan,
        indicators=_served(measure["indicators"], indicators),
        by=by,
        budget=measure["budget"] and Decimal(measure["budget"]),
        **{name: measure[name] for name in names},
    )


def _save_progress(plan, months, entry, measures, by):
    if entry["measure"] not in measures:
        raise ValidationError(
            _("There is no measure %(number)s in the file.") % {"number": entry["measure"]}
        )
    if not entry["state"]:
        return
    names = ("state", "percent", "result", "suggestion")
    actions.save_progress(
        round=plan.rounds.get(months=months),
        measure=measures[entry["measure"]],
        version=0,
        by=by,
        **{name: entry[name] for name in names},
    )


def _save_texts(agency, year, analysis, by):
    """Those that differ from what the scores give by themselves are an officer's words."""
    texts = {one.section: one for one in texts_of(official(agency, year))}
    for section, lines in analysis.items():
        with at(f"analysis.{section[:50]}"):
            if section not in texts:
                raise ValidationError(_("The analysis has no such section."))
            one, text = texts[section], "\n".join(lines)
            if text != one.text:
                what = {"section": section, "text": text, "version": one.version}
                save_text(agency=agency, year=year, by=by, **what)


def _differences(plan, document):
    plan = Plan.objects.select_related("agency").get(pk=plan.pk)
    here = public_data(build(plan, Part.FULL, timezone.localdate()), agency=plan.agency)
    # A list that the file does not have is one that came later: nothing of it was published.
    return [n for n in here if n not in NOT_COMPARED and here[n] != document.get(n, [])]
