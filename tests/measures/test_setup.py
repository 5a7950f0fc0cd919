import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation

from accounts.models import Event, Notice
from accounts.permissions import LateChange, State
from assessments.fiscal import fiscal_year_of, fiscal_year_start, local_date
from measures import actions
from measures.calendar import days_of, proposed_days
from measures.models import Plan, ProgressEntry, ProgressRound
from tests.measures.writing import add_measure, report, text_of, url

pytestmark = pytest.mark.one_database("sqlite")

TODAY = timezone.localdate()
YESTERDAY, TOMORROW, NEXT_WEEK = (TODAY + timedelta(days=n) for n in (-1, 1, 7))


@pytest.fixture
def chief(client, admin):
    client.force_login(admin)
    return client


def days(plan):
    plan = Plan.objects.get(pk=plan.pk)
    return {name: day for name, day in days_of(plan, plan.rounds.all()).items() if day}


def close(plan, day=YESTERDAY):
    """As time passes: no action closes in the past."""
    Plan.objects.filter(pk=plan.pk).update(closes_on=day)


def close_round(plan, months=6, day=YESTERDAY):
    ProgressRound.objects.filter(plan=plan, months=months).update(closes_on=day)


def shown(page):
    """What the form of the days holds, as a browser would send it."""
    found = re.findall('<input type="(?:text|hidden)" name="([^"]+)"(?: value="([^"]*)")?', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_the_admin_sets_days_as_people_write_them(chief, plan):
    sent = {"due_on": f"๑/๒/{TODAY.year + 544}", "closes_6": local_date(NEXT_WEEK)}
    page = text_of(chief.post(url("setup/"), sent, follow=True))
    assert "บันทึกวันที่ของปี 2565 แล้ว" in page
    assert days(plan)["closes_6"] == NEXT_WEEK
    assert days(plan)["due_on"].timetuple()[:3] == (TODAY.year + 1, 2, 1)
    event = Event.objects.get(verb="plan.dates_set")
    assert event.after["closes_6"] == NEXT_WEEK.isoformat()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"due_on": "พรุ่งนี้"}, "กำหนดส่งให้ตรวจภายในวันที่: พิมพ์วันที่"),
        ({"closes_6": local_date(YESTERDAY)}, "วันนี้ผ่านไปแล้ว"),
        ({"closes_12": "1/1/2590"}, "วันที่ต้องอยู่ระหว่าง"),
        (
            {"opens_6": local_date(NEXT_WEEK), "closes_6": local_date(TOMORROW)},
            "“รอบ 6 เดือน ปิดวันที่” ต้องไม่ก่อน “รอบ 6 เดือน เปิดวันที่”",
        ),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(chief, plan, sent, told):
    with translation.override("th"):
        page = text_of(chief.post(url("setup/"), sent))
    assert told in page
    assert 'id="error-summary"' in page
    assert not days(plan)


def test_two_admins_who_change_different_days_lose_nothing(chief, plan, admin):
    actions.set_dates(plan=plan, by=admin, closes_6=NEXT_WEEK, closes_12=NEXT_WEEK)
    opened = shown(text_of(chief.get(url("setup/"))))
    actions.set_dates(plan=plan, by=admin, closes_6=TOMORROW)
    chief.post(url("setup/"), opened | {"due_on": local_date(TOMORROW)})
    assert days(plan) == {"due_on": TOMORROW, "closes_6": TOMORROW, "closes_12": NEXT_WEEK}


def test_proposed_days_are_called_proposals_and_taken_with_one_press(chief, plan, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2021, 11, 1))
    page = text_of(chief.get(url("setup/")))
    assert "วันที่เสนอ 31 ธ.ค. 2564 (ไม่ใช่กำหนดทางการ)" in page
    chief.post(url("setup/"), shown(page) | {"closes_6": "", "proposed": "1"})
    assert days(plan) == {
        "due_on": date(2021, 12, 31),
        "opens_6": date(2022, 3, 1),
        "closes_6": date(2022, 3, 31),
        "opens_12": date(2022, 9, 1),
        "closes_12": date(2022, 10, 31),
    }


