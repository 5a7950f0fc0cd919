import re
from decimal import Decimal

import pytest

from accounts.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(client, admin, agency):
    """save(**changes) sends the settings form; returns the response."""
    client.force_login(admin)

    def save(**changes):
        data = {
            "name": agency.name,
            "kind": agency.kind,
            "district": agency.district,
            "province": agency.province,
            "threshold": "80.00",
        }
        return client.post(f"/a/{agency.code}/settings/", data | changes)

    return save


def test_only_what_changed_is_written_and_noted(save, agency):
    assert save(district="เมือง").status_code == 302
    agency.refresh_from_db()
    assert agency.district == "เมือง"
    event = Event.objects.get(verb="agency.changed")
    assert (event.before, event.after) == ({"district": "นางรอง"}, {"district": "เมือง"})


def test_saving_without_a_change_writes_nothing(save):
    assert save().status_code == 302
    assert not Event.objects.exists()


def test_what_another_admin_changed_meanwhile_stays(save, agency, client):
    page = client.get(f"/a/{agency.code}/settings/").content.decode()
    opened = dict(re.findall(r'name="(initial-[a-z]+)" value="([^"]*)"', page))
    save(district="เมือง")
    save(threshold="82", **opened)
    agency.refresh_from_db()
    assert (agency.district, agency.threshold) == ("เมือง", 82)


@pytest.mark.parametrize(
    ("typed", "value"), [("๘๒.๕", "82.5"), (" 85 ", "85"), ("0", "0"), ("100.00", "100")]
)
def test_the_threshold_takes_thai_digits(save, agency, typed, value):
    assert save(threshold=typed).status_code == 302
    agency.refresh_from_db()
    assert agency.threshold == Decimal(value)


@pytest.mark.parametrize("typed", ["แปดสิบ", "101", "-1", "NaN", "1000", "8e1"])
def test_a_threshold_that_is_no_score_is_refused_and_stays_on_the_page(save, agency, typed):
    page = save(threshold=typed).content.decode()
    assert "เกณฑ์จุดแข็งต้องเป็นตัวเลขตั้งแต่ 0 ถึง 100" in page
    assert f'value="{typed}"' in page
    agency.refresh_from_db()
    assert agency.threshold == Decimal("80")


def test_a_threshold_has_two_decimal_places(save):
    assert "ทศนิยมได้ไม่เกิน 2 ตำแหน่ง" in save(threshold="80.123").content.decode()


def test_an_agency_without_a_name_is_refused_and_the_page_keeps_the_true_one(save, agency):
    page = save(name="").content.decode()
    assert "กรอกชื่อหน่วยงาน" in page
    assert f"· {agency.name} ·" in page


def test_the_code_cannot_be_changed_here(save, agency):
    save(code="another", is_active="")
    agency.refresh_from_db()
    assert (agency.code, agency.is_active) == ("nongkong", True)


def test_the_exemption_of_a_small_office_is_off_explained_and_noted(save, client, agency):
    assert agency.own_approval_reason == ""
    page = client.get(f"/a/{agency.code}/settings/").content.decode()
    assert "เหตุผลนี้จะพิมพ์ไว้ในรายงาน" in page
    reason = "มีข้าราชการฝ่ายเดียว 2 คน"
    save(own_approval_reason=reason)
    agency.refresh_from_db()
    assert agency.own_approval_reason == reason
    event = Event.objects.get(verb="agency.changed")
    assert event.before == {"own_approval_reason": ""}
    assert event.after == {"own_approval_reason": reason}
