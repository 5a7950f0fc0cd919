import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import actions
from accounts.handover import hand_over
from accounts.invitations import invite, make_code, use_code
from accounts.models import Agency, Event, Membership, User
from accounts.permissions import Permission, Role, allowed
from accounts.units import add_units
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

NEW = {"username": "pranee", "name": "ปราณี งามตา"}


def membership_of(user):
    return Membership.objects.get(user=user)


WRITES = {
    "create_agency": lambda by, agency, user: actions.create_agency(code="x", name="x", by=by),
    "change_agency": lambda by, agency, user: actions.change_agency(agency=agency, name="x", by=by),
    "create_user": lambda by, agency, user: actions.create_user(**NEW, by=by),
    "create_member": lambda by, agency, user: actions.create_user(
        **NEW, agency=agency, role="staff", by=by
    ),
    "create_superuser": lambda by, agency, user: actions.create_user(
        **NEW, agency=None if by.is_superuser else agency, role="staff", is_superuser=True, by=by
    ),
    "change_user": lambda by, agency, user: actions.change_user(user=user, name="x", by=by),
    "make_code": lambda by, agency, user: make_code(user=user, agency=agency, by=by),
    "make_any_code": lambda by, agency, user: make_code(user=user, by=by),
    "invite": lambda by, agency, user: invite(**NEW, agency=agency, role="staff", by=by),
    "hand_over": lambda by, agency, user: hand_over(
        membership=membership_of(user), successor=_colleague(agency), leaves=True, by=by
    ),
    "add_units": lambda by, agency, user: add_units(agency=agency, names=["กองคลัง"], by=by),
    "set_role": lambda by, agency, user: actions.set_role(
        user=user, agency=agency, role="admin", by=by
    ),
    "remove_member": lambda by, agency, user: actions.remove_member(
        membership=membership_of(user), closes=True, by=by
    ),
}
OF_OPERATORS = {"create_agency", "create_user", "create_superuser", "change_user", "make_any_code"}


def _colleague(agency):
    user = User.objects.create(username="colleague", name="เพื่อนร่วมงาน")
    return Membership.objects.create(user=user, agency=agency, role=Role.STAFF)


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("person", ["staff", "viewer", "outsider", "admin", "operator"])
def test_only_those_with_the_right_write_and_each_write_leaves_an_event(
    request, agency, person, write
):
    """The agency's admin in her agency, the operator everywhere."""
    by = request.getfixturevalue(person)
    target = User.objects.create(username="target", name="เป้าหมาย", password="as it was")
    Membership.objects.create(user=target, agency=agency, role=Role.STAFF)
    if person == "operator" or (person == "admin" and write not in OF_OPERATORS):
        WRITES[write](by, agency, target)
        assert Event.objects.filter(actor_id=by.pk).exists()
        return
    with pytest.raises(PermissionDenied):
        WRITES[write](by, agency, target)
    assert not Event.objects.exists()
    assert User.objects.filter(username="target", name="เป้าหมาย", password="as it was").exists()
    assert membership_of(target).role == Role.STAFF
    assert not User.objects.filter(username="pranee").exists()


def test_an_account_that_cannot_be_given_its_role_is_not_made(agency, admin):
    with pytest.raises(ValueError, match="boss"):
        actions.create_user(**NEW, agency=agency, role="boss", by=admin)
    assert not User.objects.filter(username="pranee").exists()
    assert not Event.objects.exists()


def test_two_admins_who_end_each_others_role_leave_one(agency, admin):
    """The one who comes second was still an admin when her request began."""
    second = actions.create_user(**NEW, agency=agency, role=Role.ADMIN, by=None)
    early = User.objects.get(pk=admin.pk)
    assert allowed(early, Permission.MANAGE_PEOPLE, agency)
    actions.set_role(user=admin, agency=agency, role=Role.STAFF, by=second)
    for last_act in (
        lambda: actions.set_role(user=second, agency=agency, role=Role.STAFF, by=early),
        lambda: actions.remove_member(membership=membership_of(second), by=early),
    ):
        with pytest.raises(ValidationError, match="อย่างน้อย 1 คน"):
            last_act()
    assert agency.memberships.filter(role=Role.ADMIN).get().user == second


def test_an_operator_who_belongs_to_the_agency_is_no_ones_to_reset(agency, admin, operator):
    Membership.objects.create(user=operator, agency=agency, role=Role.STAFF)
    with pytest.raises(ValidationError, match="ผู้ดูแลระบบ"):
        make_code(user=operator, agency=agency, by=admin)
    operator.refresh_from_db()
    assert operator.check_password(PASSWORD)


def test_events_say_what_was_before_and_after_and_no_secret(agency, admin):
    user, code = invite(**NEW, agency=agency, role=Role.STAFF, by=admin)
    use_code(username="pranee", code=code, password="a phrase of my own")
    actions.change_password(user=user, password="another phrase of my own")
    told = str(list(Event.objects.values_list("before", "after", "object_label")))
    for secret in (code, code.replace("-", ""), "phrase of my own", user.password):
        assert secret not in told
    assert Event.objects.filter(agency_code="nongkong").count() == 3


@pytest.mark.parametrize("code", ["", "Nong Kong", "nong_kong", "-x", "x--y", "หนองกง"])
def test_a_code_that_makes_a_bad_address_is_refused(code):
    with pytest.raises(ValidationError):
        actions.create_agency(code=code, name="x", by=None)


def test_a_code_is_given_once(agency):
    with pytest.raises(ValidationError):
        actions.create_agency(code="nongkong", name="x", by=None)
    assert Agency.objects.count() == 1
