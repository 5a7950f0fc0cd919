"""Two people who write at the same moment, on real transactions: nobody's lock is passed by."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.models import User
from accounts.permissions import LateChange
from assessments.actions import open_assessment, save_published
from assessments.models import Assessment
from measures import actions
from measures.models import Plan
from tests.measures.writing import add_measure

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
        'INSERT INTO "assessments_assessment"',
    )
    assert other.error is None
    assert Plan.objects.get().assessment == Assessment.objects.get()


def test_an_announced_total_does_not_slip_into_a_plan_that_is_being_submitted(plan, staff):
    add_measure(plan, staff)
    assessment = Assessment.objects.get(pk=plan.assessment_id)

    def announce():
        save_published(
            assessment=assessment, total=Decimal("58.24"), level=None, version=1, by=staff
        )

    other = meet(
        lambda: actions.move_plan(plan=plan, move="submit", by=staff),
        announce,
        ("UPDATE", 'SELECT "assessments_assessment"'),
    )
    assert isinstance(other.error, LateChange)
    assert Assessment.objects.get(pk=assessment.pk).published_total is None
