"""The Thai paragraphs that a year's scores give by themselves, for the page and the report.

Pure: Thai whatever the language of the page. Every figure in them is a fact with a key of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from assessments import live_text
from assessments.analysis import Analysis, Announced, Direction
from assessments.findings import CLASSES, MOVED, Fact, facts_of, level_move, listed, space_before

#: Section → title, in the order of the report.
TITLES = {
    "overall": "ภาพรวมผลการประเมิน",
    "changes": "การเปลี่ยนแปลงรายตัวชี้วัด",
    "instruments": "ผลการประเมินรายเครื่องมือ",
    "highest": "ตัวชี้วัดที่ได้คะแนนสูงสุด",
    "strengths": "จุดแข็ง",
    "weaknesses": "จุดอ่อน",
}


@dataclass(frozen=True)
class Paragraph:
    """A generated paragraph; `facts` are all of the analysis, also those it does not print."""

    section: str
    template: str
    facts: Mapping[str, Fact]

    @property
    def title(self) -> str:
        return TITLES[self.section]

    @property
    def printed(self) -> dict[str, str]:
        return {key: fact.text for key, fact in self.facts.items()}

    @property
    def keys(self) -> list[str]:
        """The facts that it prints."""
        return live_text.keys_of(self.template)

    @property
    def text(self) -> str:
        return live_text.render(self.template, self.printed)


def narrative(
    analysis: Analysis,
    names: Mapping[int, str],
    *,
    levels: Mapping[str, str] | None = None,
    self_assessed: bool = False,
    announced: Announced | None = None,
) -> tuple[Paragraph, ...]:
    """One paragraph a section. `names` are the indicators', `levels` code → name, both in Thai."""
    facts = facts_of(analysis, names, levels or {}, announced)
    return tuple(
        Paragraph(section, _template(sentences(analysis, facts, self_assessed)), facts)
        for section, sentences in _SECTIONS.items()
    )


def _template(sentences: Iterable[str]) -> str:
    text = " ".join(sentences)
    return text.replace("{", live_text.OPEN).replace("}", live_text.CLOSE)


def _overall(a: Analysis, facts, self_assessed):
    if self_assessed:
        yield "ข้อความนี้วิเคราะห์จากผลการประเมินตนเอง มิใช่ผลทางการ"
    if "announced_total" in facts:
        yield from _only_announced(a, facts)
        return
    if a.total is None:
        yield ("คะแนนยังไม่ครบ (ขาดตัวชี้วัดที่ {missing}) จึงยังคำนวณคะแนนรวมและระดับผลการประเมินมิได้")
        return
    level = f" อยู่ใน{_level('level', facts)}" if a.level else ""
    yield f"ปีงบประมาณ พ.ศ. {{year}} หน่วยงานได้คะแนนรวม {{total}} คะแนน{level}"
    apart = " อยู่ {gap} คะแนน" if a.total != a.result.rules.pass_mark else ""
    yield f"คะแนนรวม{{standing}}เกณฑ์ผ่าน ({{pass_mark}} คะแนน){apart} {{verdict}}"
    if a.change:
        yield from _against_last_year(a, facts)
    elif a.previous_result:
        yield "ผลการประเมินของปีงบประมาณ พ.ศ. {previous_year} ยังไม่ครบ จึงเปรียบเทียบคะแนนรวมมิได้"


def _only_announced(a: Analysis, facts):
    level = f" {_level('announced_level', facts)}" if "announced_level" in facts else ""
    moved = " ({announced_change}จากปีก่อน)" if "announced_change" in facts else ""
    total = "ประกาศคะแนนรวม {announced_total} คะแนน"
    yield f"ปีงบประมาณ พ.ศ. {{year}} สำนักงาน ป.ป.ช. {total}{level}{moved}"
    if a.highest_numbers:
        yield "คะแนนรายตัวชี้วัดยังไม่ครบ (ขาดตัวชี้วัดที่ {missing}) จึงยังวิเคราะห์จุดแข็งและจุดอ่อนได้ไม่ครบ"
    else:
        yield "ยังไม่มีคะแนนรายตัวชี้วัด จึงยังวิเคราะห์จุดแข็งและจุดอ่อนมิได้"


