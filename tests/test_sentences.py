"""Whatever the portal records, it can say in words."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from accounts.models import Event
from measures.sentences import VOCABULARY
from measures.workflow import TRANSITIONS

ROOT = Path(__file__).parent.parent
ROOMS = ("accounts", "assessments", "measures")
#: "<noun>.<past tense>", as `accounts.events.record` asks for it.
VERB = re.compile(
    r"[a-z_]+\.(?:[a-z_]+ed|[a-z_]*(?:set|out|in|back|withdrawn|over|made|shown|hidden))"
)
#: What f-strings put before the dot.
MODELS = ("issue", "measure")


def _written(node, deeds):
    """The verbs of `verb=…`: of a text, of both branches of a condition, of an f-string, whose
    other part is the name of a model or one of the `deeds` that the module passes on.
    """
    if not isinstance(node, ast.JoinedStr):
        return {text for text in _texts(node) if "." in text}
    [fixed] = _texts(node)
    return {f"{fixed}{deed}" if fixed.endswith(".") else f"{deed}{fixed}" for deed in deeds}


def _texts(node):
    constants = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def _passed_on(tree):
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    own = [call for call in calls if getattr(call.func, "id", "") == "_record"]
    return {text for call in own for text in _texts(call.args[0])} or MODELS


def verbs_in(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = (one for one in ast.walk(tree) if isinstance(one, (ast.JoinedStr, ast.keyword)))
    inside = {id(part) for one in parts for part in ast.walk(one)}
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "verb":
            yield from _written(node.value, _passed_on(tree))
        elif id(node) not in inside and VERB.fullmatch(str(getattr(node, "value", ""))):
            yield node.value


def recorded():
    sources = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    own = [path for path in sources if path.name not in ("sentences.py", "apps.py")]
    found = {verb for path in own if "migrations" not in path.parts for verb in verbs_in(path)}
    return found | {transition.event for transition in TRANSITIONS.values()}


def test_every_verb_has_a_sentence():
    """Sentences of verbs that nothing records any more stay, for older events."""
    verbs = recorded()
    assert len(verbs) > 40
    assert not verbs - set(VOCABULARY.deeds)


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_sentence_can_be_said_of_an_event_that_knows_little(language):
    with translation.override(language):
        for verb in VOCABULARY.deeds:
            event = Event(verb=verb, actor_name="สมหญิง ใจดี", object_label="เรื่องหนึ่ง")
            assert str(VOCABULARY.sentence(event)).startswith("สมหญิง ใจดี ")


def said(verb, before=None, after=None, label="", kind="assessments.assessment", **options):
    event = Event(
        verb=verb,
        actor_name="สมหญิง ใจดี",
        object_label=label,
        object_type=kind,
        before=before or {},
        after=after or {},
        **options,
    )
    return VOCABULARY.sentence(event)


def test_one_changed_figure_stands_in_the_sentence():
    told = said("scores.saved", {"i9": "29.24"}, {"i9": "92.42"}, "อบต. · ITA 2564")
    assert str(told) == "สมหญิง ใจดี แก้คะแนนตัวชี้วัดที่ 9 จาก 29.24 เป็น 92.42 (ITA 2564)"
    assert not told.untold


def test_many_are_named_and_shown_on_demand():
    told = said("scores.saved", dict.fromkeys(("i1", "i2", "i3", "i4")), {"i1": "1", "i2": "2"})
    assert "และอีก 1 รายการ" in told.deed
    assert [change.after for change in told.untold][:2] == ["1", "2"]


def test_a_long_text_is_named_and_shown_in_full_on_demand():
    steps = "\n".join(f"{number}. ขั้นตอน" for number in range(40))
    told = said(
        "measure.changed", {"steps": "1. เดิม"}, {"steps": steps}, "ปรับเว็บไซต์", "measures.measure"
    )
    assert str(told) == "สมหญิง ใจดี แก้มาตรการ “ปรับเว็บไซต์”: วิธีดำเนินการ"
    assert told.untold[0].after == steps


def test_choices_dates_and_money_read_as_people_write_them():
    told = said(
        "plan.dates_set",
        {"due_on": None},
        {"due_on": "2021-12-31"},
        kind="measures.plan",
        year=2565,
    )
    assert "31 ธันวาคม 2564" in told.deed
    told = said(
        "progress.saved", {"state": "under_way"}, {"state": "done"}, kind="measures.progressentry"
    )
    assert "อยู่ระหว่างดำเนินการ" in told.deed
    told = said("measure.changed", {"budget": None}, {"budget": "0.00"}, kind="measures.measure")
    assert "ไม่ใช้งบประมาณ" in told.deed
