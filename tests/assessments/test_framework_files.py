from decimal import Decimal

import pytest
from django.utils import translation

from assessments.framework_files import FRAMEWORKS, FrameworkError, read_framework
from assessments.models import Fact

YEARS = (2562, 2563, 2564, 2565, 2566, 2567, 2568)
LETTERS = [("AA", 95), ("A", 85), ("B", 75), ("C", 65), ("D", 55), ("E", 50), ("F", 0)]
WORDS = [
    ("ผ่านดีเยี่ยม", 95, 95),
    ("ผ่านดี", 85, 85),
    ("ผ่าน", 85, None),
    ("ต้องปรับปรุง", 70, None),
    ("ต้องปรับปรุงโดยด่วน", 0, None),
]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def variant(tmp_path):
    """variant(year, (old, new), …): the packaged file of the year with those replacements."""

    def write(year, *replacements):
        text = (FRAMEWORKS / f"{year}.toml").read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text, f"{old!r} is not in {year}.toml"
            text = text.replace(old, new, 1)
        path = tmp_path / f"{year}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def shipped(year):
    return read_framework(FRAMEWORKS / f"{year}.toml")


def test_every_year_from_2562_to_2568_is_packaged():
    assert sorted(path.name for path in FRAMEWORKS.iterdir()) == [f"{y}.toml" for y in YEARS]


@pytest.mark.parametrize("year", YEARS)
def test_every_packaged_file_has_the_three_instruments_and_ten_indicators(year):
    framework = shipped(year)
    assert framework.year == year
    assert framework.pass_mark == 85
    assert [(entry.code, entry.weight) for entry in framework.instruments] == [
        ("IIT", 30),
        ("EIT", 30),
        ("OIT", 40),
    ]
    assert [entry.instrument for entry in framework.indicators] == (
        ["IIT"] * 5 + ["EIT"] * 3 + ["OIT"] * 2
    )
    assert all(entry.description_th for entry in framework.indicators)
    assert [entry.code for entry in framework.subindicators] == (
        ["9.1", "9.2", "9.3", "9.4", "9.5", "10.1", "10.2"]
    )
    assert isinstance(framework.instruments[0].weight, Decimal)


@pytest.mark.parametrize("year", [2562, 2563, 2564, 2565])
def test_letters_are_the_levels_until_2565(year):
    levels = shipped(year).levels
    assert [(level.name_th, level.min_total) for level in levels] == LETTERS
    assert {level.min_instrument for level in levels} == {None}


@pytest.mark.parametrize("year", [2566, 2567, 2568])
def test_five_levels_with_conditions_on_each_instrument_hold_from_2566(year):
    framework = shipped(year)
    assert [
        (level.name_th, level.min_total, level.min_instrument) for level in framework.levels
    ] == WORDS
    assert framework.eit_parts


@pytest.mark.parametrize(
    ("year", "sizes"),
    [
        # The published scores of 2563 and 2564 can only come from these sizes.
        (2563, [9, 8, 7, 4, 5, 8, 2]),
        (2564, [9, 8, 7, 4, 5, 8, 2]),
        (2565, [9, 8, 7, 4, 5, 8, 2]),
        (2566, [10, 8, 4, 4, 4, 8, 5]),
        (2567, [6, 7, 4, 4, 4, 8, 2]),
        (2568, [5, 6, 2, 3, 4, 6, 2]),
    ],
)
def test_items_are_numbered_through_and_fall_under_their_sub_indicators(year, sizes):
    framework = shipped(year)
    assert [item.number for item in framework.items] == list(range(1, sum(sizes) + 1))
    codes = [item.subindicator for item in framework.items]
    assert [codes.count(entry.code) for entry in framework.subindicators] == sizes


@pytest.mark.parametrize(
    ("year", "measures", "progress", "status"),
    [
        (2562, "", "", "unverified"),
        (2563, "O42", "O43", "secondary"),
        (2564, "O42", "O43", "verified"),
        (2565, "O42", "O43", "verified"),
        (2566, "O42", "O43", "secondary"),
        (2567, "O34", "O35", "unverified"),
        (2568, "O27", "O28", "unverified"),
    ],
)
def test_the_two_documents_have_the_item_numbers_of_their_year(year, measures, progress, status):
    framework = shipped(year)
    assert (framework.measures_item, framework.progress_item) == (measures, progress)
    assert framework.facts["document_items"].status == status
    names = {f"O{item.number}": item.name_th for item in framework.items}
    if measures:
        assert names[measures] == "มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน"


