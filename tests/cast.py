"""The people and records that tests share; conftest.py makes them fixtures everywhere.

Somchai writes for the agency, Pranee coordinates and submits, Somying reviews, Prasit signs, Wichai
looks on; Malee belongs to another agency.
"""

from decimal import Decimal

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction

from accounts.models import Agency, ChainEnd, Membership, User
from accounts.permissions import Role
from assessments.models import Assessment, Framework, Score

#: The published scores of the two years that the project started from.
SCORES = {
    2563: "86.96 78.11 83.07 78.23 79.14 74.03 66.66 71.11 60.82 31.25".split(),
    2564: "87.54 79.61 81.97 74.84 77.31 78.17 77.55 77.42 29.24 25.00".split(),
}
PASSWORD = "a long pass phrase"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The rules of all years are there from the start: loading them in each test costs a minute."""
    with django_db_blocker.unblock():
        call_command("load_frameworks", verbosity=0)
        models = apps.get_app_config("assessments").get_models(include_auto_created=True)
        return {model: list(model.objects.all()) for model in models}


@pytest.fixture
def frameworks(db, django_db_setup):
    """The rules of all years; put back where a test with real transactions emptied them."""
    if not Framework.objects.exists():
        # In one transaction, at whose end it is looked at whether all that is pointed to is there.
        with transaction.atomic():
            for model, rows in django_db_setup.items():
                model.objects.bulk_create(rows)


@pytest.fixture
def no_frameworks(db, django_db_setup):
    # Straight from the tables, all of which are empty at the end: looking for what points to what
    # is deleted takes longer than most of the tests.
    for model in django_db_setup:
        model.objects.all()._raw_delete("default")


@pytest.fixture
def agency(db):
    """With the begin of its chain of events, as the event of its making leaves it."""
    agency = Agency.objects.create(
        code="nongkong",
        name="องค์การบริหารส่วนตำบลหนองกง",
        district="นางรอง",
        province="บุรีรัมย์",
        threshold=Decimal("80"),
    )
    ChainEnd.objects.create(agency_id=agency.pk)
    return agency


@pytest.fixture
def other_agency(db):
    return Agency.objects.create(code="other", name="เทศบาลตำบลอื่น")


def _person(username, name, agency=None, role=None):
    user = User.objects.create_user(username, password=PASSWORD, name=name)
    if agency is not None:
        Membership.objects.create(user=user, agency=agency, role=role)
    return user


@pytest.fixture
def staff(agency):
    return _person("somchai", "สมชาย ตั้งใจ", agency, Role.STAFF)


@pytest.fixture
def coordinator(agency):
    return _person("pranee", "ปราณี ประสานงาน", agency, Role.COORDINATOR)


@pytest.fixture
def executive(agency):
    return _person("prasit", "ประสิทธิ์ นายก", agency, Role.EXECUTIVE)


@pytest.fixture
def admin(agency):
    return _person("somying", "สมหญิง ใจดี", agency, Role.ADMIN)


@pytest.fixture
def viewer(agency):
    return _person("wichai", "วิชัย มองดู", agency, Role.VIEWER)


@pytest.fixture
def outsider(other_agency):
    return _person("malee", "มาลี ต่างถิ่น", other_agency, Role.ADMIN)


@pytest.fixture
def operator(db):
    return User.objects.create_superuser("operator", password=PASSWORD, name="ผู้ดูแลระบบ")


@pytest.fixture
def enter_scores(frameworks):
    """enter_scores(agency, year, values) puts a year's result there; None leaves a score empty.

    Straight into the tables, as opening and one save leave it: most tests begin with this.
    """

    def enter(agency, year, values):
        framework = Framework.objects.get(year=year)
        assessment = Assessment.objects.create(agency=agency, framework=framework)
        Score.objects.bulk_create(
            Score(
                assessment=assessment,
                indicator=indicator,
                value=None if value is None else Decimal(value),
                version=1 if value is None else 2,
            )
            for indicator, value in zip(
                framework.indicators.order_by("number"), values, strict=True
            )
        )
        return assessment

    return enter


@pytest.fixture
def results(agency, enter_scores):
    """The agency's results of 2563 and 2564; returns the latter."""
    enter_scores(agency, 2563, SCORES[2563])
    return enter_scores(agency, 2564, SCORES[2564])


@pytest.fixture
def plan(results, staff, agency):
    """The draft plan of 2565 on the result of 2564."""
    from measures.actions import open_plan

    return open_plan(agency=agency, year=2565, by=staff)
