"""What the scores of a year say, in printed Thai: each a fact with a key that stays the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.analysis import (
    Analysis,
    Announced,
    Direction,
    IndicatorClass,
    IndicatorRow,
    InstrumentRow,
)
from assessments.numbers import format_score, format_threshold

MOVED = {Direction.RISEN: "เพิ่มขึ้น", Direction.FALLEN: "ลดลง", Direction.UNCHANGED: "คงที่"}
#: How a paragraph speaks of the indicators of a class.
CLASSES = {
    IndicatorClass.RISEN_STRONG: "คะแนนเพิ่มขึ้นและไม่ต่ำกว่า {threshold} คะแนน",
    IndicatorClass.UNCHANGED_STRONG: "คะแนนคงที่และไม่ต่ำกว่า {threshold} คะแนน",
    IndicatorClass.NEW_STRONG: "ไม่มีคะแนนปีก่อนให้เปรียบเทียบและได้ไม่ต่ำกว่า {threshold} คะแนน",
    IndicatorClass.RISEN_WEAK: "คะแนนเพิ่มขึ้นแต่ยังต่ำกว่า {threshold} คะแนน",
    IndicatorClass.UNCHANGED_WEAK: "คะแนนคงที่และต่ำกว่า {threshold} คะแนน",
    IndicatorClass.NEW_WEAK: "ไม่มีคะแนนปีก่อนให้เปรียบเทียบและได้ต่ำกว่า {threshold} คะแนน",
    IndicatorClass.FALLEN: "คะแนนลดลงจากปีก่อน",
}


#: More indicators than this are listed by number alone.
MOST_NAMES = 3


@dataclass(frozen=True)
class Fact:
    """Something the scores say, as printed; `label` tells a reader which figure it is."""

    label: str
    text: str


def facts_of(
    analysis: Analysis,
    names: Mapping[int, str],
    levels: Mapping[str, str],
    announced: Announced | None = None,
) -> dict[str, Fact]:
    """Key → Fact. `names` are the indicators', `levels` code → name, both in Thai."""
    facts = _Facts(analysis, names, levels)
    if announced:
        facts.announced(announced)
    return facts.found


