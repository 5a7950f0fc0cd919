"""Tables of Word, written cell by cell: python-docx looks for each in the whole table."""

from docx.table import _Cell

from measures.report.docx.elements import element, twips

LOOK = {"val": "0420", "firstRow": 1, "lastRow": 0, "firstColumn": 0, "lastColumn": 0}


class TableWriter:
    """`widths` of the columns in cm; rows of the head are repeated on each page."""

    def __init__(self, parent, widths, *, style="TableGrid", title=""):
        self.parent, self.widths = parent, widths
        total = sum(map(twips, widths))
        looks = [element("w:tblStyle", val=style), element("w:tblW", w=total, type="dxa")]
        looks += [element("w:tblLayout", type="fixed"), element("w:tblLook", **LOOK)]
        if title:
            looks.append(element("w:tblCaption", val=title))
        columns = [element("w:gridCol", w=twips(width)) for width in widths]
        self.xml = element("w:tbl", [element("w:tblPr", looks), element("w:tblGrid", columns)])

    def row(self, *, head=False, whole=True):
        """`whole`: not broken between two pages."""
        looks = [element("w:cantSplit")] if whole else []
        looks += [element("w:tblHeader")] if head else []
        self.line = element("w:tr", [element("w:trPr", looks)] if looks else [])
        self.column = 0
        self.xml.append(self.line)

    def cell(self, *, columns=1, fill="", centred=False) -> _Cell:
        """The next cell of the row, still without the paragraph that Word wants in it."""
        inside = self.widths[self.column : self.column + columns]
        self.column += columns
        looks = [element("w:tcW", w=sum(map(twips, inside)), type="dxa")]
        if columns > 1:
            looks.append(element("w:gridSpan", val=columns))
        if fill:
            looks.append(element("w:shd", val="clear", color="auto", fill=fill))
        if centred:
            looks.append(element("w:vAlign", val="center"))
        made = element("w:tc", [element("w:tcPr", looks)])
        self.line.append(made)
        return _Cell(made, self.parent)
