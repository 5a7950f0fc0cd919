"""A report's content as one Thai HTML document, and the pictures that it shows."""

import re
from html import escape, unescape

from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Emblem
from measures.report.content import Part, Printing, Report
from measures.report.digits import thai_digits
from measures.report.typography import LEGIBLE, typeset

AS_IT_IS = Printing()
TAG = re.compile(r"(<[^>]*>)")
#: What a tag says to people: alternative texts, and what runs along the pages.
SAID = re.compile(r'(?<= )(alt|data-[a-z]+)="([^"]*)"')
#: Text that is not laid out as lines.
PLAIN = ("title", "style")

TITLES = {
    Part.FULL: (
        "รายงานการวิเคราะห์ผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ. {result_year} "
        "และมาตรการ ประจำปีงบประมาณ พ.ศ. {year}"
    ),
    Part.MEASURES: "มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. {year}",
    Part.PROGRESS: (
        "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. {year}"
    ),
}


def title_of(part, year) -> str:
    """The document's title; `year` (BE) is the year of the plan."""
    return TITLES[Part(part)].format(year=year, result_year=year - 1)


def to_html(report: Report, printing: Printing = AS_IT_IS) -> str:
    """Always Thai, whatever the language of the page that asks."""
    return _typeset(plain_html(report, printing), thai_digits if printing.thai_digits else str)


def plain_html(report: Report, printing: Printing = AS_IT_IS) -> str:
    """What the report says, before anything is done to its text for print."""
    title = title_of(report.part, report.year)
    context = {"report": report, "title": title, "printing": printing}
    with translation.override("th"):
        return render_to_string(f"reports/{report.part.value}.html", context)


def images_of(report: Report) -> dict[str, bytes]:
    """Name → PNG of what the page shows beside the packaged files, below `/given/`."""
    if not report.emblem:
        return {}
    image = Emblem.objects.filter(digest=report.emblem).values_list("image", flat=True)[0]
    return {f"{report.emblem}.png": bytes(image)}


def _typeset(html, digits):
    """Fixed and typed texts alike, so that no template has to think of line breaks or digits."""
    pieces, inside = [], ""
    for piece in TAG.split(html):
        if piece.startswith("<"):
            name = piece[1:].split(">")[0].split(" ")[0].lower()
            if name in PLAIN:
                inside = name
            elif name == f"/{inside}":
                inside = ""
            pieces.append(SAID.sub(lambda said: _said(said, digits), piece))
        elif not piece.strip():
            pieces.append(piece)
        else:
            text = digits(unescape(piece))
            pieces.append(escape(text) if inside else typeset(text))
    return "".join(pieces)


def _said(said, digits):
    return f'{said[1]}="{escape(digits(unescape(said[2]).translate(LEGIBLE)))}"'
