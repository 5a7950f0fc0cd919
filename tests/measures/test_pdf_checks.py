"""The structural checks themselves: quiet about a sound PDF, and each one finds its own fault."""

import io

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from measures.report import worker
from tests.pdf_checks import CHECKS, problems

SOUND = """<!doctype html><html lang="th"><title>ตัวอย่าง</title>
<style>@font-face{font-family:Sarabun;src:url(/fonts/Sarabun-Regular.ttf)}html{font-family:Sarabun}
@page{@bottom-center{content:counter(page)}}</style>
<h1>ส่วนที่ 1 <span style="display:block">น้ำ</span></h1><h2>ที่มา</h2><p>ค่ำ
<a href="https://example.go.th/">เว็บ<b>ไซต์</b></a></p><ol><li>ก<ol><li>ข</ol></ol>
<table><caption>ตาราง</caption><tr><th>ก<th>ข<tr><th scope="row">ค<td>ง</table>
<svg viewBox="0 0 9 9" width="9" height="9"><title>แผนภูมิ</title><rect width="9" height="9"/></svg>
"""


@pytest.fixture(scope="module")
def sound():
    return worker.render(SOUND)


def elements(document, tag):
    return [
        one
        for one in (document.get_object(number) for number in range(1, len(document._objects) + 1))
        if isinstance(one, DictionaryObject) and one.get("/S") == f"/{tag}"
    ]


def without(key):
    return lambda document: document.root_object.__delitem__(key)


def retag(old, new):
    def edit(document):
        elements(document, old)[0][NameObject("/S")] = NameObject(f"/{new}")

    return edit


def lose(tag, key):
    return lambda document: elements(document, tag)[0].__delitem__(key)


def shorten_a_row(document):
    elements(document, "TR")[-1]["/K"].pop()


def silence_a_link(document):
    del document.pages[0]["/Annots"][0].get_object()["/Contents"]


def paint_untagged(document):
    stream = DecodedStreamObject()
    stream.set_data(document.pages[0].get_contents().get_data() + b"\n0 0 9 9 re f")
    document.pages[0][NameObject("/Contents")] = document._add_object(stream)


def lose_the_texts_of_a_font(document):
    [font, *_] = document.pages[0]["/Resources"]["/Font"].values()
    del font.get_object()["/ToUnicode"]


def run_a_script(document):
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")}
    document.root_object[NameObject("/OpenAction")] = DictionaryObject(script)


def attach_a_file(document):
    document.add_attachment("a.txt", b"a")


def empty_the_tree(document):
    document.root_object["/StructTreeRoot"][NameObject("/K")] = ArrayObject()


BROKEN = [
    ("identification", without("/Metadata")),
    ("colours", without("/OutputIntents")),
    ("declarations", without("/Lang")),
    ("declarations", without("/MarkInfo")),
    ("headings", retag("H2", "H3")),
    ("headings", retag("H2", "P")),
    ("headings", without("/Outlines")),
    ("tables", shorten_a_row),
    ("tables", lose("TD", "/A")),
    ("tables", lose("TH", "/ID")),
    ("tables", lose("TH", "/A")),
    ("lists", retag("LI", "P")),
    ("lists", retag("LBody", "P")),
    ("figures", lose("Figure", "/Alt")),
    ("links", silence_a_link),
    ("links", retag("Link", "Span")),
    ("contents", paint_untagged),
    ("contents", lose("Span", "/K")),
    ("contents", empty_the_tree),
    ("fonts", lose_the_texts_of_a_font),
    ("actions", run_a_script),
    ("actions", attach_a_file),
]


def test_nothing_is_wrong_with_a_sound_document(sound):
    assert problems(sound) == []


@pytest.mark.parametrize(("check", "edit"), BROKEN)
def test_each_check_finds_its_fault(sound, check, edit):
    document = pypdf.PdfWriter(clone_from=io.BytesIO(sound))
    edit(document)
    broken = io.BytesIO()
    document.write(broken)
    assert check in {line.partition(":")[0] for line in problems(broken.getvalue())}


def test_a_damaged_file_is_found(sound):
    damaged = sound.replace(b"startxref\n", b"startxref\n1")
    assert any(line.startswith("syntax") for line in problems(damaged))


def test_every_check_is_shown_to_find_something():
    assert {name for name, _ in BROKEN} | {"syntax"} == {check.__name__ for check in CHECKS}
