"""Turns the HTML of a report into a document of Word, by its elements and few of its classes.

So the words of a report are written once, in its templates.
"""

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from lxml import html

from measures.report.docx.drawings import picture_of, proportion
from measures.report.docx.elements import bookmark, clean, element, field, run
from measures.report.docx.numbering import HEADINGS
from measures.report.docx.reading import (
    alternative,
    classes,
    goes_with_seal,
    inline,
    inline_text,
    is_block,
    pieces,
    shares,
    tidy,
    without_start,
    words,
)

#: Class of a paragraph → style.
STYLES = {
    "gap": "Notice",
    "rule": "Remark",
    "revision": "Remark",
    "of": "Subtitle",
    "flush": "Normal",
    "formula": "Formula",
    "status": "Centred",
}
ON_COVER = {"agency": "Title", "title": "Title", "total": "Title"}
ON_COVER |= dict.fromkeys(("place", "year", "with", "pending"), "Subtitle")
#: Small, so that the cover stays one page in a font that runs wider, too.
ON_COVER |= dict.fromkeys(("status", "reach"), "Remark")
#: What stands apart from the rest on the cover.
APART, APART_BY = frozenset({"score", "foot"}), 28
#: Class of a cell or of its table → alignment.
ALIGNED = {"n": "right", "c": "center", "levels": "center", "headline": "center"}
#: Fills of rows that stand out.
FILLS = {"group": "E6EAF3", "sum": "F6F0DF"}
#: Tables whose rows stand below rows that stand out.
PLAIN = frozenset({"structure", "scores"})
#: Whose paragraphs stay on one page.
TOGETHER = frozenset({"chart", "seal"})
BULLET, DASH = "•", "–"
TABLES, CHARTS = "ตารางที่", "แผนภูมิที่"
#: Of a chart: in units of its drawing, and in cm.
BARS, BARS_WIDTH = (200, 34), 6.0
RADAR, RADAR_WIDTH = (200, 200), 9.5
EMBLEM_SIDE, QR_WIDTH = 2.6, 2.2


