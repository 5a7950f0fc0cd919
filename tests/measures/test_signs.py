"""Signs that the font of the reports lacks are refused where they are typed, by name and place."""

import unicodedata

import pytest

from accounts.models import Agency
from accounts.signs import unprintable_signs
from measures.models import Issue, Measure
from measures.report.typography import LEGIBLE, typeset
from measures.report.worker import RenderFailed, render
from tests.measures.writing import TEXTS, add_issue, text_of, url

PAGE = '<!doctype html><html lang="th"><title>ก</title><p lang="th">{}</p>'.format
STEPS = "จัดตั้งศูนย์\r\n\r\n☑ อบรมเจ้าหน้าที่ 😀"
COMMON = "“ ” ‘ ’ – — … • ✓ ✔ ● ➢ → ≥ ≤ × ÷ ± ½ ° ℃ ฿ ๆ ฯ ๏"
UNSEEN = "\u200b \u00ad \ufeff \u3000 ✓\ufe0f e\u0301"


def test_a_refused_sign_is_named_with_its_line_and_nothing_typed_is_lost(writer, plan):
    data = TEXTS | {"steps": STEPS, "indicators": ["9"], "version": "0"}
    page = text_of(writer.post(url("measures/new/"), data))
    assert "วิธีดำเนินการมีอักขระที่รายงานแสดงไม่ได้ คือ ☑ (U+2611) บรรทัดที่ 3, 😀 (U+1F600) บรรทัดที่ 3" in page
    assert "☑ อบรมเจ้าหน้าที่ 😀</textarea>" in page
    assert not Measure.objects.exists()


def test_an_issue_and_progress_refuse_them_too(writer, plan, staff):
    issue = add_issue(plan, staff, 9)
    data = {"indicator": "9", "kind": "fix", "points": "中", "version": "1"}
    assert "中 (U+4E2D)" in text_of(writer.post(url(f"issues/{issue.pk}/"), data))
    assert Issue.objects.get().points == "เผยแพร่ข้อมูล"


def test_an_agency_is_not_renamed_to_what_its_reports_cannot_show(client, admin, agency):
    client.force_login(admin)
    data = {"name": "เทศบาล🙂", "kind": "other", "threshold": "80"}
    page = text_of(client.post("/a/nongkong/settings/", data))
    assert "รายงานแสดงอักขระ 🙂 (U+1F642) ไม่ได้" in page
    assert 'value="เทศบาล🙂"' in page
    assert Agency.objects.get().name == agency.name


def test_what_is_usually_pasted_from_word_is_taken():
    assert not unprintable_signs((COMMON + UNSEEN).translate(LEGIBLE))


def test_whatever_is_taken_the_report_can_be_made_with():
    """What the check let through and the engine refused would be a dead end."""
    every = [chr(code) for code in (*range(0x20, 0x3000), *range(0xFE00, 0xFE10), 0x1F600, 0xFFFD)]
    signs = [s for s in every if not unprintable_signs(s.translate(LEGIBLE))]
    marks = [s for s in signs if unicodedata.category(s).startswith("M")]
    text = " ".join(signs) + " ก" + " ก".join(marks)
    assert render(PAGE(typeset(text))).startswith(b"%PDF")


@pytest.mark.parametrize("sign", ["☑", "中", "😀", "\ufffd"])
def test_what_is_refused_could_not_be_printed(sign):
    assert unprintable_signs(sign) == [sign]
    with pytest.raises(RenderFailed):
        render(PAGE(typeset(f"ก {sign}")))
