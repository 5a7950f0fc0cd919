from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import Event
from assessments.framework_files import FRAMEWORKS
from assessments.models import (
    Fact,
    Framework,
    Indicator,
    Instrument,
    Item,
    Level,
    Question,
    Score,
    SubIndicator,
    SubScore,
)

YEARS = list(range(2562, 2569))
SCORES = ["86.96", "78.11", "83.07", "78.23", "79.14", "74.03", "66.66", "71.11", "60.82", "31.25"]

# Each worker has loaded all years before its first test: by that both databases are tried.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("no_frameworks"),
    pytest.mark.one_database("postgres"),
]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def load(capsys):
    """load(*arguments) runs the command and returns the lines it printed."""

    def run(*arguments, **options):
        capsys.readouterr()
        call_command("load_frameworks", *map(str, arguments), **options)
        return capsys.readouterr().out.splitlines()

    return run


@pytest.fixture
def changed(tmp_path):
    """changed(year, (old, new), …): the packaged file of the year with those replacements."""

    def write(year, *replacements):
        text = (FRAMEWORKS / f"{year}.toml").read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / f"{year}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def scored(agency, enter_scores):
    return enter_scores(agency, 2564, SCORES)


def rows():
    """Every row with its key and all it says."""
    models = [Framework, Instrument, Indicator, SubIndicator, Item, Question, Level, Fact]
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def test_all_packaged_years_are_loaded(load):
    assert load() == [f"{year}: loaded" for year in YEARS]
    assert list(Framework.objects.order_by("year").values_list("year", flat=True)) == YEARS
    assert Indicator.objects.count() == 70


def test_a_second_run_changes_nothing_and_says_so(load):
    load()
    before = rows()
    assert load() == [f"{year}: unchanged" for year in YEARS]
    assert rows() == before


def test_single_years_and_files_can_be_loaded(load, changed):
    assert load(2564, changed(2566)) == ["2564: loaded", "2566: loaded"]
    assert set(Framework.objects.values_list("year", flat=True)) == {2564, 2566}


def test_years_are_loaded_from_the_earliest_whatever_the_order_asked_for(load):
    assert load(2564, 2563) == ["2563: loaded", "2564: loaded"]
    indicator = Indicator.objects.get(framework__year=2564, number=7)
    assert (indicator.predecessor.framework.year, indicator.predecessor.number) == (2563, 7)


def test_a_year_loaded_before_its_predecessor_is_linked_by_the_next_run(load):
    load(2564)
    assert Indicator.objects.get(framework__year=2564, number=1).predecessor is None
    load()
    assert Indicator.objects.get(framework__year=2564, number=1).predecessor.number == 1


def test_a_file_can_say_that_an_indicator_is_not_comparable(load, changed):
    load(2563, changed(2564, ("number = 8\n", "number = 8\npredecessor = 0\n")))
    indicators = Indicator.objects.filter(framework__year=2564)
    assert [i.number for i in indicators.filter(predecessor=None)] == [8]


def test_a_predecessor_that_the_year_before_does_not_have_is_refused(load, changed):
    path = changed(2564, ("number = 8\n", "number = 8\npredecessor = 18\n"))
    with pytest.raises(CommandError) as refusal:
        load(2563, path)
    assert "2564.toml: indicators 8 predecessor: the year before has no indicator 18" in str(
        refusal.value
    )
    assert not Framework.objects.filter(year=2564).exists()


def test_the_rules_come_out_as_the_file_has_them_without_further_queries(
    load, django_assert_num_queries
):
    load()
    with django_assert_num_queries(5):
        found = Framework.objects.prefetch_related(
            "instruments__indicators__subindicators", "levels"
        )
        frameworks = {framework.year: framework for framework in found}
        rules = {year: framework.rules() for year, framework in frameworks.items()}
        names = [
            subindicator.name_th
            for indicator in frameworks[2564].ordered_indicators()
            for subindicator in indicator.subindicators.all()
        ]
    assert [(r.code, r.weight, r.indicators) for r in rules[2564].instruments] == [
        ("IIT", Decimal(30), (1, 2, 3, 4, 5)),
        ("EIT", Decimal(30), (6, 7, 8)),
        ("OIT", Decimal(40), (9, 10)),
    ]
    assert [level.code for level in rules[2564].levels] == ["AA", *"ABCDEF"]
    assert [level.passes for level in rules[2564].levels] == [True, True] + [False] * 5
    assert [level.passes for level in rules[2566].levels] == [True] * 3 + [False] * 2
    assert rules[2566].levels[1].min_instrument == 85
    assert len(names) == 7


