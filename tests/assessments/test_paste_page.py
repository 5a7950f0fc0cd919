"""The page that reads a pasted table: what it shows, and that only a confirmation writes."""

import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Event
from accounts.permissions import State
from assessments.actions import ScoreChange, enter_scores
from assessments.models import Assessment, Framework
from assessments.results import two_years
from tests.assessments.pages import fields, text
from tests.cast import SCORES

OLD, NEW = SCORES[2563], SCORES[2564]
KEYS = [f"i{number}" for number in range(1, 11)]


@pytest.fixture
def names(frameworks):
    indicators = Framework.objects.get(year=2564).indicators.order_by("number")
    return [indicator.name_th for indicator in indicators]


@pytest.fixture
def paste(client, staff, agency):
    """paste(text) as staff on the page of 2564; `confirm=page` presses its button instead."""
    client.force_login(staff)

    def paste(pasted="", year=2564, kind="", confirm=None, headers=None, **data):
        url = reverse(f"assessments:scores-paste{kind}", args=[agency.code, year])
        sent = fields(confirm) if confirm else {"text": pasted}
        return client.post(url, sent | data, headers=headers)

    return paste


def lines(*rows):
    return "\r\n".join("\t".join(row) for row in rows)


def of_two_years(names):
    return lines(["ตัวชี้วัด", "ปี 2564", "ปี 2563"], *zip(names, NEW, OLD, strict=True))


def stored(agency, year, kind=Assessment.Kind.OFFICIAL):
    current = two_years(agency, year, kind).current
    return current and [str(v) if v is not None else None for v in current.values.values()]


def saved_events():
    return Event.objects.filter(verb="scores.saved")


def test_two_years_are_shown_first_and_saved_together_by_one_confirmation(paste, agency, names):
    preview = paste(of_two_years(names))
    assert preview.status_code == 200
    assert "คะแนนปี 2563" in text(preview) or "2563" in text(preview)
    assert "บันทึก 20 คะแนน ปี 2563 และ 2564" in text(preview)
    assert stored(agency, 2564) is None and not saved_events()

    after = paste(confirm=preview)
    assert after.url == reverse("assessments:scores", args=[agency.code, 2564])
    assert stored(agency, 2564) == NEW and stored(agency, 2563) == OLD
    assert saved_events().count() == 2


def test_a_confirmation_sent_twice_changes_nothing_more(paste, agency, names):
    preview = paste(of_two_years(names))
    paste(confirm=preview)
    paste(confirm=preview)
    paste(confirm=preview, once="another")
    assert stored(agency, 2564) == NEW
    assert saved_events().count() == 2


def test_what_somebody_changed_meanwhile_is_not_overwritten(paste, agency, names, results, staff):
    changed = lines([names[0], "90.00"], [names[1], "91.00"])
    preview = paste(changed)
    other = [ScoreChange("i1", Decimal("88.88"), 2)]
    enter_scores(agency=agency, year=2564, changes=other, by=staff)

    again = paste(confirm=preview)
    assert again.status_code == 409
    assert "มีผู้แก้คะแนนระหว่างที่ตรวจ" in text(again) and "88.88" in text(again)
    assert stored(agency, 2564) == ["88.88", *NEW[1:]]

    paste(confirm=again)
    assert stored(agency, 2564) == ["90.00", "91.00", *NEW[2:]]


def test_what_was_pasted_stays_to_be_corrected(paste, agency, names):
    pasted = lines(*zip(names, NEW, strict=True)).replace("74.84", "875.4")
    page = paste(pasted)
    assert "คะแนนตัวชี้วัดที่ 4 ต้องอยู่ระหว่าง 0 ถึง 100" in text(page)
    assert "875.4" in re.search(r"<textarea.*?>(.*?)</textarea>", page.content.decode(), re.S)[1]
    assert 'name="confirmed"' not in page.content.decode()
    assert "มีข้อผิดพลาด" in page.content.decode().split("</title>")[0]


def test_too_few_values_are_refused_in_words(paste, agency):
    page = paste(lines(*([value] for value in NEW[:9])))
    assert "วางได้ 9 ค่า แต่ตารางมี 10 ตัวชี้วัด" in text(page)
    assert stored(agency, 2564) is None


def test_the_years_of_two_columns_can_be_chosen(paste, agency, names):
    pasted = lines(*zip(NEW, OLD, strict=True))
    asked = paste(pasted)
    assert "คะแนนสองชุดไม่มีปีกำกับ" in text(asked)

    paste(confirm=paste(pasted, order_choice="later"))
    assert stored(agency, 2564) == NEW and stored(agency, 2563) == OLD


