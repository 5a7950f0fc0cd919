"""The open data as tables, a row a thing: for spreadsheets, harmless to open in one.

Columns are never renamed or taken away; new ones come at the end.
"""

from decimal import Decimal

from assessments.spreadsheets import export_entered, write

MEASURES = {
    "agency_code": "รหัสหน่วยงาน",
    "year": "ปีงบประมาณ (พ.ศ.) ของมาตรการ",
    "number": "ลำดับมาตรการในรายงาน",
    "title": "ชื่อมาตรการหรือแนวทาง",
    "steps": "วิธีดำเนินการ บรรทัดละหนึ่งข้อ",
    "period": "ระยะเวลาดำเนินการ",
    "budget": "งบประมาณ (บาท) ค่า 0.00 คือไม่ใช้งบประมาณ ค่าว่างคือไม่ได้ระบุ",
    "follow_up": "การติดตามผล บรรทัดละหนึ่งรายการ",
    "responsible": "ผู้รับผิดชอบ บรรทัดละหนึ่งหน่วยงาน",
    "indicators": "เลขตัวชี้วัดที่มาตรการตอบ คั่นด้วยช่องว่าง",
}
PROGRESS = {
    "agency_code": "รหัสหน่วยงาน",
    "year": "ปีงบประมาณ (พ.ศ.) ของมาตรการ",
    "months": "รอบรายงาน 6 หรือ 12 เดือน",
    "start": "วันเริ่มของรอบ (ค.ศ. ปี-เดือน-วัน)",
    "end": "วันสิ้นสุดของรอบ (ค.ศ. ปี-เดือน-วัน)",
    "measure": "ลำดับมาตรการในรายงาน",
    "title": "ชื่อมาตรการหรือแนวทาง",
    "state": "รหัสสถานะ: not_started, under_way, done, not_done ค่าว่างคือไม่มีรายงาน",
    "state_label": "สถานะเป็นคำไทย",
    "percent": "ร้อยละความสำเร็จ ค่าว่างคือไม่ได้ระบุ",
    "result": "ผลการดำเนินการ บรรทัดละหนึ่งรายการ",
    "suggestion": "ข้อเสนอแนะ",
}


def scores_csv(data) -> bytes:
    """The scores of both years as they were entered, in the columns of the portal's own files."""
    agency = data["agency"]
    results = [
        one
        | {
            "scores": {key: Decimal(value) for key, value in one["scores"].items()},
            "published_total": one["published_total"] and Decimal(one["published_total"]),
        }
        for one in data["scores"]
    ]
    return export_entered(agency["code"], agency["name"], results)


def measures_csv(data) -> bytes:
    return _csv(
        MEASURES,
        (
            measure | _of(data) | {"indicators": " ".join(map(str, measure["indicators"]))}
            for measure in data["measures"]
        ),
    )


def progress_csv(data) -> bytes:
    titles = {measure["number"]: measure["title"] for measure in data["measures"]}
    return _csv(
        PROGRESS,
        (
            round | entry | _of(data) | {"title": titles[entry["measure"]]}
            for round in data["rounds"]
            for entry in round["entries"]
        ),
    )


def _of(data):
    return {"agency_code": data["agency"]["code"], "year": data["year"]}


def _csv(columns, rows):
    return write("csv", list(columns), ([row[column] for column in columns] for row in rows), "")
