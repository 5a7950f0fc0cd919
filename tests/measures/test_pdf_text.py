"""A published copy, read back: every word of it in three readers, its structure, what was typed."""

import re
from datetime import date
from html import unescape

import pytest

from measures.models import Measure
from measures.report.content import Part, Printing, PublishedCopy
from measures.report.frozen import current_report
from measures.report.html import images_of, to_html
from tests.measures.conftest import add_measure, pdf_of
from tests.pdf_checks import problems
from tests.pdf_readers import READERS, squashed

# What a report says is read from both databases in test_report_content.py.
pytestmark = pytest.mark.one_database("postgres")

COPY = PublishedCopy(
    number=2,
    day=date(2022, 5, 1),
    url="https://ita.example.go.th/p/nongkong/2565/",
    digest="0f" * 32,
)
MARKUP = """<link rel=attachment href="file:///etc/hostname">
<object data="/etc/hostname"></object><img src="/given/x.png"><script>alert(1)</script>
</td><style>@import 'https://localhost/a.css'; p { background: url(/static/img/draft.svg) }</style>
<a href="https://localhost/">localhost</a> {{ report.agency }} &amp; <b>ไม่หนา</b>"""
MARKS = "ฟื้นฟูน้ำค่ำป้ำฝ้ำฬ่ำ ปู่ญี่ฎูฐู ปั้น ๒๕๖๕ ฤๅษี ฯลฯ ต่าง ๆ ITA-2565"


@pytest.fixture(scope="module")
def rendered():
    return {}


@pytest.fixture
def copies(rendered, request, db):
    """{part: (HTML, PDF)} of the published plan."""
    if not rendered:
        plan, staff = (request.getfixturevalue(name) for name in ("written_plan", "staff"))
        add_measure(plan, staff, f"มาตรการ {MARKS}", MARKUP)
        plan = request.getfixturevalue("approve")(plan)
        assert Measure.objects.filter(steps__contains="<object").exists()
        for part in Part:
            report, printing = current_report(plan, part.value), Printing(published=COPY)
            rendered[part.value] = to_html(report, printing), pdf_of(report, printing)
            assert images_of(report) == {}
    return rendered


def source_words(html):
    text = re.sub(r"<(title|style)\b.*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)
    return set(unescape(text).split())


@pytest.mark.parametrize("name", READERS)
def test_every_word_of_the_full_report_comes_back_exactly(copies, name):
    html, pdf = copies["full"]
    words = source_words(html)
    assert len(words) > 400
    assert sum("\u0e33" in word for word in words) > 20
    text = squashed(READERS[name](pdf))
    assert {word for word in words if word not in text} == set()


@pytest.mark.parametrize("part", [part.value for part in Part])
def test_a_published_copy_is_sound(copies, part):
    assert problems(copies[part][1]) == []


def test_markup_in_a_measure_is_text_and_fetches_nothing(copies):
    # The engine refuses a report that asks for any file that is not its own.
    text = squashed(READERS["pypdf"](copies["measures"][1]))
    for line in MARKUP.splitlines():
        assert squashed(line) in text
