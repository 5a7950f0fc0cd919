import re

import pytest
from django.contrib.admin import site

from accounts import support
from accounts.invitations import use_code
from accounts.models import Agency, Event, Membership, Unit, User
from accounts.permissions import Role
from accounts.proof import PROVEN_AT
from tests.cast import PASSWORD
from tests.measures.public import published

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]


@pytest.fixture
def desk(client, operator):
    """The system operator, signed in."""
    client.force_login(operator)
    return client


def test_the_admin_shows_the_portals_records_and_no_others(desk):
    labels = {model._meta.app_label for model in site._registry}
    assert labels == {"accounts", "assessments", "measures"}
    page = desk.get("/operator/").content.decode()
    assert "ส่วนผู้ดูแลระบบ" in page


def addresses():
    for model in site._registry:
        where = f"/operator/{model._meta.app_label}/{model._meta.model_name}/"
        yield from (where, where + "add/")


@pytest.mark.parametrize("person", ["staff", "coordinator", "admin", "executive", "viewer"])
def test_people_of_an_agency_find_no_admin(client, request, person):
    client.force_login(request.getfixturevalue(person))
    for address in ("/operator/", "/operator/login/", *addresses()):
        assert client.get(address, follow=True).status_code == 404


def test_a_visitor_is_led_to_the_portals_own_sign_in(client, db):
    response = client.get("/operator/accounts/user/", follow=True)
    assert response.redirect_chain[-1][0] == "/account/login/?next=/operator/accounts/user/"
    assert client.post("/operator/login/", {"username": "operator"}).status_code == 302


def test_every_list_opens_and_searches(desk, plan, staff, operator):
    for address in addresses():
        if not address.endswith("add/"):
            assert desk.get(address).status_code == 200
            assert desk.get(address + "?q=nongkong").status_code in (200, 302)


def test_records_with_rules_of_their_own_are_only_looked_at(desk, plan, staff, operator):
    support.visit(agency=plan.agency, reason="ช่วยดูมาตรการ", by=operator)
    Event.objects.create(verb="test.done")
    published(plan, staff)
    for model in site._registry:
        if model._meta.label in ("accounts.Agency", "accounts.User", "accounts.Membership"):
            continue
        record = model.objects.first()
        where = f"/operator/{model._meta.app_label}/{model._meta.model_name}/"
        assert desk.get(f"{where}{record.pk}/change/").status_code == 200
        assert desk.get(f"{where}add/").status_code == 403
        assert desk.post(f"{where}{record.pk}/change/", {}).status_code == 403
        assert desk.post(f"{where}{record.pk}/delete/", {"post": "yes"}).status_code == 403
        assert model.objects.filter(pk=record.pk).exists()


AGENCY = {"name": "เทศบาลตำบลใหม่", "kind": "subdistrict_town", "threshold": "85", "is_active": "on"}


def test_a_new_agency_is_made_by_the_action_that_notes_it(desk, operator):
    desk.post("/operator/accounts/agency/add/", AGENCY | {"code": "mai"})
    agency = Agency.objects.get(code="mai")
    event = Event.objects.get(verb="agency.created")
    assert (event.agency_id, event.actor_id) == (agency.pk, operator.pk)


def test_an_agency_is_put_out_of_use_and_never_deleted_or_given_another_code(desk, agency):
    data = AGENCY | {"name": agency.name, "code": "another", "is_active": ""}
    desk.post(f"/operator/accounts/agency/{agency.pk}/change/", data)
    agency.refresh_from_db()
    assert (agency.code, agency.is_active) == ("nongkong", False)
    event = Event.objects.get(verb="agency.changed")
    assert (event.before["is_active"], event.after["is_active"]) == (True, False)
    address = f"/operator/accounts/agency/{agency.pk}/delete/"
    assert desk.post(address, {"post": "yes"}).status_code == 403


def code_on(page):
    return re.search(r'<code class="code">(\w{4}-\w{4}-\w{4}-\w{4})</code>', page)[1]


