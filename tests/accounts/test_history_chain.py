"""What somebody does to the log behind the portal's back is found, and where."""

from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts import chain, events
from accounts.models import Event

TABLE = Event._meta.db_table
CHANGED = "ถูกแก้ไขภายหลัง"


@pytest.fixture
def log(agency, other_agency, staff):
    """Ten events of the agency, numbered 1 to 10, with one of another in between."""
    for number in range(10):
        events.record(
            verb="agency.changed",
            by=staff,
            agency=agency,
            obj=agency,
            before={"name": "เดิม"},
            after={"name": f"ใหม่ {number}", "threshold": "80.00"},
        )
        if number == 4:
            events.record(verb="agency.created", by=None, agency=other_agency, obj=other_agency)
    return agency


def tamper(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(f"{sql.format(table=TABLE)}", values)


def found(agency):
    return [(fault.number, fault.text) for fault in chain.faults_in(agency.pk)]


@pytest.mark.django_db
def test_an_untouched_log_holds_and_each_agency_has_its_own_numbers(log, other_agency):
    assert found(log) == found(other_agency) == []
    assert chain.newest(log).number == 10
    assert chain.newest(other_agency).number == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "values", "number", "told"),
    [
        ("UPDATE {table} SET actor_name = %s WHERE number = %s", ["ผู้อื่น", 4], 4, CHANGED),
        (
            "UPDATE {table} SET after = %s WHERE number = %s",
            ['{"name": "x"}', 4],
            4,
            CHANGED,
        ),
        ("DELETE FROM {table} WHERE number = %s", [4], 4, "ถูกลบ: ลำดับที่ 4"),
        ("DELETE FROM {table} WHERE number >= %s", [9], 9, "ถูกลบที่ท้าย: ลำดับที่ 9 ถึง 10"),
        ("UPDATE {table} SET number = NULL WHERE number = %s", [10], None, "ไม่มีลำดับ"),
        ("UPDATE {table} SET number = %s WHERE number = 7", [6], 6, "สองเหตุการณ์"),
        ("UPDATE {table} SET number = %s WHERE number = 10", [11], 10, "ถูกลบ: ลำดับที่ 10"),
    ],
    ids=["person", "values", "deleted", "end", "unnumbered", "moved", "inserted"],
)
def test_a_changed_row_is_found_at_its_place(log, sql, values, number, told):
    tamper(f"{sql} AND agency_id = {log.pk}", *values)
    first, text = found(log)[0]
    assert (first, told in text) == (number, True)


@pytest.mark.django_db
def test_rows_put_in_another_order_are_found(log):
    tamper(
        "UPDATE {table} SET number = 12 - number WHERE number IN (5, 7) AND agency_id = %s", log.pk
    )
    assert [number for number, _text in found(log)][:2] == [5, 6]


@pytest.mark.django_db
def test_a_changed_row_with_a_digest_of_its_own_still_breaks_the_chain(log):
    event, before = (
        Event.objects.get(number=4, agency_id=log.pk),
        Event.objects.get(number=3, agency_id=log.pk),
    )
    event.actor_name = "ผู้อื่น"
    digest = chain.digest_of(event, before.digest)
    sql = "UPDATE {table} SET actor_name = %s, digest = %s WHERE number = 4 AND agency_id = %s"
    tamper(sql, "ผู้อื่น", digest, log.pk)
    assert [number for number, _text in found(log)] == [5]


@pytest.mark.django_db
def test_the_command_says_where_and_fails(log, capsys):
    call_command("verify_history")
    assert chain.newest(log).digest in capsys.readouterr().out
    tamper("UPDATE {table} SET verb = 'x' WHERE number = 4 AND agency_id = %s", log.pk)
    with pytest.raises(CommandError):
        call_command("verify_history", agency=log.code)
    told = capsys.readouterr().out
    assert f"{log.name}: ลำดับที่ 4" in told
    with pytest.raises(CommandError):
        call_command("verify_history", agency="nowhere")


@pytest.mark.django_db
def test_an_event_costs_two_queries_more(log, staff, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(3):
        events.record(verb="agency.changed", by=staff, agency=log, obj=log)


@pytest.mark.django_db
def test_many_events_of_many_agencies_cost_as_few(
    log, other_agency, staff, django_assert_num_queries
):
    entry = {"verb": "agency.changed", "by": staff}
    entries = [entry | {"agency": one, "obj": one} for one in (log, other_agency) * 20]
    with transaction.atomic(), django_assert_num_queries(3):
        events.record_all(entries)
    assert found(log) == found(other_agency) == []


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_different_numbers(agency, staff):
    together = Barrier(2)

    def write():
        together.wait()
        for _ in range(5):
            with transaction.atomic():
                events.record(verb="agency.changed", by=staff, agency=agency, obj=agency)
        connection.close()

    threads = [Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert chain.newest(agency).number == 10
    assert found(agency) == []
