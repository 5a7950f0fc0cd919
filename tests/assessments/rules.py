"""Rules that tests of scoring and of analysis share."""

from decimal import Decimal as D

from assessments.scoring import InstrumentRule, LevelRule

INSTRUMENTS = (
    InstrumentRule("IIT", D(30), (1, 2, 3, 4, 5)),
    InstrumentRule("EIT", D(30), (6, 7, 8)),
    InstrumentRule("OIT", D(40), (9, 10)),
)
LETTERS = tuple(
    LevelRule(code, code, D(floor), None, floor >= 85)
    for code, floor in {"AA": 95, "A": 85, "B": 75, "C": 65, "D": 55, "E": 50, "F": 0}.items()
)
#: As from 2566 on: the two best ask something of each instrument.
WORDS = (
    LevelRule("excellent", "ผ่านดีเยี่ยม", D(95), D(95), True),
    LevelRule("good", "ผ่านดี", D(85), D(85), True),
    LevelRule("pass", "ผ่าน", D(85), None, True),
    LevelRule("improve", "ต้องปรับปรุง", D(70), None, False),
    LevelRule("urgent", "ต้องปรับปรุงโดยด่วน", D(0), None, False),
)