class _Facts:
    """Gathers the facts of an analysis by key."""

    def __init__(self, analysis: Analysis, names, levels):
        self.found: dict[str, Fact] = {}
        self.analysis, self.names, self.levels = analysis, names, levels
        self._totals()
        for row in analysis.instruments:
            self._instrument(row)
        self._extremes_of_instruments()
        self._changes()
        self._classes()
        self._indicators()

    def _add(self, key, label, text):
        self.found[key] = Fact(label, str(text))

    def _totals(self):
        a = self.analysis
        self._add("year", "ปีงบประมาณ", a.year)
        self._add("previous_year", "ปีก่อน", a.year - 1)
        self._add("threshold", "เกณฑ์จุดแข็ง", format_threshold(a.threshold))
        self._add("all_count", "จำนวนตัวชี้วัดทั้งหมด", len(a.rows))
        self._add("scored_count", "จำนวนตัวชี้วัดที่มีคะแนน", len(a.rows) - len(a.missing))
        waited_for = [r.number for i in a.instruments if i.current is None for r in i.rows]
        if missing := [number for number in a.missing if number in waited_for]:
            self._add("missing", "ตัวชี้วัดที่คะแนนรวมยังขาด", listed(missing))
        pass_mark = a.result.rules.pass_mark
        self._add("pass_mark", "เกณฑ์ผ่าน", format_threshold(pass_mark))
        if a.total is not None:
            self._add("total", "คะแนนรวม", format_score(a.total))
            gap = a.total - pass_mark
            standing = "สูงกว่า" if gap > 0 else "ต่ำกว่า" if gap < 0 else "เท่ากับ"
            self._add("standing", "คะแนนรวมเทียบกับเกณฑ์ผ่าน", standing)
            self._add("gap", "ระยะห่างจากเกณฑ์ผ่าน", format_score(abs(gap)))
            verdict = "จึงผ่านเกณฑ์" if a.result.passes else "จึงยังไม่ผ่านเกณฑ์"
            self._add("verdict", "ผลการผ่านเกณฑ์", verdict)
        if a.level:
            self._add("level", "ระดับผลการประเมิน", self._level(a.level))
        if a.previous_total is not None:
            self._add("previous_total", "คะแนนรวมปีก่อน", format_score(a.previous_total))
        if a.previous_level:
            self._add("previous_level", "ระดับปีก่อน", self._level(a.previous_level))
        if a.change:
            self._add("direction", "ทิศทางของคะแนนรวม", MOVED[a.direction])
            self._add("points", "คะแนนรวมเปลี่ยนแปลง", format_score(abs(a.change.points)))
            if a.change.percent is not None:
                percent = format_score(abs(a.change.percent))
                self._add("percent", "คะแนนรวมเปลี่ยนแปลงร้อยละ", percent)
        if move := level_move(a):
            self._add("level_move", "ทิศทางของระดับ", move)

    def announced(self, announced: Announced):
        self._add("announced_total", "คะแนนรวมที่ประกาศ", format_score(announced.total))
        if announced.level_is_announced:
            self._add("announced_level", "ระดับที่ประกาศ", self._level(announced.levels[0]))
        if announced.change:
            text = _moved(announced)
            self._add("announced_change", "คะแนนรวมที่ประกาศเทียบกับปีก่อน", text)

    def _level(self, rule):
        return self.levels.get(rule.code, rule.name)

    def _instrument(self, row: InstrumentRow):
        self._add(f"{row.code}_weight", f"น้ำหนัก {row.code}", format_threshold(row.weight))
        if row.current is not None:
            self._add(row.code, f"คะแนน {row.code}", format_score(row.current))
        if row.change:
            self._add(f"{row.code}_change", f"คะแนน {row.code} เทียบกับปีก่อน", _moved(row))

    def _extremes_of_instruments(self):
        known = [row for row in self.analysis.instruments if row.current is not None]
        for key, label, pick in (
            ("best_instrument", "เครื่องมือที่ได้คะแนนสูงสุด", max),
            ("worst_instrument", "เครื่องมือที่ได้คะแนนต่ำสุด", min),
        ):
            if known:
                limit = pick(row.current for row in known)
                self._add(key, label, listed([r.code for r in known if r.current == limit]))
        if announced := self.analysis.result.announced:
            codes = [row.code for row in known if row.code in announced]
            self._add("announced", "เครื่องมือที่ใช้คะแนนตามประกาศ", listed(codes))

    def _changes(self):
        rows = self.analysis.rows
        for direction, word in MOVED.items():
            count = sum(row.direction is direction for row in rows)
            self._add(f"{direction.value}_count", f"จำนวนตัวชี้วัดที่คะแนน{word}", count)
        compared = [row for row in rows if row.change]
        self._add("uncompared_count", "จำนวนตัวชี้วัดที่เปรียบเทียบมิได้", len(rows) - len(compared))
        for key, direction, pick in (
            ("largest_rise", Direction.RISEN, max),
            ("largest_fall", Direction.FALLEN, min),
        ):
            moved = [row for row in compared if row.direction is direction]
            if moved:
                points = pick(row.change.points for row in moved)
                word = MOVED[direction]
                self._named(key, f"ตัวชี้วัดที่คะแนน{word}มากที่สุด", moved, "change.points", points)
                self._add(f"{key}_points", f"คะแนนที่{word}มากที่สุด", format_score(abs(points)))

    def _indicators(self):
        """No paragraph prints these, but an officer may write of any indicator."""
        for row in self.analysis.rows:
            if row.current is not None:
                label = f"คะแนนตัวชี้วัดที่ {row.number}"
                self._add(f"i{row.number}", label, format_score(row.current))

    def _classes(self):
        a = self.analysis
        scored = [row for row in a.rows if row.current is not None]
        if scored:
            best = max(row.current for row in scored)
            count = sum(row.is_highest for row in scored)
            self._add("highest_count", "จำนวนตัวชี้วัดที่ได้คะแนนสูงสุด", count)
            self._add("highest_score", "คะแนนสูงสุด", format_score(best))
            self._named("highest", "ตัวชี้วัดที่ได้คะแนนสูงสุด", scored, "current", best)
        self._add("strong_count", "จำนวนจุดแข็ง", len(a.strong_numbers))
        self._add("weak_count", "จำนวนจุดอ่อน", len(a.weak_numbers))
        for group in a.groups:
            if group.cls in CLASSES:
                label = CLASSES[group.cls].format(threshold=format_threshold(a.threshold))
                self._add(f"{group.cls.value}_count", f"จำนวนที่{label}", len(group.rows))
                self._add(group.cls.value, f"ตัวชี้วัดที่{label}", listed(group.numbers))
        weak = [row for row in scored if row.cls.is_weakness]
        if weak:
            lowest = min(row.current for row in weak)
            self._add("lowest_score", "คะแนนต่ำที่สุดของจุดอ่อน", format_score(lowest))
            self._named("lowest", "จุดอ่อนที่ได้คะแนนต่ำที่สุด", weak, "current", lowest)
            self._nearest([row for row in weak if lowest < row.current < a.threshold])
            kept = [row.number for row in weak if row.current >= a.threshold]
            if kept:
                self._add("kept", "ตัวชี้วัดที่ลดลงแต่ยังถึงเกณฑ์จุดแข็ง", listed(kept))

    def _nearest(self, rows: Sequence[IndicatorRow]):
        if rows:
            best = max(row.current for row in rows)
            self._named("nearest", "ตัวชี้วัดที่ใกล้เกณฑ์จุดแข็งที่สุด", rows, "current", best)
            gap = format_score(self.analysis.threshold - best)
            self._add("nearest_gap", "คะแนนที่ขาดจากเกณฑ์จุดแข็ง", gap)

    def _named(self, key, label, rows, attribute, value: Decimal):
        """All that share the value: nobody is left out for a tie."""
        same = [row for row in rows if _value(row, attribute) == value]
        text = listed([f"ตัวชี้วัดที่ {row.number} {self.names[row.number]}" for row in same], " ")
        if len(same) > MOST_NAMES:
            text = f"ตัวชี้วัดที่ {listed([row.number for row in same])}"
        self._add(key, label, text)


def listed(values: Sequence, comma: str = ", ") -> str:
    """2, 6 และ 7"""
    *first, last = map(str, values)
    if not first:
        return last
    return f"{comma.join(first)} และ{space_before(last)}{last}"


def space_before(text: str) -> str:
    """Thai words follow one another without a space; a number or a letter does not."""
    return "" if "ก" <= text[0] <= "ไ" else " "


def _value(row, attribute):
    return row.change.points if attribute == "change.points" else row.current


def _moved(row: InstrumentRow | Announced) -> str:
    points = format_score(abs(row.change.points))
    return f"{MOVED[row.direction]} {points} คะแนน" if row.change.points else "คงที่"


def level_move(analysis: Analysis) -> str:
    now, then = analysis.level, analysis.previous_level
    if not (now and then and analysis.levels_comparable):
        return ""
    codes = [level.code for level in analysis.result.rules.levels]
    step = codes.index(then.code) - codes.index(now.code)
    return "สูงขึ้น" if step > 0 else "ลดลง" if step < 0 else "คงเดิม"
