import re
from decimal import Decimal

import pytest

from measures.actions import NotOwn, change_measure, delete_row, open_plan
from measures.models import Measure, Plan
from tests.measures.writing import TEXTS, add_issue, add_measure, indicator, report, text_of, url

pytestmark = pytest.mark.one_database("postgres")

TYPED = TEXTS | {
    "indicators": ["9", "10"],
    "steps": "1. จัดตั้งศูนย์ เช่น\r\n- ศูนย์หลัก\r\n2. อบรม",
    "version": "0",
}


def edit_url(measure):
    return url(f"measures/{measure.pk}/")


# --- the list -------------------------------------------------------------------------------------


def test_the_five_columns_of_the_document_and_the_indicators(writer, plan, staff):
    add_measure(plan, staff, (9, 6))
    page = text_of(writer.get(url("measures/")))
    for heading in (
        "มาตรการ/แนวทาง",
        "วิธีดำเนินการ",
        "ระยะเวลาดำเนินการ",
        "การติดตามผล",
        "ผู้รับผิดชอบ",
        "ตัวชี้วัด",
    ):
        assert f'<th scope="col">{heading}</th>' in page
    assert "<strong>1. ศูนย์บริการครบวงจร</strong>" in page
    assert '<span class="item-mark">2.</span> อบรมเจ้าหน้าที่' in page
    assert '<ul class="text-list unmarked"><li>สำนักปลัด</li><li>กองคลัง</li></ul>' in page
    assert page.index(">6</span>") < page.index(">9</span>")
    assert '<span class="visually-hidden">9 การเปิดเผยข้อมูล</span>' in page


def test_an_empty_list_says_so_and_offers_to_add(writer, plan):
    page = text_of(writer.get(url("measures/")))
    assert "ยังไม่มีมาตรการ" in page
    assert url("measures/new/") in page


def test_text_is_escaped_wherever_it_is_shown(writer, plan, staff):
    texts = dict.fromkeys(("title", "steps", "period", "follow_up", "responsible"), "<script>x")
    measure = add_measure(plan, staff, **texts)
    report(measure, staff, result="<script>x", suggestion="<script>x")
    for path in (
        "measures/",
        f"measures/{measure.pk}/",
        f"measures/{measure.pk}/delete/",
        "progress/6/",
        f"progress/6/{measure.pk}/",
    ):
        page = text_of(writer.get(url(path)))
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page


# --- writing --------------------------------------------------------------------------------------


def test_the_form_starts_with_the_whole_year_and_the_indicator_of_the_issue(writer, plan):
    page = text_of(writer.get(url("measures/new/") + "?indicator=9"))
    assert re.search('value="year"[^>]* checked', page)
    assert re.search('value="9"[^>]* checked', page)
    # With the budget, which is not stated.
    assert page.count(" checked") == 3
    assert "9 การเปิดเผยข้อมูล (จุดอ่อน)" in page
    assert "1 การปฏิบัติหน้าที่ (จุดอ่อน)" not in page
    assert not re.search("<textarea[^>]* maxlength", page)


def test_a_measure_is_written_as_pasted(writer, plan):
    response = writer.post(url("measures/new/"), TYPED, follow=True)
    page = text_of(response)
    assert "บันทึกแล้ว: ศูนย์บริการครบวงจร" in page
    assert '<span class="item-mark">1.</span> จัดตั้งศูนย์ เช่น' in page
    assert '<span class="item-mark">–</span> ศูนย์หลัก' in page
    assert [i.number for i in Measure.objects.get().indicators.all()] == [9, 10]


def test_a_measure_without_an_indicator_is_refused_with_the_text_kept(writer, plan):
    typed = {name: value for name, value in TYPED.items() if name != "indicators"}
    page = text_of(writer.post(url("measures/new/"), typed))
    message = "เลือกตัวชี้วัดที่มาตรการนี้ช่วยพัฒนา อย่างน้อย 1 ตัว"
    assert f'<a href="#id_indicators">{message}</a>' in page
    assert "2. อบรม</textarea>" in page
    assert not Measure.objects.exists()


