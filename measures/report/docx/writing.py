"""Writes Thai official documents as DOCX: A4, TH Sarabun 16 point, real styles, lists and tables.

A container is the document itself (None) or a cell. Styles are those of `base/word/styles.xml`.
"""

import io

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Cm, Length
from docx.text.paragraph import Paragraph

from measures.report.digits import thai_digits
from measures.report.docx.elements import clean, element, field, run, twips
from measures.report.docx.numbering import HANGING, HEADING_LIST, HEADINGS, Numbering
from measures.report.docx.package import new_document, saved
from measures.report.docx.tables import TableWriter

#: In cm: the page upright, and its margins: top, right, bottom, left.
PAGE = (21.0, 29.7)
MARGINS = (2.5, 2.0, 2.0, 3.0)
#: Above and below what is centred, as on the cover.
AROUND_CENTRED = 1.5
#: The binding edge stays the same edge of the sheet: at the top of a page that lies.
LYING_MARGINS = (3.0, 2.0, 2.0, 2.0)
#: The distance of header and footer from the edge.
EDGE = 1.2
#: What of a paragraph's looks stands after its number, and after its indent.
AFTER_INDENT = ("w:jc", "w:outlineLvl")
AFTER_NUMBER = ("w:pBdr", "w:shd", "w:tabs", "w:spacing", "w:ind", *AFTER_INDENT)