@pytest.mark.parametrize("year", YEARS)
def test_every_group_of_facts_says_how_sure_it_is_and_why(year):
    facts = shipped(year).facts
    assert set(facts) == set(Fact.Group.values)
    assert all(fact.status in Fact.Status.values and fact.source for fact in facts.values())


def test_what_no_source_of_the_year_confirms_is_marked_unverified():
    unverified = {
        (year, group)
        for year in YEARS
        for group, fact in shipped(year).facts.items()
        if fact.status == "unverified"
    }
    assert {(2562, "weights"), (2565, "weights"), (2568, "weights")} <= unverified
    assert {(2562, "items"), (2567, "items"), (2568, "items")} <= unverified


@pytest.mark.parametrize("year", YEARS)
def test_the_worth_of_items_is_derived_where_results_of_that_structure_were_published(year):
    framework = shipped(year)
    status = framework.facts["item_scoring"].status
    assert status == ("derived" if 2563 <= year <= 2565 else "unverified")
    assert framework.item_marks == (0, 100), "no source knows partial points"


def test_questions_are_known_of_2564_only():
    assert [year for year in YEARS if shipped(year).questions] == [2564]
    framework = shipped(2564)
    asked = [question.indicator for question in framework.questions]
    assert [asked.count(number) for number in range(1, 9)] == [6] * 5 + [5] * 3
    codes = [question.code for question in framework.questions]
    assert codes == [f"i{n}" for n in range(1, 31)] + [f"e{n}" for n in range(1, 16)]
    assert framework.facts["questions"].status == "unverified"
    assert "e1–e15) ยังไม่ยืนยัน" in framework.facts["questions"].note


def test_a_year_may_know_partial_points_of_an_item(variant):
    partial = read_framework(variant(2564, ("eit_parts", "item_marks = [0, 50, 100]\neit_parts")))
    assert partial.item_marks == (0, 50, 100)


