import pytest

from accounts.models import Event
from measures.actions import open_plan
from measures.library import suggestions, suggestions_for
from measures.models import Measure
from tests.measures.writing import TEXTS, add_issue, add_measure, indicator, text_of, url


@pytest.mark.one_database("postgres")
def test_each_indicator_has_five_suggestions_that_a_measure_can_hold(plan):
    for number in range(1, 11):
        assert len(suggestions_for(number)) >= 5
    for one in suggestions():
        Measure(
            plan=plan,
            title=one.title,
            steps=one.steps,
            period="-",
            follow_up=one.follow_up,
            responsible=one.responsible,
        ).full_clean()
    assert suggestions_for(9, 10)[0].indicators in ((9, 10), (9,), (10,))


def test_an_issue_leads_to_suggestions_for_its_indicators(writer, plan, staff):
    add_issue(plan, staff, 9, 10)
    assert "measures/library/?indicator=9&amp;indicator=10" in text_of(writer.get(url("issues/")))
    page = text_of(writer.get(url("measures/library/?indicator=9&indicator=10")))
    assert page.count('name="draft"') == len(suggestions_for(9, 10))
    assert suggestions_for(9, 10)[0].title in page
    # An empty list begins with three.
    page = text_of(writer.get(url("measures/")))
    assert page.count('name="draft"') == 3
    assert "ตัวชี้วัดที่ 9" in page


def test_a_draft_is_a_measure_at_once_and_its_page_opens(writer, plan, staff):
    chosen = suggestions_for(9)[0]
    answer = writer.post(url("measures/library/"), {"indicator": ["9", "10"], "draft": chosen.key})
    measure = Measure.objects.get()
    assert answer["Location"] == measure.get_absolute_url()
    assert (measure.title, measure.follow_up) == (chosen.title, chosen.follow_up)
    assert (measure.period, measure.numbers) == ("ตลอดปีงบประมาณ พ.ศ. 2565", [9, 10])
    assert (measure.budget, measure.starts_on, measure.version) == (None, None, 1)
    assert Event.objects.latest("pk").verb == "measure.created"
    for wrong in ({"indicator": "9", "draft": "no-such"}, {"indicator": "9", "draft": "999"}):
        assert writer.post(url("measures/library/"), wrong).status_code == 404
    writer.post(url("measures/library/"), {"draft": chosen.key})
    assert Measure.objects.count() == 1


def test_own_measures_of_earlier_years_are_offered_and_remembered(
    writer, agency, plan, staff, other_agency, enter_scores, outsider
):
    earlier = open_plan(agency=agency, year=2564, by=staff)
    measure = add_measure(earlier, staff, (9,), title="มาตรการเดิม")
    page = text_of(writer.get(url("measures/library/?indicator=9")))
    assert "มาตรการเดิม" in page
    assert "จากมาตรการปี 2564 ของหน่วยงาน" in page
    assert "มาตรการเดิม" not in text_of(writer.get(url("measures/library/?indicator=1")))
    writer.post(url("measures/library/"), {"indicator": "9", "draft": measure.pk})
    copied = plan.measures.get()
    assert (copied.title, copied.carried_from, copied.carried_year) == ("มาตรการเดิม", measure, 2564)
    assert copied.indicators.get() == indicator(plan, 9)
    assert copied.steps == TEXTS["steps"]


def test_who_only_looks_is_not_offered_to_write(client, plan, viewer):
    client.force_login(viewer)
    assert 'name="draft"' not in text_of(client.get(url("measures/")))
    assert client.get(url("measures/library/?indicator=9")).status_code == 403


def test_a_draft_of_another_unit_becomes_the_writers_own(writer, plan, staff, agency):
    chosen = suggestions_for(9)[0]
    others, own = agency.units.create(name=chosen.responsible.splitlines()[0]), "กองช่าง"
    unit = agency.units.create(name=own)
    staff.memberships.update(unit=unit)
    writer.post(url("measures/library/"), {"indicator": "9", "draft": chosen.key})
    assert Measure.objects.latest("pk").responsible == own
    staff.memberships.update(unit=others)
    writer.post(url("measures/library/"), {"indicator": "9", "draft": chosen.key})
    assert Measure.objects.latest("pk").responsible == chosen.responsible
