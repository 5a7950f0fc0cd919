"""What the public interface takes and answers: what checks requests, and what describes it."""

import re
from dataclasses import dataclass

from django.conf import settings

from assessments.numbers import numeric_text
from measures.publishing.data import LICENCE
from measures.publishing.schemas import SCHEMAS, named

VERSION = "1.0.0"
BASE = "/api/v1"
JSON, PROBLEM, CSV = "application/json", "application/problem+json", "text/csv"
TITLE = "ข้อมูลเปิดผลการประเมิน ITA และมาตรการ"
ABOUT = (
    "ข้อมูลจากรายงานที่หน่วยงานเผยแพร่แล้วเท่านั้น อ่านได้อย่างเดียว ไม่ต้องลงทะเบียน ไม่ใช้คุกกี้ "
    "ปีเป็นปีพุทธศักราช วันเป็น ค.ศ. ตาม ISO 8601 คะแนนเป็นข้อความทศนิยมสองตำแหน่ง และค่า null คือไม่มีข้อมูล "
    "คำตอบมี ETag สำหรับถามซ้ำด้วย If-None-Match และเรียกจากเว็บไซต์อื่นได้ (CORS) "
    "การเปลี่ยนแปลงที่ทำให้โปรแกรมเดิมใช้ไม่ได้จะออกเป็นรุ่นใหม่ เช่น /api/v2/"
)


@dataclass(frozen=True)
class Parameter:
    """One in the query; `schema` both checks it and describes it."""

    name: str
    description: str
    schema: dict

    def read(self, typed):
        """The value; raises ValueError for what the schema does not take."""
        if self.schema["type"] == "integer":
            plain = numeric_text(typed)
            if not re.fullmatch("[0-9]{1,6}", plain):
                raise ValueError(typed)
            value = int(plain)
            if not self.schema["minimum"] <= value <= self.schema["maximum"]:
                raise ValueError(typed)
            return value
        if not typed.isprintable() or len(typed) > self.schema.get("maxLength", len(typed)):
            raise ValueError(typed)
        if typed not in self.schema.get("enum", [typed]):
            raise ValueError(typed)
        return typed

    @property
    def takes(self):
        """(what it takes, in Thai, in English)."""
        if self.schema["type"] == "integer":
            bounds = f"{self.schema['minimum']}–{self.schema['maximum']}"
            return f"จำนวนเต็ม {bounds}", f"a whole number {bounds}"
        if "enum" in self.schema:
            choices = ", ".join(self.schema["enum"])
            return f"ค่าใดค่าหนึ่ง: {choices}", f"one of: {choices}"
        most = self.schema["maxLength"]
        return f"ข้อความไม่เกิน {most} ตัวอักษร", f"a text of at most {most} characters"