REFUSED = {
    "weights that miss 100": (
        2564,
        [("weight = 40", "weight = 30")],
        "2564.toml: instruments: weights add up to 90, not 100",
    ),
    "a weight of nothing": (
        2564,
        [("weight = 30", "weight = 0"), ("weight = 30", "weight = 60")],
        "2564.toml: instruments IIT weight: must be above 0",
    ),
    "a weight above all": (
        2564,
        [("weight = 40", "weight = 140")],
        "2564.toml: instruments OIT weight: 140 is not between 0 and 100",
    ),
    "an indicator of an unknown instrument": (
        2564,
        [('instrument = "EIT"', 'instrument = "XIT"')],
        "2564.toml: indicators 6 instrument: there is no instrument XIT",
    ),
    "an instrument without indicators": (
        2564,
        [
            ('instrument = "OIT"', 'instrument = "EIT"'),
            ('instrument = "OIT"', 'instrument = "EIT"'),
        ],
        "2564.toml: instruments OIT: has no indicator",
    ),
    "an instrument twice": (
        2564,
        [('code = "EIT"', 'code = "IIT"')],
        "2564.toml: instruments IIT: occurs 2 times, may occur once",
    ),
    "an indicator number twice": (
        2564,
        [("number = 2\ninstrument", "number = 1\ninstrument")],
        "2564.toml: indicators 1: occurs 2 times, may occur once",
    ),
    "a gap in the indicator numbers": (
        2564,
        [("number = 10\ninstrument", "number = 11\ninstrument")],
        "2564.toml: indicators 11: number 10 should stand here, without a gap",
    ),
    "a sub-indicator of an unknown indicator": (
        2564,
        [("indicator = 10\n", "indicator = 12\n")],
        "2564.toml: subindicators 10.1 indicator: there is no indicator 12",
    ),
    "an item of an unknown sub-indicator": (
        2564,
        [('number = 5\nsubindicator = "9.1"', 'number = 5\nsubindicator = "9.9"')],
        "2564.toml: items 5 subindicator: there is no sub-indicator 9.9",
    ),
    "an item number twice": (
        2564,
        [("number = 43\nsub", "number = 42\nsub")],
        "2564.toml: items 42: occurs 2 times, may occur once",
    ),
    "an item number of zero": (
        2564,
        [("number = 1\nsub", "number = 0\nsub")],
        "2564.toml: items 0: numbers start at 1",
    ),
    "a document without its item": (
        2564,
        [('measures_item = "O42"', 'measures_item = "O44"')],
        "2564.toml: measures_item: there is no item O44",
    ),
    "points of an item that do not reach all": (
        2564,
        [("eit_parts", "item_marks = [0, 50]\neit_parts")],
        "2564.toml: item_marks: must rise from 0 to 100",
    ),
    "points of an item that do not start at nothing": (
        2564,
        [("eit_parts", "item_marks = [-50, 0, 100]\neit_parts")],
        "2564.toml: item_marks: must rise from 0 to 100",
    ),
    "points of an item in no order": (
        2564,
        [("eit_parts", "item_marks = [0, 60, 50, 100]\neit_parts")],
        "2564.toml: item_marks: must rise from 0 to 100",
    ),
    "points of an item in fractions": (
        2564,
        [("eit_parts", "item_marks = [0, 33.3, 100]\neit_parts")],
        "2564.toml: item_marks: must be a list of whole numbers",
    ),
    "a question of an indicator that nobody is asked about": (
        2564,
        [('code = "i1"\nindicator = 1\n', 'code = "i1"\nindicator = 9\n')],
        "2564.toml: questions i1 indicator: 9 is no indicator of IIT or EIT",
    ),
    "a question twice": (
        2564,
        [('code = "i2"\n', 'code = "i1"\n')],
        "2564.toml: questions i1: occurs 2 times, may occur once",
    ),
    "a question whose code no cell can carry": (
        2564,
        [('code = "i2"\n', 'code = "I-2"\n')],
        "2564.toml: questions I-2: must be a small letter and a number, such as i12",
    ),
    "levels in the wrong order": (
        2564,
        [("min_total = 65", "min_total = 76")],
        "2564.toml: levels C: stands below B but asks for more",
    ),
    "two levels on one border": (
        2564,
        [("min_total = 65", "min_total = 75")],
        "2564.toml: levels C: overlaps with B",
    ),
    "a lower level with the stricter condition": (
        2566,
        [("min_total = 85\nmin_instrument = 85", "min_total = 86\nmin_instrument = 96")],
        "2566.toml: levels good: stands below excellent but asks for more",
    ),
    "two levels with the same conditions": (
        2566,
        [("min_total = 85\nmin_instrument = 85", "min_total = 85")],
        "2566.toml: levels pass: overlaps with good",
    ),
    "a lowest level that leaves results without a level": (
        2564,
        [("min_total = 0", "min_total = 1")],
        "2564.toml: levels F: the lowest level must start at 0 without a condition",
    ),
    "a lowest level with a condition": (
        2564,
        [("min_total = 0", "min_total = 0\nmin_instrument = 0")],
        "2564.toml: levels F: stands below E but asks for more",
    ),
    "a pass mark inside a level": (
        2564,
        [("pass_mark = 85", "pass_mark = 58")],
        "2564.toml: pass_mark: 58 is not where a level starts",
    ),
    "a misspelt key": (
        2564,
        [("description_th", "descripton_th")],
        "2564.toml: instruments IIT descripton_th: unknown key",
    ),
    "an unknown key at the top": (
        2564,
        [("year = 2564", "year = 2564\nchecksum = 'x'")],
        "2564.toml: checksum: unknown key",
    ),
    "a missing key": (
        2564,
        [("eit_parts = false\n", "")],
        "2564.toml: eit_parts: is missing",
    ),
    "an empty name": (
        2564,
        [('name_th = "การใช้อำนาจ"', 'name_th = "  "')],
        "2564.toml: indicators 3 name_th: is empty",
    ),
    "a number as text": (
        2564,
        [("min_total = 95", 'min_total = "95"')],
        "2564.toml: levels AA min_total: must be a number",
    ),
    "a number that is none": (
        2564,
        [("min_total = 95", "min_total = nan")],
        "2564.toml: levels AA min_total: must be a number",
    ),
    "a truth value as a number": (
        2564,
        [("eit_parts = false", "eit_parts = 0")],
        "2564.toml: eit_parts: must be true or false",
    ),
    "an unknown group of facts": (
        2564,
        [("[facts.weights]", "[facts.wights]")],
        "2564.toml: facts wights: unknown group of facts",
    ),
    "an unknown status": (
        2564,
        [('status = "verified"', 'status = "certain"')],
        "2564.toml: facts weights status: “certain” is not one of "
        "verified, derived, secondary, unverified",
    ),
    "a year of the Common Era": (
        2564,
        [("year = 2564", "year = 2021")],
        "2564.toml: year: 2021 is not a Buddhist-Era year",
    ),
    "a file copied from another year": (
        2564,
        [("year = 2564", "year = 2565")],
        "2564.toml: year: 2565 is not the year of the file",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_inconsistent_file_is_refused_with_file_and_place(name, variant):
    year, replacements, message = REFUSED[name]
    with pytest.raises(FrameworkError) as refusal:
        read_framework(variant(year, *replacements))
    assert str(refusal.value) == message


def test_a_fact_without_its_source_is_refused(tmp_path):
    text = (FRAMEWORKS / "2564.toml").read_text(encoding="utf-8")
    head, tail = text.split("[facts.pass_mark]\n")
    lines = [line for line in tail.splitlines() if not line.startswith("source")]
    path = tmp_path / "2564.toml"
    path.write_text(head + "[facts.pass_mark]\n" + "\n".join(lines), encoding="utf-8")
    with pytest.raises(FrameworkError, match=r"^2564.toml: facts pass_mark source: is missing$"):
        read_framework(path)


def test_a_missing_group_of_facts_is_refused(tmp_path):
    text = (FRAMEWORKS / "2564.toml").read_text(encoding="utf-8")
    path = tmp_path / "2564.toml"
    path.write_text(text[: text.index("[facts.document_items]")], encoding="utf-8")
    with pytest.raises(FrameworkError, match=r"^2564.toml: facts document_items: is missing$"):
        read_framework(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"year = ", "2564.toml: is not TOML in UTF-8"),
        ("name = 'ไทย'".encode("cp874"), "2564.toml: is not TOML in UTF-8"),
        (b"year = 2564", "2564.toml: instruments: must be a list of tables"),
        (b"instruments = [1]", "2564.toml: instruments: must be a list of tables"),
    ],
)
def test_a_file_that_is_no_framework_at_all_is_refused(tmp_path, content, message):
    path = tmp_path / "2564.toml"
    path.write_bytes(content)
    with pytest.raises(FrameworkError) as refusal:
        read_framework(path)
    assert str(refusal.value).startswith(message)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(FrameworkError, match=r"^2570.toml: cannot be read$"):
        read_framework(tmp_path / "2570.toml")


def test_a_level_may_start_where_the_stricter_one_above_it_starts():
    good, passed = shipped(2566).levels[1:3]
    assert good.min_total == passed.min_total == 85
    assert (good.min_instrument, passed.min_instrument) == (85, None)


def test_an_indicator_follows_its_number_unless_the_file_says_otherwise(variant):
    def predecessors(*replacements):
        return [
            i.predecessor_number for i in read_framework(variant(2564, *replacements)).indicators
        ]

    assert predecessors() == list(range(1, 11))
    new = ("number = 8\n", "number = 8\npredecessor = 0\n")
    moved = ("number = 7\n", "number = 7\npredecessor = 8\n")
    # The items have numbers too, but stand further down in the file.
    assert predecessors(new, moved) == [1, 2, 3, 4, 5, 6, 8, 0, 9, 10]


def test_refusals_are_in_thai_for_a_thai_operator(variant):
    path = variant(2564, ("weight = 40", "weight = 30"))
    with translation.override("th"), pytest.raises(FrameworkError) as refusal:
        read_framework(path)
    assert str(refusal.value) == "2564.toml: instruments: น้ำหนักรวมได้ 90 ไม่ใช่ 100"