def test_names_follow_the_language_where_there_is_an_english_one(load):
    load(2564)
    indicator = Indicator.objects.get(number=1)
    assert indicator.name == "Bribery Fraud"
    with translation.override("th"):
        assert indicator.name == "การปฏิบัติหน้าที่"


def test_one_wrong_file_keeps_all_others_out_too(load, changed):
    with pytest.raises(CommandError, match=r"2565.toml: instruments: weights add up to 90"):
        load(2564, changed(2565, ("weight = 40", "weight = 30")))
    assert not Framework.objects.exists()


def test_a_year_without_a_file_is_refused(load):
    with pytest.raises(CommandError, match=r"2599.toml: cannot be read"):
        load(2599)


def test_a_text_too_long_for_its_column_is_refused_naming_the_place(load, changed):
    path = changed(2564, ('code = "AA"', f'code = "{"A" * 17}"'))
    with pytest.raises(CommandError, match=r"2564.toml: levels A{17} code: "):
        load(path)
    assert not Framework.objects.exists()


def test_a_changed_year_without_scores_is_updated_in_place(load, changed):
    load()
    level = Level.objects.get(framework__year=2564, code="C")
    path = changed(2564, ("min_total = 65", "min_total = 66"))
    assert load(path) == ["2564: updated", "  levels C min_total: 65.00 → 66.00"]
    level.refresh_from_db()
    assert level.min_total == 66
    event = Event.objects.get(verb="framework.changed")
    assert event.before == {"levels C min_total": "65.00"}
    assert event.after == {"levels C min_total": "66.00"}
    assert event.object_label == "ITA 2564"


def test_a_file_that_says_the_same_in_other_words_changes_no_row(load, changed):
    load()
    checksum = Framework.objects.get(year=2564).checksum
    path = changed(2564, ("year = 2564", "# บันทึกของผู้ดูแล\nyear = 2564"))
    assert load(path) == ["2564: updated"]
    assert load(path) == ["2564: unchanged"]
    assert Framework.objects.get(year=2564).checksum != checksum
    assert not Event.objects.filter(verb="framework.changed").exists()


def test_a_changed_year_with_scores_is_refused_and_the_changes_are_listed(load, changed, scored):
    before = rows()
    path = changed(
        2564,
        ("min_total = 65", "min_total = 66"),
        ("weight = 30", "weight = 31"),
        ("weight = 30", "weight = 29"),
    )
    with pytest.raises(CommandError) as refusal:
        load(path)
    message = str(refusal.value)
    assert message.startswith("2564.toml: the year has scores; --confirm-changes would change:")
    assert "instruments IIT weight: 30.00 → 31.00" in message
    assert "instruments EIT weight: 30.00 → 29.00" in message
    assert "levels C min_total: 65.00 → 66.00" in message
    assert rows() == before
    assert not Event.objects.filter(verb="framework.changed").exists()


def test_other_years_are_still_loaded_beside_a_refused_one(load, changed, scored):
    with pytest.raises(CommandError, match=r"2564.toml: the year has scores"):
        load(
            changed(2564, ("min_total = 65", "min_total = 66")),
            changed(2565, ("min_total = 65", "min_total = 66")),
        )
    assert Level.objects.get(framework__year=2565, code="C").min_total == 66
    assert Level.objects.get(framework__year=2564, code="C").min_total == 65


def test_confirmed_changes_keep_the_scores_and_are_logged(load, changed, scored):
    scores = list(Score.objects.order_by("pk").values_list("pk", "indicator_id", "value"))
    indicators = list(Indicator.objects.order_by("pk").values_list("pk", "number"))
    path = changed(2564, ("min_total = 65", "min_total = 66"))
    assert load(path, confirm_changes=True) == [
        "2564: updated",
        "  levels C min_total: 65.00 → 66.00",
    ]
    assert list(Score.objects.order_by("pk").values_list("pk", "indicator_id", "value")) == scores
    assert list(Indicator.objects.order_by("pk").values_list("pk", "number")) == indicators
    event = Event.objects.get(verb="framework.changed")
    assert event.actor_id is None
    assert event.after == {"levels C min_total": "66.00"}
    assert load(path, confirm_changes=True) == ["2564: unchanged"]


