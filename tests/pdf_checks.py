"""Structural checks of a PDF's bytes against PDF/A-2a and PDF/UA-1, as far as a program can judge.

`problems(pdf)` says what is wrong; each check of CHECKS yields sentences about one matter.
"""

import io
import re
import shutil
import subprocess
from collections import Counter
from tempfile import NamedTemporaryFile
from xml.etree import ElementTree

import pypdf
from pypdf.generic import ContentStream, IndirectObject

PAINTING = {
    *(b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh", b"Do"),
    *(b"Tj", b"TJ", b"'", b'"', b"INLINE IMAGE"),
}
SHOWING = {b"Tj", b"TJ", b"'", b'"'}
SAFE_LINKS = ("https://", "http://", "mailto:", "tel:")
IDENTITIES = {
    "{http://www.aiim.org/pdfa/ns/id/}part": "2",
    "{http://www.aiim.org/pdfa/ns/id/}conformance": "A",
    "{http://www.aiim.org/pdfua/ns/id/}part": "1",
}
CODE_LINES = re.compile(rb"beginbfchar(.*?)endbfchar", re.S)
CODE = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]*)>")


class Document:
    """The PDF taken apart once: its structure elements in order, its marked contents, its fonts."""

    def __init__(self, pdf):
        self.bytes = pdf
        self.reader = pypdf.PdfReader(io.BytesIO(pdf))
        self.root = self.reader.trailer["/Root"]
        self.pages = [Page(page, self) for page in self.reader.pages]
        self.elements = list(elements_below(self.root.get("/StructTreeRoot", {})))
        numbers = {page.reference: index for index, page in enumerate(self.pages)}
        #: (page, MCID) → the structure element that has it.
        self.owners = {}
        self.shared = []
        for element in self.elements:
            for page, mcid in element.mcids:
                place = numbers.get(page), mcid
                if place in self.owners:
                    self.shared.append(place)
                self.owners[place] = element

    def text(self, element):
        """What is read of the element."""
        numbers = {page.reference: page for page in self.pages}
        parts = [numbers[page].texts.get(mcid, "") for page, mcid in element.mcids]
        return "".join(parts + [self.text(kid) for kid in element.kids])


class Element:
    def __init__(self, found, parent):
        self.object = found.get_object()
        self.parent = parent
        self.tag = str(self.object["/S"]).lstrip("/")
        self.kids, self.mcids, self.objects = [], [], []
        page = self.object.raw_get("/Pg").idnum if "/Pg" in self.object else None
        for kid in as_list(self.object.get("/K", [])):
            one = kid.get_object()
            if isinstance(one, int):
                self.mcids.append((page, int(one)))
            elif one.get("/Type") == "/MCR":
                own = one.raw_get("/Pg").idnum if "/Pg" in one else page
                self.mcids.append((own, int(one["/MCID"])))
            elif one.get("/Type") == "/OBJR":
                self.objects.append(one.raw_get("/Obj").idnum)
            else:
                self.kids.append(Element(kid, self))

    def below(self):
        yield self
        for kid in self.kids:
            yield from kid.below()

    def attribute(self, name, default=None):
        for one in as_list(self.object.get("/A", [])):
            found = one.get_object()
            if isinstance(found, dict) and name in found:
                return found[name]
        return default


