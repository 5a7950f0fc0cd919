"""The few elements of WordprocessingML that python-docx has no words for."""

import re

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

#: Signs that XML cannot hold.
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TWIPS_A_CM = 1440 / 2.54


def clean(text) -> str:
    return ILLEGAL.sub("", str(text))


def twips(cm) -> int:
    return round(cm * TWIPS_A_CM)


def element(name, children=(), /, **attributes):
    """element("w:jc", val="center"): attributes in the namespace of the name."""
    made = OxmlElement(name)
    prefix = name.partition(":")[0]
    for key, value in attributes.items():
        made.set(qn(f"{prefix}:{key}"), str(value))
    made.extend(children)
    return made


def run(text="", *, bold=False, italic=False, superscript=False, colour="", size=None):
    """Thai is a complex script in Word: it takes no weight or size but from the `cs` twins."""
    made = element("w:r")
    looks = []
    if bold:
        looks += [element("w:b"), element("w:bCs")]
    if italic:
        looks += [element("w:i"), element("w:iCs")]
    if colour:
        looks.append(element("w:color", val=colour))
    if size:
        looks += [element("w:sz", val=size * 2), element("w:szCs", val=size * 2)]
    if superscript:
        looks.append(element("w:vertAlign", val="superscript"))
    if looks:
        made.append(element("w:rPr", looks))
    if text:
        made.text = clean(text)
    return made


def field(code, result="", *, dirty=False):
    """The runs of a field; `code` is never made of what people typed.

    A dirty one is worked out anew when Word opens the document.
    """
    begin = element("w:fldChar", fldCharType="begin")
    if dirty:
        begin.set(qn("w:dirty"), "true")
    instruction = element("w:instrText")
    instruction.text = f" {code} "
    instruction.set(qn("xml:space"), "preserve")
    parts = [begin, instruction, element("w:fldChar", fldCharType="separate")]
    runs = []
    for part in parts:
        runs.append(run())
        runs[-1].append(part)
    runs.append(run(result))
    runs.append(run())
    runs[-1].append(element("w:fldChar", fldCharType="end"))
    return runs


def bookmark(number, name):
    """Both ends: what stands between them is what the name leads to."""
    return (
        element("w:bookmarkStart", id=number, name=name),
        element("w:bookmarkEnd", id=number),
    )
