"""What is pasted into the official ITA form: an address and a note for each of the two items."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from assessments.fiscal import thai_date
from measures.handing_in import AskedItem
from measures.models import ProgressEntry
from measures.report.content import Part
from measures.report.html import title_of


@dataclass(frozen=True)
class Answer:
    """`item` is None where the year's items are not known; `note` is empty where the publication
    has nothing for the item yet.
    """

    part: Part
    item: AskedItem | None
    url: str
    note: str


def answers(publication, items) -> list[Answer]:
    """`items` as of `handing_in.asked_items`. Thai, as the form is."""
    url = settings.PORTAL_URL + publication.get_newest_url()
    notes = _measures(publication, url), _progress(publication, url)
    return [
        Answer(part, item, url, note)
        for part, item, note in zip((Part.MEASURES, Part.PROGRESS), items, notes, strict=True)
    ]


def _measures(publication, url):
    data = publication.data
    return (
        f"{title_of(Part.FULL, data['year'])} ของ{data['agency']['name']} {_signed(data)}"
        f"แสดงผลการวิเคราะห์รายตัวชี้วัด ประเด็นที่ต้องพัฒนา และมาตรการ {len(data['measures'])} มาตรการ "
        f"พร้อมวิธีดำเนินการ ระยะเวลา ผู้รับผิดชอบ และการติดตามผล เอกสาร PDF: {url}full.pdf"
    )


def _progress(publication, url):
    data = publication.data
    rounds = [one for one in data["rounds"] if any(map(_is_reported, one["entries"]))]
    if not rounds:
        return ""
    parts = []
    for one in rounds:
        done = sum(entry["state"] == ProgressEntry.State.DONE for entry in one["entries"])
        parts.append(
            f"รอบ {one['months']} เดือน ดำเนินการแล้วเสร็จ {done} จาก {len(one['entries'])} มาตรการ"
        )
    return (
        f"{title_of(Part.PROGRESS, data['year'])} ของ{data['agency']['name']} {_signed(data)}"
        f"{' และ'.join(parts)} พร้อมผลการดำเนินการและข้อเสนอแนะรายมาตรการ "
        f"{_files(data, rounds)}เอกสาร PDF: {url}progress.pdf"
    )


def _files(data, rounds):
    months = {one["months"] for one in rounds}
    shown = sum(file["months"] in months for file in data["evidence"])
    return f"และหลักฐานการดำเนินการ {shown} ไฟล์ " if shown else ""


def _is_reported(entry):
    return entry["state"] not in ("", ProgressEntry.State.NOT_STARTED) or bool(entry["result"])


def _signed(data):
    day = thai_date(date.fromisoformat(data["revision"]["signed_on"]))
    return f"(รายงานฉบับที่ {data['revision']['number']} ลงนามเมื่อวันที่ {day}) "