def test_days_of_last_year_are_proposed_a_year_later_and_none_that_has_passed(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2022, 4, 1))
    found = proposed_days(2565, {"closes_12": date(2021, 9, 30), "closes_on": date(2020, 2, 29)})
    assert found == {"opens_12": date(2022, 9, 1), "closes_12": date(2022, 9, 30)}
    assert proposed_days(2567, {"closes_on": date(2024, 2, 29)})["closes_on"] == date(2025, 2, 28)
    assert not proposed_days(2564)


def test_only_days_that_will_be_taken_are_proposed(chief, plan, admin, agency):
    latest = max(plan.year, fiscal_year_of(timezone.localdate())) + 2
    closes_on = fiscal_year_start(latest) - timedelta(days=1)
    actions.set_dates(plan=plan, by=admin, closes_on=closes_on, due_on=closes_on)
    opened = shown(text_of(chief.get(url("setup/", 2566))))
    assert opened["closes_on"] == local_date(closes_on, "short")
    chief.post(url("setup/", 2566), opened)
    assert Plan.objects.get(year=2566).closes_on == closes_on


def test_what_has_closed_cannot_be_moved_by_the_agency(chief, plan, admin):
    close_round(plan)
    with translation.override("th"), pytest.raises(ValidationError, match="ขอขยายเวลาได้ที่ผู้ดูแลระบบ"):
        actions.set_dates(plan=plan, by=admin, closes_6=NEXT_WEEK)
    page = text_of(chief.get(url("setup/")))
    assert "ปิดไปแล้ว ขอขยายเวลาได้ที่ผู้ดูแลระบบ" in page
    chief.post(url("setup/"), shown(page) | {"closes_6": local_date(NEXT_WEEK)})
    assert days(plan)["closes_6"] == YESTERDAY


def test_a_closed_year_says_so_on_its_pages(client, plan, staff):
    close(plan)
    client.force_login(staff)
    for page in ("issues/", "measures/", ""):
        shown_page = text_of(client.get(url(page)))
        assert f"ปีนี้ปิดเมื่อ {local_date(YESTERDAY)} แก้ไขไม่ได้" in shown_page


def test_the_year_of_the_plan_closes_its_scores_too(plan, admin, results):
    actions.set_dates(plan=plan, by=admin, closes_on=TOMORROW)
    results.refresh_from_db()
    assert results.closes_on == TOMORROW


def test_only_the_operator_extends_and_the_agency_is_told_why(
    plan, admin, coordinator, staff, operator
):
    close_round(plan)
    extension = {"plan": plan, "name": "closes_6", "until": NEXT_WEEK, "reason": "น้ำท่วมที่ทำการ"}
    with pytest.raises(PermissionDenied):
        actions.extend(**extension, by=admin)
    told = actions.extend(**extension, by=operator)
    assert {person.username for person in told} == {"pranee", "somying"}
    assert "น้ำท่วมที่ทำการ" in Notice.objects.filter(user=admin).get().text
    assert report(add_measure(plan, staff), staff).state == "under_way"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reason": "น้ำท่วม 🌊"}, "reason"),
        ({"until": YESTERDAY}, "until"),
        ({"name": "closes_12"}, "until"),
        ({"until": NEXT_WEEK + timedelta(days=1)}, "until"),
    ],
)
def test_an_extension_needs_a_reason_and_a_later_day_within_the_year(plan, operator, change, field):
    close_round(plan)
    close(plan, NEXT_WEEK)
    extension = {"name": "closes_6", "until": TOMORROW, "reason": "น้ำท่วม"} | change
    with pytest.raises(ValidationError) as caught:
        actions.extend(plan=plan, by=operator, **extension)
    assert list(caught.value.message_dict) == [field]
    assert days(plan)["closes_6"] == YESTERDAY


def test_the_pages_show_until_when_and_why_it_was_extended(chief, plan, operator):
    close_round(plan)
    actions.extend(plan=plan, name="closes_6", until=NEXT_WEEK, reason="น้ำท่วม", by=operator)
    with translation.override("th"):
        sentence = f"ขยายเวลาถึง {local_date(NEXT_WEEK)} เพราะ น้ำท่วม"
    for page in ("setup/", "progress/6/"):
        assert sentence in text_of(chief.get(url(page)))
    assert sentence not in text_of(chief.get(url("progress/12/")))


