"""Tables as people copy them. A score must never land silently at another indicator."""

from decimal import Decimal
from itertools import chain

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.exchange.pasting import Scored, read_paste
from assessments.scoring import InstrumentRule, Rules
from tests.assessments.test_names import names_of
from tests.cast import SCORES

pytestmark = pytest.mark.one_database("postgres")

NUMBERS = range(1, 11)
KEYS = [f"i{number}" for number in NUMBERS]


def scored(year, parts=()):
    names, data = names_of(year, parts)
    instruments = tuple(
        InstrumentRule(
            one["code"],
            Decimal(str(one["weight"])),
            tuple(i["number"] for i in data["indicators"] if i["instrument"] == one["code"]),
        )
        for one in data["instruments"]
    )
    return Scored(names, Rules(year, instruments, (), Decimal(85)))


FRAMEWORKS = {2563: scored(2563), 2564: scored(2564), 2566: scored(2566, parts=(6, 7, 8))}
NAMES = [FRAMEWORKS[2564].names.shown[number] for number in NUMBERS]
OLD, NEW = SCORES[2563], SCORES[2564]


BY_SCORE = sorted(range(10), key=lambda at: -float(NEW[at]))


def english():
    return override("en")


def read(text, **options):
    return read_paste(text, FRAMEWORKS, options.pop("year", 2564), **options)


def is_sure(pasted):
    return pasted.sure_of(2564, KEYS)


def plain(pasted):
    """Year → the ten scores as text, in order."""
    return {
        year: [None if values.get(key, 0) is None else str(values.get(key, "")) for key in KEYS]
        for year, values in pasted.years.items()
    }


def lines(*rows, between="\t"):
    return "\r\n".join(between.join(row) for row in rows) + "\r\n"


#: What the demo's report looks like when its table is pasted from Word, a cell a line: names
#: with a slip of the pen, instruments broken over lines, words of change, a total and a level.
IN_WORD = [
    *["เครื่องมือ", "ตัวชี้วัด", "2563", "2564", "การเปลี่ยนแปลง", "", "IIT", "แบบวัดการรับรู้"],
    "ผู้มีส่วนได้ส่วนเสียภายใน",
    *["1. การปฏิบัติหน้าที่", "86.96", "87.54", "เพิ่มขึ้น", ""],
    *["2. การใช้งบประมาณ", "78.11", "79.61", "เพิ่มขึ้น", ""],
    *["3. การใช้อำนาจการ", "83.07", "81.97", "ลดลง", ""],
    *["4. การใช้ทรัพย์สินของทางราชการ", "78.23", "74.84", "ลดลง", ""],
    *["5. การแก้ไขปัญหาการทุจริต", "79.14", "77.31", "ลดลง", ""],
    *["EIT", "แบบวัดการรับรู้", "ผู้มีส่วนได้ส่วนเสียภายนอก"],
    *["6. คุณภาพการดำเนินงาน", "74.03", "78.17", "เพิ่มขึ้น", ""],
    *["7. ประสิทธิภาพการการสื่อสาร", "66.66", "77.55", "เพิ่มขึ้น", ""],
    *["8. การปรับปรุงระบบการทำงาน", "71.11", "77.42", "เพิ่มขึ้น", ""],
    *["OIT", "การเปิดเผยข้อมูล", "สาธารณะ"],
    *["9. การเปิดเผยข้อมูล", "60.82", "29.24", "ลดลง", ""],
    *["10. การป้องกันการทุจริต", "31.25", "25.00", "ลดลง", "", ""],
    *["เฉลี่ย", "63.92", "58.24", "", "", "ระดับผลการประเมิน", "D", "D"],
]

