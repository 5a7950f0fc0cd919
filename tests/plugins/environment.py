"""What every test gets: compiled catalogues, quick passwords, plain static files, no network."""

import gc
import ipaddress
import os
import sys
from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart():
    """Once, before the workers start."""
    from django.core.management import call_command
    from django.utils.translation.reloader import translation_file_changed

    if "PYTEST_XDIST_WORKER" not in os.environ:
        call_command("messages", compile_only=True, verbosity=0)
        # Setting Django up has read the catalogues already, and in a fresh clone found none.
        translation_file_changed(None, Path("any.mo"))


@pytest.fixture(scope="session", autouse=True)
def test_settings(django_test_environment, tmp_path_factory):
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        SECOND_FACTOR=False,
        REPORT_NICENESS=0,
        REPORT_CACHE_DIR=tmp_path_factory.mktemp("reports"),
        # Straight from the finders, so that nothing need be collected.
        STORAGES=settings.STORAGES | {"staticfiles": plain},
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """SQLite in a file, as in production: in memory all threads would share one connection
    and end up in each other's transactions. Rows that a query does not order come in reverse."""
    from django.db import connection

    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] += "PRAGMA reverse_unordered_selects=ON;"
    else:
        connection.ops.sql_flush = deletes


def deletes(style, tables, **options):
    """In place of TRUNCATE, which takes PostgreSQL 250 new files after each real transaction."""
    # A replica does not look whether anything points to what is deleted.
    yield "SET LOCAL session_replication_role = replica"
    yield ";".join(f'DELETE FROM "{table}"' for table in sorted(tables))


class NetworkRefused(Exception):
    pass


def refuse_network(event, arguments):
    if event != "socket.connect":
        return
    address = arguments[1]
    if isinstance(address, tuple) and not is_loopback(address[0]):
        raise NetworkRefused(f"Tests must not reach {address[0]}")


def is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def pytest_configure():
    sys.addaudithook(refuse_network)
    # Looking for garbage, above all among the modules and 4,000 tests, took a sixth of the run.
    gc.set_threshold(10_000, 20, 100)


def pytest_collection_finish():
    gc.freeze()
