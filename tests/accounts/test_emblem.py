"""The agency's emblem: only what is a picture, drawn anew, seen by the agency's people alone."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import emblems
from accounts.models import Emblem, Event
from accounts.sentences import VOCABULARY

pytestmark = pytest.mark.django_db
URL = "/a/nongkong/settings/"


def picture(kind="PNG", size=(900, 300), mode="RGBA", color=(200, 30, 30, 0), **options):
    made = io.BytesIO()
    Image.new(mode, size, color).save(made, kind, **options)
    return made.getvalue()


PNG = picture()


@pytest.fixture
def send(save_settings):
    """send(content, name, **changes) sends the settings page with a file."""

    def send(content=None, name="ตรา อบต.png", **changes):
        if content is not None:
            changes["emblem"] = SimpleUploadedFile(name, content)
        return save_settings(**changes)

    return send


def test_an_emblem_is_drawn_anew_small_and_transparent_and_shown_to_members(
    send, client, agency, viewer, outsider
):
    assert send(PNG).status_code == 302
    agency.refresh_from_db()
    kept = bytes(agency.emblem.image)
    with Image.open(io.BytesIO(kept)) as small:
        assert (small.format, small.size, small.mode) == ("PNG", (600, 200), "RGBA")
    assert f'src="{URL}emblem.png?{agency.emblem.digest[:8]}"' in client.get(URL).content.decode()
    client.force_login(viewer)
    response = client.get(f"{URL}emblem.png")
    assert (response.content, response["Content-Type"]) == (kept, "image/png")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    client.force_login(outsider)
    assert client.get(f"{URL}emblem.png").status_code == 404


def test_a_new_emblem_is_few_queries(send, agency, django_assert_max_num_queries):
    send(PNG)
    with django_assert_max_num_queries(18) as queries:
        send(picture(color=(0, 0, 200, 255)))
    # The tests' own transaction makes savepoints of what is otherwise its begin and end.
    asked = [one["sql"] for one in queries.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len(asked) <= 12


def test_a_photograph_loses_what_the_camera_wrote_and_stands_upright(send, agency):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "13.7563 N 100.5018 E"
    send(picture("JPEG", (40, 20), "RGB", "navy", exif=exif), "ตรา.JPG")
    agency.refresh_from_db()
    kept = bytes(agency.emblem.image)
    assert b"13.7563" not in kept
    with Image.open(io.BytesIO(kept)) as upright:
        assert (upright.size, upright.mode) == ((20, 40), "RGB")
        assert not upright.getexif()


@pytest.mark.one_database("postgres")
@pytest.mark.parametrize(
    ("mode", "kind", "color"),
    [("CMYK", "JPEG", 0), ("P", "PNG", 1), ("LA", "PNG", 0), ("I;16", "PNG", 9), ("1", "PNG", 1)],
)
def test_every_kind_of_picture_becomes_a_png(mode, kind, color):
    upload = SimpleUploadedFile("x", picture(kind, (8, 8), mode, color))
    assert emblems.drawn(upload).startswith(b"\x89PNG")


def huge(width, height):
    """A PNG that says it is of this size; so little of it follows that it costs nothing."""

    def chunk(kind, content):
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def archive():
    made = io.BytesIO(PNG)
    with zipfile.ZipFile(made, "a") as packed:
        packed.writestr("x.txt", "x")
    return made.getvalue()


CANARIES = {
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "ไม่ใช่รูป JPG หรือ PNG"),
    "html": (b"<!doctype html><script>alert(1)</script>", "ไม่ใช่รูป JPG หรือ PNG"),
    "gif": (picture("GIF", (4, 4), "P", 1), "ไม่ใช่รูป JPG หรือ PNG"),
    "page": (PNG + b"<html><script>alert(1)</script>", "ไม่ใช่รูป JPG หรือ PNG"),
    "archive": (archive(), "ไม่ใช่รูป JPG หรือ PNG"),
    "broken": (PNG[: len(PNG) // 2], "ไม่ใช่ PNG จริง"),
    "begin": (b"\xff\xd8\xff\xe0 and no more", "ไม่ใช่"),
    "huge": (huge(30_000, 30_000), "ล้านพิกเซล"),
    "long": (huge(9000, 5000), "ล้านพิกเซล"),
    "heavy": (PNG + bytes(emblems.MOST_BYTES), "เกิน 5 MB"),
}


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("name", CANARIES)
def test_what_is_no_picture_for_an_emblem_is_refused_and_nothing_changes(send, agency, name):
    content, words = CANARIES[name]
    page = send(content, f"{name}.png", district="เมือง").content.decode()
    assert words in page and f"{name}.png" in page
    agency.refresh_from_db()
    assert (agency.emblem, agency.district) == (None, "นางรอง")


def told():
    return [str(VOCABULARY.sentence(one)) for one in Event.objects.order_by("pk")]


def test_an_emblem_is_replaced_and_removed_and_the_old_one_stays(send, client, agency):
    send(PNG)
    send(PNG)
    send(picture(color=(0, 0, 200, 255)))
    send(remove_emblem="on")
    agency.refresh_from_db()
    assert agency.emblem is None
    assert Emblem.objects.count() == 2, "documents that were made with them keep them"
    assert told() == [
        "สมหญิง ใจดี เพิ่มตราสัญลักษณ์ของหน่วยงาน",
        "สมหญิง ใจดี เปลี่ยนตราสัญลักษณ์ของหน่วยงาน",
        "สมหญิง ใจดี นำตราสัญลักษณ์ของหน่วยงานออก",
    ]
    assert client.get(f"{URL}emblem.png").status_code == 404


def test_the_contact_and_the_digits_are_settings(send, agency):
    send(contact="สำนักปลัด\r\nโทร. 0 4463 0000  \r\n", thai_digits="on")
    agency.refresh_from_db()
    assert agency.contact == "สำนักปลัด\nโทร. 0 4463 0000"
    assert agency.thai_digits
    [event] = Event.objects.all()
    assert set(event.after) == {"contact", "thai_digits"}


def test_a_sign_that_no_report_can_show_is_refused_with_its_line(send, agency):
    text = "สำนักปลัด\nโทร. 0 4463 0000\x07" + "ก" * 170
    page = send(contact=text).content.decode()
    assert "U+0007" in page and "บรรทัดที่ 2" in page
    agency.refresh_from_db()
    assert agency.contact == ""
