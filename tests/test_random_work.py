"""Whatever five people of four agencies do, in any order: promises that no sequence may break.

`RANDOM_WORK=runs,steps` does more of it; the promises are tried at 200,50 before a release.
"""

import hashlib
import os
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from accounts.chain import faults_in
from accounts.models import Agency, Event, Membership, User
from accounts.permissions import Role
from accounts.versioning import StaleWrite
from assessments.actions import ScoreChange, enter_scores
from assessments.models import Assessment, Framework, Score
from assessments.results import two_years
from measures import actions
from measures.models import Issue, Plan, ProgressEntry, Publication, Revision
from measures.report.frozen import digest_of
from measures.workflow import TRANSITIONS
from tests.cast import SCORES
from tests.measures.writing import TEXTS
from tests.routes import WRITTEN

RUNS, STEPS = map(int, os.environ.get("RANDOM_WORK", "4,25").split(","))
YEAR = 2565
AGENCIES = ("north", "east", "south", "west")
#: Person → her role by agency; nobody serves all, and some have different roles in two.
PEOPLE = {
    "anong": {"north": Role.COORDINATOR, "east": Role.STAFF},
    "boon": {"north": Role.ADMIN, "south": Role.COORDINATOR},
    "chai": {"north": Role.EXECUTIVE, "east": Role.ADMIN, "south": Role.ADMIN},
    "dao": {"east": Role.COORDINATOR, "south": Role.EXECUTIVE, "west": Role.STAFF},
    "ek": {"west": Role.ADMIN, "south": Role.STAFF, "north": Role.VIEWER},
}
PAGES = ("", "issues/", "measures/", "progress/6/", "review/", "report/")
REFUSED = (PermissionDenied, ValidationError, StaleWrite)
SINGLE_MOVES = [move for move, transition in TRANSITIONS.items() if not transition.page]

person = st.sampled_from(sorted(PEOPLE))
agency = st.sampled_from(AGENCIES)
points = st.decimals("0", "100", places=2)


def of(agency):
    """All that is written of the agency; each record leads to it by its plan or its result."""
    paths = (
        "agency",
        "plan__agency",
        "assessment__agency",
        "round__plan__agency",
        "publication__plan__agency",
    )
    found = []
    for model in WRITTEN:
        path = next(path for path in paths if _leads(model, path.split("__")[0]))
        found.append(list(model.objects.filter(**{path: agency}).order_by("pk").values_list()))
    return found


def _leads(model, name):
    return name in {field.name for field in model._meta.get_fields()}


def stored(but=()):
    """Each publication's data, and its files by name with their digests and bytes."""
    return {
        one.pk: (one.data, {f.name: (f.digest, bytes(f.content)) for f in one.files.all()})
        for one in Publication.objects.exclude(pk__in=but)
    }


