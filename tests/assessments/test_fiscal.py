from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.fiscal import (
    DayError,
    YearError,
    fiscal_year_label,
    fiscal_year_of,
    fiscal_year_start,
    local_date,
    local_datetime,
    local_time,
    parse_day,
    parse_year,
    thai_date,
    thai_datetime,
    thai_month,
    thai_time,
)

steady = settings(derandomize=True, max_examples=100, deadline=None)
AFTERNOON = datetime(2021, 10, 1, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2020, 9, 30), 2563), (date(2020, 10, 1), 2564), (date(2021, 9, 30), 2564)],
)
def test_a_fiscal_year_begins_in_october(day, year):
    assert fiscal_year_of(day) == year


def test_a_stored_moment_belongs_to_the_year_it_has_in_thailand():
    assert fiscal_year_of(datetime(2021, 9, 30, 16, 59, tzinfo=UTC)) == 2564
    assert fiscal_year_of(datetime(2021, 9, 30, 17, 0, tzinfo=UTC)) == 2565


@steady
@given(st.dates(date(1998, 1, 1), date(2056, 12, 31)))
def test_each_day_lies_inside_its_fiscal_year(day):
    year = fiscal_year_of(day)
    assert fiscal_year_start(year) <= day < fiscal_year_start(year + 1)


def test_thai_dates_are_thai_in_every_language():
    with translation.override("en"):
        assert thai_date(date(2021, 10, 1)) == "1 ตุลาคม 2564"
        assert thai_date(date(2021, 10, 1), "short") == "1 ต.ค. 2564"
        assert thai_month(date(2021, 9, 30)) == "กันยายน 2564"
        assert thai_time(AFTERNOON) == "14.05 น."
        assert thai_datetime(AFTERNOON, "short") == "1 ต.ค. 2564 เวลา 14.05 น."


def test_a_page_shows_dates_in_its_own_language_and_the_buddhist_era():
    with translation.override("th"):
        assert local_date(date(2021, 10, 1)) == "1 ตุลาคม 2564"
        assert local_datetime(AFTERNOON) == "1 ตุลาคม 2564 เวลา 14.05 น."
        assert fiscal_year_label(2564) == "ปีงบประมาณ พ.ศ. 2564"
    with translation.override("en"):
        assert local_date(date(2021, 10, 1)) == "1 October 2564 BE"
        assert local_datetime(AFTERNOON, "short") == "1 Oct 2564 BE, 14:05"
        assert local_time(AFTERNOON) == "14:05"
        assert fiscal_year_label(2564) == "Fiscal year 2564 BE"


@pytest.mark.parametrize(
    ("typed", "year"),
    [("2565", 2565), ("๒๕๖๕", 2565), ("\u00a02565\u200b", 2565), ("2540", 2540), ("2600", 2600)],
)
def test_a_year_is_read_in_either_digits(typed, year):
    assert parse_year(typed) == year


@pytest.mark.parametrize(
    "typed", ["", "65", "2539", "2601", "3105", "02565", "2565.0", "-2565", "２５６５", "2_565"]
)
def test_what_is_no_likely_year_is_refused(typed):
    with pytest.raises(YearError) as caught, translation.override("th"):
        parse_year(typed)
    with translation.override("th"):
        assert caught.value.message == "ปีต้องเป็นปี พ.ศ. สี่หลัก เช่น 2565"


def test_a_common_era_year_is_asked_about():
    with pytest.raises(YearError) as caught:
        parse_year("2022")
    assert caught.value.suggestion == 2565
    with translation.override("th"):
        assert caught.value.message == "ปีต้องเป็นปี พ.ศ. (กรอกไว้ 2022 หมายถึง 2565 ใช่ไหม)"


@pytest.mark.parametrize(
    "typed",
    ["1 มี.ค. 2565", "1 มีนาคม 2565", "๑ มีนาคม พ.ศ. ๒๕๖๕", "1มีค.2565", "01/03/2565", "1-3-2565"]
    + [" 1 . 3 . 2565 ", "1 March 2565 BE", "1 mar 2565"],
)
def test_a_day_is_read_as_people_write_it(typed):
    assert parse_day(typed) == date(2022, 3, 1)


@pytest.mark.parametrize(
    "typed", ["", "2565", "0 ก.พ. 2565", "1 มี 2565", "1/13/2565", "1 มี.ค. 65", "1/3/3565"]
)
def test_what_is_no_day_is_refused_with_an_example(typed):
    with pytest.raises(DayError) as caught:
        parse_day(typed)
    with translation.override("th"):
        assert caught.value.message == (
            f"พิมพ์วันที่ เช่น 31 ธ.ค. 2564 หรือ 31/12/2564 (กรอกไว้ “{typed}”)"
        )


@pytest.mark.parametrize(
    ("typed", "last"), [("31 ก.ย. 2570", "30 ก.ย. 2570"), ("29/2/2565", "28 ก.พ. 2565")]
)
def test_a_day_after_the_end_of_its_month_is_told_the_last_one(typed, last):
    with pytest.raises(DayError) as caught:
        parse_day(typed)
    with translation.override("th"):
        assert caught.value.message == f"เดือนนี้มีถึงวันที่ {last} เท่านั้น (กรอกไว้ “{typed}”)"


def test_a_day_of_the_common_era_is_asked_about():
    with pytest.raises(DayError) as caught:
        parse_day("1/3/2022")
    with translation.override("th"):
        assert caught.value.message == ("พิมพ์ปีเป็น พ.ศ. (กรอกไว้ 1/3/2022 หมายถึง 1 มี.ค. 2565 ใช่ไหม)")


@steady
@given(st.dates(date(1998, 1, 1), date(2056, 12, 31)), st.sampled_from(["full", "short"]))
def test_each_day_that_is_shown_can_be_typed(day, style):
    for language in ("th", "en"):
        with translation.override(language):
            assert parse_day(local_date(day, style)) == day
