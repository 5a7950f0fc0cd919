"""A publication with every kind of content, straight into the tables."""

import hashlib

from django.utils import timezone

from measures.models import Publication, PublishedFile, Revision

EVIDENCE = "7e57f11e-0000-4000-8000-000000000001"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 8


def document(text="ข้อความ"):
    """The open data of a plan, by the contract of version 1.0; `text` is all that people typed."""

    def indicator(number, score, previous, change, label):
        code = "IIT" if number <= 5 else "EIT" if number <= 8 else "OIT"
        return {
            "number": number,
            "name": f"ตัวชี้วัดชื่อที่ {number}",
            "instrument": code,
            "score": score,
            "previous": previous,
            "change": change,
            "change_percent": "1.00",
            "class": "fallen",
            "class_label": label,
        }

    return {
        "version": "1.0",
        "agency": {
            "code": "nongkong",
            "name": text,
            "place": "อำเภอนางรอง จังหวัดบุรีรัมย์",
            "district": "นางรอง",
            "province": "บุรีรัมย์",
            "kind": "subdistrict",
            "kind_label": "องค์การบริหารส่วนตำบล",
            "contact": f"{text}\nโทร. 0 4463 0000\nsaraban@nongkong.go.th",
        },
        "year": 2565,
        "result_year": 2564,
        "previous_year": 2563,
        "revision": {
            "number": 1,
            "digest": "ab" * 32,
            "approved_on": "2022-03-01",
            "signed_on": "2022-03-02",
            "signer": text,
            "position": text,
        },
        "result": {
            "total": "58.24",
            "level": "D",
            "previous_total": "63.92",
            "change": "-5.68",
            "change_percent": "-8.89",
            "published_total": None,
            "published_level": "",
            "threshold": "80.00",
            "instruments": [
                {
                    "code": code,
                    "name": name,
                    "weight": weight,
                    "score": "80.25",
                    "previous": "81.10",
                    "change": "-0.85",
                }
                for code, name, weight in (
                    ("IIT", "ผู้มีส่วนได้ส่วนเสียภายใน", "30.00"),
                    ("EIT", "ผู้มีส่วนได้ส่วนเสียภายนอก", "30.00"),
                    ("OIT", "การเปิดเผยข้อมูลสาธารณะ", "40.00"),
                )
            ],
            "indicators": [
                indicator(1, "87.54", "86.96", "0.58", "จุดแข็ง"),
                indicator(2, "79.61", None, None, "จุดอ่อน"),
                *(indicator(n, "50.00", "50.00", "0.00", "จุดอ่อน") for n in range(3, 9)),
                indicator(9, "29.24", "60.82", "-31.58", "จุดอ่อน"),
                indicator(10, None, "31.25", None, "ไม่มีคะแนน"),
            ],
        },
        "scores": [],
        "analysis": {"highest": [text], "strengths": [text], "weaknesses": [text, "ย่อหน้าที่สอง"]},
        "issues": [
            {
                "kind": "develop",
                "kind_label": "ประเด็นที่ควรพัฒนา",
                "indicators": [6, 9],
                "points": f"{text}\nข้อสอง",
            }
        ],
        "measures": [
            {
                "number": 1,
                "title": text,
                "steps": f"{text}\n- ข้อย่อย",
                "period": "ไตรมาสที่ 2",
                "budget": "25000.00",
                "follow_up": text,
                "responsible": "สำนักปลัด\nกองคลัง",
                "indicators": [6, 9],
            }
        ],
        "rounds": [
            {
                "months": 6,
                "start": "2021-10-01",
                "end": "2022-03-31",
                "entries": [
                    {
                        "measure": 1,
                        "state": "done",
                        "state_label": "ดำเนินการแล้วเสร็จ",
                        "percent": 100,
                        "result": text,
                        "suggestion": text,
                    }
                ],
            }
        ],
        "evidence": [
            {
                "id": id,
                "name": f"{text}.pdf",
                "media_type": "application/pdf",
                "size": 2048,
                "sha256": "cd" * 32,
                "measure": measure,
                "months": months,
            }
            for id, measure, months in (
                (EVIDENCE, 1, 6),
                (EVIDENCE.replace("1", "2"), 1, 12),
                (EVIDENCE.replace("1", "3"), None, None),
            )
        ],
        "licence": {"name": "สัญญาอนุญาตข้อมูลเปิดภาครัฐ", "url": "https://data.go.th/"},
        "publication": {"number": 1, "published_on": "2022-03-03", "url": "https://ita.example/"},
    }


#: (media type, bytes) of each file; the contents of the small ones are of no matter here.
FILES = {
    "full.pdf": ("application/pdf", PDF),
    "measures.pdf": ("application/pdf", PDF),
    "progress.pdf": ("application/pdf", PDF),
    "report.docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        b"PK docx",
    ),
    "figures.xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        b"PK xlsx",
    ),
    "scores.csv": ("text/csv; charset=utf-8", "\ufeffตัวชี้วัด,คะแนน\r\n".encode()),
    "measures.csv": ("text/csv; charset=utf-8", b"1"),
    "progress.csv": ("text/csv; charset=utf-8", b"2"),
    "data.json": ("application/json", b"{}"),
}


def published(plan, by, number=1, text="องค์การบริหารส่วนตำบลหนองกง", data=None, revision=None):
    """A version as publishing leaves it, but for what it and its files hold."""
    now = timezone.now()
    publication = Publication.objects.create(
        plan=plan,
        revision=revision
        or Revision.objects.create(
            plan=plan, number=100 + number, content={}, made_at=now, made_by=by
        ),
        number=number,
        published_at=now,
        published_by=by,
        edition="0" * 64,
        data=data or document(text),
    )
    PublishedFile.objects.bulk_create(
        PublishedFile(
            publication=publication,
            name=name,
            media_type=media_type,
            size=len(content),
            digest=hashlib.sha256(content).hexdigest(),
            content=content,
        )
        for name, (media_type, content) in FILES.items()
    )
    return publication