def test_empty_and_too_long_texts_are_told_with_their_numbers(writer, plan):
    typed = TYPED | {"title": "", "steps": "ก" * 5140, "responsible": " "}
    page = text_of(writer.post(url("measures/new/"), typed))
    for message in (
        "กรอกมาตรการ/แนวทาง",
        "วิธีดำเนินการยาว 5,140 ตัวอักษร กำหนดไม่เกิน 5,000 ตัดออกอย่างน้อย 140 ตัวอักษร",
        "กรอกผู้รับผิดชอบ",
    ):
        assert page.count(f"{message}</") >= 2
    assert "ก" * 5140 in page
    assert "จำเป็น" not in page


def test_a_stale_measure_shows_both_texts_of_what_differs(writer, plan, staff, admin):
    measure = add_measure(plan, staff)
    theirs = TEXTS | {"steps": "ของเพื่อน"}
    change_measure(measure=measure, version=1, indicators=[indicator(plan, 2)], by=staff, **theirs)
    Measure.objects.update(updated_by=admin)
    typed = TYPED | {"version": "1", "steps": "ของฉัน"}
    response = writer.post(edit_url(measure), typed)
    page = text_of(response)
    assert response.status_code == 409
    assert "ของฉัน</textarea>" in page
    assert "<p>ของเพื่อน</p>" in page
    assert "วิธีดำเนินการ ฉบับที่ สมหญิง ใจดี บันทึกเมื่อ" in page
    assert "ตัวชี้วัดที่มาตรการนี้ช่วยพัฒนา ฉบับที่ สมหญิง ใจดี" in page
    assert "<p>2 การใช้งบประมาณ</p>" in page
    assert "ผู้รับผิดชอบ ฉบับที่" not in page
    assert '<input type="hidden" name="version" value="2"' in page
    writer.post(edit_url(measure), typed | {"version": "2", "steps": "ทั้งสอง"})
    measure = Measure.objects.get()
    assert (measure.steps, measure.version) == ("ทั้งสอง", 3)


def test_a_tampered_version_is_no_server_error(writer, plan, staff):
    measure = add_measure(plan, staff)
    for version in ("", "x", "-1", "99999999999999999999"):
        response = writer.post(edit_url(measure), TYPED | {"version": version})
        assert response.status_code in (200, 409)
    assert Measure.objects.get().version == 1


def test_what_is_typed_into_a_plan_submitted_meanwhile_stays_on_the_page(writer, plan, staff):
    measure = add_measure(plan, staff)
    Plan.objects.update(state="approved")
    response = writer.post(edit_url(measure), TYPED | {"version": "1"})
    assert response.status_code == 409
    assert "2. อบรม</textarea>" in text_of(response)
    assert Measure.objects.get().version == 1


def test_what_is_typed_into_a_deleted_measure_stays_on_a_page(writer, plan, staff):
    measure = add_measure(plan, staff)
    paths = [edit_url(measure), url(f"progress/6/{measure.pk}/")]
    delete_row(row=measure, version=1, by=staff)
    typed = TYPED | {"version": "1", "state": "done", "result": "2. อบรม"}
    for path in paths:
        response = writer.post(path, typed)
        assert response.status_code == 409
        assert "2. อบรม" in text_of(response)


# --- deleting and ordering ------------------------------------------------------------------------


def test_deleting_asks_first_and_says_that_progress_goes_too(writer, plan, staff):
    measure = add_measure(plan, staff)
    path = f"{edit_url(measure)}delete/"
    assert "จะถูกลบด้วย" not in text_of(writer.get(path))
    report(measure, staff)
    assert "จะถูกลบด้วย" in text_of(writer.get(path))
    writer.post(path, {"version": "1"})
    assert not Measure.objects.exists()


def titles(plan):
    return "".join(plan.measures.values_list("title", flat=True))