def test_what_was_shown_is_saved_though_the_years_would_be_guessed_otherwise_by_now(
    paste, agency, names, results, staff
):
    # The column that equals what is stored of 2563 is taken for that year's.
    higher = [f"{Decimal(value) + 1}" for value in NEW]
    preview = paste(lines(*zip(names, higher, OLD, strict=True)))
    version = two_years(agency, 2563).current.cells["i1"].version
    changes = [ScoreChange("i1", Decimal("50"), version)]
    enter_scores(agency=agency, year=2563, changes=changes, by=staff)
    paste(confirm=preview)
    assert stored(agency, 2564) == higher and stored(agency, 2563) == ["50.00", *OLD[1:]]


def test_a_locked_year_is_left_out_in_words_and_the_other_is_taken(paste, agency, names, results):
    Assessment.objects.filter(framework__year=2563).update(state=State.APPROVED)
    higher = [f"{Decimal(value) + 1}" for value in NEW]
    rows = zip(names, higher, higher, strict=True)
    preview = paste(lines(["ตัวชี้วัด", "2563", "2564"], *rows))
    assert "ได้รับอนุมัติแล้ว" in text(preview) or "อนุมัติ" in text(preview)
    paste(confirm=preview)
    assert stored(agency, 2564) == higher and stored(agency, 2563) == OLD


def test_a_year_that_is_locked_after_the_preview_saves_nothing(paste, agency, names, results):
    preview = paste(lines([names[0], "90.00"]))
    Assessment.objects.filter(framework__year=2564).update(state=State.SUBMITTED)
    assert paste(confirm=preview).status_code == 409
    assert stored(agency, 2564) == NEW


def test_a_year_without_rules_is_a_problem_in_words(paste, agency, names):
    page = paste(lines(["ตัวชี้วัด", "2550"], [names[0], "90.00"]))
    assert "ไม่มีเกณฑ์การประเมินของปี 2550" in text(page)


def test_a_self_assessment_never_touches_the_official_result(paste, agency, names, results):
    preview = paste(of_two_years(names), kind="-self")
    assert "เป็นผลทางการ" in text(preview)
    after = paste(kind="-self", confirm=preview)
    assert after.url == reverse("assessments:scores-self", args=[agency.code, 2564])
    assert stored(agency, 2564, Assessment.Kind.SELF) == NEW
    assert saved_events().get().after == dict(zip(KEYS, NEW, strict=True))


def test_a_self_assessment_pasted_as_an_official_result_is_doubted(paste, names):
    table = lines(["ตัวชี้วัด", "คะแนนประเมินตนเอง"], *zip(names, NEW, strict=True))
    assert "กล่าวถึงการประเมินตนเอง" in text(paste(table))
    assert "กล่าวถึงการประเมินตนเอง" not in text(paste(table, kind="-self"))


@pytest.mark.one_database("sqlite")
def test_a_confirmation_of_another_page_is_not_taken(paste, agency, names):
    preview = paste(lines([names[0], "90.00"]))
    assert paste(confirm=preview, year=2565).status_code == 302
    assert paste(confirm=preview, confirmed="forged").status_code == 302
    assert stored(agency, 2564) is None and stored(agency, 2565) is None


@pytest.mark.one_database("postgres")
def test_the_grid_is_told_the_scores_only_when_nothing_is_to_be_looked_at(paste, names, results):
    def told(pasted):
        return json.loads(paste(pasted, headers={"accept": "application/json"}).content)

    upside_down = lines(*zip(names[::-1], NEW[::-1], strict=True))
    assert told(upside_down) == {
        "sure": True,
        "by_name": True,
        "cells": dict(zip(KEYS, NEW, strict=True)),
    }
    assert told("\n".join(NEW))["by_name"] is False
    unsure = [
        of_two_years(names),
        lines(*([value] for value in NEW[:9])),
        lines(*zip(names[:9], NEW, strict=False)),
        lines(*zip(NEW, OLD, strict=True)),
        lines(["ตัวชี้วัด", "ปี 2563"], *zip(names, NEW, strict=True)),
        "",
    ]
    assert [told(pasted) for pasted in unsure] == [{"sure": False}] * len(unsure)


@pytest.mark.one_database("sqlite")
def test_reading_and_saving_take_a_fixed_number_of_queries(
    paste, names, results, django_assert_max_num_queries
):
    higher = [f"{Decimal(value) + 1}" for value in NEW]
    with django_assert_max_num_queries(15):
        preview = paste(lines(*zip(names, higher, strict=True)))
    with django_assert_max_num_queries(40):
        paste(confirm=preview)
