"""Nothing is written too late, to another agency's records, or by fields that nobody asked for."""

import re
from copy import deepcopy
from functools import cache, partial
from io import StringIO

import pytest
from django.contrib.admin import site
from django.core.management import CommandError, call_command, get_commands
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import RULES, Role, State
from assessments.models import Assessment, Score
from measures.actions.revisions import make_revision
from measures.models import Comment, Issue, Measure, Plan, Publication, Revision
from tests.cast import SCORES
from tests.measures.writing import TEXTS
from tests.routes import ROUTES, WRITTEN, YEAR, without_pages
from tests.test_architecture import ROOMS
from tests.test_permissions import MAP

pytestmark = pytest.mark.one_database("sqlite")

#: What a form of the portal never has: the writer decides none of it.
UNASKED = {
    "state": "published",
    "is_superuser": "1",
    "role": "admin",
    "updated_by": "1",
    "approved_at": "2021-01-01",
    "order": "900",
    "digest": "0" * 64,
}
#: The keys of own records begin with 7, those of the other agency with 8.
OWN, FOREIGN = 7000, 8000


@pytest.fixture
def people(staff, coordinator, admin, executive):
    return {"staff": staff, "coordinator": coordinator, "admin": admin, "executive": executive}


def made_records(plan, base):
    """A plan that can be submitted, with two issues and two measures; name → key."""
    indicators = {one.number: one for one in plan.assessment.framework.indicators.all()}
    found = {"plan": plan.pk}
    for place, (name, number) in enumerate((("first_", 6), ("", 9)), start=1):
        issue = Issue.objects.create(pk=base + place, plan=plan, kind="fix", points="เผยแพร่ข้อมูล")
        measure = Measure.objects.create(pk=base + place, plan=plan, order=place, **TEXTS)
        for row in (issue, measure):
            row.indicators.add(indicators[number])
        found |= {f"{name}issue": issue.pk, f"{name}measure": measure.pk}
    return found


@pytest.fixture
def records(plan, people, enter_scores):
    """Also what waits for a comment, and a measure of the year before."""
    found = made_records(plan, OWN)
    entry = plan.rounds.get(months=6).entries
    entry.create(measure_id=found["measure"], state="done", result="เผยแพร่แล้ว")
    comment = Comment.objects.create(
        pk=OWN + 5, plan=plan, row=f"measure-{found['measure']}", text="?", by=people["executive"]
    )
    last = Assessment.objects.get(agency=plan.agency, framework__year=YEAR - 2)
    earlier = Plan.objects.create(agency=plan.agency, year=YEAR - 1, assessment=last)
    for months in (6, 12):
        earlier.rounds.create(months=months)
    measure = Measure.objects.create(pk=OWN + 6, plan=earlier, **TEXTS)
    return found | {"comment": comment.pk, "earlier_measure": measure.pk}


@pytest.fixture
def foreign_records(plan, other_agency, enter_scores):
    assessment = enter_scores(other_agency, YEAR - 1, SCORES[YEAR - 1])
    plan = Plan.objects.create(agency=other_agency, year=YEAR, assessment=assessment)
    for months in (6, 12):
        plan.rounds.create(months=months)
    return made_records(plan, FOREIGN)


@cache
def all_of(model):
    """Put into words once: it is asked a thousand times."""
    sql, params = model.objects.order_by("pk").values_list().query.sql_with_params()
    assert not params
    return sql


def fingerprint():
    found = []
    with connection.cursor() as cursor:
        for model in WRITTEN:
            cursor.execute(all_of(model))
            found.append(cursor.fetchall())
    return found


def put(plan, state, closes_on=None, by=None):
    """The plan and its result in this state, as its own actions would leave them."""
    sent = None if state == State.DRAFT else timezone.now()
    Plan.objects.filter(pk=plan.pk).update(
        state=state,
        closes_on=closes_on,
        submitted_at=sent,
        submitted_by=by if sent else None,
        return_reason="แก้ไข" if state == State.RETURNED else "",
    )
    type(plan.assessment).objects.filter(pk=plan.assessment_id).update(
        state=state, closes_on=closes_on
    )


def sent(client, url, data, watched=fingerprint):
    """Whether the request changed what is watched, and the answer; it is taken back."""
    before, cookies = watched(), deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.post(url, data)
        changed = watched() != before
        transaction.set_rollback(True)
    # The session that a proof has begun anew is taken back too.
    client.cookies = cookies
    return changed, answer


@pytest.fixture
def each_opened(client, plan, people, records, quick_rendering):
    """Gives each route with the request that its person makes while the year is open.

    All begin with the same records: making them anew takes longer than trying a route.
    """

    def opened(route):
        client.force_login(people[route.who])
        known = dict(records)
        if route.state != State.DRAFT:
            cause = Revision.Cause.SUBMITTED
            revision = make_revision(plan, by=people["coordinator"], cause=cause)
            known["digest"] = revision.digest
            if route.state == State.PUBLISHED:
                by, now = people["coordinator"], timezone.now()
                facts = {"number": 1, "published_at": now, "published_by": by, "data": {}}
                Publication.objects.create(plan=plan, revision=revision, **facts)
        put(plan, route.state, by=people["coordinator"])
        return route.request(client, known)

    def each():
        for key, route in sorted(ROUTES.items()):
            client.cookies.clear()
            with transaction.atomic():
                yield key, route, *opened(route)
                transaction.set_rollback(True)

    return each


