import os
import socket

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import is_psycopg3

from tests.plugins.environment import NetworkRefused


@pytest.mark.django_db
def test_the_tests_run_on_the_database_they_were_asked_to():
    wanted = "postgresql" if os.environ.get("ITA_DB") == "postgres" else "sqlite"
    assert connection.vendor == wanted


@pytest.mark.django_db
def test_django_talks_to_postgresql_through_psycopg2():
    assert not is_psycopg3


def test_the_network_is_out_of_reach():
    with pytest.raises(NetworkRefused), socket.socket() as probe:
        probe.connect(("192.0.2.1", 80))