@pytest.mark.parametrize(
    ("way", "which", "after", "focus"),
    [
        ("down", 0, "ขกค", "down"),
        ("up", 2, "กคข", "up"),
        ("up", 1, "ขกค", "down"),
        ("down", 1, "กคข", "up"),
        ("up", 0, "กขค", "down"),
    ],
)
def test_a_row_moves_and_its_button_keeps_the_focus(writer, plan, staff, way, which, after, focus):
    rows = [add_measure(plan, staff, title=title) for title in "กขค"]
    response = writer.post(url("measures/order/"), {way: rows[which].pk})
    assert titles(plan) == after
    assert response.headers["Location"].endswith(f"#move-{rows[which].pk}-{focus}")
    assert f'id="move-{rows[which].pk}-{focus}"' in text_of(writer.get(url("measures/")))


def test_dragging_sends_the_whole_order(writer, plan, staff):
    one, two, three = (add_measure(plan, staff, title=title) for title in "กขค")
    ids = [three.pk, one.pk, two.pk, "x", 99]
    response = writer.post(url("measures/order/"), {"moved": three.pk, "ids": ids}, follow=True)
    assert titles(plan) == "คกข"
    assert "ย้าย “ค” ไปลำดับที่ 1 จาก 3 แล้ว" in text_of(response)


def test_an_order_of_impossible_ids_changes_nothing(writer, plan, staff):
    row = add_measure(plan, staff)
    assert writer.post(url("measures/order/"), {"up": "9" * 5000}).status_code == 404
    data = {"moved": row.pk, "ids": ["9" * 5000, row.pk]}
    assert writer.post(url("measures/order/"), data, follow=True).status_code == 200
    assert list(plan.measures.all()) == [row]


def test_a_closed_plan_keeps_its_order(writer, plan, staff):
    rows = [add_measure(plan, staff, title=title) for title in "กข"]
    Plan.objects.update(state="approved")
    writer.post(url("measures/order/"), {"down": rows[0].pk})
    assert titles(plan) == "กข"


# --- belonging and cost ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "read", "write"), [("viewer", 200, 403), ("admin", 200, 403), ("outsider", 404, 404)]
)
def test_who_reads_and_who_writes(client, plan, staff, who, read, write, request):
    measure = add_measure(plan, staff)
    client.force_login(request.getfixturevalue(who))
    assert client.get(url("measures/")).status_code == read
    for path in ("measures/new/", f"measures/{measure.pk}/", f"measures/{measure.pk}/delete/"):
        assert client.get(url(path)).status_code == write
        assert client.post(url(path), TYPED).status_code == write
    assert client.post(url("measures/order/"), {"up": measure.pk}).status_code == write
    assert Measure.objects.get().version == 1


def test_a_measure_of_another_year_is_not_found(writer, plan, staff, agency):
    measure = add_measure(open_plan(agency=agency, year=2564, by=staff), staff)
    for path in (
        f"measures/{measure.pk}/",
        f"measures/{measure.pk}/delete/",
        f"progress/6/{measure.pk}/",
    ):
        assert writer.get(url(path)).status_code == 404
        assert writer.post(url(path), TYPED).status_code == 404
    assert writer.post(url("measures/order/"), {"up": measure.pk}).status_code == 404


def test_the_pages_need_few_queries_for_5_and_for_50_measures(
    writer, plan, staff, django_assert_max_num_queries, django_assert_num_queries
):
    add_issue(plan, staff, 9)
    measures = [add_measure(plan, staff, (2, 9)) for _row in range(5)]
    paths = ["measures/", "issues/", "progress/6/", f"measures/{measures[0].pk}/"]
    needed = {}
    writer.get(url("issues/"))
    for path in paths:
        with django_assert_max_num_queries(15) as queries:
            writer.get(url(path))
        needed[path] = len(queries)
    measures += [add_measure(plan, staff, range(1, 11)) for _row in range(45)]
    for measure in measures:
        report(measure, staff)
    for path in paths:
        with django_assert_num_queries(needed[path]):
            writer.get(url(path))