class Page:
    """Walks the page's operators: what each MCID says, which codes are used, what is untagged."""

    def __init__(self, page, document):
        self.object = page
        self.document = document
        self.reference = page.indirect_reference.idnum
        self.texts, self.codes, self.fonts = {}, {}, {}
        self.untagged, self.misplaced, self.unclosed = Counter(), [], 0
        contents = page.get_contents()
        if contents is not None:
            self.walk(contents, page.get("/Resources", {}), [])

    def walk(self, contents, resources, outer):
        open_ones, font, fonts = list(outer), None, resources.get("/Font", {})
        for operands, operator in ContentStream(contents, self.document.reader).operations:
            if operator in (b"BMC", b"BDC"):
                open_ones.append(self.opened(operands, resources, open_ones, bool(outer)))
            elif operator == b"EMC":
                if len(open_ones) == len(outer):
                    self.misplaced.append("EMC without BMC")
                else:
                    open_ones.pop()
            elif operator == b"Tf":
                font = fonts.raw_get(operands[0])
                number = font.idnum if isinstance(font, IndirectObject) else id(font)
                self.fonts[number] = font = font.get_object()
            elif operator in PAINTING:
                if not any(kind != "other" for kind, _ in open_ones):
                    self.untagged[operator.decode()] += 1
                if operator in SHOWING:
                    self.shown(operands, font, number, open_ones)
                elif operator == b"Do":
                    self.done(resources["/XObject"][operands[0]].get_object(), open_ones)
        self.unclosed += len(open_ones) - len(outer)

    def opened(self, operands, resources, open_ones, in_form):
        tag = operands[0]
        properties = operands[1] if len(operands) > 1 else {}
        if isinstance(properties, str):
            properties = resources["/Properties"][properties].get_object()
        kinds = {kind for kind, _ in open_ones}
        if tag == "/Artifact":
            if "content" in kinds:
                self.misplaced.append("Artifact inside tagged content")
            return "artifact", None
        if "/MCID" not in properties:
            return "other", None
        mcid = int(properties["/MCID"])
        if kinds & {"artifact", "content"}:
            self.misplaced.append(f"MCID {mcid} inside other marked content")
        if in_form or mcid in self.texts:
            self.misplaced.append(f"MCID {mcid} in a form or used twice")
        self.texts[mcid] = properties.get("/ActualText", "")
        return "content", None if self.texts[mcid] else mcid

    def shown(self, operands, font, number, open_ones):
        strings = operands[-1] if isinstance(operands[-1], list) else [operands[-1]]
        texts = code_texts(font)
        said = []
        for string in strings:
            if isinstance(string, (str, bytes)):
                body = string if isinstance(string, bytes) else string.original_bytes
                for start in range(0, len(body), 2):
                    code = int.from_bytes(body[start : start + 2], "big")
                    self.codes.setdefault(number, set()).add(code)
                    said.append(texts.get(code, ""))
        for kind, mcid in open_ones:
            if kind == "content" and mcid is not None:
                self.texts[mcid] += "".join(said)

    def done(self, thing, open_ones):
        if thing["/Subtype"] == "/Form":
            self.walk(thing, thing.get("/Resources", {}), open_ones)


_texts_of_fonts = {}


def code_texts(font):
    """{code: text} of the font's ToUnicode; {} without one."""
    stream = font.get("/ToUnicode")
    if stream is None:
        return {}
    data = stream.get_object().get_data()
    if data not in _texts_of_fonts:
        _texts_of_fonts[data] = {
            int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
            for lines in CODE_LINES.findall(data)
            for code, text in CODE.findall(lines)
        }
    return _texts_of_fonts[data]


def as_list(found):
    found = found.get_object() if isinstance(found, IndirectObject) else found
    return list(found) if isinstance(found, list) else [found]


def elements_below(tree):
    for kid in as_list(tree.get("/K", [])):
        yield from Element(kid, None).below()


def problems(pdf):
    """What is wrong with the PDF, as sentences that begin with the name of the check."""
    document = Document(pdf)
    return [f"{check.__name__}: {line}" for check in CHECKS for line in check(document)]


def identification(document):
    """ISO 19005-2, 6.6.4 and ISO 14289-1, 5."""
    if "/Metadata" not in document.root:
        yield "no metadata"
        return
    said = {}
    for element in ElementTree.fromstring(document.root["/Metadata"].get_data()).iter():
        said |= element.attrib
        said[element.tag] = (element.text or "").strip()
    for name, value in IDENTITIES.items():
        if said.get(name) != value:
            yield f"{name} is {said.get(name)}, not {value}"
    if "/ID" not in document.reader.trailer:
        yield "no file identifier"
    if "/Encrypt" in document.reader.trailer:
        yield "encrypted"


def colours(document):
    """ISO 19005-2, 6.2.3: device colours need an output intent."""
    intents = [
        one.get_object()
        for one in document.root.get("/OutputIntents", [])
        if one.get_object()["/S"] == "/GTS_PDFA1"
    ]
    if not intents:
        yield "no output intent of PDF/A"
    elif intents[0]["/DestOutputProfile"].get_object()["/N"] != 3:
        yield "the output intent is not one of red, green and blue"