def test_other_words_in_a_year_with_scores_are_taken_said_and_logged(load, changed, scored):
    path = changed(2564, ('name_en = "Open Data"', 'name_en = "Disclosure"'))
    assert load(path, verbosity=0) == [
        "2564: updated",
        "  indicators 9 name_en: Open Data → Disclosure",
    ]
    event = Event.objects.get(verb="framework.changed")
    assert event.after == {"indicators 9 name_en": "Disclosure"}


PARTIAL = ("eit_parts", "item_marks = [0, 50, 100]\neit_parts")
MOVED = ('number = 9\nsubindicator = "9.1"', 'number = 9\nsubindicator = "9.2"')
REWORDED = ("การเบิกจ่ายเท็จ", "การเบิกจ่ายที่ไม่ตรงความจริง")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (PARTIAL, "item_marks: [0, 100] → [0, 50, 100]"),
        (MOVED, "items 9 subindicator: 9.1 ข้อมูลพื้นฐาน → 9.2 การบริหารงาน"),
        (REWORDED, "questions i10 topic_th: การเบิกจ่ายเท็จ → การเบิกจ่ายที่ไม่ตรงความจริง"),
    ],
)
def test_scores_of_indicators_alone_rest_on_no_item_or_question(
    load, changed, scored, change, said
):
    assert load(changed(2564, change)) == ["2564: updated", f"  {said}"]


@pytest.mark.parametrize(("change", "asks"), [(PARTIAL, True), (MOVED, True), (REWORDED, False)])
def test_where_items_are_marked_only_their_wording_changes_without_a_question(
    load, changed, scored, change, asks
):
    item = Item.objects.get(subindicator__indicator__framework__year=2564, number=43)
    SubScore.objects.create(assessment=scored, item=item, value=100)
    path = changed(2564, change)
    if asks:
        with pytest.raises(CommandError, match=r"2564.toml: the year has scores"):
            load(path)
    assert load(path, confirm_changes=asks)[0] == "2564: updated"
    assert load(path) == ["2564: unchanged"]


def test_a_marked_item_may_not_be_left_out(load, changed, scored):
    item = Item.objects.get(subindicator__indicator__framework__year=2564, number=43)
    SubScore.objects.create(assessment=scored, item=item, value=100)
    entry = '\n[[items]]\nnumber = 43\nsubindicator = "10.2"\n'
    gone = changed(
        2564, (entry, entry.replace("43", "44")), ('progress_item = "O43"', 'progress_item = "O42"')
    )
    with pytest.raises(CommandError, match=r"2564.toml: items 43: is in use"):
        load(gone, confirm_changes=True)


def test_an_unchanged_year_with_scores_is_loaded_without_a_question(load, scored):
    assert load(2564) == ["2564: unchanged"]


def test_items_may_come_go_and_move(load, changed):
    load()
    kept = Item.objects.get(subindicator__indicator__framework__year=2564, number=9)
    item = '\n[[items]]\nnumber = 43\nsubindicator = "10.2"\n'
    path = changed(
        2564,
        ('number = 9\nsubindicator = "9.1"', 'number = 9\nsubindicator = "9.2"'),
        (item, item.replace("43", "44")),
        ('progress_item = "O43"', 'progress_item = "O44"'),
    )
    lines = load(path)
    assert "  items 9 subindicator: 9.1 ข้อมูลพื้นฐาน → 9.2 การบริหารงาน" in lines
    assert any(line.startswith("  items 44: – → O44 ") for line in lines)
    assert any(line.startswith("  items 43: O43 ") for line in lines)
    kept.refresh_from_db()
    assert kept.subindicator.code == "9.2"
    assert Item.objects.filter(subindicator__indicator__framework__year=2564).count() == 43


def test_an_indicator_with_scores_may_not_be_left_out(load, tmp_path, scored):
    text = (FRAMEWORKS / "2564.toml").read_text(encoding="utf-8")
    start = text.index("\n[[indicators]]\nnumber = 10")
    end = text.index("\n[[subindicators]]")
    path = tmp_path / "2564.toml"
    path.write_text(
        (text[:start] + text[end:]).replace("indicator = 10", "indicator = 9"), encoding="utf-8"
    )
    with pytest.raises(CommandError) as refusal:
        load(path, confirm_changes=True)
    assert "2564.toml: indicators 10: is in use and may not be left out" in str(refusal.value)
    assert scored.scores.count() == 10