# --- period, budget, units ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ({"period_kind": "year", "period": "ไม่นับ"}, "ตลอดปีงบประมาณ พ.ศ. 2565"),
        (
            {"period_kind": "dates", "starts_on": "๑ มี.ค. ๒๕๖๕", "ends_on": "30/04/2565"},
            "1 มีนาคม 2565 ถึง 30 เมษายน 2565",
        ),
        ({"period_kind": "words", "period": "ไตรมาสที่ 1–2"}, "ไตรมาสที่ 1–2"),
    ],
)
def test_the_period_is_the_year_or_two_days_or_words(writer, plan, typed, period):
    writer.post(url("measures/new/"), TYPED | {"period": ""} | typed)
    measure = Measure.objects.get()
    assert measure.period == period
    assert bool(measure.starts_on) is bool(measure.ends_on) is (typed["period_kind"] == "dates")
    page = text_of(writer.get(edit_url(measure)))
    assert re.search(f'value="{typed["period_kind"]}"[^>]* checked', page)


def test_days_that_lie_the_wrong_way_round_are_refused_and_far_ones_remarked(writer, plan, staff):
    dates = TYPED | {"period_kind": "dates", "period": "", "starts_on": "1 มี.ค. 2565"}
    for ends_on, told in (
        ("28 ก.พ. 2565", "อยู่ก่อนวันเริ่มต้น"),
        ("", "กรอกทั้งวันเริ่มต้นและวันสิ้นสุด"),
        ("31 ก.พ. 2565", "31 ก.พ. 2565"),
    ):
        page = text_of(writer.post(url("measures/new/"), dates | {"ends_on": ends_on}))
        assert told in page
        assert "กรอกระยะเวลา" not in page
    assert not Measure.objects.exists()
    writer.post(url("measures/new/"), dates | {"ends_on": "31 ธ.ค. 2565"})
    assert "ปีไม่ตรงกับแผน 1 รายการ" in text_of(writer.get(url("review/")))


@pytest.mark.parametrize(
    ("typed", "budget", "shown"),
    [
        ({"budget_kind": "unstated", "budget": "5"}, None, ""),
        ({"budget_kind": "none"}, 0, "ไม่ใช้งบประมาณ"),
        ({"budget_kind": "amount", "budget": "๒๕,๐๐๐.๕๐ บาท"}, "25000.50", "25,000.50 บาท"),
    ],
)
def test_the_budget_is_stated_or_not(writer, plan, typed, budget, shown):
    writer.post(url("measures/new/"), TYPED | typed)
    assert Measure.objects.get().budget == (budget if budget is None else Decimal(budget))
    page = text_of(writer.get(url("measures/")))
    assert shown in page
    assert ("งบประมาณ<br>" in page) is bool(shown)


def test_an_amount_that_is_none_is_refused(writer, plan):
    for amount in ("", "สองหมื่น", "1.234", "99999999999"):
        typed = TYPED | {"budget_kind": "amount", "budget": amount}
        assert "กรอกงบประมาณเป็นจำนวนเงิน" in text_of(writer.post(url("measures/new/"), typed))


def test_units_of_the_agency_are_ticked_and_others_written_below(writer, plan, agency):
    agency.units.create(name="กองคลัง", order=1)
    agency.units.create(name="สำนักปลัด", order=0)
    typed = TYPED | {"units": ["สำนักปลัด", "กองคลัง"], "responsible": "ผู้ใหญ่บ้าน"}
    writer.post(url("measures/new/"), typed)
    measure = Measure.objects.get()
    assert measure.responsible == "สำนักปลัด\nกองคลัง\nผู้ใหญ่บ้าน"
    page = text_of(writer.get(edit_url(measure)))
    assert page.count('name="units"') == 2
    assert re.search('value="กองคลัง"[^>]* checked', page)
    assert re.search("<textarea[^>]*>\\s*ผู้ใหญ่บ้าน</textarea>", page)
    typed = TYPED | {"units": ["กองของที่อื่น"], "responsible": ""}
    page = text_of(writer.post(url("measures/new/"), typed))
    assert "เลือกหน่วยงานจากรายการ" in page
    assert Measure.objects.count() == 1