def _level(key, facts):
    return f"ระดับ{space_before(facts[key].text)}{{{key}}}"


def _against_last_year(a: Analysis, facts):
    level = f" {_level('previous_level', facts)}" if a.previous_level else ""
    earlier = f"ปีงบประมาณ พ.ศ. {{previous_year}} ({{previous_total}} คะแนน{level})"
    if a.direction is Direction.UNCHANGED:
        yield f"คะแนนรวม{{direction}}เมื่อเทียบกับ{earlier}"
    elif a.change.percent is None:
        yield f"เมื่อเทียบกับ{earlier} คะแนนรวม{{direction}} {{points}} คะแนน"
    else:
        yield (f"เมื่อเทียบกับ{earlier} คะแนนรวม{{direction}} {{points}} คะแนน คิดเป็นร้อยละ {{percent}}")
    if level_move(a):
        yield "โดยระดับผลการประเมิน{level_move}"
    elif a.level and a.previous_level:
        yield "ทั้งนี้ เกณฑ์ระดับผลการประเมินของทั้งสองปีแตกต่างกัน จึงเปรียบเทียบได้เฉพาะคะแนน"


def _changes(a: Analysis, facts, _self_assessed):
    compared = [row for row in a.rows if row.change]
    if not a.previous_result:
        yield "ยังไม่มีคะแนนรายตัวชี้วัดของปีงบประมาณ พ.ศ. {previous_year} จึงไม่มีข้อมูลเปรียบเทียบ"
        return
    if not compared:
        yield "ยังไม่มีคะแนนรายตัวชี้วัดของทั้งสองปีที่เปรียบเทียบกันได้"
        return
    found = [d for d in MOVED if any(row.direction is d for row in compared)]
    every = "ทั้ง" if len(found) == 1 and len(compared) == len(a.rows) else ""
    groups = [f"{MOVED[d]}{every} {{{d.value}_count}} ตัวชี้วัด" for d in found]
    yield (
        "เมื่อเปรียบเทียบคะแนนรายตัวชี้วัดกับปีงบประมาณ พ.ศ. {previous_year} พบว่าคะแนน" + listed(groups, " ")
    )
    if len(compared) < len(a.rows):
        yield "อีก {uncompared_count} ตัวชี้วัดไม่มีคะแนนของปีใดปีหนึ่ง จึงเปรียบเทียบมิได้"
    if "largest_rise" in facts:
        yield "ตัวชี้วัดที่คะแนนเพิ่มขึ้นมากที่สุด คือ {largest_rise} (เพิ่มขึ้น {largest_rise_points} คะแนน)"
    if "largest_fall" in facts:
        contrast = "ส่วน" if "largest_rise" in facts else ""
        yield (
            f"{contrast}ตัวชี้วัดที่คะแนนลดลงมากที่สุด คือ {{largest_fall}} "
            "(ลดลง {largest_fall_points} คะแนน)"
        )


def _instruments(a: Analysis, facts, _self_assessed):
    known = [row for row in a.instruments if row.current is not None]
    if not known:
        yield "ยังไม่มีคะแนนรายเครื่องมือ"
        return
    scores = [f"{r.code} (น้ำหนักร้อยละ {{{r.code}_weight}}) ได้ {{{r.code}}} คะแนน" for r in known]
    yield f"คะแนนรายเครื่องมือ {_are(scores)} " + listed(scores, " ")
    if len(known) == len(a.instruments) and len({row.current for row in known}) > 1:
        yield "เครื่องมือที่ได้คะแนนสูงสุด คือ {best_instrument} และต่ำสุด คือ {worst_instrument}"
    changed = [f"คะแนน {row.code} {{{row.code}_change}}" for row in known if row.change]
    if changed:
        yield "เมื่อเทียบกับปีงบประมาณ พ.ศ. {previous_year} " + listed(changed, " ")
    if "announced" in facts:
        yield "ทั้งนี้ คะแนนของ {announced} ใช้ตามที่ประกาศ มิได้คำนวณจากคะแนนรายตัวชี้วัด"


