"""What was published comes back from its open data as a draft that says the same."""

import copy
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Agency, Event
from accounts.permissions import State
from assessments.actions import save_text
from assessments.models import Assessment, Score
from measures.actions import choose_threshold, open_plan
from measures.models import Measure, Plan
from measures.publishing.data import public_data
from measures.publishing.importing import import_document
from measures.publishing.received import MAX_BYTES, Refused, read_document
from measures.report.build import build
from measures.report.content import Part
from tests.measures.writing import add_measure, report

pytestmark = pytest.mark.django_db
PUBLICATION = {"number": 1, "published_on": "2022-03-03", "url": "https://ita.example/p/x/2565/v1/"}


def document(plan):
    plan = Plan.objects.select_related("agency").get(pk=plan.pk)
    data = public_data(build(plan, Part.FULL, timezone.localdate()), agency=plan.agency)
    return data | {"publication": PUBLICATION}


def elsewhere(data):
    """The same of an agency that is not there yet, as in an empty installation."""
    return data | {"agency": data["agency"] | {"code": "elsewhere"}}


def as_bytes(data):
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def comes_back(plan, by):
    """Exported, imported, exported: the same bytes. Returns the imported plan."""
    data = elsewhere(document(plan))
    imported, differing = import_document(document=data, by=by, create_agencies=True)
    assert not differing
    assert as_bytes(document(imported)) == as_bytes(data)
    return imported


@pytest.fixture
def full_plan(written_plan, coordinator, staff):
    """With everything that a plan can hold."""
    plan = written_plan
    plan.agency.contact = "โทร. 0 4463 0000\nsaraban@nongkong.go.th"
    plan.agency.save()
    first, second, third = plan.measures.all()
    add_measure(plan, staff, (1, 2), title="มาตรการที่มีงบประมาณ", budget=Decimal("25000.50"))
    add_measure(plan, staff, (1,), title="มาตรการที่ไม่ใช้งบประมาณ", budget=Decimal(0))
    report(second, staff, state="under_way", percent=40, result="เปิดเผยแล้ว\n- ข้อมูล ITA")
    report(third, staff, state="not_done", result="", suggestion="ขอขยายเวลา")
    report(first, staff, months=12, state="not_started", result="")
    choose_threshold(plan=plan, threshold=Decimal("82.50"), by=coordinator)
    Assessment.objects.filter(pk=plan.assessment_id).update(
        published_total=Decimal("58.24"),
        published_level=plan.assessment.framework.levels.last(),
    )
    text = "ตัวชี้วัดที่ได้คะแนนสูงสุดคือตัวชี้วัดที่ 1 ซึ่งได้ 87.54 คะแนน\nสะท้อนความตั้งใจของเจ้าหน้าที่"
    facts = {"section": "highest", "text": text, "version": 1}
    save_text(agency=plan.agency, year=2564, by=staff, **facts)
    return plan


def test_everything_comes_back(full_plan, coordinator):
    imported = comes_back(full_plan, coordinator)
    assert imported.state == State.DRAFT
    assert imported.measures.count() == 5
    verbs = set(Event.objects.filter(agency_code="elsewhere").values_list("verb", flat=True))
    assert {"agency.created", "scores.saved", "measure.created", "progress.saved"} <= verbs


def test_what_was_published_before_extensions_were_is_not_said_to_differ(plan, coordinator):
    data = elsewhere(document(plan))
    assert data.pop("extensions") == []
    assert import_document(document=data, by=coordinator, create_agencies=True)[1] == []


def test_missing_scores_and_an_announced_total_come_back(plan, coordinator):
    Score.objects.filter(assessment=plan.assessment, indicator__number__in=(3, 9)).update(
        value=None
    )
    Assessment.objects.update(published_total=Decimal("61.07"))
    imported = comes_back(plan, coordinator)
    assert document(imported)["result"]["total"] is None


def test_parts_of_an_indicator_come_back(agency, staff, coordinator, enter_scores):
    result = enter_scores(agency, 2566, ["80.10"] * 10)
    indicator = result.framework.indicators.get(number=6)
    Score.objects.filter(assessment=result, indicator=indicator).update(value=None)
    for part, value in ((1, "70.01"), (2, "70.02")):
        Score.objects.create(
            assessment=result, indicator=indicator, part=part, value=Decimal(value)
        )
    imported = comes_back(open_plan(agency=agency, year=2567, by=staff), coordinator)
    row = document(imported)["result"]["indicators"][5]
    assert row["score"] == "70.02", "the mean of both, rounded once"
    assert document(imported)["previous_year"] is None


TEXT = st.text("กขค ำ์ 12๓.-–()•\n\t/ab", min_size=1, max_size=60).filter(
    lambda text: any(sign.isalnum() for sign in text)
)
POINTS = st.none() | st.decimals(0, 100, places=2)


@pytest.mark.one_database("sqlite")
@settings(
    max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(
    scores=st.lists(POINTS, min_size=10, max_size=10),
    measures=st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=3),
    data=st.data(),
)
def test_whatever_was_written_comes_back(plan, staff, coordinator, scores, measures, data):
    Measure.objects.all().delete()
    Agency.objects.filter(code="elsewhere").update(code=f"was-{Agency.objects.count()}")
    for row, value in zip(
        plan.assessment.scores.order_by("indicator__number"), scores, strict=True
    ):
        Score.objects.filter(pk=row.pk).update(value=value)
    for title, steps, result in measures:
        numbers = data.draw(st.sets(st.integers(1, 10), min_size=1))
        measure = add_measure(plan, staff, numbers, title=title, steps=steps, follow_up=result)
        state = data.draw(st.sampled_from(("under_way", "done", "not_started")))
        report(measure, staff, state=state, result=result, suggestion=steps)
    comes_back(plan, coordinator)


