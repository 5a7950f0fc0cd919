"""A connection that stays open between requests, when the server has meanwhile ended it."""

from contextlib import closing

import pytest
from django.db import OperationalError, connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("postgres"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server"),
]


@pytest.fixture
def kept():
    """A connection as a thread of the portal keeps one, beside that of the test."""
    with closing(connection.copy()) as kept:
        yield kept


def ask(connection, question, *values):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


def next_request(kept):
    """What Django does at the beginning of each, and before the first question of it."""
    kept.close_if_unusable_or_obsolete()
    return ask(kept, "SELECT pg_backend_pid()")


def test_a_connection_in_order_is_used_again_without_asking_the_server_for_it(kept):
    process = next_request(kept)
    ask(kept, "SELECT 'the last question'")
    kept.close_if_unusable_or_obsolete()
    kept.close_if_health_check_failed()
    last = "SELECT query FROM pg_stat_activity WHERE pid = %s"
    assert ask(connection, last, process) == "SELECT 'the last question'"
    assert next_request(kept) == process


def test_a_connection_that_the_server_ended_is_made_anew(kept):
    process = next_request(kept)
    assert ask(connection, "SELECT pg_terminate_backend(%s, 10000)", process)
    assert next_request(kept) != process


def test_one_that_broke_in_the_middle_of_a_request_is_made_anew_for_the_next(kept):
    process = next_request(kept)
    ask(connection, "SELECT pg_terminate_backend(%s, 10000)", process)
    with pytest.raises(OperationalError):
        ask(kept, "SELECT 1")
    assert next_request(kept) != process


def test_what_the_server_says_of_its_own_accord_ends_no_connection(kept):
    process = next_request(kept)
    with kept.cursor() as cursor:
        cursor.execute("LISTEN news")
    with closing(connection.copy()) as other:
        ask(other, "SELECT pg_notify('news', '')")
    assert next_request(kept) == process
