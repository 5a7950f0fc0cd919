import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Event, User
from accounts.permissions import LateChange, State
from assessments.actions import (
    FiguresChanged,
    ScoreChange,
    confirm_warning,
    enter_scores,
)
from assessments.models import Assessment, Confirmation
from assessments.results import two_years
from assessments.warnings import warnings_of
from tests.assessments.pages import text

NINE = {"warning": "jump", "figures": "i9 60.82 29.24"}
TOLD = "ตัวชี้วัดที่ 9 ลดลง 31.58 คะแนนจากปีก่อน (60.82 → 29.24)"


@pytest.fixture
def confirm_url(agency):
    return reverse("assessments:scores-warning", args=[agency.code, 2564])


@pytest.fixture
def as_staff(client, staff):
    client.force_login(staff)
    return client


def known(agency, year=2564, kind=Assessment.Kind.OFFICIAL):
    return warnings_of(two_years(agency, year, kind))


def nine(value, version=2):
    return [ScoreChange("i9", Decimal(value), version)]


# --- what is open, what is confirmed --------------------------------------------------------------


def test_a_confirmed_warning_is_listed_apart_with_its_person(results, agency, staff):
    assert [one.text for one in known(agency).open] == [TOLD]
    confirm_warning(assessment=results, **NINE, by=staff)
    warnings = known(agency)
    ((warning, confirmation),) = warnings.confirmed
    assert warnings.open == ()
    assert (warning.text, confirmation.by) == (TOLD, staff)


def test_other_figures_are_doubted_anew_and_the_old_ones_stay_confirmed(results, agency, staff):
    confirm_warning(assessment=results, **NINE, by=staff)
    enter_scores(agency=agency, year=2564, changes=nine("29.25"), by=staff)
    assert [one.figures for one in known(agency).open] == ["i9 60.82 29.25"]
    enter_scores(agency=agency, year=2564, changes=nine("29.24", 3), by=staff)
    assert known(agency).open == ()


def test_a_change_of_last_year_is_doubted_anew(results, agency, staff):
    confirm_warning(assessment=results, **NINE, by=staff)
    enter_scores(agency=agency, year=2563, changes=nine("70"), by=staff)
    assert [one.figures for one in known(agency).open] == ["i9 70.00 29.24"]


def test_what_is_announced_is_compared_with_what_was_entered(results, agency):
    a = results.framework.levels.get(code="A")
    Assessment.objects.filter(pk=results.pk).update(
        published_total=Decimal("58.30"), published_level=a
    )
    figures = [one.figures for one in known(agency).open]
    assert figures == ["i9 60.82 29.24", "58.24 58.30", "D A"]


def test_warnings_need_one_query_and_none_without_a_doubt(
    results, agency, frameworks, django_assert_num_queries
):
    years, last_year, empty = (two_years(agency, year) for year in (2564, 2563, 2566))
    years.analysis, last_year.analysis  # noqa: B018
    with django_assert_num_queries(1):
        warnings_of(years)
    with django_assert_num_queries(0):
        warnings_of(last_year)
        warnings_of(empty)


# --- confirming -----------------------------------------------------------------------------------


def test_a_confirmation_is_kept_once_with_one_event(results, staff, admin):
    first = confirm_warning(assessment=results, **NINE, by=staff)
    assert confirm_warning(assessment=results, **NINE, by=staff) == first
    event = Event.objects.get(verb="warning.confirmed")
    assert (event.actor_name, event.agency_code) == ("สมชาย ตั้งใจ", "nongkong")
    assert event.after == NINE | {"text": TOLD}


@pytest.mark.parametrize(
    "sent",
    [
        {"figures": "i9 60.82 29.25"},
        {"warning": "swapped"},
        {"warning": "nothing", "figures": ""},
        {"figures": "x" * 1000},
    ],
)
def test_only_a_warning_that_stands_there_is_confirmed(results, staff, sent):
    with pytest.raises(FiguresChanged):
        confirm_warning(assessment=results, **(NINE | sent), by=staff)
    assert not Confirmation.objects.exists()
    assert not Event.objects.filter(verb="warning.confirmed").exists()


@pytest.mark.parametrize("person", ["viewer", "admin", "outsider"])
def test_only_staff_confirm(request, results, person):
    with pytest.raises(PermissionDenied):
        confirm_warning(assessment=results, **NINE, by=request.getfixturevalue(person))


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED])
def test_a_locked_year_is_not_confirmed_any_more(results, staff, state):
    Assessment.objects.filter(pk=results.pk).update(state=state)
    with pytest.raises(LateChange):
        confirm_warning(assessment=results, **NINE, by=staff)
    assert not Confirmation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_give_one_confirmation(results, staff):
    given = []

    def press():
        try:
            by = User.objects.get(pk=staff.pk)
            mine = Assessment.objects.select_related("agency").get(pk=results.pk)
            given.append(confirm_warning(assessment=mine, **NINE, by=by).pk)
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(4)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert given == [Confirmation.objects.get().pk] * 4
    assert Event.objects.filter(verb="warning.confirmed").count() == 1


