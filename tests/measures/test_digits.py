"""Thai digits in what is read, Arabic ones in what is typed again; the QR code of an address."""

import pytest

from measures.report.digits import thai_digits
from measures.report.qr import qr_svg

pytestmark = pytest.mark.one_database("sqlite")


@pytest.mark.parametrize(
    ("text", "thai"),
    [
        ("ปีงบประมาณ พ.ศ. 2565", "ปีงบประมาณ พ.ศ. ๒๕๖๕"),
        ("−5.68 (ร้อยละ −8.89)", "−๕.๖๘ (ร้อยละ −๘.๘๙)"),
        ("(0.30 × IIT) + (0.40 × OIT)", "(๐.๓๐ × IIT) + (๐.๔๐ × OIT)"),
        ("ข้อ O42 จำนวน 2 รายการ กระดาษ A4", "ข้อ O42 จำนวน ๒ รายการ กระดาษ A4"),
        ("โทร. 0-4466-1234 อีเมล ita2@a1.go.th", "โทร. ๐-๔๔๖๖-๑๒๓๔ อีเมล ita2@a1.go.th"),
        ("https://a1.go.th/p/แผน/2565/ หน้า 3", "https://a1.go.th/p/แผน/2565/ หน้า ๓"),
        ("a1.go.th/แผน/2565 หน้า 3", "a1.go.th/แผน/2565 หน้า ๓"),
        ("รหัส 19b2 8870 0012 7f31 ข้อ 4", "รหัส 19b2 8870 0012 7f31 ข้อ ๔"),
        ("ปี 2563 2564 2565 2566", "ปี ๒๕๖๓ ๒๕๖๔ ๒๕๖๕ ๒๕๖๖"),
    ],
)
def test_codes_and_addresses_keep_their_digits(text, thai):
    assert thai_digits(text) == thai


def test_a_qr_code_is_one_drawing_with_an_alternative_text():
    drawing = qr_svg("https://a1.go.th/p/nongkong/2565/", "ไปยังหน้า <เผยแพร่>")
    assert drawing.count("<path") == 1
    assert "<title>ไปยังหน้า &lt;เผยแพร่&gt;</title>" in drawing
    assert "<text" not in drawing
