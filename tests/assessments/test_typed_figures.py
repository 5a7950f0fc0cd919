"""Which numbers of an edited text are only words, and what they speak of."""

import pytest

from assessments.live_text import mark
from assessments.typed_figures import typed_figures

pytestmark = pytest.mark.one_database("sqlite")

FACTS = {"count": "9", "lowest": "ตัวชี้วัดที่ 9", "score": "35.00", "total": "63.16", "also": "63.16"}
GENERATED = f"พบจุดอ่อน {mark('count')} ตัวชี้วัด ต่ำที่สุด คือ {mark('lowest')} ({mark('score')} คะแนน) เท่านั้น"


def found(template, known=None):
    return typed_figures(template, GENERATED, FACTS, known or {})


@pytest.mark.parametrize(
    ("number", "key"), [("36.00", "score"), ("๓๖.๐๐", "score"), ("36", "score"), ("35.00", "score")]
)
def test_a_number_in_place_of_a_figure_speaks_of_it(number, key):
    assert found(GENERATED.replace(mark("score"), number)) == {number: key}


def test_several_numbers_in_place_of_figures_are_told_apart():
    edited = GENERATED.replace(mark("score"), "36.00").replace(mark("count"), "8")
    assert found(edited) == {"8": "count", "36.00": "score"}


def test_a_number_equal_to_a_figure_speaks_of_the_first_such():
    assert found(f"{GENERATED} จากคะแนนรวม ๖๓.๑๖ คะแนน") == {"๖๓.๑๖": "total"}


def test_a_number_stays_what_it_was_known_to_be():
    assert found(f"{GENERATED} เดิม 58.24", {"58.24": "total"}) == {"58.24": "total"}


@pytest.mark.parametrize("own", [GENERATED, "ใช้งบ 12.50 ล้านบาท 9 ครั้ง", "ตัวชี้วัดที่ 36.00 คะแนน", ""])
def test_other_numbers_are_hers_alone(own):
    assert found(own) == {}
