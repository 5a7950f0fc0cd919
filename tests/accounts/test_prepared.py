from contextlib import closing

import pytest
from django.db import connections

from accounts.models import Agency, Membership
from accounts.permissions import Role
from accounts.prepared import Prepared

pytestmark = pytest.mark.django_db

in_use = Prepared(lambda user: Membership.objects.filter(user=user).in_use())


def facts(memberships):
    return [
        (one, one.role, one.unread, one.agency.code, one.agency.threshold, one.agency.is_active)
        for one in memberships
    ]


def test_a_prepared_query_finds_what_the_query_finds_now(
    staff, outsider, agency, other_agency, django_assert_num_queries
):
    for person in (staff, outsider):
        expected = facts(Membership.objects.filter(user=person).in_use())
        with django_assert_num_queries(1):
            assert facts(in_use(person.pk)) == expected != []
    Membership.objects.create(user=staff, agency=other_agency, role=Role.VIEWER)
    assert {one.agency for one in in_use(staff.pk)} == {agency, other_agency}
    Agency.objects.filter(pk=agency.pk).update(is_active=False)
    assert [one.role for one in in_use(staff.pk)] == [Role.VIEWER]
    assert in_use(0) == []


@pytest.fixture
def other_connection():
    """What a thread has where a loop of events runs: it sees nothing that is not committed."""
    own = connections["default"]
    with closing(own.copy()) as other:
        connections["default"] = other
        yield
        connections["default"] = own


def test_it_asks_the_connection_of_the_moment(staff, request):
    assert in_use(staff.pk)
    request.getfixturevalue("other_connection")
    assert in_use(staff.pk) == []