def test_staff_of_a_unit_change_the_measures_of_that_unit(writer, plan, staff, agency, coordinator):
    units = [agency.units.create(name=name) for name in ("กองคลัง", "กองช่าง")]
    theirs = add_measure(plan, coordinator, responsible="กองช่าง\nกองคลัง")
    others = add_measure(plan, coordinator, title="ของกองช่าง", responsible="กองช่าง")
    nobodys = add_measure(plan, coordinator, title="ของผู้ใหญ่บ้าน", responsible="ผู้ใหญ่บ้าน")
    staff.memberships.update(unit=units[0])
    staff = type(staff).objects.get(pk=staff.pk)
    for measure in (theirs, nobodys):
        change_measure(measure=measure, version=1, by=staff, title="แก้แล้ว")
    attempts = (
        lambda: change_measure(measure=others, version=1, by=staff, title="แก้แล้ว"),
        lambda: delete_row(row=others, version=1, by=staff),
        lambda: report(others, staff),
    )
    for attempt in attempts:
        with pytest.raises(NotOwn, match="กองช่าง.*กองคลัง"):
            attempt()
    page = text_of(writer.get(url("measures/")))
    assert page.count("เป็นของกอง/สำนักอื่น") == 1
    answer = writer.post(edit_url(others), TYPED | {"version": "1", "title": "ของฉัน"})
    assert "ของฉัน" in text_of(answer)
    assert "เป็นของกองช่าง" in text_of(answer)
    change_measure(measure=others, version=1, by=coordinator, title="แก้แล้ว")


def test_her_own_unit_is_ticked_and_cannot_be_left_out(writer, plan, staff, agency):
    units = [agency.units.create(name=name, order=n) for n, name in enumerate(("กองคลัง", "กองช่าง"))]
    staff.memberships.update(unit=units[0])
    page = text_of(writer.get(url("measures/new/")))
    assert re.search('value="กองคลัง"[^>]* checked', page)
    assert not re.search('value="กองช่าง"[^>]* checked', page)
    typed = TYPED | {"units": ["กองช่าง"], "responsible": ""}
    assert "เลือกกองคลังไว้ด้วย" in text_of(writer.post(url("measures/new/"), typed))
    assert not Measure.objects.exists()
    writer.post(url("measures/new/"), typed | {"units": ["กองคลัง", "กองช่าง"]})
    measure = Measure.objects.get()
    page = writer.post(edit_url(measure), typed | {"version": "1"})
    assert "เลือกกองคลังไว้ด้วย" in text_of(page)
    assert Measure.objects.get().responsible == "กองคลัง\nกองช่าง"


def test_the_list_narrows_to_a_unit_or_an_indicator(writer, plan, staff, agency):
    add_measure(plan, staff, (9,), title="มาตรการ ก", responsible="กองคลัง")
    add_measure(plan, staff, (6,), title="มาตรการ ข", responsible="กองช่าง")
    add_measure(plan, staff, (6,), title="มาตรการ ค", responsible="กองช่าง และกองการศึกษา")
    for order, name in enumerate(("กองช่าง", "กองการศึกษา ศาสนาและวัฒนธรรม")):
        agency.units.create(name=name, order=order)
    education = text_of(writer.get(url("measures/") + f"?unit={name}"))
    assert "3. มาตรการ ค" in education
    assert "2. มาตรการ ข" not in education
    for narrowed in ("?unit=กองช่าง", "?indicator=6"):
        page = text_of(writer.get(url("measures/") + narrowed))
        assert "3. มาตรการ ค" in page
        assert "2. มาตรการ ข" in page
        assert "1. มาตรการ ก" not in page
        assert 'form="order"' not in page
    assert "1. มาตรการ ก" in text_of(writer.get(url("measures/") + "?unit=&indicator="))