OF_ONE_YEAR = {
    "a column": lines(*([new] for new in NEW)),
    "a row": lines(NEW),
    "a row with spaces": " ".join(NEW),
    "a headed column": lines(["คะแนน"], *([new] for new in NEW)),
    "per cent": lines(*([f"{new} %"] for new in NEW)),
    "thai digits": lines(NEW).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")),
    "names": lines(*zip(NAMES, NEW, strict=True)),
    "names, upside down": lines(*zip(NAMES[::-1], NEW[::-1], strict=True)),
    "numbers, upside down": lines(*((str(n), NEW[n - 1]) for n in NUMBERS[::-1])),
    "numbers under a heading": lines(
        ["ลำดับ", "คะแนน"], *((f"{n:02}", NEW[n - 1]) for n in NUMBERS[::-1])
    ),
    "numbers with spaces": "\n".join(f"ตัวชี้วัดที่ {n} {NEW[n - 1]}" for n in NUMBERS),
    "counted within the instruments": lines(
        *zip("1 2 3 4 5 1 2 3 1 2".split(), NAMES, NEW, strict=True)
    ),
    "quoted cells over two lines": '"ตัวชี้วัด\n(ITA)"\t"ปี\n2564"\n'
    + "".join(f'"{n}. {NAMES[n - 1]}\n"\t{NEW[n - 1]}\n' for n in NUMBERS),
    "weights": lines(
        ["ตัวชี้วัด", "คะแนนที่ได้", "น้ำหนัก (ร้อยละ)", "คะแนนถ่วงน้ำหนัก"],
        *((name, new, "30", "24.07") for name, new in zip(NAMES, NEW, strict=True)),
    ),
    "instruments and total between": lines(
        ["IIT", "80.25"],
        *zip(NAMES[:5], NEW[:5], strict=True),
        ["ค่าเฉลี่ย EIT", "77.71"],
        *zip(NAMES[5:8], NEW[5:8], strict=True),
        *zip(NAMES[8:], NEW[8:], strict=True),
        ["คะแนนรวม", "58.24"],
        ["ระดับผลการประเมิน", "D"],
    ),
    "sorted by score": lines(
        ["อันดับ", "ตัวชี้วัด", "คะแนน"],
        *((str(rank), NAMES[n], NEW[n]) for rank, n in enumerate(BY_SCORE, start=1)),
    ),
    "instrument scores beside": lines(
        ["ตัวชี้วัด", "คะแนน", "คะแนนที่ได้ (100)"],
        *zip(NAMES, NEW, ["80.25", *[""] * 4, "77.71", "", "", "27.12", ""], strict=True),
    ),
    "sentences": "\n".join(f"ตัวชี้วัดที่ {n} {NAMES[n - 1]} ได้ {NEW[n - 1]} คะแนน" for n in NUMBERS),
    "commas": ", ".join(NEW),
    "bars": "\n".join(f"| {name} | {new} |" for name, new in zip(NAMES, NEW, strict=True)),
    "sideways with numbers": lines(["ปี", *map(str, NUMBERS), "รวม"], ["พ.ศ. ๒๕๖๔", *NEW, "58.24"]),
    "sideways, a cell a line": "\n".join(["ปี", *NAMES, "2564", *NEW]),
    "a cell a line": "\n".join(
        cell for n in NUMBERS for cell in (str(n), NAMES[n - 1], NEW[n - 1])
    ),
    "a cell a line, thai digits": "\n".join(
        cell for n in NUMBERS for cell in (str(n), NAMES[n - 1], NEW[n - 1])
    ).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")),
}

OF_TWO_YEARS = {
    "Word": "\n".join(IN_WORD),
    "Word, newest first": lines(
        ["ตัวชี้วัด", "ผลคะแนน ปี 2564", "ผลคะแนน ปี 2563", "ผลต่าง"],
        *zip(NAMES, NEW, OLD, ["-1.10"] * 10, strict=True),
    ),
    "a cell over several rows": lines(
        ["เครื่องมือ", "ตัวชี้วัด", "2563", "2564", "เพิ่ม/ลด"],
        ["IIT", NAMES[0], OLD[0], NEW[0], "+0.58"],
        *zip(NAMES[1:], OLD[1:], NEW[1:], ["ลดลง"] * 9, strict=True),
        ["เฉลี่ย", "63.92", "58.24", ""],
    ),
    "spaces": "ตัวชี้วัด ปี 2563 ปี 2564\n"
    + "\n".join(f"{n}. {NAMES[n - 1]} {OLD[n - 1]} {NEW[n - 1]} ลดลง" for n in NUMBERS),
    "sideways": lines(["ปี", *NAMES, "คะแนนรวม"], ["2564", *NEW, "58.24"], ["2563", *OLD, "63.92"]),
}


@pytest.mark.parametrize("layout", OF_ONE_YEAR)
def test_one_year_is_taken_at_once(layout):
    pasted = read(OF_ONE_YEAR[layout])
    assert plain(pasted) == {2564: NEW}
    assert is_sure(pasted)


