"""Which indicator a text names, with the names of the framework files."""

import tomllib

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from assessments.exchange.names import HEADING, LEVEL, TOTAL, Doubt, Names

pytestmark = pytest.mark.one_database("sqlite")

FILES = settings.BASE_DIR / "assessments" / "frameworks"


def names_of(year, parts=()):
    data = tomllib.loads((FILES / f"{year}.toml").read_text("utf-8"))
    indicators = {i["number"]: (i["name_th"], i["name_en"]) for i in data["indicators"]}
    instruments = {i["code"]: (i["name_th"], i["name_en"]) for i in data["instruments"]}
    return Names(indicators, instruments, parts=parts), data


OF_2564, DATA = names_of(2564)
OF_2566, _data = names_of(2566, parts=(6, 7, 8))


@pytest.mark.parametrize(
    "text, key",
    [
        ("การเปิดเผยข้อมูล", "i9"),
        ("  การเปิดเผย ข้อมูล\u200b ", "i9"),
        ("ตัวชี้วัดที่ 9 การเปิดเผยข้อมูล", "i9"),
        ("ตัวชี้วัดที่ ๙ การเปิดเผยข้อมูล", "i9"),
        ("ตัวชี้วัดการเปิดเผยข้อมูล", "i9"),
        ("9. การเปิดเผยข้อมูล", "i9"),
        ("๙) การเปิดเผยข้อมูล", "i9"),
        ("(9) การเปิดเผยข้อมูล", "i9"),
        ("09การเปิดเผยข้อมูล", "i9"),
        ("i9", "i9"),
        ("I9 Open Data", "i9"),
        ("Open Data", "i9"),
        ("การเปิดเผยข้อมูล (Open Data)", "i9"),
        ("การเปิดเผยข้อมูล (ตัวชี้วัดที่ 9)", "i9"),
        ("10", "i10"),
        ("ตัวชี้วัดที่ ๑๐", "i10"),
        # ํ + า, with and without a tone mark between them.
        ("การใช้อํานาจ", "i3"),
        ("คุณภาพการดําเนินงาน", "i6"),
        # Seen in reports: another wording, a word twice, a word too many beside its number.
        ("การใช้ทรัพย์สินของทางราชการ", "i4"),
        ("การปรับปรุงการทำงาน", "i8"),
        ("ประสิทธิภาพการการสื่อสาร", "i7"),
        ("3. การใช้อำนาจการ", "i3"),
        ("IIT", "iit"),
        ("ค่าเฉลี่ย IIT", "iit"),
        ("Mean of EIT", "eit"),
        ("2. แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก", "eit"),
        ("แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)", "iit"),
        ("IIT แบบวัดการรับรู้ ผู้มีส่วนได้ส่วนเสียภายใน", "iit"),
        ("OIT การเปิดเผยข้อมูล สาธารณะ", "oit"),
        ("เฉลี่ย", TOTAL),
        ("คะแนนรวม (ถ่วงน้ำหนัก)", TOTAL),
        ("ระดับผลการประเมิน", LEVEL),
        ("ตัวชี้วัด", HEADING),
        ("เครื่องมือ", HEADING),
    ],
)
def test_a_name_is_known_however_it_is_written(text, key):
    match = OF_2564.match(text)
    assert match is not None and match.sure
    assert match.key == key


@pytest.mark.parametrize(
    "text, key, doubt",
    [
        ("การใช้อำนาจการ", "i3", Doubt.SIMILAR),
        ("การป้องกันการทุจริค", "i10", Doubt.SIMILAR),
        ("แบบตรวจการเปิดเผยสาธารณะ", "oit", Doubt.SIMILAR),
        ("OIT การเปิดเผยข้อมูล", "i9", Doubt.SIMILAR),
        ("9. การใช้งบประมาณ", "i2", Doubt.NUMBER_DIFFERS),
        ("4. เจ้าหน้าที่ให้บริการ", "i4", Doubt.NAME_UNKNOWN),
    ],
)
def test_what_is_not_sure_says_why(text, key, doubt):
    match = OF_2564.match(text)
    assert (match.key, match.doubt) == (key, doubt)


@pytest.mark.parametrize(
    "text",
    ["", "11", "0", "2564", "87.54", "9.1 ข้อมูลพื้นฐาน", "O42", "i12", "การทุจริต", "ลดลง", "1 0"],
)
def test_what_names_nothing_is_not_guessed(text):
    assert OF_2564.match(text) is None


def test_sub_indicators_and_items_are_no_indicators():
    for one in DATA["subindicators"]:
        assert OF_2564.match(one["name_th"]) is None
        assert OF_2564.match(f"{one['code']} {one['name_th']}") is None
    for one in DATA["items"]:
        assert OF_2564.match(one["name_th"]) is None


def test_parts_are_known_where_the_framework_has_them():
    written = {
        "EIT ส่วนที่ 1": "eit_1",
        "คะแนน EIT (ส่วนที่ ๒)": "eit_2",
        "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT) ส่วนที่ 2": "eit_2",
        "6. คุณภาพการดำเนินงาน ส่วนที่ 1": "i6_1",
        "i8_2": "i8_2",
        "eit_1": "eit_1",
    }
    for text, key in written.items():
        assert OF_2566.match(text).key == key
        assert OF_2564.match(text) is None
    assert OF_2566.match("1. การปฏิบัติหน้าที่ ส่วนที่ 1") is None


@given(number=st.integers(1, 10), at=st.integers(0, 40), letter=st.sampled_from("กงคอ่"))
def test_one_wrong_letter_never_makes_another_indicator(number, at, letter):
    name = next(i["name_th"] for i in DATA["indicators"] if i["number"] == number)
    at %= len(name)
    for typed in (name[:at] + name[at + 1 :], name[:at] + letter + name[at:]):
        match = OF_2564.match(typed)
        assert match is None or match.key == f"i{number}"
