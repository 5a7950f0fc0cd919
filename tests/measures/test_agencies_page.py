import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency, Membership
from accounts.permissions import Role


@pytest.fixture
def page(client, staff):
    client.force_login(staff)
    return lambda: client.get("/agencies/").content.decode()


def test_each_agency_stands_with_its_newest_plan_and_state(page, plan, other_agency):
    shown = page()
    assert 'href="/a/nongkong/2565/"' in shown
    assert "ร่าง" in shown
    assert other_agency.name not in shown


def test_somebody_who_serves_no_agency_is_told_what_to_do(page, staff):
    staff.memberships.all().delete()
    assert "ติดต่อผู้ดูแลของหน่วยงาน" in page()


def test_fifty_agencies_take_as_many_queries_as_five(page, staff, frameworks):
    def serve(count):
        for number in range(count):
            agency = Agency.objects.create(code=f"a-{count}-{number}", name=f"เทศบาลที่ {number}")
            Membership.objects.create(user=staff, agency=agency, role=Role.VIEWER)
        with CaptureQueriesContext(connection) as captured:
            page()
        return len(captured)

    few = serve(5)
    assert serve(45) == few <= 15
