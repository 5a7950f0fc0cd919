"""The browser's scoring against the table of cases, and its parser against the server's."""

import random
from pathlib import Path

import pytest
from django.conf import settings

from assessments.views.grid import handover
from tests.assessments.case_table import RESULTS, TYPED, cells_of, enter_case
from tests.assessments.test_scoring_table import read

LETTERS = [*"0123456789๐๑๒๔๙", *"0123456789", *"+-−–—.,%= _eE/", *"\u00a0\u200b\ufeff\u3000\t\x85"]
LETTERS += ["87.54", "100", ".5", ",00", "ไม่มี", "ก", "é", "e\u0301", "８", "٨", "x", "10", "0.0"]

MODULE = "const scoring = await import('/static/js/scoring.js');"
READ = """
  const text = (value) => (value === null ? null : scoring.formatScore(value));
  const read = (typed) => {
    const { value, problem, suggestion } = scoring.parseScore(typed);
    if (!problem) return text(value);
    return suggestion === null ? { problem } : { problem, suggestion: text(suggestion) };
  };
"""
JUDGE = """
  const judged = ([rules, cells]) => {
    const values = {};
    for (const [key, typed] of Object.entries(cells)) values[key] = scoring.parseScore(typed).value;
    const result = scoring.judge(rules, values);
    const { instruments, total, level, missing } = result;
    const shown = { missing, level: level ?? "–" };
    shown.announced = Object.keys(instruments).filter((code) => instruments[code].announced).sort();
    for (const [number, one] of Object.entries(result.indicators)) {
      shown[`i${number}`] = scoring.formatScore(one.value);
      shown[`change_i${number}`] = scoring.formatChange(one.points);
    }
    for (const [code, one] of Object.entries(instruments)) {
      shown[code] = scoring.formatScore(one.value);
      shown[`change_${code}`] = scoring.formatChange(one.points);
    }
    shown.total = scoring.formatScore(total.value);
    shown.points = scoring.formatChange(total.points);
    shown.percent = scoring.formatChange(total.percent);
    return shown;
  };
"""


@pytest.fixture
def in_browser(browser):
    """in_browser(code, argument): runs it beside scoring.js. No server, so no page is needed."""
    page = browser.new_page()

    def serve(route):
        name = route.request.url.partition("/static/")[2]
        if name:
            script = Path(settings.BASE_DIR, "static", name).read_text("utf-8")
            route.fulfill(body=script, content_type="text/javascript")
        else:
            route.fulfill(body="<title>scoring</title>", content_type="text/html")

    page.route("**/*", serve)
    page.goto("http://scoring.test/")
    yield lambda code, argument: page.evaluate(f"async (given) => {{ {MODULE} {code} }}", argument)
    page.close()


@pytest.mark.one_database("postgres")
def test_the_browser_scores_as_the_table_says(in_browser, agency, frameworks):
    given = [[handover(enter_case(agency, case)), cells_of(case)] for case in RESULTS]
    shown = in_browser(f"{JUDGE} return given.map(judged);", given)
    for case, one in zip(RESULTS, shown, strict=True):
        assert {name: one[name] for name in case["expected"]} == case["expected"], case["case"]


@pytest.mark.one_database("postgres")
def test_the_browser_reads_typed_text_as_the_server_does(in_browser):
    generate = random.Random(2564)
    texts = [typed for typed, _value in TYPED]
    texts += ["".join(generate.choices(LETTERS, k=generate.randint(1, 7))) for _ in range(5000)]
    found = in_browser(f"{READ} return given.map(read);", texts)
    differing = [(text, one) for text, one in zip(texts, found, strict=True) if one != read(text)]
    assert differing == []
    assert found[: len(TYPED)] == [value for _typed, value in TYPED]
    taken = sum(isinstance(one, str) for one in found)
    assert taken > 500, "enough of the generated texts are scores"