# --- pages ----------------------------------------------------------------------------------------


def test_a_press_leads_back_to_the_scores_and_into_the_history(as_staff, plan, agency, confirm_url):
    review = reverse("measures:review", args=[agency.code, 2565])
    assert "มีค่าที่ควรตรวจ 1 รายการ" in text(as_staff.get(review))
    answer = as_staff.post(confirm_url, NINE)
    assert (answer.status_code, answer.url) == (302, plan.assessment.get_absolute_url())
    assert Confirmation.objects.get().by.username == "somchai"
    page = text(as_staff.get(review))
    assert "ค่าที่ควรตรวจ 1 รายการ" not in page
    assert f"สมชาย ตั้งใจ · ยืนยันค่าที่ควรตรวจ {TOLD}" in page


def test_a_script_is_answered_without_a_page(as_staff, results, confirm_url):
    headers = {"accept": "application/json"}
    assert as_staff.post(confirm_url, NINE, headers=headers).status_code == 204
    assert as_staff.post(confirm_url, NINE, headers=headers).status_code == 204
    assert Confirmation.objects.count() == 1
    refused = as_staff.post(confirm_url, NINE | {"figures": "i9"}, headers=headers)
    assert refused.status_code == 409
    assert "ตัวเลขเปลี่ยนไปแล้ว" in refused.json()["message"]


def test_a_self_assessment_has_warnings_of_its_own(as_staff, staff, results, agency):
    own = {"agency": agency, "year": 2564, "kind": Assessment.Kind.SELF}
    enter_scores(**own, changes=nine("29.24", 1), by=staff)
    mine = Assessment.objects.get(kind=Assessment.Kind.SELF)
    answer = as_staff.post(mine.get_warning_url(), NINE)
    assert answer.url == mine.get_absolute_url()
    assert Confirmation.objects.get().assessment == mine
    assert [one.text for one in known(agency).open] == [TOLD]


def test_figures_that_have_changed_meanwhile_are_not_confirmed(
    as_staff, staff, results, agency, confirm_url
):
    enter_scores(agency=agency, year=2564, changes=nine("30"), by=staff)
    page = as_staff.post(confirm_url, NINE, follow=True)
    assert "ตัวเลขเปลี่ยนไปแล้ว" in page.content.decode()
    assert not Confirmation.objects.exists()


def test_a_locked_or_empty_year_says_so_instead_of_confirming(
    as_staff, results, agency, confirm_url
):
    Assessment.objects.update(state=State.SUBMITTED)
    assert "ส่งตรวจแล้ว" in as_staff.post(confirm_url, NINE, follow=True).content.decode()
    other = reverse("assessments:scores-warning", args=[agency.code, 2566])
    assert "ตัวเลขเปลี่ยนไปแล้ว" in as_staff.post(other, NINE, follow=True).content.decode()
    assert not Confirmation.objects.exists()


def test_a_press_needs_few_queries(as_staff, results, confirm_url, django_assert_max_num_queries):
    with django_assert_max_num_queries(17):
        as_staff.post(confirm_url, NINE)


def test_each_open_warning_has_a_button_for_those_who_may(results, agency, staff):
    def shown(**context):
        facts = {"assessment": results, "warnings": known(agency)} | context
        return render_to_string("assessments/parts/warnings.html", facts)

    assert "ยืนยันค่านี้</button>" in shown(may_edit=True)
    assert TOLD in shown(may_edit=False)
    assert "<form" not in shown(may_edit=False)
    confirm_warning(assessment=results, **NINE, by=staff)
    assert "ยืนยันโดย สมชาย ตั้งใจ" in shown(may_edit=True)
    assert "<form" not in shown(may_edit=True)
    assert "hidden" in shown(warnings=warnings_of(two_years(agency, 2563)))


@pytest.mark.one_database("postgres")
def test_a_row_to_check_and_its_warning_lead_to_each_other(as_staff, results, agency, staff):
    def pages():
        urls = (
            reverse(f"assessments:{name}", args=[agency.code, 2564])
            for name in ("scores", "scores-judged")
        )
        return [as_staff.get(url).content.decode() for url in urls]

    mark = '<a class="to-check" href="#warning-1">ควรตรวจ<span class="visually-hidden"> '
    for page in pages():
        assert f'<span id="check_i9" data-judged>{mark}การเปิดเผยข้อมูล' in page
        assert page.count('class="to-check"') == 1
        assert '<a href="#id_i9" aria-describedby="warning-1">ไปที่ช่องคะแนน</a>' in page
    confirm_warning(assessment=results, **NINE, by=staff)
    for page in pages():
        assert 'class="to-check"' not in page