@pytest.mark.parametrize("layout", OF_TWO_YEARS)
def test_two_years_are_told_apart_by_their_headings_and_always_shown_first(layout):
    pasted = read(OF_TWO_YEARS[layout])
    assert plain(pasted) == {2563: OLD, 2564: NEW}
    assert not pasted.doubts and not pasted.problems
    assert not is_sure(pasted)


@pytest.mark.parametrize(
    "text, why",
    [
        (lines(*([new] for new in NEW[:9])), "9 values were pasted but the table has 10"),
        (lines(*([new] for new in [*NEW, "58.30"])), "10 indicators: 1 too many"),
        (lines(*([new] for new in [*NEW, *OLD])), "20 values were pasted"),
        (lines(*([v] for v in [*NEW[:3], "แปดสิบ", *NEW[4:]])), 'value 4 "แปดสิบ" is not a number'),
        (lines(*([v] for v in ["แปดสิบ", *NEW[1:]])), 'value 1 "แปดสิบ" is not a number'),
        (lines(*(["รายการหนึ่ง", new] for new in NEW)), "No row has the name or number"),
        (lines(["ตัวชี้วัด", "2564"]), "There are no scores in the text"),
        (lines(*([str(n)] for n in NUMBERS)), "There are no scores in the text"),
        ("", "There are no scores in the text"),
        ("ได้ระดับ D (58.24 คะแนน) ซึ่งลดลงจากปี 2563", "There are no scores in the text"),
        (lines(*zip(NAMES, OLD, NEW, OLD, strict=True)), "3 columns of values and no years"),
        (
            lines(["ตัวชี้วัด", "2564", "2564"], *zip(NAMES, OLD, NEW, strict=True)),
            "2564 heads two columns",
        ),
        (
            lines(*zip(NAMES, NEW, strict=True)).replace("74.84", "875.4"),
            "indicator 4 must be between 0 and 100",
        ),
        (lines(*zip(NAMES, NEW, strict=True)).replace("74.84", "74,84"), "is 74.84 meant"),
        (lines(*zip(NAMES, NEW, strict=True), [NAMES[0], "3"]), "occurs twice"),
        ("\n".join(f"{n}\n{NEW[n - 1]}" for n in NUMBERS), "20 values were pasted"),
        (
            f"ตัวชี้วัด  2563  2564\n{NAMES[0]}  86.96\n{NAMES[1]}  78.11  79.61",
            "has 1 values; other rows or the years above have 2",
        ),
        (
            "\n".join(["2563", "2564", *chain(*zip(NAMES, NEW, strict=True))]),
            "has 1 values; other rows or the years above have 2",
        ),
        ("\n".join(chain(*zip(NEW, NAMES, strict=True))), "the last name has no value"),
        # As a web page is copied where a heading reaches over several rows or columns.
        (lines(NAMES, ["อบต.หนองกง", *NEW]), 'Below "การปฏิบัติหน้าที่" stands "อบต.หนองกง"'),
        (lines(map(str, NUMBERS), ["2564", *NEW]), 'Below "1" stands "2564"'),
        (
            lines(
                ["ตัวชี้วัด", "คะแนน", "ผลต่าง"],
                ["2563", "2564"],
                *zip(NAMES, OLD, NEW, ["0.58"] * 10, strict=True),
            ),
            "The headings do not stand above their columns",
        ),
        (lines(["IIT", "80.25"], ["คะแนน IIT", "24.08"]), "IIT occurs twice"),
        (lines(["ระดับ", "4"]), "There are no scores in the text"),
        (lines(["ตัวชี้วัด", "ค่าเป้าหมาย"], *zip(NAMES, NEW, strict=True)), "There are no scores"),
        # Comparing a name this long with others would take minutes.
        ("".join(chr(97 + n * n % 26) for n in range(90_000)) + "\t1", "No row has the name"),
        ("1\t" * 10_001, "10,000 cells"),
        ("ก" * 40_000, "100 KB"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_sure(text, why):
    with english():
        pasted = read(text)
    assert any(why in problem for problem in pasted.problems), pasted
    assert not is_sure(pasted)


@pytest.mark.parametrize(
    "text, doubt, taken",
    [
        (
            lines(["การใช้อำนาจการ", "81.97"], [NAMES[0], "87.54"]),
            "was understood as indicator 3",
            {"i3": "81.97", "i1": "87.54"},
        ),
        (
            lines(["การใช้อำนาจการ", "81.97"], [NAMES[0], "87.54"]),
            "another order than the table",
            {"i3": "81.97", "i1": "87.54"},
        ),
        (lines([f"9. {NAMES[1]}", "79.61"]), "the name decided: indicator 2", {"i2": "79.61"}),
        (lines(["4. ไม่ใช่ชื่อนี้", "79.61"]), "the number decided", {"i4": "79.61"}),
        (
            lines([NAMES[1], "79.61"], ["9.1 ข้อมูลพื้นฐาน", "50"]),
            'name no indicator: "9.1 ข้อมูลพื้นฐาน"',
            {"i2": "79.61"},
        ),
        (lines([NAMES[1], "79.61"]), "no values of indicators 1, 3, 4", {"i2": "79.61"}),
        (
            lines(*zip(NAMES, NEW, strict=True), ["คะแนนรวม", "67.54"]),
            "says total 67.54, but its scores come to 58.24",
            dict(zip(KEYS, NEW, strict=True)),
        ),
        (
            lines(["ตัวชี้วัด", "2561", "2564"], [NAMES[1], "70", "79.61"]),
            "no rules of 2561",
            {"i2": "79.61"},
        ),
        (
            lines(*([new] for new in [*NEW[:3], "-", *NEW[4:]])),
            "in the order of the indicators",
            dict(zip(KEYS, [*NEW[:3], None, *NEW[4:]], strict=True)),
        ),
        (
            lines(["ผลการประเมิน ปี 2563 และ 2564"], [NAMES[1], "79.61"]),
            "speaks of 2563; they were taken as 2564",
            {"i2": "79.61"},
        ),
        (
            lines(*((f"{n % 3 + 1}. {NAMES[n - 1]}", NEW[n - 1]) for n in range(4, 8))),
            "numbers of 4 rows are those of other indicators",
            {f"i{n}": NEW[n - 1] for n in range(4, 8)},
        ),
        (
            lines(["คะแนน", "อันดับ"], *((NEW[n], str(n)) for n in range(10))),
            "in the order of the indicators",
            dict(zip(KEYS, NEW, strict=True)),
        ),
        (
            lines(*((str(rank), NEW[n]) for rank, n in enumerate(BY_SCORE, start=1))),
            "the scores stand in order of size and no row has a name",
            dict(zip(KEYS, (NEW[n] for n in BY_SCORE), strict=True)),
        ),
        (
            lines(*([new] for new in [*NEW, "58.24"])),
            "11 values were pasted, one too many (58.24 is the total or the mean)",
            dict(zip(KEYS, NEW, strict=True)),
        ),
        (
            lines(["68.86", *NEW]),
            "one too many (68.86 is the total or the mean)",
            dict(zip(KEYS, NEW, strict=True)),
        ),
        (
            lines(*([new.replace(".", ",")] for new in NEW)),
            "2564: commas stand for decimal points in the 10 values, read as 87.54, 79.61, 81.97 …",
            dict(zip(KEYS, NEW, strict=True)),
        ),
        (
            # The empty cell may be one of the ten, and the last figure a total.
            lines(*([new] for new in [*NEW[:3], "", *NEW[4:], "58.24"])),
            "in the order of the indicators",
            dict(zip(KEYS, [*NEW[:3], *NEW[4:], "58.24"], strict=True)),
        ),
        (
            lines(*zip(NAMES, OLD, [*NEW[:3], *[""] * 7], strict=True)),
            "do not look like scores and have no heading",
            dict(zip(KEYS, OLD, strict=True)),
        ),
        (
            lines(*zip(NAMES, (f"0.{new[:2]}" for new in NEW), strict=True)),
            "no score is above 1",
            dict(zip(KEYS, (f"0.{new[:2]}" for new in NEW), strict=True)),
        ),
        (
            lines(["IIT", "24.08"], ["EIT", "23.31"], ["OIT", "10.85"], ["รวม", "58.24"]),
            "says total 58.24, but its scores come to 18.56",
            {"iit": "24.08", "eit": "23.31", "oit": "10.85"},
        ),
        (lines(["IIT", "80.25"], ["EIT", "77.71"]), None, {"iit": "80.25", "eit": "77.71"}),
    ],
)
def test_what_is_in_doubt_is_said_and_never_sure(text, doubt, taken):
    with english():
        pasted = read(text)
    assert doubt is None or any(doubt in one for one in pasted.doubts), pasted
    values = {key: None if v is None else f"{v:.2f}" for key, v in pasted.years[2564].items()}
    assert values == taken
    assert not is_sure(pasted)


@pytest.mark.parametrize(
    "year", ["พ.ศ. 2563", "ปี ๒๕๖๓", "ปี 63", "ปีงบประมาณ ๖๓", "2020", "ค.ศ.2020"]
)
@pytest.mark.parametrize("title", ["ผลการประเมิน ITA {}", "คะแนน ITA {}", "{}"])
def test_a_year_above_the_only_column_is_that_of_the_scores(title, year):
    for named in (zip(NAMES, OLD, strict=True), ([old] for old in OLD)):
        pasted = read(lines([title.format(year)], *named))
        assert plain(pasted) == {2563: OLD}
        assert any("ไม่มีคะแนนปี 2564" in doubt for doubt in pasted.doubts)
        assert not is_sure(pasted)


def test_two_columns_without_years_are_asked_about():
    text = lines(*zip(NAMES, NEW, OLD, strict=True))
    unknown = read(text)
    assert unknown.order == (2563, 2564) and len(unknown.doubts) == 1
    headed = read(lines(["ตัวชี้วัด", "อบต.หนองกง", "อบต.อื่น"]) + text)
    assert any('"อบต.หนองกง"' in doubt for doubt in headed.doubts)
    assert plain(unknown) == {2563: NEW, 2564: OLD}

    last_year = dict(zip(KEYS, map(Decimal, OLD), strict=True))
    guessed = read(text, stored={2563: last_year})
    assert plain(guessed) == {2563: OLD, 2564: NEW}
    assert guessed.doubts and not is_sure(guessed)

    assert plain(read(text, order=(2564, 2563))) == {2563: OLD, 2564: NEW}


def test_parts_of_eit_are_cells_of_their_own():
    rows = [(name, new) for name, new in zip(NAMES, NEW, strict=True)]
    parts = [
        (f"{n}. {NAMES[n - 1]} ส่วนที่ {part}", f"{n}{part}.00") for n in (6, 7, 8) for part in (1, 2)
    ]
    pasted = read(lines(*rows[:5], *parts, *rows[8:]), year=2566)
    assert not pasted.doubts and not pasted.problems
    assert pasted.years[2566]["i7_2"] == Decimal("72.00")
    assert "i7" not in pasted.years[2566]


#: How a table of named rows may be written down.
LAYOUTS = {
    "tabs": lambda rows: lines(*rows),
    "spaces": lambda rows: "\n".join(" ".join(row) for row in rows),
    "wide spaces": lambda rows: "\n".join("   ".join(row) for row in rows),
    "a cell a line": lambda rows: "\n".join(cell for row in rows for cell in row),
    "sideways": lambda rows: lines(*map(list, zip(*rows, strict=True))),
}


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(NUMBERS),
    values=st.lists(st.integers(0, 10_000), min_size=20, max_size=20),
    layout=st.sampled_from(sorted(LAYOUTS)),
    numbered=st.booleans(),
    years=st.sampled_from([(2564,), (2563, 2564), (2564, 2563)]),
)
def test_named_rows_give_the_same_scores_in_any_order_and_layout(
    order, values, layout, numbered, years
):
    scores = {
        year: [f"{Decimal(v) / 100:.2f}" for v in values[at * 10 : at * 10 + 10]]
        for at, year in enumerate(years)
    }
    head = [["ตัวชี้วัด", *map(str, years)]] if len(years) > 1 else []
    rows = [
        [f"{n}. {NAMES[n - 1]}" if numbered else NAMES[n - 1], *(scores[y][n - 1] for y in years)]
        for n in order
    ]
    pasted = read(LAYOUTS[layout](head + rows))
    assert plain(pasted) == scores
    assert is_sure(pasted) == (len(years) == 1)


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(NUMBERS),
    slips=st.sets(st.sampled_from(NUMBERS), max_size=4),
    lost=st.sets(st.sampled_from(NUMBERS), max_size=3),
)
def test_a_score_never_lands_silently_elsewhere(order, slips, lost):
    """Names with a letter too many, or none at all: right, or not sure, or not taken."""
    rows = [
        ("" if n in lost else NAMES[n - 1] + ("ก" if n in slips else ""), NEW[n - 1]) for n in order
    ]
    pasted = read(lines(*rows))
    if lost == set(NUMBERS):
        return
    for key, value in pasted.years.get(2564, {}).items():
        assert str(value) == NEW[int(key[1:]) - 1]
    assert is_sure(pasted) == (not slips and not lost)
