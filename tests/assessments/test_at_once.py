"""Ten people who write cells at the same time, on real transactions: what is answered is kept."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from functools import partial
from itertools import pairwise

import pytest
from django.db import connection

from accounts.models import Event, User
from assessments.actions import ImportOutdated, ScoreChange, enter_pasted, enter_scores
from assessments.models import Assessment

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 10
CENT = Decimal("0.01")
# Of one writer. With 20 and 100 the tests pass too, and take ten seconds and more.
IN_ONE_CELL = 2
IN_A_CELL_OF_THEIR_OWN = 3


def together(*acts):
    """What the acts return, each done in a thread and a connection of its own."""
    start = threading.Barrier(len(acts))

    def do(act):
        try:
            start.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


def write(agency, user, key, values):
    """Saves the values one after the other into a cell, each until it is taken.

    Returns how often a write met a conflict, and the versions that were acknowledged.
    """
    version, conflicts, acknowledged = 2, 0, []
    by = User.objects.get(pk=user.pk)
    for value in values:
        while True:
            change = ScoreChange(key, value, version)
            saved = enter_scores(agency=agency, year=2564, changes=[change], by=by)
            version = saved.cells[key].version
            if not saved.stale:
                break
            conflicts += 1
        acknowledged.append(version)
    return conflicts, acknowledged


def test_ten_writers_of_one_cell_lose_nothing_that_was_acknowledged(results, agency, staff):
    numbers = iter(range(WRITERS * IN_ONE_CELL))
    own = [
        [Decimal(next(numbers)).quantize(CENT) for _ in range(IN_ONE_CELL)] for _ in range(WRITERS)
    ]
    done = together(*(partial(write, agency, staff, "i9", values) for values in own))
    versions = [version for _, acknowledged in done for version in acknowledged]
    assert sorted(versions) == list(range(3, 3 + WRITERS * IN_ONE_CELL))
    chain = [
        (event.before["i9"], event.after["i9"])
        for event in Event.objects.filter(verb="scores.saved").order_by("pk")
    ]
    assert len(chain) == WRITERS * IN_ONE_CELL
    assert all(before[1] == after[0] for before, after in pairwise(chain))
    assert {Decimal(after) for _, after in chain} == {value for values in own for value in values}
    cell = Assessment.objects.get(pk=results.pk).cells["i9"]
    assert (str(cell.value), cell.version) == (chain[-1][1], 2 + len(chain))


def test_ten_writers_of_ten_cells_never_meet(results, agency, staff):
    values = [Decimal(n) for n in range(IN_A_CELL_OF_THEIR_OWN)]
    acts = [partial(write, agency, staff, f"i{n}", values) for n in range(1, WRITERS + 1)]
    assert {conflicts for conflicts, _ in together(*acts)} == {0}
    cells = Assessment.objects.get(pk=results.pk).cells
    assert {(cells[f"i{n}"].value, cells[f"i{n}"].version) for n in range(1, WRITERS + 1)} == {
        (values[-1], 2 + len(values))
    }
    assert Event.objects.filter(verb="scores.saved").count() == WRITERS * len(values)


@pytest.mark.one_database("postgres")
def test_a_table_of_two_years_and_first_scores_of_one_do_not_wait_for_each_other(
    results, agency, staff
):
    """SQLite has one writer at a time."""
    first = [ScoreChange("i2", Decimal(70), 1)]

    def paste():
        by = User.objects.get(pk=staff.pk)
        years = {2563: [ScoreChange("i1", Decimal(71), 2)], 2562: first}
        with suppress(ImportOutdated):
            enter_pasted(agency=agency, years=years, by=by, kind=Assessment.Kind.OFFICIAL)

    def begin():
        by = User.objects.get(pk=staff.pk)
        enter_scores(agency=agency, year=2562, changes=first, by=by)

    together(*[paste, begin] * 4)
    assert Event.objects.filter(verb="assessment.opened").count() == 1
