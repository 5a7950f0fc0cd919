"""The letters as DOCX, laid out as official letters are; what is still to be filled is dotted."""

from docx.shared import Pt

from measures.covering import Kind
from measures.covering.facts import Person
from measures.covering.letters import BLANK, DAY, NUMBER, Letter
from measures.report.docx.elements import element, twips
from measures.report.docx.writing import Writer

#: Heights of the state emblem in cm; the picture itself is the office's to put there.
EMBLEM = {Kind.MEMO: 1.5, Kind.ANNOUNCEMENT: 3.0, Kind.ORDER: 3.0}
#: How wide the place for it is in cm, its edges, and how far it stays off that of its cell.
WIDTH, SIDES = 3.0, ("top", "left", "bottom", "right")
BESIDE = 0.2
#: Point sizes of a memo's name and of the names of its head.
MEMO_SIZE, HEAD_SIZE = 29, 20
RULE = "." * 60
#: To sign in, in points.
ROOM = 36
#: Above each page: what the office still has to do with it.
TO_DO = "ร่างจากระบบ: วางตราครุฑ เติมส่วนที่เว้นไว้ ตรวจข้อความและรายชื่อ แล้วลบบรรทัดนี้"


def docx_of(letter: Letter, *, day, thai_digits=False) -> bytes:
    writer = Writer(
        title=f"{letter.kind.label} {letter.subject}",
        author=letter.agency,
        day=day,
        thai_digits=thai_digits,
    )
    _mark(writer, letter)
    {Kind.MEMO: _memo, Kind.ANNOUNCEMENT: _announcement, Kind.ORDER: _order}[letter.kind](
        writer, letter
    )
    return writer.content()


def _memo(writer, letter):
    table = writer.begin_table((3, 10, 3), style="TableNormal")
    table.row()
    _emblem(writer, letter.kind, container=table.cell(centred=True))
    middle = table.cell(centred=True)
    writer.add(
        writer.paragraph(style="Heading1", container=middle),
        "บันทึกข้อความ",
        bold=True,
        size=MEMO_SIZE,
        colour="000000",
    )
    writer.paragraph(container=table.cell())
    writer.end_table()
    _said(writer, "ส่วนราชการ", letter.office)
    table = writer.begin_table((1, 1), style="TableNormal")
    table.row()
    _said(writer, "ที่", NUMBER, container=table.cell())
    _said(writer, "วันที่", RULE[:30], container=table.cell())
    writer.end_table()
    _said(writer, "เรื่อง", _whole(letter.subject))
    _said(writer, "เรียน", letter.to, size=None)
    _body(writer, letter)
    _signature(writer, letter.signer)
    writer.paragraph("ความเห็น/คำสั่ง", "Heading3")
    for _line in range(2):
        writer.paragraph(RULE, "Normal").paragraph_format.keep_with_next = True
    _signature(writer, Person())


def _announcement(writer, letter):
    _head(writer, letter, f"ประกาศ{letter.agency}")
    _body(writer, letter)
    _signature(writer, letter.signer, f"ประกาศ ณ {DAY}")


def _order(writer, letter):
    _head(writer, letter, f"คำสั่ง{letter.agency}", f"ที่ {NUMBER}")
    _body(writer, letter)
    _signature(writer, letter.signer, f"สั่ง ณ {DAY}")


def _head(writer, letter, name, number=""):
    _emblem(writer, letter.kind)
    writer.add(writer.paragraph(style="Heading1"), name, bold=True, colour="000000")
    if number:
        writer.paragraph(number, align="center")
    writer.paragraph(_whole(f"เรื่อง {letter.subject}"), align="center", bold=True)
    rule = writer.paragraph("_" * 24, align="center")
    rule.paragraph_format.space_after = Pt(8)


def _mark(writer, letter):
    """In the header, where it stands on every page and moves nothing of the letter."""
    header = writer.section.header
    header.is_linked_to_previous = False
    [line] = header.paragraphs
    line.style = writer.document.styles["Header"]
    writer.add(line, TO_DO)
    if letter.is_draft:
        writer.add(line, "\t\tร่าง", bold=True, size=16)


def _emblem(writer, kind, container=None):
    """An empty place of the right height, which says what belongs there."""
    height = EMBLEM[kind]
    text = f"ตราครุฑ {height:g} ซม."
    paragraph = writer.paragraph(text, "Remark", container=container, align="center")
    edges = [element(f"w:{side}", val="dotted", sz=4, space=0, color="888888") for side in SIDES]
    looks = [
        element("w:pBdr", edges),
        element("w:spacing", before=0, after=0, line=twips(height), lineRule="exact"),
    ]
    # In a cell, whose edge would cover that of the place, a little narrower.
    beside = twips(BESIDE if container else (writer.width - WIDTH) / 2)
    looks.append(element("w:ind", left=0 if container else beside, right=beside))
    for look in looks:
        paragraph._p.pPr.insert_element_before(look, "w:jc")


def _said(writer, name, text, container=None, size=HEAD_SIZE):
    paragraph = writer.paragraph(container=container)
    writer.add(paragraph, f"{name}  ", bold=True, size=size)
    writer.add(paragraph, text or BLANK)


def _body(writer, letter):
    for text in letter.opening:
        writer.paragraph(_whole(text), "BodyText")
    _list(writer, letter.items)
    if letter.members:
        _members(writer, letter.members)
    if letter.tasks:
        writer.paragraph("ให้คณะทำงานมีหน้าที่ ดังนี้", "BodyText")
        _list(writer, letter.tasks)
    for text in letter.closing:
        last = writer.paragraph(_whole(text), "BodyText")
    # No signature stands on a page of its own.
    last.paragraph_format.keep_with_next = True


def _whole(text):
    """A year stays with its era at the end of a line."""
    return text.replace("พ.ศ. ", "พ.ศ.\N{NO-BREAK SPACE}")


def _list(writer, texts):
    marks = [f"{number}." for number in range(1, len(texts) + 1)]
    for text, paragraph in zip(texts, writer.list_items(marks), strict=True):
        writer.add(paragraph, text)


def _members(writer, members):
    # "10." fits on a line in fonts that run wider, too.
    table = writer.begin_table((3, 9, 9, 8), style="TableNormal", title="รายชื่อคณะทำงาน")
    for number, one in enumerate(members, start=1):
        table.row()
        position = " ".join(filter(None, (one.position, one.unit)))
        for text in (f"{number}.", one.name or RULE[:26], position or RULE[:26], one.role):
            writer.paragraph(text, container=table.cell())
    writer.end_table()


def _signature(writer, signer, dated=""):
    """Room to sign, then name and position; dotted where it is not known who will."""
    if dated:
        day = writer.paragraph(dated, "BodyText")
        day.paragraph_format.keep_with_next = True
    name = writer.paragraph(f"({signer.name or BLANK})", "Signature")
    name.paragraph_format.space_before = Pt(ROOM)
    last = writer.paragraph(signer.position or f"ตำแหน่ง {RULE[:26]}", "Signature")
    last.paragraph_format.keep_with_next = False