def test_a_new_account_gets_an_invitation_code(desk):
    data = {"username": "Pranee", "name": "ปราณี งามตา"}
    page = desk.post("/operator/accounts/user/add/", data).content.decode()
    user = User.objects.get(username="pranee")
    assert use_code(username="pranee", code=code_on(page), password=PASSWORD) == user
    assert (user.is_superuser, user.is_active) == (False, True)
    assert Event.objects.filter(verb="user.created", object_id=user.pk).exists()


def test_an_account_is_closed_and_never_deleted(desk, staff):
    data = {"username": "somchai", "name": staff.name}
    desk.post(f"/operator/accounts/user/{staff.pk}/change/", data)
    staff.refresh_from_db()
    assert not staff.is_active
    assert Event.objects.get(verb="user.changed").after == {"is_active": False}
    assert desk.post(f"/operator/accounts/user/{staff.pk}/delete/", {}).status_code == 403


def test_the_operator_cannot_lock_herself_out(desk, operator):
    data = {"username": "operator", "name": "ผู้ดูแลระบบกลาง"}
    desk.post(f"/operator/accounts/user/{operator.pk}/change/", data)
    operator.refresh_from_db()
    assert operator.name == "ผู้ดูแลระบบกลาง"
    assert operator.is_active
    assert operator.is_superuser


def test_the_operator_gives_new_invitation_codes(desk, staff, operator):
    chosen = {"action": "make_codes", "_selected_action": [staff.pk, operator.pk]}
    page = desk.post("/operator/accounts/user/", chosen).content.decode()
    assert use_code(username="somchai", code=code_on(page), password=PASSWORD) == staff
    assert page.count('<code class="code">') == 1
    assert desk.get("/operator/").status_code == 200


def test_the_desk_asks_again_who_one_is_after_a_quarter_of_an_hour(desk):
    session = desk.session
    session[PROVEN_AT] -= 15 * 60 + 1
    session.save()
    asked = desk.get("/operator/accounts/user/")["Location"]
    assert asked == "/account/proof/?next=%2Foperator%2Faccounts%2Fuser%2F"


def test_a_role_is_given_changed_and_taken_through_the_actions(desk, outsider, agency):
    where = "/operator/accounts/membership/"
    desk.post(f"{where}add/", {"user": outsider.pk, "agency": agency.pk, "role": "staff"})
    membership = Membership.objects.get(user=outsider, agency=agency)
    desk.post(f"{where}{membership.pk}/change/", {"role": "viewer"})
    membership.refresh_from_db()
    assert membership.role == Role.VIEWER
    desk.post(f"{where}{membership.pk}/delete/", {"post": "yes"})
    assert not Membership.objects.filter(pk=membership.pk).exists()
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["membership.set", "membership.set", "membership.removed"]


def test_many_roles_taken_at_once_are_noted_one_by_one(desk, staff, viewer):
    chosen = list(Membership.objects.values_list("pk", flat=True))
    data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    desk.post("/operator/accounts/membership/", data)
    assert not Membership.objects.exists()
    assert Event.objects.filter(verb="membership.removed").count() == 2


def test_units_are_offered_with_their_agency_or_of_hers_alone(desk, staff, agency, other_agency):
    for one in (agency, other_agency):
        Unit.objects.create(agency=one, name=f"กอง{one.code}")
    where, membership = "/operator/accounts/membership/", Membership.objects.get(user=staff)
    page = desk.get(f"{where}add/").content.decode()
    assert f"{other_agency.name} · กอง{other_agency.code}" in page
    page = desk.get(f"{where}{membership.pk}/change/").content.decode()
    assert f">กอง{agency.code}<" in page
    assert f"กอง{other_agency.code}" not in page


def test_the_operator_gives_no_unit_of_another_agency(desk, staff, agency, other_agency):
    membership = Membership.objects.get(user=staff)
    units = [Unit.objects.create(agency=one, name="กองคลัง") for one in (other_agency, agency)]
    for unit in units:
        data = {"role": "staff", "unit": unit.pk}
        desk.post(f"/operator/accounts/membership/{membership.pk}/change/", data)
    membership.refresh_from_db()
    assert membership.unit.agency == agency
    assert Event.objects.filter(verb="membership.set").count() == 1
