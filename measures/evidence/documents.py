"""DOCX and XLSX: plain documents alone, and a public copy that does not say who wrote it."""

import re
import zipfile

from django.utils.translation import gettext as _

from accounts.uploads import Refused, not_really
from assessments.archives import BadArchive, Inspection, Trouble, ending_of
from measures.evidence import limits
from measures.evidence.jpegs import without_metadata
from measures.evidence.names import suffix_of

MAIN_PART = {".docx": "word/document", ".xlsx": "xl/workbook"}
#: What Word and Excel put into their files; anything else has been put in by hand.
PARTS = set("xml rels vml png jpg jpeg jfif gif bmp tif tiff emf wmf wdp svg bin odttf ttf".split())
#: As many as a sheet of half a million filled cells has; judging them takes half a second.
MOST_ELEMENTS = 1_000_000
#: Fields of Word that fetch from elsewhere, or that make up such a field letter by letter.
FETCHING = re.compile(
    r'\s*"?(DDE|DDEAUTO|LINK|IMPORT|INCLUDETEXT|INCLUDEPICTURE|DATABASE|QUOTE)\b', re.I
)
_QUOTED = re.compile('"[^"]*"')

_EMPTY_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp='
    '"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_OF_PACKAGE = "http://schemas.openxmlformats.org/officeDocument/2006"
_EMPTY = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="{}/{}"/>'
#: Where Excel notes in which folder, and so under whose account, a workbook was saved.
_FOLDER = re.compile(rb"<(?:\w+:)?absPath\b[^>]*/>")
#: Records beside the text, in which SharePoint notes who worked on it.
_BOUND = re.compile(r"customxml/item\d+\.xml")
#: Author, company, dates and titles, and who once remarked, where each format keeps them.
PROPERTIES = {
    "docprops/core.xml": _EMPTY_CORE,
    "docprops/app.xml": _EMPTY.format(_OF_PACKAGE, "extended-properties"),
    "docprops/custom.xml": _EMPTY.format(_OF_PACKAGE, "custom-properties"),
    "word/people.xml": '<people xmlns="http://schemas.microsoft.com/office/word/2012/wordml"/>',
    "xl/persons/person.xml": '<personList xmlns="http://schemas.microsoft.com/office/'
    'spreadsheetml/2018/threadedcomments"/>',
}


def check(file, name):
    _inspected(file, name)


def write_public(file, name, into):
    """The same parts; properties of the document and of its photographs are left out."""
    if _inspected(file, name).has_authors:
        raise Refused(
            _(
                "“%(name)s” has comments or tracked changes that name their authors. "
                "Accept the changes, delete the comments, and replace the file; or use a PDF."
            )
            % {"name": name}
        )
    file.seek(0)
    with (
        zipfile.ZipFile(file) as archive,
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as cleaned,
    ):
        for part in archive.infolist():
            # Dated 1980: when it was written is nobody's business either.
            _copy_part(archive, part, cleaned, zipfile.ZipInfo(part.filename))


def _copy_part(archive, part, cleaned, into):
    into.compress_type = zipfile.ZIP_DEFLATED
    name = part.filename.casefold()
    if name in PROPERTIES:
        cleaned.writestr(into, PROPERTIES[name])
    elif _BOUND.fullmatch(name):
        cleaned.writestr(into, "<empty/>")
    elif "/media/" in name:
        # A photograph need not be called one.
        cleaned.writestr(into, without_metadata(archive.read(part)))
    elif name == "xl/workbook.xml":
        cleaned.writestr(into, _FOLDER.sub(b"", archive.read(part)))
    else:
        with archive.open(part) as content, cleaned.open(into, "w") as target:
            while piece := content.read(64 * 1024):
                target.write(piece)


class _Document(Inspection):
    """`has_authors`: of comments or tracked changes."""

    def __init__(self):
        super().__init__(most_bytes=limits.UNPACKED_BYTES, most_parts=limits.ARCHIVE_PARTS)
        self.elements = 0
        self.has_authors = False

    def begin(self, name, parser):
        self.parser, self.field = parser, []
        self.in_properties = name in PROPERTIES

    def element(self, name, attributes):
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise BadArchive(Trouble.TOO_LARGE)
        if name == "f":
            self._hear(self._formula)
        elif name == "instrText":
            self._hear(self._instruction)
        elif name == "fldChar":
            self.field.clear()
        elif name == "author":
            self.has_authors |= not self.in_properties
        for key, value in attributes.items():
            if key.endswith(":author"):
                self.has_authors |= not self.in_properties
            elif key.endswith("instr"):
                self._refuse_fetching(value)

    def _hear(self, told):
        """Calls `told` with the text of the element that has just begun."""
        pieces = []

        def end(_name):
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
            told("".join(pieces))

        self.parser.CharacterDataHandler, self.parser.EndElementHandler = pieces.append, end

    def _formula(self, text):
        # Outside a quotation, only a call of another program has this sign.
        if "|" in _QUOTED.sub("", text):
            raise BadArchive(Trouble.LINKED)

    def _instruction(self, text):
        # One instruction may be spread over several elements.
        self.field.append(text)
        self._refuse_fetching("".join(self.field))

    def _refuse_fetching(self, instruction):
        if FETCHING.match(instruction):
            raise BadArchive(Trouble.LINKED)


def _inspected(file, name):
    suffix = suffix_of(name).lower()
    label = suffix[1:].upper()
    document = _Document()
    try:
        document.inspect(file)
    except BadArchive as bad:
        raise _told(bad.trouble, name, label) from bad
    if any(ending_of(part) not in PARTS for part in document.names if part[-1:] != "/"):
        raise _told(Trouble.NESTED, name, label)
    if "[content_types].xml" not in document.names or not any(
        part.startswith(MAIN_PART[suffix]) and part.endswith(".xml") for part in document.names
    ):
        raise not_really(name, label)
    return document


def _told(trouble, name, label):
    messages = {
        Trouble.TOO_LARGE: _("“%(name)s” is too large when unpacked. Save it as PDF."),
        Trouble.MACROS: _("“%(name)s” contains macros. Save it as PDF."),
        Trouble.LINKED: _("“%(name)s” takes data from other files. Save it as PDF."),
        Trouble.NESTED: _("“%(name)s” contains other files. Save it as PDF."),
    }
    if trouble not in messages:
        return not_really(name, label)
    return Refused(messages[trouble] % {"name": name})
