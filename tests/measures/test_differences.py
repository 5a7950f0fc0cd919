"""What differs between two reports is told row by row and word by word."""

import unicodedata
from dataclasses import replace

import pytest
from django.utils import timezone

from assessments.scoring import printed
from measures.differences import Status, differences, figures
from measures.report.build import build
from measures.thai_words import words
from measures.word_pieces import Kind, pieces_of

pytestmark = pytest.mark.one_database("sqlite")


def marked(pieces):
    signs = {Kind.KEPT: "{}", Kind.ADDED: "[+{}]", Kind.REMOVED: "[-{}]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in pieces)


def test_thai_is_split_into_words_without_spaces():
    assert words("จัดตั้งศูนย์บริการและแต่งตั้งเจ้าหน้าที่") == [
        *("จัดตั้ง", "ศูนย์", "บริการ", "และ", "แต่งตั้ง", "เจ้าหน้าที่")
    ]
    assert words("ปี2565 ใช้ 1,250.50 บาท (Facebook)") == [
        *("ปี", "2565", " ", "ใช้", " ", "1,250.50", " ", "บาท", " ", "(", "Facebook", ")")
    ]


@pytest.mark.parametrize("text", ["น้ำประปาทั้งหมดต่าง ๆ", "กก่ก้าเเนนืำ้ไๆ", "็่", "😀e\u0301 ก\n\r\t", ""])
def test_words_make_the_text_again_and_no_cluster_is_torn(text):
    found = words(text)
    assert "".join(found) == text
    assert not any(unicodedata.category(word[0]) == "Mn" for word in found[1:])


def test_a_change_is_shown_in_its_words():
    old = "ประชาสัมพันธ์ผ่านสื่อต่าง ๆ\nรายงานผลทุก 6 เดือน"
    new = "ประชาสัมพันธ์ผ่านสื่อสังคมออนไลน์\nรายงานผลทุก 3 เดือน"
    assert marked(pieces_of(old, new)) == (
        "ประชาสัมพันธ์ผ่านสื่อ[-ต่าง ๆ][+สังคมออนไลน์]\nรายงานผลทุก [-6][+3] เดือน"
    )
    assert marked(pieces_of("", "ใหม่")) == "[+ใหม่]"
    assert marked(pieces_of("เก่า", "")) == "[-เก่า]"


def test_of_a_long_text_the_surroundings_of_a_change_are_shown():
    text = "หน่วยงานเปิดเผยข้อมูลบนเว็บไซต์ " * 100
    shown = pieces_of(text + "ปีละครั้ง", text + "ทุกเดือน")
    assert [piece.skipped for piece in shown][0]
    assert "[-ปีละครั้ง][+ทุกเดือน]" in marked(shown)
    assert len(marked(shown)) < 200


@pytest.fixture
def report(written_plan):
    return build(written_plan, "full", timezone.localdate())


def test_equal_reports_do_not_differ(report):
    assert differences(report, report) == ()


def test_rows_are_added_taken_out_changed_and_moved(report):
    first, second, third = report.measures
    new = replace(third, pk=99, title="มาตรการใหม่")
    changed = replace(second, period="ไตรมาสที่ 2")
    later = replace(report, measures=(new, changed, first), rounds=())
    sections = {section.title: section.rows for section in differences(report, later)}
    rows = {row.label.split(". ", 1)[1]: row for row in sections["มาตรการ"]}
    assert rows["มาตรการใหม่"].status == Status.ADDED
    assert rows[third.title].status == Status.REMOVED
    changes = rows[second.title]
    assert (changes.status, changes.name) == (Status.CHANGED, f"measure-{second.pk}")
    assert [field.label for field in changes.fields] == ["ระยะเวลาดำเนินการ"]
    assert marked(changes.fields[0].pieces) == "[-ตลอดปีงบประมาณ พ.ศ. 2565][+ไตรมาสที่ 2]"
    moved = [row for row in rows.values() if row.moved]
    assert len(moved) == 1
    assert "ลำดับที่" in moved[0].moved
    [gone] = sections["ผลการดำเนินการ"]
    assert gone.status == Status.REMOVED


def test_figures_of_both_years_are_compared(report):
    analysis = report.result.analysis
    row = analysis.rows[8]
    corrected = replace(row, previous=printed(row.previous + 1))
    other = replace(analysis, rows=tuple(corrected if r is row else r for r in analysis.rows))
    [difference] = figures(analysis, other, report.result.names)
    assert difference.name == "score-9"
    assert [(field.label, marked(field.pieces)) for field in difference.fields] == [
        ("2563", "[-60.82][+61.82]")
    ]
