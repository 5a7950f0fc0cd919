import re
from decimal import Decimal

import pytest

from accounts.models import Event

pytestmark = pytest.mark.django_db


def test_only_what_changed_is_written_and_noted(save_settings, agency):
    assert save_settings(district="เมือง").status_code == 302
    agency.refresh_from_db()
    assert agency.district == "เมือง"
    event = Event.objects.get(verb="agency.changed")
    assert (event.before, event.after) == ({"district": "นางรอง"}, {"district": "เมือง"})


def test_saving_without_a_change_writes_nothing(save_settings):
    assert save_settings().status_code == 302
    assert not Event.objects.exists()


def test_what_another_admin_changed_meanwhile_stays(save_settings, agency, client):
    page = client.get(f"/a/{agency.code}/settings/").content.decode()
    opened = dict(re.findall(r'name="(initial-[a-z]+)" value="([^"]*)"', page))
    save_settings(district="เมือง")
    save_settings(threshold="82", **opened)
    agency.refresh_from_db()
    assert (agency.district, agency.threshold) == ("เมือง", 82)


@pytest.mark.parametrize(
    ("typed", "value"), [("๘๒.๕", "82.5"), (" 85 ", "85"), ("0", "0"), ("100.00", "100")]
)
def test_the_threshold_takes_thai_digits(save_settings, agency, typed, value):
    assert save_settings(threshold=typed).status_code == 302
    agency.refresh_from_db()
    assert agency.threshold == Decimal(value)


@pytest.mark.parametrize("typed", ["แปดสิบ", "101", "-1", "NaN", "1000", "8e1"])
def test_a_threshold_that_is_no_score_is_refused_and_stays_on_the_page(
    save_settings, agency, typed
):
    page = save_settings(threshold=typed).content.decode()
    assert "เกณฑ์จุดแข็งต้องเป็นตัวเลขตั้งแต่ 0 ถึง 100" in page
    assert f'value="{typed}"' in page
    agency.refresh_from_db()
    assert agency.threshold == Decimal("80")


def test_a_threshold_has_two_decimal_places(save_settings):
    assert "ทศนิยมได้ไม่เกิน 2 ตำแหน่ง" in save_settings(threshold="80.123").content.decode()


def test_an_agency_without_a_name_is_refused_and_the_page_keeps_the_true_one(save_settings, agency):
    page = save_settings(name="").content.decode()
    assert "กรอกชื่อหน่วยงาน" in page
    assert f"· {agency.name} ·" in page


def test_the_code_cannot_be_changed_here(save_settings, agency):
    save_settings(code="another", is_active="")
    agency.refresh_from_db()
    assert (agency.code, agency.is_active) == ("nongkong", True)


def test_the_exemption_of_a_small_office_is_off_explained_and_noted(save_settings, client, agency):
    assert agency.own_approval_reason == ""
    page = client.get(f"/a/{agency.code}/settings/").content.decode()
    assert "เหตุผลนี้จะพิมพ์ไว้ในรายงาน" in page
    reason = "มีข้าราชการฝ่ายเดียว 2 คน"
    save_settings(own_approval_reason=reason)
    agency.refresh_from_db()
    assert agency.own_approval_reason == reason
    event = Event.objects.get(verb="agency.changed")
    assert event.before == {"own_approval_reason": ""}
    assert event.after == {"own_approval_reason": reason}