class Writer:
    def __init__(self, *, title, author, day, thai_digits=False):
        self.document = new_document(title=clean(title), author=clean(author), day=day)
        self.thai_digits = thai_digits
        self.numbering = Numbering(self.document.part.numbering_part, thai_digits=thai_digits)
        self.pictures = 0
        self.headings_numbered = False
        self.section = self.document.sections[0]
        self.lay()

    def text(self, text) -> str:
        return thai_digits(clean(text)) if self.thai_digits else clean(text)

    def new_section(self, *, lying=False):
        """From a new page on, upright or lying."""
        self.section = self.document.add_section(WD_SECTION.NEW_PAGE)
        self.lay(lying=lying)

    @property
    def width(self) -> float:
        """Of a line, in cm."""
        section = self.section
        return Length(section.page_width - section.left_margin - section.right_margin).cm

    def lay(self, *, lying=False, centred=False):
        """How the pages of this section lie; `centred` between top and bottom."""
        section = self.section
        for old in section._sectPr.xpath("./w:vAlign"):
            section._sectPr.remove(old)
        if centred:
            section._sectPr.append(element("w:vAlign", val="center"))
        width, height = reversed(PAGE) if lying else PAGE
        section.page_width, section.page_height = Cm(width), Cm(height)
        section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
        margins = map(Cm, LYING_MARGINS if lying else MARGINS)
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = (
            margins
        )
        if centred:
            section.top_margin = section.bottom_margin = Cm(AROUND_CENTRED)
        section.header_distance = section.footer_distance = Cm(EDGE)
        if self.thai_digits and not section._sectPr.xpath("./w:pgNumType"):
            numbers = element("w:pgNumType", fmt="thaiNumbers")
            section._sectPr.xpath("./w:pgMar")[0].addnext(numbers)

    def paragraph(self, text="", style="Normal", *, container=None, align="", bold=False):
        """`align`: left, center, right. Lines of the text stay lines."""
        root = self.document.element.body if container is None else container._element
        xml = element("w:p", [element("w:pPr", [element("w:pStyle", val=style)])])
        root.insert_element_before(xml, "w:sectPr")
        paragraph = Paragraph(xml, container or self.document._body)
        if align:
            xml.pPr.append(element("w:jc", val=align))
        if text:
            self.add(paragraph, text, bold=bold)
        return paragraph

    def add(self, paragraph, text, **looks):
        """More text in the paragraph; looks as of `elements.run`."""
        paragraph._p.append(run(self.text(text), **looks))

    def heading(self, level, *, numbered):
        """A heading of the navigation pane; `numbered` by its style: ส่วนที่ 1, 1.1, (1)."""
        paragraph = self.paragraph(style=f"Heading{level}")
        if numbered:
            self._number_headings()
        elif self.headings_numbered:
            self.number(paragraph, 0)
        return paragraph

    def _number_headings(self):
        if not self.headings_numbered:
            self.headings_numbered = True
            for level in range(len(HEADINGS)):
                style = self.document.styles[f"Heading {level + 1}"].element
                self._put_number(style.pPr, HEADING_LIST, level)

    def number(self, paragraph, list_number):
        """Makes the paragraph an item of a list of `numbering`; 0 takes its number away."""
        self._put_number(paragraph._p.pPr, list_number, 0)

    def _put_number(self, looks, list_number, level):
        place = [element("w:ilvl", val=level), element("w:numId", val=list_number)]
        looks.insert_element_before(element("w:numPr", place), *AFTER_NUMBER)

    def list_items(self, marks, depth=0, *, container=None, style="ListParagraph"):
        """A paragraph a mark, one after the other, still without its text."""
        number = self.numbering.of_marks(marks, depth) if all(marks) and marks else None
        for mark in marks:
            paragraph = self.paragraph("", style, container=container)
            if number:
                self.number(paragraph, number)
            else:
                left = HANGING * (depth + 1 if mark else depth)
                self._indent(paragraph, left, HANGING if mark else 0)
                if mark:
                    self.add(paragraph, f"{mark}\t")
            yield paragraph

    def _indent(self, paragraph, left, hanging):
        indent = element("w:ind", left=twips(left), hanging=twips(hanging))
        paragraph._p.pPr.insert_element_before(indent, *AFTER_INDENT)

    def begin_table(self, shares, *, title="", style="TableGrid") -> TableWriter:
        total = sum(shares)
        widths = [self.width * share / total for share in shares]
        table = TableWriter(self.document._body, widths, style=style, title=self.text(title))
        self.document.element.body.insert_element_before(table.xml, "w:sectPr")
        return table

    def end_table(self):
        """Two tables without anything between them are one to Word."""
        after = self.paragraph()
        after._p.pPr.append(element("w:spacing", after=0, line=160, lineRule="exact"))
        return after

    def picture(self, image, width, alt, *, container=None, style="Normal"):
        """PNG or JPEG bytes, `width` in cm."""
        paragraph = self.paragraph("", style, container=container, align="center")
        shape = paragraph.add_run().add_picture(io.BytesIO(image), width=Cm(width))
        self.pictures += 1
        facts = shape._inline.docPr
        facts.set("id", str(self.pictures))
        facts.set("name", f"Picture {self.pictures}")
        facts.set("descr", clean(alt))
        return paragraph

    def counter(self, paragraph, label, number):
        """The number of a table or chart, by which Word counts all with this label on."""
        self._number_field(paragraph, f"SEQ {label}", number)

    def _number_field(self, paragraph, code, number):
        """Shows the number until Word works out its own."""
        digits = "THAIARABIC" if self.thai_digits else "ARABIC"
        paragraph._p.extend(field(f"{code} \\* {digits}", self.text(number)))

    def header(self, left, right, *, mark, **looks):
        """Of this section; the mark stands below, in the middle, with these looks."""
        header = self.section.header
        self.add(self._running(header, "Header"), f"{left}\t{right}")
        if mark:
            paragraph = header.add_paragraph(style=self.document.styles["Header"])
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            self.add(paragraph, mark, **looks)

    def page_numbers(self, left):
        """In the footer of this section, at the right of what stands left, else in the middle."""
        paragraph = self._running(self.section.footer, "Footer")
        if left:
            self.add(paragraph, f"{left}\t")
        else:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.add(paragraph, "หน้า ")
        self._number_field(paragraph, "PAGE", 1)
        self.add(paragraph, " จาก ")
        self._number_field(paragraph, "NUMPAGES", 1)

    def _running(self, part, style):
        """A line with a place at its left and right. A third in the middle would be overrun."""
        part.is_linked_to_previous = False
        paragraph = part.paragraphs[0]
        paragraph.style = self.document.styles[style]
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(Cm(self.width), WD_TAB_ALIGNMENT.RIGHT)
        return paragraph

    def content(self) -> bytes:
        return saved(self.document)