@pytest.fixture
def data(written_plan):
    return elsewhere(document(written_plan))


def changed(data, path, value):
    """A copy with another value at a place such as measures.0.title."""
    other = copy.deepcopy(data)
    *way, last = path.split(".")
    inner = other
    for step in way:
        inner = inner[int(step) if step.isdigit() else step]
    inner[int(last) if last.isdigit() else last] = value
    return other


@pytest.mark.one_database("postgres")
def test_what_is_wrong_is_refused_with_its_place_and_nothing_is_written(data, coordinator):
    for path, value, words in (
        ("issues.0.indicators", [11], "issues[0]: ไม่มีตัวชี้วัดที่ 11"),
        ("measures.1.title", "ก" * 501, "measures[1]: "),
        ("measures.1.number", 7, "measures[1]: "),
        ("rounds.0.entries.0.measure", 9, "rounds[0].entries[0]: ไม่มีมาตรการที่ 9"),
        ("scores.1.scores.i11", "50.00", "scores[1]: "),
        ("scores.1.scores.i1", "100.01", "scores[1]: "),
        ("scores.1.published_level", "ดีเลิศ", "scores[1]: "),
        ("scores.0.year", 2560, "scores[0]: "),
        ("analysis.extra", ["ก"], "analysis.extra: "),
        ("agency.code", "With Space", "agency: "),
        ("agency.kind", "kingdom", "agency: "),
        ("result.threshold", "999.00", "agency: "),
        ("result_year", 2563, "result_year: "),
    ):
        with pytest.raises(Refused) as refused:
            import_document(
                document=changed(data, path, value), by=coordinator, create_agencies=True
            )
        assert str(refused.value).startswith(words), path
    assert not Agency.objects.filter(code="elsewhere").exists()


def test_nothing_is_written_over(data, plan, coordinator):
    with pytest.raises(Refused, match="มีแผนของปี 2565 อยู่แล้ว"):
        import_document(document=changed(data, "agency.code", "nongkong"), by=coordinator)
    with pytest.raises(Refused, match="--create-agencies"):
        import_document(document=data, by=coordinator)
    Plan.objects.all().delete()
    other = changed(changed(data, "agency.code", "nongkong"), "scores.1.scores.i1", "11.00")
    with pytest.raises(Refused, match=r"scores\[1\]: มีคะแนนของปี 2564"):
        import_document(document=other, by=coordinator)


@pytest.fixture
def written(tmp_path):
    def write(content, name="data.json"):
        path = Path(tmp_path / name)
        path.write_bytes(content)
        return path

    return write


@pytest.mark.one_database("sqlite")
def test_a_file_that_is_no_open_data_is_refused(data, written):
    for content, words in (
        (b"", "ไม่ใช่ข้อมูลเปิด"),
        (b"%PDF-1.7", "ไม่ใช่ข้อมูลเปิด"),
        (b"[" * 100_000, "ไม่ใช่ข้อมูลเปิด"),
        (b'{"version": NaN}', "ไม่ใช่ข้อมูลเปิด"),
        (b'{"version": "2.0", "version": "1.0"}', "ไม่ใช่ข้อมูลเปิด"),
        (b"[]", "รุ่น 1.0"),
        (as_bytes(data | {"version": "2.0"}), "รุ่น 1.0"),
        (as_bytes(data | {"more": 1}), "more"),
        (as_bytes(changed(data, "measures.0.title", 5)), "measures[0].title"),
        (as_bytes(changed(data, "measures.0.title", "ก\0")), "measures[0].title"),
        (json.dumps(changed(data, "measures.0.title", "\ud800")).encode(), "measures[0].title"),
        (as_bytes(changed(data, "rounds.0.months", 7)), "rounds[0].months"),
        (as_bytes(changed(data, "scores.1.scores.o42", "50.00")), "scores[1].scores.o42"),
        (as_bytes({k: v for k, v in data.items() if k != "issues"}), "issues"),
        (b" " * (MAX_BYTES + 1), "16 MB"),
        (b"PK\x03\x04 broken", "ZIP"),
        (zipped({"other.txt": b""}), "ZIP"),
        (zipped({"data.json": b" " * (MAX_BYTES + 1)}), "16 MB"),
    ):
        with pytest.raises(Refused) as refused:
            read_document(written(content))
        assert words in str(refused.value)


def zipped(parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def test_the_command_imports_a_data_file_or_the_folder_for_other_sites(
    data, written, coordinator, capsys
):
    path = written(zipped({"ita/index.html": b"", "ita/data.json": as_bytes(data)}), "site.zip")
    with pytest.raises(CommandError, match="--create-agencies.*ยังไม่ได้นำเข้าข้อมูล"):
        call_command("import_published", path, user="pranee")
    call_command("import_published", path, user="pranee", create_agencies=True)
    assert "นำเข้าเป็นร่างแล้ว" in capsys.readouterr().out
    assert Plan.objects.filter(agency__code="elsewhere", year=2565).exists()
    with pytest.raises(CommandError, match="nobody"):
        call_command("import_published", path, user="nobody")


def test_the_command_says_what_is_otherwise_here(data, written, coordinator, capsys):
    content = as_bytes(changed(data, "result.total", "99.00"))
    call_command("import_published", written(content), user="pranee", create_agencies=True)
    assert "result" in capsys.readouterr().err


def test_who_may_not_write_in_the_agency_imports_nothing(data, written, plan, viewer):
    Plan.objects.all().delete()
    path = written(as_bytes(changed(data, "agency.code", "nongkong")))
    with pytest.raises(CommandError, match="ยังไม่ได้นำเข้าข้อมูล"):
        call_command("import_published", path, user="wichai")