class Converter:
    """`images`: name → bytes of what stands below `/given/`; `qr` is the PNG of its drawing.

    `running(body)` writes header and footer of a section of Word that has begun.
    """

    def __init__(self, writer, *, running, images=None, qr=b""):
        self.writer, self.running = writer, running
        self.images, self.qr = images or {}, qr
        self.lying = None
        self.after_cover = self.break_before = False
        self.ids, self.bookmarks = [], 0
        self.last = None
        self.counted = {TABLES: 0, CHARTS: 0}
        self.headings = [0, 0, 0]
        self.align = ""
        self.together = False

    def convert(self, text):
        parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
        root = html.document_fromstring(clean(text).encode(), parser=parser)
        self.body = root.body
        self.blocks(root.body)

    def blocks(self, node, container=None, style="BodyText"):
        """Text between the blocks makes paragraphs of the style."""
        loose = list(inline_text(node.text))
        for child in node:
            if is_block(child):
                self._flush(loose, container, style)
                self._block(child, container, style)
            else:
                loose.extend(inline(child))
            loose.extend(inline_text(child.tail))
        self._flush(loose, container, style)

    def _block(self, node, container, style):
        if name := node.get("id"):
            self.ids.append(name)
        getattr(self, f"_{node.tag}", self._div)(node, container, style)

    def _flush(self, loose, container, style):
        if found := tidy(loose):
            self._fill(self._paragraph(style, container), found)
        loose.clear()

    def _paragraph(self, style, container=None):
        align = self.align if container is not None else ""
        paragraph = self.writer.paragraph("", style, container=container, align=align)
        if container is None:
            self.last = paragraph
        self._begun(paragraph)
        return paragraph

    def _begun(self, paragraph):
        """What waited for the next paragraph."""
        if self.together:
            paragraph.paragraph_format.keep_with_next = True
        if self.break_before:
            paragraph.paragraph_format.page_break_before = True
            self.break_before = False
        for name in self.ids:
            self.bookmarks += 1
            for end in bookmark(self.bookmarks, bookmark_name(name)):
                paragraph._p.append(end)
        self.ids.clear()

    def _fill(self, paragraph, found):
        for piece in found:
            self.writer.add(paragraph, piece.text, **piece.looks)

    # What holds others

    def _div(self, node, container, style):
        own = classes(node)
        if "cover" in own:
            self._cover(node)
        elif "contents" in own:
            self._contents(node)
        elif own & TOGETHER:
            if "seal" in own and self.last is not None:
                self.last.paragraph_format.keep_with_next = True
            self.together = True
            self.blocks(node, container, style)
            self.together = False
        elif "ita-radar" in own:
            self._radar(node, container)
        elif "signature" in own:
            self.blocks(node, container, "Signature")
        else:
            self.blocks(node, container, style)

    def _section(self, node, container, style):
        if node.getparent().tag == "body":
            self._begin(lying="wide" in classes(node), new_page="flow" not in classes(node))
        self._div(node, container, style)

    def _begin(self, *, lying, new_page):
        if self.lying is None:
            self.writer.lay(lying=lying)
            self.running(self.body)
        elif self.after_cover or lying != self.lying:
            self.writer.new_section(lying=lying)
            self.running(self.body)
        else:
            self.break_before = new_page
        self.lying, self.after_cover = lying, False

    def _cover(self, node):
        """A section of Word of its own, without header and footer."""
        self.lying, self.after_cover = False, True
        self.writer.lay(centred=True)
        for child in node.iter("p", "img", "svg"):
            if child.tag != "p":
                self._block(child, None, "Centred")
            elif found := pieces(child):
                own, parent = classes(child), classes(child.getparent())
                style = next(
                    (ON_COVER[name] for name in own | parent if name in ON_COVER), "Centred"
                )
                paragraph = self._paragraph(style)
                self._fill(paragraph, found)
                looks = paragraph.paragraph_format
                looks.alignment = WD_ALIGN_PARAGRAPH.CENTER
                if parent & APART:
                    first = child.getprevious() is None
                    looks.space_before = Pt(APART_BY if first else 0)

    # Text

    def _p(self, node, container, style):
        own = classes(node)
        if "figcaption" in own:
            self._figcaption(node, container, style)
            return
        if container is None and style == "BodyText":
            style = next((STYLES[name] for name in own & set(STYLES)), style)
        elif container is None and "formula" in own:
            style = "Formula"
        self.blocks(node, container, style)

    def _heading(self, node, level):
        """Its number is left to Word where Word's counting gives the same one."""
        found = pieces(node)
        counts = [*self.headings[: level - 1], self.headings[level - 1] + 1, 0, 0][:3]
        own = HEADINGS[level - 1]
        for place, count in enumerate(counts, start=1):
            own = own.replace(f"%{place}", str(count))
        numbered = "".join(piece.text for piece in found).startswith(f"{own} ")
        if numbered:
            self.headings, found = counts, without_start(found, len(own) + 1)
        paragraph = self.writer.heading(level, numbered=numbered)
        self._begun(paragraph)
        self._fill(paragraph, found)

    def _h1(self, node, container, style):
        self._heading(node, 1)

    def _h2(self, node, container, style):
        self._heading(node, 2)

    def _h3(self, node, container, style):
        self._heading(node, 3)

    def _ol(self, node, container, style, depth=0):
        items = [child for child in node if child.tag == "li"]
        marks = [self._mark(item, n) for n, item in enumerate(items, start=1)]
        style = "TableText" if container is not None else "ListParagraph"
        if "ita-legend" in classes(node):
            style = "Centred"
        texts = [text for _node, text in marks]
        rows = self.writer.list_items(texts, depth, container=container, style=style)
        for item, (mark, _), paragraph in zip(items, marks, rows, strict=True):
            self._begun(paragraph)
            if mark is not None:
                mark.drop_tree()
            self._fill(paragraph, pieces(item))
            for child in item:
                if child.tag in ("ul", "ol"):
                    self._ol(child, container, style, depth + 1)
                elif is_block(child):
                    self._block(child, container, style)

    _ul = _ol

    def _mark(self, item, number):
        """(element of a typed mark, its text), or what a browser draws."""
        css = classes(item.getparent())
        if "text-list" in css:
            found = item.find("span")
            is_mark = found is not None and "item-mark" in classes(found)
            return (found, words(found)) if is_mark else (None, "")
        if item.getparent().tag == "ol":
            return None, f"{number}."
        if css & {"ita-legend", "sources"}:
            return None, ""
        return None, DASH if "indicators" in css else BULLET

    # Contents

    def _contents(self, node):
        """Fields that Word works out, filled with what stands in the HTML until it does."""
        for child in node.iter("h1", "h2", "ul"):
            if child.tag != "ul":
                self._fill(self._paragraph("TOCHeading"), pieces(child))
            elif {"toc", "list"} <= classes(child):
                for label, css in ((TABLES, "table"), (CHARTS, "figure")):
                    links = child.xpath("./li[contains(@class, $css)]/a", css=css)
                    entries = [(link, f"{label} {n} ") for n, link in enumerate(links, start=1)]
                    self._toc(entries, f"TOC \\h \\z \\c {label}", "TableofFigures")
            elif "toc" in classes(child):
                self._toc([(link, "") for link in child.iter("a")], 'TOC \\o "1-2" \\h \\z \\u')

    def _toc(self, entries, code, style=""):
        *begin, _result, end = field(code, dirty=True)
        for link, number in entries:
            depth = len(list(link.iterancestors("ul")))
            paragraph = self._paragraph(style or f"TOC{depth}")
            # The shorter list goes over whole, with its heading.
            paragraph.paragraph_format.keep_with_next = bool(style)
            paragraph._p.extend(begin)
            begin = []
            name = bookmark_name(link.get("href").lstrip("#"))
            runs = [run(self.writer.text(number + words(link))), run("\t")]
            runs += field(f"PAGEREF {name} \\h")
            paragraph._p.append(element("w:hyperlink", runs, anchor=name, history=1))
        if entries:
            paragraph._p.append(end)

    # Tables

    def _table(self, node, container, style):
        is_chart = "ita-bars" in classes(node)
        caption = node.find("caption")
        if caption is not None and not is_chart:
            if self.last is not None:
                # What leads to the table.
                self.last.paragraph_format.keep_with_next = True
            self._caption(pieces(caption), TABLES)
        title = words(caption) if caption is not None else ""
        table = self.writer.begin_table(shares(node), title=title)
        for row in node.iter("tr"):
            part = row.getparent()
            fill = next((FILLS[css] for css in classes(row) | classes(part) if css in FILLS), "")
            head = part.tag == "thead"
            css = classes(node) | classes(row) | classes(part)
            table.row(head=head, whole="long" not in classes(row))
            self.together = is_chart or "group" in classes(row) or goes_with_seal(row)
            for cell in row.iterchildren("th", "td"):
                columns = int(cell.get("colspan", 1))
                made = table.cell(columns=columns, fill=fill, centred=head or is_chart)
                self._cell(cell, made, head, css | classes(cell))
        self.together = is_chart
        self.last = self.writer.end_table()

    def _cell(self, node, container, head, css):
        self.align = next((ALIGNED[name] for name in css if name in ALIGNED), "")
        is_name = node.tag == "th" and not head and (not css & PLAIN or bool(css & set(FILLS)))
        self.blocks(
            node, container, "TableHeading" if head else f"Table{'Name' * is_name or 'Text'}"
        )
        if not container._element.xpath("./w:p"):
            self.writer.paragraph("", "TableText", container=container)
        self.align = ""

    def _caption(self, found, label, container=None):
        self.counted[label] += 1
        paragraph = self._paragraph("Caption", container)
        self.writer.add(paragraph, f"{label} ")
        self.writer.counter(paragraph, label, self.counted[label])
        self.writer.add(paragraph, " ")
        self._fill(paragraph, found)
        return paragraph

    # Pictures

    def _figcaption(self, node, container, style):
        if "chart" in classes(node.getparent()):
            caption = self._caption(pieces(node), CHARTS)
            caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
            caption.paragraph_format.keep_with_next = False
        else:
            self.blocks(node, container, "Centred")

    def _radar(self, node, container):
        labels = [
            self.writer.text(pieces(one)[0].text.rstrip(". "))
            for one in node.xpath(".//*[contains(@class, 'ita-radar-label ')]")
        ]
        svg = next(node.iter("svg"))
        image = picture_of(svg, size=RADAR, labels=labels)
        paragraph = self.writer.picture(image, RADAR_WIDTH, alternative(svg))
        self._begun(paragraph)
        for caption in node.iter("figcaption"):
            self._figcaption(caption, container, "Centred")

    def _svg(self, node, container, style):
        if "qr" in classes(node):
            image, width = self.qr, QR_WIDTH
        else:
            image, width = picture_of(node, size=BARS), BARS_WIDTH
        if image:
            self.writer.picture(image, width, alternative(node), container=container, style=style)

    def _img(self, node, container, style):
        if image := self.images.get(node.get("src").rpartition("/")[2]):
            width = EMBLEM_SIDE * min(1, proportion(image))
            alt = node.get("alt", "")
            self.writer.picture(image, width, alt, container=container, style=style)


def bookmark_name(name):
    """Of an id in the HTML; Word takes letters, digits and `_`."""
    return f"_Toc_{name.replace('-', '_')}"
