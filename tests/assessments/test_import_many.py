"""One file for several agencies."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Agency, Event
from accounts.permissions import Role, State
from assessments.actions import ScoreChange
from assessments.actions import enter_scores as enter
from assessments.models import Assessment
from assessments.results import official
from tests.assessments.pages import fields, text
from tests.cast import SCORES

URL = "/agencies/scores/import/"
HEAD = "agency_code,fiscal_year," + ",".join(f"i{n}" for n in range(1, 11))


def lines(*rows):
    return "\n".join([HEAD, *(",".join(map(str, row)) for row in rows)]).encode()


@pytest.fixture
def upload(client, staff, other_agency, results):
    """The staff of one agency is staff of another too."""
    staff.memberships.create(agency=other_agency, role=Role.STAFF)
    client.force_login(staff)

    def upload(content, name="scores.csv"):
        return client.post(URL, {"file": SimpleUploadedFile(name, content)})

    return upload


def test_rows_of_all_her_agencies_are_shown_and_written_at_once(
    upload, client, agency, other_agency
):
    page = upload(
        lines(["nongkong", 2564, "99", *SCORES[2564][1:]], ["other", 2564, *SCORES[2563]])
    )
    assert "ค่าใหม่ 10 ค่าที่เปลี่ยน 1 ค่าเดิม 9 ไม่รับ 0 หน่วยงาน 2" in text(page)
    assert f"{agency.name} 2564 ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ 87.54 99.00 +11.46" in text(page)
    assert f"{other_agency.name} 2564 ตัวชี้วัดที่ 10 การป้องกันการทุจริต 31.25" in text(page)
    assert not Assessment.objects.filter(agency=other_agency).exists()

    response = client.post(URL, fields(page))
    assert "นำเข้าแล้ว: ค่าใหม่ 10 ค่า และค่าที่เปลี่ยน 1 ค่า" in text(client.get(response.url))
    assert official(agency, 2564).values[1] == 99
    assert [str(v) for v in official(other_agency, 2564).values.values()] == SCORES[2563]


def test_what_is_imported_is_stored_as_if_it_had_been_typed(
    upload, client, agency, other_agency, staff
):
    client.post(URL, fields(upload(lines(["other", 2565, "80", ""], ["nongkong", 2564, "", "-"]))))
    cells = official(other_agency, 2565).cells
    assert (cells["i1"].value, cells["i1"].version, cells["i1"].updated_by) == (80, 2, staff)
    assert (cells["i2"].value, cells["i2"].version) == (None, 1)
    emptied = official(agency, 2564).cells["i2"]
    assert (emptied.value, emptied.version, emptied.updated_by) == (None, 3, staff)
    events = Event.objects.order_by("id").values_list("verb", "agency_code", "before", "after")
    assert list(events)[-3:] == [
        ("assessment.opened", "other", {}, {}),
        ("scores.saved", "other", {"i1": None}, {"i1": "80.00"}),
        ("scores.saved", "nongkong", {"i2": "79.61"}, {"i2": None}),
    ]


def test_an_agency_that_is_not_hers_is_as_unknown_as_one_that_is_not_there(upload):
    Agency.objects.create(code="hidden", name="เทศบาลตำบลลับ")
    page = upload(lines(["hidden", 2564, "80"], ["nowhere", 2564, "80"]))
    assert 'แถว 2 คอลัมน์ "agency_code": ไม่มีหน่วยงานรหัสหรือชื่อ hidden' in text(page)
    assert 'แถว 3 คอลัมน์ "agency_code": ไม่มีหน่วยงานรหัสหรือชื่อ nowhere' in text(page)


def test_an_agency_where_she_only_looks_on_is_refused(upload, staff, other_agency):
    staff.memberships.filter(agency=other_agency).update(role=Role.VIEWER)
    page = upload(lines(["nongkong", 2564, "99"], ["other", 2564, "80"]))
    assert 'แถว 3 คอลัมน์ "agency_code": "other" – บัญชีของคุณ' in text(page)
    assert "พบ 1 จุดที่ต้องแก้ ยังไม่มีข้อมูลใดถูกนำเข้า" in text(page)


def test_a_locked_year_is_blamed_on_its_year(upload, results):
    Assessment.objects.filter(pk=results.pk).update(state=State.APPROVED)
    page = upload(lines(["nongkong", 2563, "99"], ["nongkong", 2564, "99"]))
    assert 'แถว 3 คอลัมน์ "fiscal_year": ปี 2564:' in text(page)
    assert "พบ 1 จุดที่ต้องแก้" in text(page)


def test_a_table_without_agency_is_of_no_agency_here(upload):
    page = upload("ตัวชี้วัด,2563,2564\n9,1,2\n".encode())
    assert 'คอลัมน์ "รหัสหน่วยงาน (agency_code)": ไม่มีคอลัมน์นี้' in text(page)


def test_what_was_checked_on_one_page_cannot_be_confirmed_on_another(upload, client, agency):
    confirmed = fields(upload(lines(["nongkong", 2564, "99"])))
    url = reverse("assessments:scores-import", args=[agency.code, 2564])
    assert "เลือกไฟล์อีกครั้ง" in text(client.get(client.post(url, confirmed).url))
    assert str(official(agency, 2564).values[1]) == "87.54"


def test_a_double_press_imports_once(upload, client):
    confirmed = fields(upload(lines(["nongkong", 2564, "99"])))
    answers = [client.post(URL, confirmed) for _press in range(2)]
    assert [answer.url for answer in answers] == [URL, URL]
    assert Event.objects.filter(verb="scores.saved").count() == 1


def test_a_change_meanwhile_is_shown_before_anything_is_written(
    upload, client, agency, other_agency, staff
):
    page = upload(lines(["nongkong", 2564, "99"], ["other", 2564, "80"]))
    enter(agency=other_agency, year=2564, changes=[ScoreChange("i1", 50, 1)], by=staff)
    again = client.post(URL, fields(page))
    assert again.status_code == 409
    assert "การปฏิบัติหน้าที่ 50.00 80.00 +30.00" in text(again)
    assert str(official(agency, 2564).values[1]) == "87.54"


def test_many_values_are_counted_and_the_first_of_them_shown(
    upload, staff, client, django_assert_max_num_queries
):
    codes = [f"agency-{n}" for n in range(60)]
    for code in codes:
        agency = Agency.objects.create(code=code, name=code)
        staff.memberships.create(agency=agency, role=Role.STAFF)
    with django_assert_max_num_queries(15):
        page = upload(lines(*([code, 2564, *SCORES[2564]] for code in codes)))
    assert "ค่าใหม่ 600 ค่าที่เปลี่ยน 0" in text(page)
    assert "และอีก 100" in text(page)
    with django_assert_max_num_queries(40 + 2 * len(codes)):
        client.post(URL, fields(page))
    assert Assessment.objects.filter(agency__code__in=codes).count() == 60


def test_the_list_of_agencies_leads_to_it_for_those_who_may(client, staff, viewer, agency):
    for person, may in ((staff, True), (viewer, False)):
        client.force_login(person)
        page = client.get(reverse("measures:agencies")).content.decode()
        assert (f'href="{URL}"' in page) is may