def declarations(document):
    if not document.root.get("/Lang"):
        yield "no language"
    if not (document.reader.metadata or {}).get("/Title"):
        yield "no title"
    if not document.root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "the window shows the file's name instead of the title"
    if not document.root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    for number, page in enumerate(document.pages, start=1):
        if "/Annots" in page.object and page.object.get("/Tabs") != "/S":
            yield f"page {number}: links are not visited in the order of the structure"


def headings(document):
    """In order without jumps, and the bookmarks say the same."""
    found = [
        (int(one.tag[1]), squashed(document.text(one)))
        for one in document.elements
        if re.fullmatch("H[1-6]", one.tag)
    ]
    level = 0
    for this, text in found:
        if this > level + 1:
            yield f"H{this} follows H{level}: {text}"
        level = this
        if not text:
            yield f"an H{this} without text"
    marks = [(level, squashed(title)) for level, title in outline(document.reader.outline)]
    if marks != found:
        differing = [pair for pair in zip(found, marks, strict=False) if pair[0] != pair[1]][:3]
        yield f"{len(found)} headings, {len(marks)} bookmarks: {differing}"


def outline(items, level=1):
    for item in items:
        if isinstance(item, list):
            yield from outline(item, level + 1)
        else:
            yield level, item.title


def squashed(text):
    return re.sub(r"\s", "", text)


def tables(document):
    """ISO 14289-1, 7.2 and 7.5: rows of equal length, and each cell knows its headings."""
    for table in document.elements:
        if table.tag != "Table":
            continue
        rows = list(rows_of(table))
        name = squashed(document.text(table))[:30]
        if not rows:
            yield f"{name}: no rows"
        if len({length for _, length in lengths(rows)}) > 1:
            yield f"{name}: rows of unequal length"
        cells = [cell for row in rows for cell in row.kids]
        if wrong := {cell.tag for cell in cells} - {"TH", "TD"}:
            yield f"{name}: {wrong} in a row"
        known = {str(cell.object.get("/ID")) for cell in cells if cell.tag == "TH"}
        for cell in cells:
            if cell.tag == "TH" and not (cell.attribute("/Scope") and "/ID" in cell.object):
                yield f"{name}: a heading without scope or name"
            if cell.tag == "TD":
                headers = [str(one) for one in cell.attribute("/Headers", [])]
                if not headers or not known.issuperset(headers):
                    yield f"{name}: a cell without headings: {document.text(cell)[:30]}"


def rows_of(table):
    for kid in table.kids:
        if kid.tag == "TR":
            yield kid
        elif kid.tag in ("THead", "TBody", "TFoot"):
            yield from rows_of(kid)


def lengths(rows):
    """(row, number of columns it fills), with the cells that reach down into it."""
    reaching = []
    for row in rows:
        spans = [
            (int(cell.attribute("/ColSpan", 1)), int(cell.attribute("/RowSpan", 1)))
            for cell in row.kids
        ]
        yield row, sum(wide for wide, _ in spans) + sum(wide for wide, _ in reaching)
        reaching = [(wide, high - 1) for wide, high in [*reaching, *spans] if high > 1]


def lists(document):
    for one in document.elements:
        if one.tag == "L" and (wrong := {kid.tag for kid in one.kids} - {"L", "LI", "Caption"}):
            yield f"{wrong} in a list"
        if one.tag == "LI" and (one.parent is None or one.parent.tag != "L"):
            yield "an item outside a list"
        if one.tag == "LI" and (wrong := {kid.tag for kid in one.kids} - {"Lbl", "LBody"}):
            yield f"{wrong} in an item"
        if one.tag in ("Lbl", "LBody") and one.parent.tag != "LI":
            yield f"{one.tag} outside an item"


def figures(document):
    for one in document.elements:
        if one.tag == "Figure" and not str(one.object.get("/Alt", "")).strip():
            yield f"a figure without alternative text: {document.text(one)[:30]}"