LIMIT = Parameter(
    "limit",
    "จำนวนรายการต่อหน้า",
    {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
)
OFFSET = Parameter(
    "offset",
    "จำนวนรายการที่ข้ามไป",
    {"type": "integer", "minimum": 0, "maximum": 999_999, "default": 0},
)
PROVINCE = Parameter("province", "ชื่อจังหวัดเต็ม ไม่มีคำว่าจังหวัด", {"type": "string", "maxLength": 100})
SEARCH = Parameter("q", "ส่วนหนึ่งของชื่อหรือรหัสหน่วยงาน", {"type": "string", "maxLength": 100})
NUMBER = Parameter(
    "version",
    "ฉบับที่ต้องการ หากไม่ระบุคือฉบับล่าสุด",
    {"type": "integer", "minimum": 1, "maximum": 9999},
)
FORMAT = Parameter(
    "format",
    "รูปแบบของคำตอบ csv มีแถวเดียวกันเป็นตาราง และบอกหน้าถัดไปในส่วนหัว Link",
    {"type": "string", "enum": ["json", "csv"], "default": "json"},
)


@dataclass(frozen=True)
class Operation:
    """An address under BASE; `name` is that of its URL, `answer` the name of a schema."""

    name: str
    path: str
    summary: str
    answer: str = ""
    parameters: tuple[Parameter, ...] = ()
    media_types: tuple[str, ...] = (JSON,)

    @property
    def path_parameters(self):
        return re.findall(r"{(\w+)}", self.path)


OPERATIONS = {
    one.name: one
    for one in (
        Operation("documentation", "/", "หน้าอธิบายการใช้งานนี้ (HTML)", media_types=("text/html",)),
        Operation("description", "/openapi.json", "คำอธิบาย API สำหรับโปรแกรม (OpenAPI 3.1)"),
        Operation(
            "agencies",
            "/agencies/",
            "หน่วยงานที่มีรายงานเผยแพร่อยู่",
            "AgencyList",
            (PROVINCE, SEARCH, LIMIT, OFFSET),
        ),
        Operation("agency", "/agencies/{agency}/", "ปีและทุกฉบับที่หน่วยงานเคยเผยแพร่", "Agency"),
        Operation(
            "publication",
            "/agencies/{agency}/{year}/",
            "ข้อมูลและไฟล์ของปี ฉบับล่าสุดหรือฉบับที่ระบุ",
            "Publication",
            (NUMBER,),
        ),
        Operation(
            "results",
            "/results/{year}/",
            "ผลการประเมินของปีงบประมาณ หนึ่งแถวต่อหน่วยงาน",
            "ResultList",
            (PROVINCE, LIMIT, OFFSET, FORMAT),
            (JSON, CSV),
        ),
    )
}
PATH_PARAMETERS = {
    "agency": {
        "description": "รหัสหน่วยงาน เช่น nongkong",
        "schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
    },
    "year": {
        "description": "ปีงบประมาณ (พ.ศ.) ของมาตรการ หรือใน /results/ ของผลการประเมิน",
        "schema": {"type": "integer", "minimum": 2410, "maximum": 2689},
    },
}
HEADERS = {
    "ETag": {"description": "เครื่องหมายของเนื้อหา", "schema": {"type": "string"}},
    "Cache-Control": {"description": "เก็บไว้ใช้ซ้ำได้นานเท่าใด", "schema": {"type": "string"}},
}
REFUSALS = {
    400: "พารามิเตอร์ที่ไม่มี ซ้ำ หรือมีค่าที่รับไม่ได้",
    404: "ไม่มีข้อมูลที่เผยแพร่ตามที่อยู่นี้",
    405: "ใช้ได้เฉพาะ GET และ HEAD",
}


def address() -> str:
    """Below which all of it stands, whole."""
    return settings.PORTAL_URL + BASE


def description() -> dict:
    """The OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "description": ABOUT,
            "version": VERSION,
            "license": LICENCE,
        },
        "servers": [{"url": address()}],
        "paths": {one.path: {"get": _operation(one)} for one in OPERATIONS.values()},
        "components": {"schemas": SCHEMAS},
    }


def _operation(one):
    of_path = [
        {"name": name, "in": "path", "required": True, **PATH_PARAMETERS[name]}
        for name in one.path_parameters
    ]
    of_query = [
        {"name": p.name, "in": "query", "description": p.description, "schema": p.schema}
        for p in one.parameters
    ]
    return {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": of_path + of_query,
        "responses": {
            "200": {
                "description": one.summary,
                "headers": HEADERS,
                "content": {kind: {"schema": _schema(one, kind)} for kind in one.media_types},
            },
            "304": {"description": "เนื้อหาไม่เปลี่ยนจากที่มีอยู่"},
            **{str(status): _refusal(status) for status in statuses(one)},
        },
    }


def statuses(one) -> list[int]:
    """With which it may refuse."""
    return [status for status in REFUSALS if status != 404 or one.path_parameters]


def _refusal(status):
    content = {PROBLEM: {"schema": named("Problem")}}
    return {"description": REFUSALS[status], "content": content}


def _schema(one, kind):
    if kind != JSON:
        return {"type": "string"}
    return named(one.answer) if one.answer else {"type": "object"}


def fields_of(schema, path=""):
    """(field, type, meaning) of a schema and of all that is in it, for people to read."""
    for name, field in schema.get("properties", {}).items():
        yield from _field(f"{path}{name}", field)


def _field(path, field):
    field = next(iter(field.get("anyOf", [field])))
    if reference := field.get("$ref"):
        yield path, reference.rpartition("/")[2], ""
        return
    types = field["type"] if isinstance(field["type"], list) else [field["type"]]
    yield path, " | ".join(types), field["description"]
    if "items" in field:
        inner = field["items"]
        if "$ref" in inner:
            yield f"{path}[]", inner["$ref"].rpartition("/")[2], ""
        else:
            yield from fields_of(inner, f"{path}[].")
    yield from fields_of(field, f"{path}.")
