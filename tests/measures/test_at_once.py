"""Two people who write at the same moment, on real transactions: nobody's lock is passed by."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.models import Event, Notice, User
from accounts.permissions import LateChange
from assessments.actions import open_assessment, save_published
from assessments.models import Assessment
from measures import actions
from measures.models import Evidence, Plan
from measures.report.frozen import current_report, thaw
from tests.accounts.test_once import at_once, lead_to_one_page
from tests.cast import PASSWORD
from tests.measures.files import picture
from tests.measures.writing import TEXTS, add_measure, report, url

pytestmark = pytest.mark.django_db(transaction=True)


class Other(threading.Thread):
    """Another person's act in a connection of its own; `sent` is set as the statement goes out."""

    def __init__(self, act, statement):
        super().__init__()
        self.act, self.statement = act, statement
        self.sent, self.error = threading.Event(), None

    def run(self):
        def notice(execute, sql, *rest):
            if sql.startswith(self.statement):
                self.sent.set()
            return execute(sql, *rest)

        try:
            with connection.execute_wrapper(notice):
                self.act()
        except Exception as error:
            self.error = error
        finally:
            self.sent.set()
            connection.close()


def meet(mine, act, statement):
    """Does `mine` in a transaction that ends while the other waits for it; returns the other."""
    other = Other(act, statement)
    with transaction.atomic():
        mine()
        other.start()
        if connection.vendor == "postgresql":
            # SQLite lets the other begin only afterwards.
            other.sent.wait(10)
            wait_until_blocked()
    other.join()
    return other


def wait_until_blocked():
    """Until the server says that somebody waits for a lock."""
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return


def test_first_scores_and_a_new_plan_of_one_year_do_not_wait_for_each_other(
    agency, staff, frameworks
):
    other = meet(
        lambda: open_assessment(agency=agency, year=2564, by=staff),
        lambda: actions.open_plan(agency=agency, year=2565, by=User.objects.get(pk=staff.pk)),
        'SELECT "accounts_agency"',
    )
    assert other.error is None
    assert Plan.objects.get().assessment == Assessment.objects.get()


def test_an_announced_total_does_not_slip_into_a_plan_that_is_being_submitted(
    plan, staff, coordinator
):
    add_measure(plan, staff)
    assessment = Assessment.objects.get(pk=plan.assessment_id)

    def announce():
        save_published(
            assessment=assessment, total=Decimal("58.24"), level=None, version=1, by=staff
        )

    other = meet(
        lambda: actions.move_plan(plan=plan, move="submit", by=coordinator),
        announce,
        ("UPDATE", 'SELECT "assessments_assessment"'),
    )
    assert isinstance(other.error, LateChange)
    assert Assessment.objects.get(pk=assessment.pk).published_total is None


@pytest.fixture
def submitted(plan, staff, coordinator):
    add_measure(plan, staff)
    actions.move_plan(plan=plan, move="submit", by=coordinator)
    return plan


def test_what_is_being_submitted_takes_no_more_words(plan, staff, coordinator):
    measure = add_measure(plan, staff)

    def rename():
        texts = TEXTS | {"title": "ชื่อใหม่"}
        indicators = list(measure.indicators.all())
        actions.change_measure(
            measure=measure, version=measure.version, indicators=indicators, by=staff, **texts
        )

    other = meet(
        lambda: actions.move_plan(plan=plan, move="submit", by=coordinator),
        rename,
        'SELECT "measures_plan"',
    )
    assert isinstance(other.error, LateChange)
    sent = current_report(Plan.objects.get(), "measures")
    assert [one.title for one in sent.measures] == [measure.title] == [plan.measures.get().title]


@pytest.mark.parametrize("first", ["approve", "take-back"])
def test_an_approval_and_a_taking_back_do_not_both_happen(submitted, coordinator, admin, first):
    def move(name):
        person = admin if name == "approve" else coordinator
        return lambda: actions.move_plan(plan=submitted, move=name, by=person)

    second = "take-back" if first == "approve" else "approve"
    other = meet(move(first), move(second), 'SELECT "measures_plan"')
    assert isinstance(other.error, LateChange)
    state = {"approve": "approved", "take-back": "draft"}[first]
    plan = Plan.objects.select_related("assessment").get()
    assert (plan.state, plan.assessment.state) == (state, state)
    assert (plan.revisions.get().approved_at is None) == (first == "take-back")


def test_a_round_that_is_being_approved_takes_no_more_progress(submitted, staff, admin):
    actions.move_plan(plan=submitted, move="approve", by=admin)
    measure, round = submitted.measures.get(), submitted.rounds.get(months=6)
    report(measure, staff)
    other = meet(
        lambda: actions.approve_round(round=round, by=admin),
        lambda: report(measure, staff, version=1, result="ออกคำสั่งใหม่แล้ว"),
        'SELECT "measures_plan"',
    )
    assert isinstance(other.error, LateChange)
    frozen = thaw(submitted.revisions.first().content)
    assert frozen.rounds[0].entries[0].result == round.entries.get().result == "ออกคำสั่งแล้ว"


class Scan:
    """A file that several requests read at the same time."""

    name, content_type = "ลงนาม.png", "image/png"

    def read(self, *size):
        return picture("PNG")


@pytest.mark.parametrize("on_paper", [False, True])
def test_five_equal_signatures_publications_or_withdrawals_are_one(
    submitted, coordinator, admin, executive, quick_rendering, on_paper
):
    actions.move_plan(plan=submitted, move="approve", by=admin)
    signer = {"name": "ประสิทธิ์ นายก", "position": "นายก"}
    signer["digest"] = submitted.revisions.get().digest
    if on_paper:
        sent = at_once(coordinator, url("signature/"), signer | {"scan": Scan()})
    else:
        sent = at_once(executive, url("sign/"), signer | {"proof": PASSWORD})
    assert lead_to_one_page(sent)
    publication = {"digest": signer["digest"]}
    assert lead_to_one_page(at_once(coordinator, url("publication/"), publication, key=""))
    at_once(admin, url("publication/v1/withdraw/"), {"reason": "พบชื่อบุคคล"}, key="")
    signature = "plan.signature_recorded" if on_paper else "plan.signed"
    verbs = [signature, "plan.published", "plan.withdrawn"]
    found = Event.objects.filter(verb__in=verbs).order_by("pk")
    assert [event.verb for event in found] == verbs
    assert Notice.objects.filter(user=admin, url=submitted.get_publication_url()).count() == 1
    assert Evidence.objects.count() == on_paper