def _highest(a: Analysis, facts, _self_assessed):
    if "highest" not in facts:
        yield "ยังไม่มีคะแนนรายตัวชี้วัด จึงยังระบุตัวชี้วัดที่ได้คะแนนสูงสุดมิได้"
        return
    among = "จากตัวชี้วัดที่มีคะแนน {scored_count} ตัวชี้วัด " if a.missing else ""
    if len(a.highest_numbers) == 1:
        yield f"{among}ตัวชี้วัดที่ได้คะแนนสูงสุด คือ {{highest}} ได้ {{highest_score}} คะแนน"
    elif len(a.highest_numbers) == len(a.rows):
        yield "ทุกตัวชี้วัดได้คะแนนเท่ากัน คือ {highest_score} คะแนน"
    else:
        yield (
            f"{among}ตัวชี้วัดที่ได้คะแนนสูงสุดมี {{highest_count}} ตัวชี้วัด คือ {{highest}} "
            "ได้คะแนนเท่ากัน คือ {highest_score} คะแนน"
        )


def _strengths(a: Analysis, facts, _self_assessed):
    if "highest" not in facts:
        yield "ยังไม่มีคะแนนรายตัวชี้วัด จึงยังจัดกลุ่มจุดแข็งมิได้"
        return
    if not a.strong_numbers:
        yield _among(a, "ไม่มีตัวชี้วัดที่เข้าหลักเกณฑ์จุดแข็ง")
        return
    yield _among(a, "พบจุดแข็ง {strong_count} ตัวชี้วัด ") + _groups(a, strong=True)


def _weaknesses(a: Analysis, facts, _self_assessed):
    if "highest" not in facts:
        yield "ยังไม่มีคะแนนรายตัวชี้วัด จึงยังจัดกลุ่มจุดอ่อนมิได้"
        return
    if not a.weak_numbers:
        yield _among(a, "ไม่มีตัวชี้วัดที่จัดเป็นจุดอ่อน")
        return
    yield _among(a, "พบจุดอ่อน {weak_count} ตัวชี้วัด ") + _groups(a, strong=False)
    yield "จุดอ่อนที่ได้คะแนนต่ำที่สุด คือ {lowest} ({lowest_score} คะแนน)"
    if "nearest" in facts:
        yield (
            "ส่วนตัวชี้วัดที่ใกล้เกณฑ์จุดแข็งที่สุด คือ {nearest} "
            "ซึ่งขาดอีก {nearest_gap} คะแนนจึงจะถึง {threshold} คะแนน"
        )
    if "kept" in facts:
        yield ("ทั้งนี้ ตัวชี้วัดที่ {kept} ยังได้ไม่ต่ำกว่า {threshold} คะแนน แต่คะแนนลดลงจากปีก่อน จึงจัดเป็นจุดอ่อนด้วย")


def _among(a: Analysis, words):
    if a.missing:
        return f"จากตัวชี้วัดที่มีคะแนน {{scored_count}} ตัวชี้วัด {words}"
    return f"จากตัวชี้วัดทั้งหมด {{all_count}} ตัวชี้วัด {words}"


def _groups(a: Analysis, *, strong):
    found = [g.cls for g in a.groups if g.cls in CLASSES and g.cls.is_strength is strong]
    if len(found) == 1:
        one = found[0]
        only = a.strong_numbers if strong else a.weak_numbers
        return f"{_are(only)} ตัวชี้วัดที่ {{{one.value}}} ซึ่ง{CLASSES[one]}"
    return "แบ่งเป็น " + listed(
        [
            f"กลุ่มที่{CLASSES[cls]} {{{cls.value}_count}} ตัวชี้วัด (ตัวชี้วัดที่ {{{cls.value}}})"
            for cls in found
        ],
        " ",
    )


def _are(things):
    return "ได้แก่" if len(things) > 1 else "คือ"


_Sentences = Callable[[Analysis, Mapping[str, Fact], bool], Iterable[str]]
_SECTIONS: dict[str, _Sentences] = {
    "overall": _overall,
    "changes": _changes,
    "instruments": _instruments,
    "highest": _highest,
    "strengths": _strengths,
    "weaknesses": _weaknesses,
}