def test_the_operator_extends_on_her_own_page(client, plan, operator):
    close(plan)
    client.force_login(operator)
    page = f"/operator/measures/plan/{plan.pk}/extend/"
    sent = {"name": "closes_on", "until": local_date(NEXT_WEEK), "reason": ""}
    assert "เขียนเหตุผลที่ขยายเวลา" in text_of(client.post(page, sent))
    client.post(page, sent | {"reason": "รอผลอุทธรณ์"})
    assert days(plan)["closes_on"] == NEXT_WEEK


def test_a_coordinator_chooses_the_threshold_while_the_plan_is_written(
    client, plan, coordinator, results
):
    client.force_login(coordinator)
    page = url("setup/threshold/")
    assert "101" in text_of(client.post(page, {"threshold": "101"}))
    assert "บันทึกเกณฑ์จุดแข็งแล้ว" in text_of(client.post(page, {"threshold": "๗๕"}, follow=True))
    results.refresh_from_db()
    assert results.threshold == Decimal("75")
    assert "เกณฑ์จุดแข็ง 75" in text_of(client.get("/a/nongkong/2564/analysis/"))
    client.post(page, {"threshold": ""})
    results.refresh_from_db()
    assert results.threshold is None
    Plan.objects.update(state=State.APPROVED)
    with pytest.raises(LateChange):
        actions.choose_threshold(plan=plan, threshold=Decimal("60"), by=coordinator)


def test_the_admin_opens_a_year_with_days_threshold_and_last_years_measures(
    chief, plan, staff, admin
):
    first, second = add_measure(plan, staff), add_measure(plan, staff, title="มาตรการที่สอง")
    page = text_of(chief.get(url("setup/", 2566)))
    assert first.title in page
    sent = {"closes_6": local_date(NEXT_WEEK), "threshold": "85", "measure": [second.pk]}
    answer = chief.post(url("setup/", 2566), sent)
    assert answer.headers["Location"] == url("", 2566)
    new = Plan.objects.get(year=2566)
    assert days(new) == {"closes_6": NEXT_WEEK}
    assert new.assessment.threshold == Decimal("85")
    assert [one.carried_from for one in new.measures.all()] == [second]
    with pytest.raises(ValidationError):
        actions.open_year(
            agency=plan.agency, year=2566, days={}, threshold=None, measures=[first], by=admin
        )


def test_who_opens_the_year_has_written_nothing_of_it(plan, staff, admin):
    from measures.authors import is_author

    new = actions.open_year(
        agency=plan.agency,
        year=2566,
        days={"due_on": TOMORROW},
        threshold=Decimal("85"),
        measures=[add_measure(plan, staff)],
        by=admin,
    )
    assert not is_author(admin, new)


#: Every field of what begins with a year, and where its value is from; a new one has to be added.
OPENED = {
    Plan: {
        "given": {"agency", "year", "assessment", "due_on", "closes_on"},
        "reset": {
            *("id", "state", "submitted_at", "submitted_by", "reviewed_at", "reviewed_by"),
            *("return_reason", "opened_at"),
        },
    },
    ProgressRound: {
        "given": {"plan", "months", "opens_on", "closes_on"},
        "reset": {"id", "approved_at", "approved_by"},
    },
}


@pytest.mark.parametrize("model", OPENED)
def test_a_new_year_begins_with_every_field_given_or_reset(model, plan, staff, admin):
    """Whatever last year was: nothing of its states, dates and signatures comes along."""
    fields = {field.name for field in model._meta.concrete_fields}
    assert fields == OPENED[model]["given"] | OPENED[model]["reset"]

    report(add_measure(plan, staff), staff, state="done")
    now = timezone.now()
    Plan.objects.update(
        state="published",
        submitted_at=now,
        submitted_by=staff,
        reviewed_at=now,
        reviewed_by=admin,
        opened_at=now,
        due_on=TODAY,
        closes_on=TODAY,
    )
    ProgressRound.objects.update(approved_at=now, approved_by=admin, opens_on=TODAY)
    actions.open_year(agency=plan.agency, year=2566, days={}, threshold=None, measures=[], by=admin)
    new = Plan.objects.get(year=2566)
    of_model = [new] if model is Plan else list(new.rounds.all())
    blank = model()
    for record in of_model:
        for name in OPENED[model]["reset"] - {"id"}:
            assert getattr(record, name) == getattr(blank, name), name
    assert (new.due_on, new.closes_on) == (None, None)
    assert not ProgressEntry.objects.filter(round__plan=new).exists()
