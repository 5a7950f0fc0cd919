"""The structure of the document: what is content, what only decorates the page, what is a link."""

import re
from contextlib import contextmanager

import pydyf
from weasyprint import draw
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import anchors, tags

from measures.report.patches.reading import AS_READ

TEXT_BLOCKS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "caption", "figcaption"}
LEADER = re.compile(r"(?:\. ?){3,}")


@contextmanager
def marked(self, box, tag):
    """Lines whose glyphs are not read as their text carry it beside them."""
    if self.__dict__.get("margin_box"):
        self.begin_marked_content("Artifact", self.margin_box)
        yield
        self.end_marked_content()
        return
    properties = pydyf.Dictionary({"MCID": len(self._tags)})
    self._tags[box] = {"tag": tag, "mcid": properties["MCID"]}
    self.begin_marked_content(tag, properties)
    yield
    self.end_marked_content()
    if box.__dict__.get("misread"):
        properties["ActualText"] = pydyf.String(box.text.translate(AS_READ))


stock_draw_stacking_context = draw.draw_stacking_context


def draw_stacking_context(stream, context):
    """Headers and footers are no part of what is read aloud."""
    if isinstance(context.box, boxes.MarginBox):
        side = "Header" if context.box.at_keyword.startswith("@top") else "Footer"
        stream.margin_box = pydyf.Dictionary({"Type": "/Pagination", "Subtype": f"/{side}"})
        stock_draw_stacking_context(stream, context)
        stream.margin_box = None
    else:
        stock_draw_stacking_context(stream, context)


stock_add_tags = tags.add_tags


def add_tags(pdf, document, pdf_version, page_streams):
    for page in document.pages:
        box = page._page_box
        box.children = [kid for kid in box.children if not isinstance(kid, boxes.MarginBox)]
    stock_add_tags(pdf, document, pdf_version, page_streams)


stock_get_pdf_tag = tags._get_pdf_tag


def get_pdf_tag(tag):
    """What is put before or after the words of a link is a part of it, not a link itself."""
    return "Span" if tag in ("a::before", "a::after") else stock_get_pdf_tag(tag)


stock_build_box_tree = tags._build_box_tree


def build_box_tree(box, parent, pdf, page_number, *arguments):
    """A heading of a table says of what; what follows the text of a list's item is in its body."""
    for element in stock_build_box_tree(box, parent, pdf, page_number, *arguments):
        if element["S"] == "/TH":
            across = box.element.get("scope") in ("row", "rowgroup")
            element["A"]["Scope"] = "/Row" if across else "/Column"
        if parent["S"] == "/LI" and element["S"] not in ("/Lbl", "/LBody"):
            body = pydyf.Dictionary(
                {
                    "Type": "/StructElem",
                    "S": "/LBody",
                    "K": pydyf.Array([element.reference]),
                    "Pg": pdf.page_references[page_number],
                    "P": parent.reference,
                }
            )
            pdf.add_object(body)
            element["P"] = body.reference
            element = body
        yield element


stock_add_links = anchors.add_links


def add_links(links_and_anchors, *arguments):
    """One link for each piece of an <a>, not one more for everything inside it."""
    links, named = links_and_anchors
    links = [link for link in links if link[3].element_tag == "a"]
    stock_add_links((links, named), *arguments)
    for *_, box in links:
        words = "".join(kid.text for kid in box.descendants() if isinstance(kid, boxes.TextBox))
        words = LEADER.sub(" ", words.translate(AS_READ)).strip()
        if words:
            box.link_annotation["Contents"] = pydyf.String(words)


stock_anonymous_from = boxes.Box.anonymous_from.__func__


def anonymous_from(cls, parent, *arguments, **options):
    """A block inside a heading or a paragraph is no heading or paragraph of its own."""
    box = stock_anonymous_from(cls, parent, *arguments, **options)
    if cls is boxes.BlockBox and box.element_tag in TEXT_BLOCKS:
        box.element_tag += "::block"
    return box
