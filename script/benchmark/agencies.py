"""Many agencies with a plan each, as large as that of the demo agency, straight into the tables."""

from accounts.models import Agency, ChainEnd, Membership
from accounts.permissions import Role
from assessments.models import Assessment, Score
from measures.models import Issue, Measure, Plan, ProgressEntry, ProgressRound


def copy_agencies(plan, count, officer):
    """Copies the plan and its two results for so many agencies, all of which the officer serves."""
    years = (plan.year - 2, plan.year - 1)
    results = Assessment.objects.filter(
        agency=plan.agency, framework__year__in=years, kind=Assessment.Kind.OFFICIAL
    )
    for number in range(1, count + 1):
        agency = Agency.objects.get(pk=plan.agency_id)
        agency.pk, agency.code = None, f"bench-{number:03}"
        agency.name = f"องค์การบริหารส่วนตำบลทดสอบที่ {number}"
        agency.save(force_insert=True)
        ChainEnd.objects.create(agency_id=agency.pk, number=1, digest=f"{number:064}")
        Membership.objects.create(user=officer, agency=agency, role=Role.COORDINATOR)
        copies = {result.pk: _copy(result, agency=agency) for result in results}
        for result, copy in copies.items():
            for row in Score.objects.filter(assessment=result):
                _copy(row, assessment=copy)
        _copy_plan(plan, agency, copies[plan.assessment_id])


def _copy_plan(plan, agency, assessment):
    copy = _copy(Plan.objects.get(pk=plan.pk), agency=agency, assessment=assessment, state="draft")
    for issue in Issue.objects.filter(plan=plan):
        _with_indicators(issue, copy)
    measures = {row.pk: _with_indicators(row, copy) for row in Measure.objects.filter(plan=plan)}
    for round in ProgressRound.objects.filter(plan=plan):
        copied = _copy(ProgressRound.objects.get(pk=round.pk), plan=copy)
        for entry in ProgressEntry.objects.filter(round=round):
            _copy(entry, round=copied, measure=measures[entry.measure_id])


def _with_indicators(row, plan):
    served = list(row.indicators.all())
    copy = _copy(row, plan=plan)
    copy.indicators.set(served)
    return copy


def _copy(row, **changes):
    """Another row of the same values; `row` stays as it was."""
    copy = type(row).objects.get(pk=row.pk)
    copy.pk, copy._state.adding = None, True
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.save(force_insert=True)
    return copy
