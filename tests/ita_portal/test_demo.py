from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import Agency, Event
from assessments.models import Assessment
from assessments.results import analysis_of, official, two_years
from measures.models import Plan

# The walk over every page seeds the demo data on both databases.
pytestmark = pytest.mark.one_database("postgres")


def seed(*options):
    out = StringIO()
    call_command("seed_demo", *options, stdout=out)
    return out.getvalue()


def test_the_demo_shows_what_it_says_however_often_it_is_made(frameworks, client):
    """Made once for all that is said of it: what it publishes is laid out in earnest."""
    seed()
    three_agencies_are_in_three_states()
    the_first_has_its_true_figures()
    a_self_assessment_is_not_known_to_the_official_results()
    events = Event.objects.count()
    assert "none" in seed()
    seed("--if-empty")
    assert Event.objects.count() == events
    the_logins_printed_work_and_end_with_their_password(client)


def three_agencies_are_in_three_states():
    states = dict(Plan.objects.values_list("agency__code", "state"))
    assert states == {
        "nongkong": "draft",
        "example-town": "submitted",
        "example-subdistrict": "published",
    }
    invented = Agency.objects.filter(code__startswith="example")
    assert all("สมมติ" in agency.name for agency in invented)


def the_first_has_its_true_figures():
    analysis = analysis_of(official(Agency.objects.get(code="nongkong"), 2564))
    assert str(analysis.total) == "58.24"
    assert analysis.level.name == "D"
    assert str(analysis.previous_total) == "63.92"


def a_self_assessment_is_not_known_to_the_official_results():
    town = Agency.objects.get(code="example-town")
    own = two_years(town, 2567, Assessment.Kind.SELF).current
    assert None not in (own.values[9], own.values[10])
    assert official(town, 2567) is None


def the_logins_printed_work_and_end_with_their_password(client):
    lines = [line.rsplit(maxsplit=2) for line in seed("--show-logins").splitlines()]
    assert [role for role, *_ in lines] == [
        *("staff", "coordinator", "admin", "executive", "viewer"),
        "system operator",
    ]
    for _role, username, password in lines:
        assert client.login(username=username, password=password)


def test_it_does_not_touch_a_portal_in_use(frameworks, agency):
    seed("--if-empty")
    assert Agency.objects.count() == 1
