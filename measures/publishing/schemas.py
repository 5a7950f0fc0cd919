"""The shapes of the open data as JSON Schema, with what each field means, in Thai."""

from measures.publishing.data import LICENCE, VERSION

POINTS = "^-?[0-9]{1,3}\\.[0-9]{2}$"
BAHT = "^[0-9]+\\.[0-9]{2}$"


def record(description, *, added=(), **fields):
    """An object in which every field is always there, but those that were `added` later."""
    return {
        "type": "object",
        "description": description,
        "properties": fields,
        "required": [name for name in fields if name not in added],
        "additionalProperties": False,
    }


def rows(description, items):
    return {"type": "array", "description": description, "items": items}


def table(description, values, names=""):
    """An object whose keys are not known beforehand; `names` is their pattern."""
    return {
        "type": "object",
        "description": description,
        "propertyNames": {"pattern": names},
        "additionalProperties": values,
    }


def text(description, **more):
    return {"type": "string", "description": description, **more}


def number(description, **more):
    return {"type": "integer", "description": description, **more}


def points(description):
    return text(description, pattern=POINTS)


def day(description):
    return text(description, format="date")


def address(description):
    return text(description, format="uri")


def or_null(schema):
    return schema | {"type": [schema["type"], "null"]}


def named(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _year(description):
    return number(description, minimum=2410, maximum=2690)


AGENCY = record(
    "หน่วยงานเจ้าของข้อมูล ตามที่เป็นอยู่เมื่อเผยแพร่",
    code=text("รหัสหน่วยงานในที่อยู่เว็บ ไม่เปลี่ยนและไม่ใช้ซ้ำ"),
    name=text("ชื่อหน่วยงาน"),
    place=text("อำเภอและจังหวัดเป็นข้อความ"),
    district=text("ชื่ออำเภอ ไม่มีคำว่าอำเภอ"),
    province=text("ชื่อจังหวัด ไม่มีคำว่าจังหวัด"),
    kind=text("รหัสประเภทหน่วยงาน"),
    kind_label=text("ประเภทหน่วยงานเป็นคำไทย"),
    contact=text("ช่องทางติดต่อสำหรับประชาชน บรรทัดละหนึ่งช่องทาง"),
)
REVISION = or_null(
    record(
        "รายงานฉบับที่เป็นต้นทางของข้อมูล",
        number=number("รายงานฉบับที่", minimum=1),
        digest=text("ส่วนต้นของค่า SHA-256 ของรายงาน ตามที่พิมพ์ในเอกสาร"),
        approved_on=or_null(day("วันที่อนุมัติ")),
        signed_on=or_null(day("วันที่ลงนาม")),
        signer=text("ชื่อผู้ลงนาม"),
        position=text("ตำแหน่งผู้ลงนาม"),
    )
)
RESULT = record(
    "ผลการประเมินที่คำนวณจากคะแนน เทียบกับปีก่อน คะแนนมีทศนิยมสองตำแหน่ง ค่า null คือไม่มีข้อมูล",
    total=or_null(points("คะแนนรวมที่คำนวณได้")),
    level=or_null(text("ระดับผลการประเมินที่คำนวณได้")),
    previous_total=or_null(points("คะแนนรวมปีก่อน")),
    change=or_null(points("คะแนนรวมที่เปลี่ยนไปจากปีก่อน")),
    change_percent=or_null(text("ร้อยละที่เปลี่ยนไปจากปีก่อน", pattern="^-?[0-9]+\\.[0-9]{2}$")),
    published_total=or_null(points("คะแนนรวมที่สำนักงาน ป.ป.ช. ประกาศ")),
    published_level=or_null(text("ระดับผลการประเมินที่สำนักงาน ป.ป.ช. ประกาศ")),
    threshold=points("เกณฑ์จุดแข็งที่หน่วยงานใช้"),
    instruments=rows(
        "คะแนนรายเครื่องมือ",
        record(
            "เครื่องมือหนึ่งรายการ",
            code=text("IIT, EIT หรือ OIT"),
            name=text("ชื่อเครื่องมือ"),
            weight=points("น้ำหนัก ร้อยละของคะแนนรวม"),
            score=or_null(points("คะแนนปีที่ประเมิน")),
            previous=or_null(points("คะแนนปีก่อน")),
            change=or_null(points("คะแนนที่เปลี่ยนไป")),
        ),
    ),
    indicators=rows(
        "คะแนนรายตัวชี้วัด",
        record(
            "ตัวชี้วัดหนึ่งรายการ",
            number=number("ลำดับตัวชี้วัดตามเกณฑ์ของปี", minimum=1),
            name=text("ชื่อตัวชี้วัด"),
            instrument=text("รหัสเครื่องมือ"),
            score=or_null(points("คะแนนปีที่ประเมิน")),
            previous=or_null(points("คะแนนปีก่อน ของตัวชี้วัดที่เทียบกันได้")),
            change=or_null(points("คะแนนที่เปลี่ยนไป")),
            change_percent=or_null(text("ร้อยละที่เปลี่ยนไป", pattern="^-?[0-9]+\\.[0-9]{2}$")),
            **{
                "class": text("รหัสกลุ่มจุดแข็งหรือจุดอ่อน เช่น risen-strong, fallen"),
                "class_label": text("กลุ่มเป็นคำไทย"),
            },
        ),
    ),
)
ENTERED = record(
    "คะแนนทางการของปีหนึ่ง ตามที่บันทึก ใช้นำเข้าระบบอื่นได้",
    year=_year("ปีงบประมาณ (พ.ศ.) ของผลการประเมิน"),
    scores=table(
        "คะแนนตามช่อง: i1 คือตัวชี้วัดที่ 1, i6_1 คือส่วนที่ 1 ของตัวชี้วัดที่ 6, eit คือคะแนนเครื่องมือตามประกาศ",
        points("คะแนน 0–100"),
        "^(i[0-9]{1,3}|iit|eit|oit)(_[12])?$",
    ),
    published_total=or_null(points("คะแนนรวมที่ประกาศ")),
    published_level=or_null(text("ระดับที่ประกาศ")),
)
MEASURE = record(
    "มาตรการหรือแนวทางหนึ่งรายการ ข้อความเป็นบรรทัดตามที่พิมพ์ ขึ้นต้นด้วย - คือข้อย่อย",
    number=number("ลำดับมาตรการในรายงาน", minimum=1),
    title=text("ชื่อมาตรการ"),
    steps=text("วิธีดำเนินการ"),
    period=text("ระยะเวลาดำเนินการ"),
    budget=or_null(text("งบประมาณ (บาท) ค่า 0.00 คือไม่ใช้งบประมาณ", pattern=BAHT)),
    follow_up=text("การติดตามผล"),
    responsible=text("ผู้รับผิดชอบ บรรทัดละหนึ่งหน่วยงาน"),
    indicators=rows("ตัวชี้วัดที่มาตรการตอบ", number("ลำดับตัวชี้วัด")),
)
ENTRY = record(
    "ผลการดำเนินการของมาตรการหนึ่งในรอบหนึ่ง",
    measure=number("ลำดับมาตรการ", minimum=1),
    state=text("สถานะ ค่าว่างคือไม่มีรายงาน", enum=["", "not_started", "under_way", "done", "not_done"]),
    state_label=text("สถานะเป็นคำไทย"),
    percent=or_null(number("ร้อยละความสำเร็จ", minimum=0, maximum=100)),
    result=text("ผลการดำเนินการ"),
    suggestion=text("ข้อเสนอแนะ"),
)
FILE = record(
    "ไฟล์หนึ่งไฟล์ของฉบับที่เผยแพร่",
    name=text("ชื่อไฟล์"),
    media_type=text("ชนิดของไฟล์"),
    size=number("ขนาด (ไบต์)", minimum=0),
    sha256=text("ค่า SHA-256 ของไฟล์", pattern="^[0-9a-f]{64}$"),
    url=address("ที่อยู่ของไฟล์ ไม่เปลี่ยน"),
)
DOCUMENT = record(
    "ข้อมูลเปิดของรายงานหนึ่งฉบับ เหมือนไฟล์ data.json ของฉบับเดียวกัน",
    added=["extensions"],
    version=text("รุ่นของโครงสร้างข้อมูล", const=VERSION),
    agency=AGENCY,
    year=_year("ปีงบประมาณ (พ.ศ.) ของมาตรการและผลการดำเนินการ"),
    result_year=_year("ปีงบประมาณ (พ.ศ.) ของผลการประเมินที่วิเคราะห์"),
    previous_year=or_null(_year("ปีงบประมาณ (พ.ศ.) ที่นำมาเทียบ")),
    revision=REVISION,
    result=RESULT,
    scores=rows("คะแนนทางการของทั้งสองปีตามที่บันทึก", ENTERED),
    analysis=table("ข้อความวิเคราะห์ตามหัวข้อ", rows("ย่อหน้า", text("ข้อความหนึ่งย่อหน้า"))),
    issues=rows(
        "ประเด็นที่พบจากผลการประเมิน",
        record(
            "ประเด็นหนึ่งรายการ",
            kind=text("ประเภทของประเด็น", enum=["develop", "fix", "left_out"]),
            kind_label=text("ประเภทเป็นคำไทย"),
            indicators=rows("ตัวชี้วัดที่เกี่ยวข้อง", number("ลำดับตัวชี้วัด")),
            points=text("ข้อความของประเด็น หรือเหตุผลที่ไม่ดำเนินการในปีนี้"),
        ),
    ),
    measures=rows("มาตรการตามลำดับในรายงาน", MEASURE),
    rounds=rows(
        "ผลการดำเนินการเป็นรอบ",
        record(
            "รอบรายงานหนึ่งรอบ",
            months=number("นับเป็นเดือนจากต้นปีงบประมาณ", enum=[6, 12]),
            start=day("วันเริ่มรอบ"),
            end=day("วันสิ้นสุดรอบ"),
            entries=rows("ผลรายมาตรการ", ENTRY),
        ),
    ),
    extensions=rows(
        "การขยายเวลาปิดรับข้อมูล ฉบับที่เผยแพร่ก่อนมีรายการนี้ไม่มีช่องนี้",
        record(
            "การขยายเวลาหนึ่งรายการ",
            months=or_null(number("รอบรายงาน 6 หรือ 12 เดือน ค่า null คือทั้งปี")),
            until=day("ขยายถึงวันที่"),
            reason=text("เหตุผล"),
            by=text("ชื่อผู้ดูแลระบบที่ขยายเวลา"),
        ),
    ),
    evidence=rows(
        "หลักฐานที่หน่วยงานเลือกให้เปิดดูได้",
        record(
            "ไฟล์หลักฐานหนึ่งไฟล์",
            id=text("รหัสไฟล์ เปิดได้ที่หน้าเว็บของฉบับ ต่อด้วย evidence/รหัสไฟล์/", format="uuid"),
            name=text("ชื่อไฟล์"),
            media_type=text("ชนิดของไฟล์"),
            size=number("ขนาด (ไบต์)", minimum=0),
            sha256=text("ค่า SHA-256 ของไฟล์ที่เปิดดูได้", pattern="^[0-9a-f]{64}$"),
            measure=or_null(number("ลำดับมาตรการ ค่า null คือหลักฐานของทั้งแผน")),
            months=or_null(number("รอบรายงาน ค่า null คือหลักฐานของตัวมาตรการ")),
        ),
    ),
    licence=record(
        "สัญญาอนุญาตให้ใช้ข้อมูล",
        name=text("ชื่อสัญญาอนุญาต", examples=[LICENCE["name"]]),
        url=address("ที่อยู่ของสัญญาอนุญาต"),
    ),
    publication=record(
        "การเผยแพร่ที่ข้อมูลนี้เป็นส่วนหนึ่ง",
        number=number("เผยแพร่ครั้งที่ (v1, v2 …)", minimum=1),
        published_on=day("วันที่เผยแพร่"),
        url=address("ที่อยู่ถาวรของฉบับนี้"),
    ),
)
FACTS = record(
    "สถานะของฉบับที่เผยแพร่ ณ เวลาที่ตอบ",
    version=number("เผยแพร่ครั้งที่", minimum=1),
    published_on=day("วันที่เผยแพร่"),
    state=text(
        "current คือฉบับล่าสุด, replaced คือมีฉบับใหม่แทนแล้ว, withdrawn คือถอนการเผยแพร่แล้ว",
        enum=["current", "replaced", "withdrawn"],
    ),
    replaced_by=or_null(number("เลขฉบับเผยแพร่ล่าสุดที่มาแทนและยังไม่ถูกถอน หากถอนทั้งหมดคือเลขล่าสุด")),
    withdrawn_on=or_null(day("วันที่ถอนการเผยแพร่")),
    withdrawal_reason=or_null(text("เหตุผลที่ถอนการเผยแพร่")),
    page=address("หน้าเว็บถาวรของฉบับนี้"),
    own_page=or_null(address("หน้าบนเว็บไซต์ของหน่วยงานเอง")),
    api=address("ที่อยู่ของฉบับนี้ใน API"),
)
_LISTED = {
    "code": text("รหัสหน่วยงาน"),
    "name": text("ชื่อหน่วยงานปัจจุบัน"),
    "district": text("อำเภอ"),
    "province": text("จังหวัด"),
    "kind": text("รหัสประเภทหน่วยงาน"),
    "kind_label": text("ประเภทหน่วยงานเป็นคำไทย"),
    "page": address("หน้าเว็บของหน่วยงาน"),
    "api": address("ที่อยู่ของหน่วยงานใน API"),
}


def _page_of(items, description):
    return record(
        description,
        count=number("จำนวนรายการทั้งหมดที่ตรงเงื่อนไข", minimum=0),
        next=or_null(address("ที่อยู่ของหน้าถัดไป ค่า null คือหมดแล้ว")),
        previous=or_null(address("ที่อยู่ของหน้าก่อน")),
        results=rows("รายการในหน้านี้", items),
    )


SCHEMAS = {
    "AgencyList": _page_of(
        record(
            "หน่วยงานที่มีรายงานเผยแพร่อยู่",
            **_LISTED,
            years=rows("ปีของมาตรการที่เผยแพร่อยู่ ใหม่สุดก่อน", _year("ปีงบประมาณ (พ.ศ.)")),
        ),
        "หน่วยงานที่มีรายงานเผยแพร่อยู่ เรียงตามรหัส",
    ),
    "Agency": record(
        "หน่วยงานและทุกฉบับที่เคยเผยแพร่",
        **_LISTED,
        years=rows(
            "ปีที่เคยเผยแพร่ ใหม่สุดก่อน",
            record(
                "ปีหนึ่งปี",
                year=_year("ปีงบประมาณ (พ.ศ.) ของมาตรการ"),
                result_year=_year("ปีงบประมาณ (พ.ศ.) ของผลการประเมิน"),
                page=address("หน้าเว็บที่แสดงฉบับล่าสุดเสมอ"),
                api=address("ที่อยู่ใน API ที่แสดงฉบับล่าสุดเสมอ"),
                versions=rows("ทุกฉบับ ใหม่สุดก่อน", named("Facts")),
            ),
        ),
    ),
    "Publication": record(
        "ฉบับที่เผยแพร่ ฉบับที่ถอนแล้วไม่มีข้อมูลและไฟล์",
        publication=named("Facts"),
        document={"anyOf": [named("Document"), {"type": "null"}]},
        files=rows("ไฟล์ของฉบับนี้", named("File")),
    ),
    "ResultList": _page_of(
        record(
            "ผลการประเมินของหน่วยงานหนึ่ง จากรายงานที่เผยแพร่อยู่",
            agency_code=text("รหัสหน่วยงาน"),
            agency_name=text("ชื่อหน่วยงานในรายงาน"),
            province=text("จังหวัด"),
            total=or_null(points("คะแนนรวมที่คำนวณได้")),
            level=or_null(text("ระดับผลการประเมินที่คำนวณได้")),
            published_total=or_null(points("คะแนนรวมที่ประกาศ")),
            published_level=or_null(text("ระดับที่ประกาศ")),
            instruments=table("คะแนนตามรหัสเครื่องมือ", or_null(points("คะแนน"))),
            indicators=table("คะแนนตามลำดับตัวชี้วัด", or_null(points("คะแนน"))),
            version=number("มาจากฉบับเผยแพร่ที่", minimum=1),
            page=address("หน้าเว็บของฉบับนั้น"),
        ),
        "ผลการประเมินของปี หนึ่งแถวต่อหน่วยงาน เรียงตามรหัส",
    ),
    "Document": DOCUMENT,
    "Facts": FACTS,
    "File": FILE,
    "Problem": record(
        "ข้อผิดพลาดตาม RFC 9457 (application/problem+json)",
        type=text("ชนิดของข้อผิดพลาด", const="about:blank"),
        title=text("หัวข้อภาษาไทย"),
        title_en=text("หัวข้อภาษาอังกฤษ"),
        status=number("สถานะ HTTP", enum=[400, 404, 405]),
        detail=text("สิ่งที่ผิดและวิธีแก้ ภาษาไทย"),
        detail_en=text("สิ่งที่ผิดและวิธีแก้ ภาษาอังกฤษ"),
    ),
}
