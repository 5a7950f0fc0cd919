import pytest
from django.urls import reverse

from accounts.models import Event, Membership, Notice
from accounts.notices import notify
from accounts.permissions import Role
from tests.cast import PASSWORD
from tests.measures.writing import url

# Pages: what they write and read is tried on both databases elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database("postgres")]

PAGE = "/notices/"
ROW = "/a/nongkong/2565/measures/#measure-5"


@pytest.fixture
def tell(agency, staff):
    def tell(text="แก้ระยะเวลา", person=staff, agency=agency, url=ROW):
        notify([person], agency=agency, text=text, url=url)
        return Notice.objects.latest("pk")

    return tell


@pytest.fixture
def listed(client, staff):
    client.force_login(staff)
    return lambda: client.get(PAGE).content.decode()


def test_the_frame_counts_what_is_unread_and_says_it_in_words(client, staff, tell):
    client.force_login(staff)
    assert "bell-count" not in client.get(reverse("measures:agencies")).content.decode()
    tell()
    tell()
    assert "การแจ้งเตือนที่ยังไม่ได้อ่าน 2 รายการ" in client.get(PAGE).content.decode()


def test_a_notice_leads_to_its_row_and_is_read_then(client, listed, tell):
    notice = tell()
    assert client.get(notice.get_absolute_url())["Location"] == ROW
    notice.refresh_from_db()
    assert notice.read_at
    shown = listed()
    assert "อ่านแล้ว" in shown
    assert "ยังไม่ได้อ่าน" not in shown


def test_who_opens_the_page_by_another_way_has_read_the_notice_too(client, staff, plan, tell):
    here, elsewhere, first = tell(), tell(url="/a/nongkong/2565/review/"), tell(url=url())
    client.force_login(staff)
    page = client.get("/a/nongkong/2565/measures/").content.decode()
    assert "การแจ้งเตือนที่ยังไม่ได้อ่าน 2 รายการ" in page
    # Everybody comes by the first page.
    client.get(first.url)
    assert set(Notice.objects.unread()) == {elsewhere, first}
    assert here.url != first.url


@pytest.mark.parametrize("url", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_else(client, listed, tell, url):
    assert client.get(tell(url=url).get_absolute_url())["Location"] == PAGE


def test_the_unread_come_first_and_all_are_read_at_once(client, listed, tell):
    old = tell("เรื่องเก่า")
    client.get(old.get_absolute_url())
    tell("เรื่องใหม่")
    shown = listed()
    assert shown.index("เรื่องใหม่") < shown.index("เรื่องเก่า")
    client.post(reverse("accounts:notices-read"))
    assert not Notice.objects.unread().exists()
    assert "ทำเครื่องหมายว่าอ่านแล้วทั้งหมด</button>" not in listed()


def test_an_empty_list_says_so(listed):
    assert "ยังไม่มีการแจ้งเตือน" in listed()


def test_nobody_sees_those_of_others_or_of_an_agency_she_no_longer_serves(
    client, listed, tell, staff, admin, other_agency
):
    foreign = tell("ของผู้อื่น", person=admin)
    left = tell("ของหน่วยงานเดิม", agency=other_agency)
    shown = listed()
    assert "ของผู้อื่น" not in shown
    assert "ของหน่วยงานเดิม" not in shown
    assert "bell-count" not in shown
    for notice in (foreign, left):
        assert client.get(notice.get_absolute_url()).status_code == 404
    client.post(reverse("accounts:notices-read"))
    assert Notice.objects.unread().count() == 2
    Membership.objects.create(user=staff, agency=other_agency, role=Role.VIEWER)
    assert "ของหน่วยงานเดิม" in listed()


def test_what_is_typed_into_a_notice_is_shown_as_text(listed, tell):
    tell('<script>alert(1)</script>"><img onerror=x>')
    assert "<script>alert" not in listed()


def test_the_list_needs_few_queries(client, listed, tell, django_assert_max_num_queries):
    for number in range(60):
        tell(f"เรื่องที่ {number}")
    with django_assert_max_num_queries(8):
        client.get(PAGE)


# --- signing in leaves a trace --------------------------------------------------------------------


def signs_in(client, username, password):
    client.post("/account/login/", {"login": username, "password": password})


def verbs():
    return [(event.verb, event.object_label) for event in Event.objects.order_by("pk")]


def test_signing_in_and_out_leave_events(client, staff):
    signs_in(client, "somchai", PASSWORD)
    client.post("/account/logout/")
    assert verbs() == [("user.signed_in", str(staff)), ("user.signed_out", str(staff))]
    assert {event.agency_id for event in Event.objects.all()} == {None}


def test_a_failed_sign_in_leaves_an_event_without_what_was_typed(client, staff, caplog):
    signs_in(client, "somchai", "secret words")
    signs_in(client, "secret words", "somchai")
    assert verbs() == [("user.sign_in_failed", str(staff)), ("user.sign_in_failed", "")]
    written = f"{list(Event.objects.values())} {caplog.text}"
    assert "secret" not in written


def test_a_refusal_is_in_the_log_with_who_was_refused(client, viewer, caplog):
    client.force_login(viewer)
    client.get(reverse("accounts:people", args=["nongkong"]))
    [line] = [one for one in caplog.records if getattr(one, "status", None) == 403]
    assert (line.path, line.user) == ("/a/nongkong/people/", viewer.pk)
