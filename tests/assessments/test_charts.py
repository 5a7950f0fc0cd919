import logging
import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from weasyprint import HTML

from assessments.charts import Point, bar_chart, radar_chart

D = Decimal
steady = settings(derandomize=True, max_examples=100, deadline=None)
NOW = "87.54 79.61 81.97 74.84 77.31 78.17 77.55 77.42 29.24 25.00"
BEFORE = "86.96 78.11 83.07 78.23 79.14 74.03 66.66 71.11 60.82 31.25"
STYLES = Path(django_settings.BASE_DIR, "static/css/charts.css")

score = st.integers(0, 10000).map(lambda n: D(n).scaleb(-2))
ten_cells = st.lists(st.none() | score, min_size=10, max_size=10)


def cells(text):
    return [None if cell == "-" else D(cell) for cell in text.split()]


def points(now=NOW, before=BEFORE):
    now, before = (cells(row) if isinstance(row, str) else row for row in (now, before))
    return [
        Point(number, f"การดำเนินงานที่ {number}", *pair)
        for number, pair in enumerate(zip(now, before, strict=True), start=1)
    ]


def bars(found=None, previous_year=2563):
    return bar_chart(found or points(), year=2564, previous_year=previous_year, threshold=D(80))


def radar(found=None, previous_year=2563):
    return radar_chart(found or points(), year=2564, previous_year=previous_year)


def drawn(chart, kind):
    with translation.override("th"):
        return render_to_string(f"assessments/charts/{kind}.html", {"chart": chart})


def drawings(html):
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html, re.S)]


def tags(drawing):
    return [element.tag.rpartition("}")[2] for element in drawing.iter()]


def both():
    return [drawn(bars(), "bars"), drawn(radar(), "radar")]


def test_a_bar_is_as_long_as_its_score_on_a_hundred():
    first = bars().bars[0]
    assert (first.current_width, first.previous_width) == ("87.54%", "86.96%")
    assert (first.current, first.previous) == ("87.54", "86.96")
    assert bars().threshold_x == "80.00%"


def test_a_missing_score_has_no_bar_and_zero_has_one_of_no_length():
    found = bars(points(now="- 0 " + NOW[12:])).bars
    assert (found[0].current_width, found[0].current) == (None, "–")
    assert (found[1].current_width, found[1].current) == ("0.00%", "0.00")


def test_the_radar_runs_clockwise_from_the_top_with_100_on_the_outer_ring():
    found = radar(points(now="100 50 " + NOW[12:]))
    assert found.spokes[0] == ("100.00", "8.00")
    assert found.current.dots[0] == ("100.00", "8.00")
    x, y = map(float, found.current.dots[1])
    assert x > 100 > y
    assert abs(((x - 100) ** 2 + (y - 100) ** 2) ** 0.5 - 46) < 0.01
    assert [label.place for label in found.labels] == list(range(1, 11))


@steady
@given(ten_cells)
def test_the_radar_joins_neighbours_that_both_have_scores_and_no_others(now):
    found = radar(points(now=now)).current
    known = [value is not None for value in now]
    neighbours = sum(known[i] and known[i - 1] for i in range(10))
    strokes = len(re.findall("[LZ]", found.path))
    assert strokes == neighbours
    assert found.closed == all(known)
    assert len(found.dots) == sum(known)


def test_there_is_no_radar_but_for_ten_indicators():
    assert radar(points()[:9]) is None


def test_a_first_year_is_drawn_alone():
    html = drawn(bars(previous_year=None), "bars") + drawn(radar(previous_year=None), "radar")
    assert "2563" not in html
    assert "stroke-dasharray" not in drawn(radar(previous_year=None), "radar")


def test_drawings_hold_no_text_but_their_title():
    for html in both():
        for drawing in drawings(html):
            assert drawing.get("role") == "img"
            assert tags(drawing)[1] == "title"
            assert drawing[0].text.strip()
            assert not {"text", "tspan", "style", "script", "foreignObject"} & set(tags(drawing))


def test_no_chart_needs_inline_styles():
    assert not any(re.search(r"\sstyle=|\son\w+=", html) for html in both())


def test_every_score_name_and_year_stands_beside_the_bars_as_text():
    text = re.sub(r"<svg.*?</svg>", "", drawn(bars(), "bars"), flags=re.S)
    for expected in (*NOW.split(), *BEFORE.split(), "การดำเนินงานที่ 10", "เกณฑ์จุดแข็ง 80 คะแนน"):
        assert expected in text
    assert "ปีงบประมาณ พ.ศ. 2563" in text


def test_the_two_years_differ_by_more_than_colour():
    (drawing,) = drawings(drawn(radar(), "radar"))
    dashes = [
        element.get("stroke-dasharray") for element in drawing if element.tag.endswith("path")
    ]
    assert len(dashes) == 2
    assert len(set(dashes)) == 2
    first = drawings(drawn(bars(), "bars"))[0]
    fills = {e.get("fill") for e in first.iter() if e.tag.endswith("rect")}
    assert fills == {"#0b5394", "#fff"}


def test_coordinates_have_points_in_every_language():
    for language in ("th", "en"):
        with translation.override(language):
            html = render_to_string("assessments/charts/bars.html", {"chart": bars()})
        assert 'width="87.54%"' in html


@pytest.mark.parametrize("place", range(1, 11))
def test_each_radar_label_has_its_place_in_the_style_sheet(place):
    assert re.search(rf"\.ita-radar-label-{place}\b", STYLES.read_text())


def test_the_pdf_engine_draws_the_charts_without_a_warning(caplog):
    font = Path(finders.find("vendor/sarabun/Sarabun-Regular.ttf")).as_uri()
    face = (
        f"@font-face {{ font-family: Sarabun; src: url({font}) }} body {{ font-family: Sarabun }}"
    )
    styles = f"<style>{face}{STYLES.read_text()}</style>"
    pdf = HTML(string=f"<html lang='th'>{styles}<body>{''.join(both())}</body></html>").write_pdf()
    assert pdf.startswith(b"%PDF")
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == []
