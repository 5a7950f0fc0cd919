"""Sets up a year: opens it, its days, its threshold; the system operator extends what closed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import events
from accounts.models import Agency
from accounts.notices import notify, people_with
from accounts.permissions import Permission, Role, require
from accounts.signs import validate_printable
from assessments.fiscal import local_date
from assessments.models import Assessment
from measures.actions.carrying import carry
from measures.actions.plans import open_plan
from measures.actions.rows import locked
from measures.calendar import check_days, days_of
from measures.models import Plan
from measures.report.typography import LEGIBLE


@transaction.atomic
def open_year(*, agency, year, days, threshold, measures, by):
    """Begins the plan with its days (as in `set_dates`), its threshold where it is not None, and
    copies of last year's measures.

    Raises Framework.DoesNotExist when last year has no framework.
    """
    if Plan.objects.filter(agency=agency, year=year).exists():
        raise ValidationError(_("The year %(year)s has been opened already.") % {"year": year})
    # In the order of all others, and before the first event, after which nothing is locked that
    # they wait for.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    basis = Assessment.objects.filter(agency=agency, framework__year=year - 1)
    list(basis.select_for_update(of=("self",)))
    plan = open_plan(agency=agency, year=year, by=by)
    set_dates(plan=plan, by=by, **days)
    if threshold is not None:
        choose_threshold(plan=plan, threshold=threshold, by=by)
    carry(locked(plan, Permission.SET_UP, by), measures, by)
    return plan


@transaction.atomic
def set_dates(*, plan, by, **days):
    """Sets the days named as in `measures.calendar`; those that are not named stay.

    Raises ValidationError, by name: a day that has closed is the system operator's to extend.
    """
    plan = locked(plan, Permission.SET_UP, by)
    rounds = list(plan.rounds.select_for_update())
    before = days_of(plan, rounds)
    changed = {name: day for name, day in days.items() if day != before[name]}
    if not changed:
        return plan
    check_days(plan.year, before, before | changed)
    _write(plan, rounds, before | changed)
    events.record(
        verb="plan.dates_set",
        by=by,
        agency=plan.agency,
        obj=plan,
        before={name: before[name] for name in changed},
        after=changed,
    )
    return plan


@transaction.atomic
def choose_threshold(*, plan, threshold, by):
    """From which score on an indicator is strong this year; None means the agency's own."""
    plan = locked(plan, Permission.CHOOSE_THRESHOLD, by)
    assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=plan.assessment_id)
    before = assessment.threshold
    if threshold == before:
        return plan
    Assessment._meta.get_field("threshold").clean(threshold, assessment)
    assessment.threshold = threshold
    assessment.save(update_fields=["threshold"])
    events.record(
        verb="assessment.threshold_chosen",
        by=by,
        agency=plan.agency,
        obj=assessment,
        before={"threshold": before},
        after={"threshold": threshold},
    )
    return plan


@transaction.atomic
def extend(*, plan, name, until, reason, by):
    """Moves a closing day (a name in `calendar.CLOSING`) to a later one, even once it has passed.

    The system operator's alone; returns who was told.
    """
    if by is not None:
        require(by, Permission.EXTEND, plan.agency)
    plan = Plan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=plan.pk)
    rounds = list(plan.rounds.select_for_update())
    before = days_of(plan, rounds)
    reason = reason.strip()
    _check_extension(before, name, until, reason)
    _write(plan, rounds, before | {name: until})
    events.record(
        verb="plan.extended",
        by=by,
        agency=plan.agency,
        obj=plan,
        before={name: before[name]},
        after={name: until, "reason": reason},
    )
    facts = {"year": plan.year, "day": local_date(until), "reason": reason}
    return notify(
        people_with(plan.agency, Role.COORDINATOR, Role.ADMIN),
        agency=plan.agency,
        text=_EXTENDED[name],
        facts=facts,
        url=plan.get_absolute_url() if name == "closes_on" else _round_url(plan, name),
        by=by,
    )


_EXTENDED = {
    "closes_on": gettext_lazy("The year %(year)s was extended until %(day)s: %(reason)s"),
    "closes_6": gettext_lazy(
        "The round of 6 months of %(year)s was extended until %(day)s: %(reason)s"
    ),
    "closes_12": gettext_lazy(
        "The round of 12 months of %(year)s was extended until %(day)s: %(reason)s"
    ),
}


def _check_extension(before, name, until, reason):
    if not reason:
        raise ValidationError({"reason": _("Write why it is extended: the agency reads it.")})
    try:
        validate_printable(reason.translate(LEGIBLE))
    except ValidationError as error:
        raise ValidationError({"reason": error}) from None
    was = before[name]
    if was is None:
        raise ValidationError({"until": _("It has no closing day, so there is nothing to extend.")})
    if until <= was or until < timezone.localdate():
        raise ValidationError(
            {"until": _("Choose a day from today on and after %(day)s.") % {"day": local_date(was)}}
        )
    year_closes = before["closes_on"]
    if name != "closes_on" and year_closes and until > year_closes:
        raise ValidationError(
            {
                "until": _("The year closes on %(day)s: extend the year first.")
                % {"day": local_date(year_closes)}
            }
        )


def _round_url(plan, name):
    return plan.get_progress_url(int(name.removeprefix("closes_")))


def _write(plan, rounds, days):
    plan.due_on, plan.closes_on = days["due_on"], days["closes_on"]
    plan.save(update_fields=["due_on", "closes_on"])
    for round in rounds:
        round.opens_on = days[f"opens_{round.months}"]
        round.closes_on = days[f"closes_{round.months}"]
        round.save(update_fields=["opens_on", "closes_on"])
    Assessment.objects.filter(pk=plan.assessment_id).update(closes_on=plan.closes_on)
