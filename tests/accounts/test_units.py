import pytest
from django.core.exceptions import ValidationError

from accounts.models import Event, Membership, Unit
from accounts.units import USUAL, add_units, move_unit, remove_unit, rename_unit

pytestmark = pytest.mark.django_db
of_pages = pytest.mark.one_database("sqlite")


@pytest.fixture
def units(agency, admin):
    return add_units(agency=agency, names=["สำนักปลัด", "กองคลัง", "กองช่าง"], by=admin)


def names(agency):
    return list(agency.units.values_list("name", flat=True))


def last_event():
    return Event.objects.order_by("pk").last()


def test_several_are_added_at_once_without_empty_lines_and_twins(agency, admin, units):
    typed = ["", " กองคลัง ", "กองสวัสดิการ  สังคม", "กองสวัสดิการ สังคม"]
    add_units(agency=agency, names=typed, by=admin)
    assert names(agency) == ["สำนักปลัด", "กองคลัง", "กองช่าง", "กองสวัสดิการ สังคม"]
    assert last_event().after == {"names": ["กองสวัสดิการ สังคม"]}


def test_adding_what_is_there_leaves_no_event(agency, admin, units):
    before = Event.objects.count()
    assert add_units(agency=agency, names=["กองคลัง"], by=admin) == []
    assert Event.objects.count() == before


def test_a_unit_is_renamed_but_not_to_what_another_is_called(agency, admin, units):
    rename_unit(unit=units[1], name="กองการเงิน", by=admin)
    assert (last_event().before, last_event().after) == ({"name": "กองคลัง"}, {"name": "กองการเงิน"})
    for name in ("กองช่าง", "", "กอง\U0001f600"):
        with pytest.raises(ValidationError):
            rename_unit(unit=Unit.objects.get(pk=units[1].pk), name=name, by=admin)
    assert names(agency) == ["สำนักปลัด", "กองการเงิน", "กองช่าง"]


def test_a_unit_moves_a_place_and_stops_at_the_ends(agency, admin, units):
    move_unit(unit=units[2], up=True, by=admin)
    assert names(agency) == ["สำนักปลัด", "กองช่าง", "กองคลัง"]
    events = Event.objects.count()
    move_unit(unit=units[0], up=True, by=admin)
    assert names(agency) == ["สำนักปลัด", "กองช่าง", "กองคลัง"]
    assert Event.objects.count() == events


def test_a_unit_with_people_stays_for_they_would_get_the_measures_of_all(
    agency, admin, units, staff
):
    Membership.objects.filter(user=staff).update(unit=units[1])
    with pytest.raises(ValidationError, match="สมชาย ตั้งใจ"):
        remove_unit(unit=units[1], by=admin)
    remove_unit(unit=units[2], by=admin)
    assert names(agency) == ["สำนักปลัด", "กองคลัง"]
    assert last_event().before == {"name": "กองช่าง"}


# --- the page -------------------------------------------------------------------------------------


@pytest.fixture
def send(client, admin, agency):
    """send(**data): the page after what was sent."""
    client.force_login(admin)
    url = f"/a/{agency.code}/units/"

    def send(**data):
        response = client.post(url, data) if data else client.get(url)
        return response if response.status_code == 200 else client.get(url)

    return send


@of_pages
def test_an_empty_list_begins_with_the_usual_ones_in_one_click(send, agency):
    assert "เริ่มด้วยรายการนี้" in send().content.decode()
    send(usual="")
    assert names(agency) == list(USUAL)
    assert "เริ่มด้วยรายการนี้" not in send().content.decode()


@of_pages
def test_a_pasted_list_is_added(send, agency):
    send(add="", names="กองคลัง\r\nกองช่าง\r\n")
    assert names(agency) == ["กองคลัง", "กองช่าง"]
    assert "กรอกชื่อกองหรือสำนัก" in send(add="", names=" ").content.decode()


@of_pages
def test_each_button_also_saves_the_names_beside_it(send, agency, units):
    typed = {f"name-{unit.pk}": unit.name for unit in units}
    send(**typed | {f"name-{units[1].pk}": "กองการเงิน"}, up=units[2].pk)
    assert names(agency) == ["สำนักปลัด", "กองช่าง", "กองการเงิน"]
    send(remove=units[0].pk)
    assert names(agency) == ["กองช่าง", "กองการเงิน"]


@of_pages
def test_what_is_refused_changes_nothing_and_stays_as_typed(send, agency, units, staff):
    Membership.objects.filter(user=staff).update(unit=units[1])
    response = send(**{f"name-{units[0].pk}": "สำนักปลัดฯ"}, remove=units[1].pk)
    page = response.content.decode()
    assert "ย้ายผู้ใช้งานไปกองอื่นก่อน" in page
    assert 'value="สำนักปลัดฯ"' in page
    assert names(agency) == ["สำนักปลัด", "กองคลัง", "กองช่าง"]


@of_pages
def test_a_unit_of_another_agency_is_not_found(client, send, agency, other_agency):
    foreign = Unit.objects.create(agency=other_agency, name="กองคลัง")
    for button in ("up", "down", "remove"):
        url = f"/a/{agency.code}/units/"
        assert client.post(url, {button: foreign.pk}).status_code == 404
    send(**{f"name-{foreign.pk}": "ของเรา"}, save="")
    foreign.refresh_from_db()
    assert foreign.name == "กองคลัง"