def links(document):
    """ISO 14289-1, 7.18.5: said in words, and in the structure."""
    tagged = {number: one for one in document.elements for number in one.objects}
    for number, page in enumerate(document.pages, start=1):
        for annotation in page.object.get("/Annots", []):
            found = annotation.get_object()
            if found["/Subtype"] != "/Link":
                yield f"page {number}: an annotation {found['/Subtype']}"
            elif not str(found.get("/Contents", "")).strip():
                yield f"page {number}: a link without words"
            owner = tagged.get(annotation.idnum)
            if owner is None or owner.tag != "Link" or "/StructParent" not in found:
                yield f"page {number}: a link outside the structure"
            if not int(found.get("/F", 0)) & 4:
                yield f"page {number}: a link that is not printed"


def contents(document):
    """Everything painted is either an artifact or reachable from the structure tree."""
    for number, page in enumerate(document.pages):
        where = f"page {number + 1}"
        if page.untagged:
            yield f"{where}: painted outside marked content: {dict(page.untagged)}"
        for wrong in page.misplaced:
            yield f"{where}: {wrong}"
        if page.unclosed:
            yield f"{where}: marked content is not closed"
        for mcid in page.texts:
            if (number, mcid) not in document.owners:
                yield f"{where}: MCID {mcid} is not in the structure: {page.texts[mcid][:30]}"
    for number, mcid in document.owners:
        if number is None or mcid not in document.pages[number].texts:
            yield f"MCID {mcid} of page {number} is in the structure only"
    for place in document.shared:
        yield f"MCID {place} has two places in the structure"
    yield from parents(document)


def parents(document):
    """The way back from marked content to its element."""
    tree = document.root.get("/StructTreeRoot", {}).get("/ParentTree", {})
    numbers = [one.get_object() for one in tree.get("/Nums", [])]
    known = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for (number, mcid), element in document.owners.items():
        page = document.pages[number].object
        row = known.get(page.get("/StructParents"), [])
        if mcid >= len(row) or row[mcid].get_object() != element.object:
            yield f"page {number + 1}: no way back from MCID {mcid}"


def fonts(document):
    """ISO 19005-2, 6.2.11: embedded, and each code used says something."""
    used, all_fonts = {}, {}
    for page in document.pages:
        all_fonts |= page.fonts
        for number, codes in page.codes.items():
            used.setdefault(number, set()).update(codes)
    for number, font in all_fonts.items():
        name = font["/BaseFont"]
        below = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = below.get("/FontDescriptor", {})
        if not any(f"/FontFile{kind}" in descriptor for kind in ("", 2, 3)):
            yield f"{name} is not embedded"
        if below.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in below:
            yield f"{name} does not say which glyph a code is"
        texts = code_texts(font)
        silent = sorted(code for code in used.get(number, ()) if not texts.get(code))
        if silent:
            yield f"{name}: codes without text: {silent[:10]}"


def actions(document):
    """Nothing runs, nothing is attached, nothing is sent."""
    names = document.root.get("/Names", {})
    for key in ("/JavaScript", "/EmbeddedFiles"):
        if key in names:
            yield f"{key} among the names"
    for key in ("/OpenAction", "/AA", "/AcroForm", "/AF"):
        if key in document.root:
            yield f"{key} in the catalogue"
    for number in range(1, document.reader.trailer["/Size"]):
        found = document.reader.get_object(number)
        if not isinstance(found, dict):
            continue
        action = found.get("/A") if "/Rect" in found else None
        if action is not None and (
            action.get("/S") != "/URI" or not str(action["/URI"]).startswith(SAFE_LINKS)
        ):
            yield f"an action {action.get('/S')} {action.get('/URI', '')}"
        if {"/EF", "/JS", "/AA"} & set(found) or found.get("/Type") == "/Filespec":
            yield f"object {number} is an attachment or a script"
        if found.get("/Interpolate") == True:  # noqa: E712 - pypdf's own boolean
            yield f"object {number} is an image that is smoothed differently by each reader"


def syntax(document):
    if shutil.which("qpdf"):
        with NamedTemporaryFile(suffix=".pdf") as file:
            file.write(document.bytes)
            file.flush()
            checked = subprocess.run(["qpdf", "--check", file.name], capture_output=True, text=True)
        if checked.returncode:
            yield checked.stderr + checked.stdout


CHECKS = (
    identification,
    colours,
    declarations,
    headings,
    tables,
    lists,
    figures,
    links,
    contents,
    fonts,
    actions,
    syntax,
)