def test_no_route_writes_once_the_state_or_the_closing_day_forbids_it(
    client, each_opened, plan, people
):
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    for key, route, url, data in each_opened():
        changed, answer = sent(client, url, data)
        said = answer.content.decode().split("<main")[-1]
        assert changed, f"{key}: the request itself does nothing: {answer.status_code} {said[:900]}"
        if not route.of_record:
            continue

        rule = RULES[route.permission]
        late = [state for state in State if state not in rule.of_role[Role(route.who)]]
        times = [(state, None) for state in late]
        if not rule.despite_closing:
            times.append((route.state, yesterday))
        for state, closes_on in times:
            put(plan, state, closes_on, people["coordinator"])
            with without_pages():
                changed, answer = sent(client, url, data)
            assert not changed, (key, state, closes_on)
            assert answer.status_code in (302, 403, 404, 409, 422), (key, state, closes_on)


def with_foreign(value):
    """The same with the other agency's records in place of the own ones."""
    if isinstance(value, dict):
        return {with_foreign(key): with_foreign(one) for key, one in value.items()}
    if isinstance(value, list):
        return [with_foreign(one) for one in value]
    return re.sub(r"\b7(00\d)\b", r"8\1", str(value))


def test_no_route_takes_what_is_not_its_own(client, each_opened, plan, foreign_records):
    """Neither another agency's records in the place of own ones, nor fields that no form has."""
    foreign_agency = Measure.objects.get(pk=foreign_records["measure"]).plan.agency
    unasked = UNASKED | {"agency": foreign_agency.pk, "plan": foreign_records["plan"]}

    def decided(route):
        """What the writer never decides; a move alone may change the state."""
        plans = (
            Plan.objects.filter(year=YEAR).order_by("pk").values_list("pk", "agency", "assessment")
        )
        of_others = [
            list(model.objects.filter(plan__agency=foreign_agency).order_by("pk").values_list())
            for model in (Issue, Measure)
        ]
        state = Plan.objects.get(pk=plan.pk).state
        moved = "" if route.moves else state
        users = list(User.objects.order_by("pk").values_list("pk", "is_superuser"))
        memberships = list(plan.agency.memberships.order_by("pk").values_list("pk", "role"))
        return list(plans), of_others, moved, users, memberships

    for key, route, url, data in each_opened():
        if str(OWN)[:3] in f"{url} {data}":
            changed, answer = sent(client, with_foreign(url), with_foreign(data))
            assert not changed, (key, answer.status_code)
            assert answer.status_code in (200, 302, 404, 409, 422), key
        changed, answer = sent(client, url, unasked | data, watched=partial(decided, route))
        assert not changed, key
        assert answer.status_code < 500, key


def test_every_address_that_writes_to_a_year_is_tried():
    writing = {
        name
        for name, addresses in MAP.items()
        if name.startswith(("assessments:", "measures:")) and any(one.writes for one in addresses)
    }
    assert writing == {route.name for route in ROUTES.values()}


def test_the_operators_admin_changes_nothing_of_a_year(rf, operator):
    request = rf.get("/")
    request.user = operator
    writable = [
        model._meta.label
        for model, admin in site._registry.items()
        if model in WRITTEN
        and (admin.has_add_permission(request) or admin.has_change_permission(request))
    ]
    assert not writable


#: Each command of ours, and what it writes of a year's record.
COMMANDS = {
    "export_scores": "nothing",
    "import_scores": "scores, by the same actions as the page",
    "import_published": "a draft plan where there is none, by its actions",
    "load_frameworks": "rules only; asks before a year with scores would come out otherwise",
    "messages": "nothing",
    "prepare": "nothing but what load_frameworks does",
    "render_report": "nothing",
    "seed_demo": "years of new agencies",
    "send_notices": "nothing",
    "sweep_evidence": "nothing: files without a record",
    "verify_history": "nothing",
}


def test_every_command_is_known_and_the_one_that_writes_scores_is_refused_when_late(
    plan, coordinator, tmp_path
):
    ours = {name for name, app in get_commands().items() if app in ROOMS}
    assert ours == set(COMMANDS)
    file = tmp_path / "scores.csv"
    file.write_text("agency_code,fiscal_year,i9\nnongkong,2564,30.00\n", encoding="utf-8")
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    for state, closes_on in ((State.SUBMITTED, None), (State.DRAFT, yesterday)):
        put(plan, state, closes_on, coordinator)
        before = fingerprint()
        with pytest.raises(CommandError):
            call_command("import_scores", str(file), stdout=StringIO())
        assert fingerprint() == before
    put(plan, State.DRAFT)
    call_command("import_scores", str(file), stdout=StringIO())
    assert Score.objects.get(assessment=plan.assessment, indicator__number=9).value == 30