class Work(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.frozen, self.published = {}, {}

    def teardown(self):
        try:
            self.what_was_frozen_stays()
            self.what_was_published_stays()
            for agency in self.agencies.values():
                assert list(faults_in(agency.pk)) == []
                self.the_total_follows_the_rule(agency)
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @initialize()
    def people_and_results(self):
        self.agencies = {
            code: Agency.objects.create(code=code, name=f"ความลับของ-{code}") for code in AGENCIES
        }
        self.people = {name: User.objects.create(username=name, name=name) for name in PEOPLE}
        for name, roles in PEOPLE.items():
            for code, role in roles.items():
                Membership.objects.create(
                    user=self.people[name], agency=self.agencies[code], role=role
                )
        framework = Framework.objects.get(year=YEAR - 1)
        self.indicators = list(framework.indicators.order_by("number"))
        for agency in self.agencies.values():
            assessment = Assessment.objects.create(agency=agency, framework=framework)
            Score.objects.bulk_create(
                Score(assessment=assessment, indicator=one, value=Decimal(value), version=2)
                for one, value in zip(self.indicators, SCORES[YEAR - 1], strict=True)
            )
            Plan.objects.create(agency=agency, year=YEAR, assessment=assessment).rounds.create(
                months=6
            )

    def attempt(self, who, where, act, **values):
        """An act leaves an event of its agency or changes nothing, and other agencies alone."""
        agency = self.agencies[where]
        events = Event.objects.filter(agency_id=agency.pk).count()
        elsewhere = self.agencies[AGENCIES[AGENCIES.index(where) - 1]]
        others, before = of(elsewhere), of(agency)
        try:
            with transaction.atomic():
                act(by=User.objects.get(username=who), **values)
        except REFUSED:
            assert of(agency) == before
        written = Event.objects.filter(agency_id=agency.pk).count() - events
        assert written or of(agency) == before, f"{act.__name__} left no event"
        if where not in PEOPLE[who]:
            assert not written, f"{who} did something in {where}"
        assert of(elsewhere) == others
        new = Revision.objects.exclude(pk__in=self.frozen).values_list("pk", "number", "digest")
        self.frozen |= {pk: facts for pk, *facts in new}
        self.published |= stored(but=self.published)

    def plan(self, where):
        return Plan.objects.select_related("agency").get(agency=self.agencies[where], year=YEAR)

    @rule(who=person, where=agency, place=st.integers(0, 9), value=points)
    def enter_a_score(self, who, where, place, value):
        cell = Score.objects.get(
            assessment__agency=self.agencies[where], indicator=self.indicators[place]
        )
        change = ScoreChange(f"i{place + 1}", value, cell.version)
        agency = self.agencies[where]
        self.attempt(who, where, enter_scores, agency=agency, year=YEAR - 1, changes=[change])

    @rule(who=person, where=agency, place=st.integers(0, 9), kind=st.sampled_from(Issue.Kind))
    def write_an_issue(self, who, where, place, kind):
        self.attempt(
            who,
            where,
            actions.create_issue,
            plan=self.plan(where),
            indicators=[self.indicators[place]],
            kind=kind,
            points=f"ประเด็นของ-{where}",
        )

    @rule(who=person, where=agency, place=st.integers(0, 9))
    def write_a_measure(self, who, where, place):
        self.attempt(
            who,
            where,
            actions.create_measure,
            plan=self.plan(where),
            indicators=[self.indicators[place]],
            **TEXTS | {"title": f"มาตรการของ-{where}"},
        )

    @rule(who=person, where=agency, state=st.sampled_from(ProgressEntry.State))
    def report_progress(self, who, where, state):
        plan = self.plan(where)
        measure = plan.measures.order_by("-pk").first()
        if measure is None:
            return
        round_ = plan.rounds.get(months=6)
        entry = round_.entries.filter(measure=measure).first()
        self.attempt(
            who,
            where,
            actions.save_progress,
            round=round_,
            measure=measure,
            version=entry.version if entry else 0,
            state=state,
            result=f"ผลของ-{where}",
            suggestion="",
        )

    @rule(who=person, where=agency, move=st.sampled_from(SINGLE_MOVES))
    def move_the_plan(self, who, where, move):
        self.attempt(
            who, where, actions.move_plan, plan=self.plan(where), move=move, reason="แก้ระยะเวลา"
        )

    @rule(who=person, where=agency)
    def sign_what_is_newest(self, who, where):
        plan = self.plan(where)
        if newest := plan.revisions.first():
            facts = {"digest": newest.digest, "name": who, "position": "นายก"}
            self.attempt(who, where, actions.sign, plan=plan, **facts)

    @rule(who=person, where=agency)
    def publish(self, who, where):
        plan = self.plan(where)
        newest = plan.revisions.first()
        digest = newest.digest if newest else ""
        self.attempt(who, where, actions.publish, plan=plan, digest=digest)

    @rule(who=person, where=agency)
    def withdraw(self, who, where):
        if oldest := self.plan(where).publications.filter(withdrawn_at=None).last():
            facts = {"publication": oldest, "reason": "พบข้อมูลส่วนบุคคล"}
            self.attempt(who, where, actions.withdraw_publication, **facts)

    @rule(who=person, where=agency)
    def approve_the_round(self, who, where):
        round_ = self.plan(where).rounds.select_related("plan__agency").get(months=6)
        self.attempt(who, where, actions.approve_round, round=round_)

    @rule(who=person, where=agency, page=st.sampled_from(PAGES))
    def look(self, who, where, page):
        client = Client()
        client.force_login(self.people[who])
        answer = client.get(f"/a/{where}/{YEAR}/{page}")
        assert answer.status_code == (200 if where in PEOPLE[who] else 404)
        shown = answer.content.decode()
        foreign = set(AGENCIES) - set(PEOPLE[who])
        assert not [code for code in foreign if f"ของ-{code}" in shown]

    def what_was_frozen_stays(self):
        for revision in Revision.objects.filter(pk__in=self.frozen):
            assert [revision.number, revision.digest] == self.frozen[revision.pk]
            assert digest_of(revision.content) == revision.digest

    def what_was_published_stays(self):
        assert stored() == self.published
        client = Client()
        for publication in Publication.objects.all():
            _data, files = self.published[publication.pk]
            for name, (digest, content) in files.items():
                assert hashlib.sha256(content).hexdigest() == digest
                answer = client.get(publication.get_file_url(name))
                if publication.is_withdrawn:
                    assert answer.status_code == 410
                else:
                    assert answer.getvalue() == content

    def the_total_follows_the_rule(self, agency):
        scores = Score.objects.filter(assessment__agency=agency, part=Score.Part.WHOLE)
        values = {s.indicator.number: s.value for s in scores.select_related("indicator")}
        if None in values.values():
            return
        exact = sum(
            Fraction(weight, 100) * sum(map(Fraction, (values[n] for n in numbers))) / len(numbers)
            for weight, numbers in ((30, (1, 2, 3, 4, 5)), (30, (6, 7, 8)), (40, (9, 10)))
        )
        total = two_years(agency, YEAR - 1).analysis.total
        assert abs(Fraction(total) - exact) <= Fraction(1, 200)


@pytest.mark.django_db
@pytest.mark.one_database("postgres")
def test_no_sequence_of_acts_breaks_a_promise(frameworks, quick_rendering):
    Work.TestCase.settings = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=RUNS < 10,
        suppress_health_check=list(HealthCheck),
    )
    Work.TestCase("runTest").runTest()
