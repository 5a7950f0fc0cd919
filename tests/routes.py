"""Every address that writes to a year's record, with a request that succeeds while it is open.

The late changes, foreign records and unasked-for fields of `test_routes.py` are tried on all.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.backends.django import Template
from django.urls import reverse
from PIL import Image

from accounts.permissions import Permission, State
from assessments.models import AnalysisText, Assessment, Confirmation, Score, SubScore
from measures import models as of_measures
from measures.workflow import TRANSITIONS
from tests.assessments.pages import fields
from tests.cast import PASSWORD
from tests.measures.writing import TEXTS

RESULTS, YEAR = 2564, 2565

#: What a refused request must leave as it was.
WRITTEN = (
    Assessment,
    Score,
    SubScore,
    AnalysisText,
    Confirmation,
    *(getattr(of_measures, name) for name in of_measures.__all__),
)


@dataclass(frozen=True)
class Route:
    """`request(client, records)` opens the page as `who` would, and gives what she then sends.

    What is not `of_record` is no part of
    what is submitted, such as a self-assessment, and stays open.
    """

    name: str
    permission: Permission
    request: Callable
    who: str = "coordinator"
    state: State = State.DRAFT
    of_record: bool = True

    @property
    def moves(self):
        """Whether it is there to change the plan's state."""
        return self.permission in MOVES


def _picture():
    made = BytesIO()
    Image.new("RGB", (2, 2), "white").save(made, "PNG")
    return made.getvalue()


PNG = _picture()
#: Where only the answer's number counts, and a third of the time would go into pages nobody reads.
without_pages = partial(patch.object, Template, "render", return_value="<p>ก</p>")
MOVES = {one.permission for one in TRANSITIONS.values()} | {Permission.APPROVE_PROGRESS}
ROUTES = {}


def route(name, permission, **options):
    def register(request):
        key = name
        while key in ROUTES:
            key += "'"
        ROUTES[key] = Route(name, permission, request, **options)
        return request

    return register


def of_results(name, *args):
    return reverse(f"assessments:{name}", args=["nongkong", RESULTS, *args])


def of_year(name, *args):
    return reverse(f"measures:{name}", args=["nongkong", YEAR, *args])


def filled(client, url, form="", **typed):
    """What the page's form holds, with what is typed."""
    return url, fields(client.get(url), form) | typed


def field(client, page, url, key):
    """One field of the page, saved as it is typed."""
    html = client.get(page).content.decode()
    tag = next(one for one in html.split("<") if f'data-key="{key}"' in one)
    version = int(tag.split('data-version="')[1].split('"')[0])
    return cells(url, key, "ศูนย์ข้อมูลข่าวสาร", version)


def warned(page):
    """The form that confirms the first doubted figure of the page."""
    return fields(page, "data-confirm-warning")


def cells(url, key, value, version=1, **more):
    sent = [{"key": key, "value": value, "version": version}]
    return url, {"cells": json.dumps(sent), **more}


# --- results --------------------------------------------------------------------------------------

SCORES, ANALYSIS = Permission.EDIT_SCORES, Permission.EDIT_ANALYSIS


@route("assessments:scores", SCORES, who="staff")
def _(client, records):
    return filled(client, of_results("scores"), i9="30.00")


@route("assessments:scores-self", SCORES, of_record=False)
def _(client, records):
    return filled(client, of_results("scores-self"), i9="30.00")


@route("assessments:scores-cells", SCORES)
def _(client, records):
    return cells(of_results("scores-cells"), "i9", "30.00", 2)


@route("assessments:scores-cells-self", SCORES, of_record=False)
def _(client, records):
    return cells(of_results("scores-cells-self"), "i9", "30.00")


@route("assessments:scores-paste", SCORES)
def _(client, records):
    url = of_results("scores-paste")
    return url, fields(client.post(url, {"text": "\n".join(["50"] * 10)}))


@route("assessments:scores-paste-self", SCORES, of_record=False)
def _(client, records):
    url = of_results("scores-paste-self")
    return url, fields(client.post(url, {"text": "\n".join(["50"] * 10)}))


@route("assessments:scores-warning", SCORES)
def _(client, records):
    return of_results("scores-warning"), warned(client.get(of_results("scores")))


@route("assessments:scores-warning-self", SCORES, of_record=False)
def _(client, records):
    client.post(*filled(client, of_results("scores-self"), i9="1.00"))
    return of_results("scores-warning-self"), warned(client.get(of_results("scores-self")))


@route("assessments:scores-items", SCORES)
def _(client, records):
    return filled(client, of_results("scores-items"), o1="100")


@route("assessments:scores-items-self", SCORES, of_record=False)
def _(client, records):
    return filled(client, of_results("scores-items-self"), o1="100")


@route("assessments:scores-questions", SCORES)
def _(client, records):
    return filled(client, of_results("scores-questions"), q_i1="80")


@route("assessments:scores-questions-self", SCORES, of_record=False)
def _(client, records):
    return filled(client, of_results("scores-questions-self"), q_i1="80")


@route("assessments:scores-published", SCORES)
def _(client, records):
    form = fields(client.get(of_results("scores")), "scores/published")
    return of_results("scores-published"), form | {"published-total": "58.24"}


@route("assessments:scores-import", SCORES)
def _(client, records):
    url = of_results("scores-import")
    csv = "รหัสหน่วยงาน,ปี,ตัวชี้วัดที่ 9\nnongkong,2564,30.00\n".encode()
    shown = client.post(url, {"file": SimpleUploadedFile("scores.csv", csv)})
    return url, fields(shown)


@route("assessments:analysis-texts", ANALYSIS)
def _(client, records):
    return cells(of_results("analysis-texts"), "overall", "ข้อความของหน่วยงาน")


# --- issues ---------------------------------------------------------------------------------------

PLAN = Permission.EDIT_PLAN


@route("measures:plan-begin", PLAN, of_record=False)
def _(client, records):
    return reverse("measures:plan-begin", args=["nongkong", YEAR + 1]), {}


@route("measures:issue-add", PLAN, who="staff")
def _(client, records):
    sent = {"indicators": ["10"], "kind": "fix", "points": "จัดทำแผน", "version": "0"}
    return of_year("issue-add"), sent


@route("measures:issues-order", PLAN)
def _(client, records):
    return of_year("issues-order"), {"up": records["issue"]}


@route("measures:issues-from-weaknesses", PLAN)
def _(client, records):
    return of_year("issues-from-weaknesses"), {}


@route("measures:issues-merge", PLAN)
def _(client, records):
    chosen = [f"{records[name]}-1" for name in ("first_issue", "issue")]
    return of_year("issues-merge"), {"issue": chosen}


@route("measures:issues-leave-out", PLAN)
def _(client, records):
    name = f"issue-{records['issue']}"
    return of_year("issues-leave-out"), {f"{name}-version": 1, f"{name}-reason": "ใกล้เกณฑ์แล้ว"}


@route("measures:issue-edit", PLAN)
def _(client, records):
    sent = {"indicators": ["9"], "kind": "fix", "points": "เผยแพร่ให้ครบทุกข้อ", "version": "1"}
    return of_year("issue-edit", records["issue"]), sent


@route("measures:issue-delete", PLAN)
def _(client, records):
    return of_year("issue-delete", records["issue"]), {"version": "1"}


# --- measures and progress ------------------------------------------------------------------------


@route("measures:measure-add", PLAN, who="staff")
def _(client, records):
    return filled(client, of_year("measure-add"), **TEXTS, indicators=["9"])


@route("measures:measures-order", PLAN)
def _(client, records):
    return of_year("measures-order"), {"up": records["measure"]}


@route("measures:measure-edit", PLAN)
def _(client, records):
    url = of_year("measure-edit", records["measure"])
    return filled(client, url, **TEXTS | {"title": "ศูนย์ข้อมูล"}, indicators=["9"])


@route("measures:measure-delete", PLAN)
def _(client, records):
    return of_year("measure-delete", records["measure"]), {"version": "1"}


@route("measures:progress-edit", Permission.EDIT_PROGRESS, who="staff")
def _(client, records):
    url = of_year("progress-edit", 6, records["measure"])
    return filled(client, url, state="done", result="จัดตั้งศูนย์แล้ว")


@route("measures:plan-fields", PLAN, who="staff")
def _(client, records):
    page = of_year("measure-edit", records["measure"])
    return field(client, page, of_year("plan-fields"), f"measure-{records['measure']}.title")


@route("measures:progress-fields", Permission.EDIT_PROGRESS)
def _(client, records):
    key = f"progress-6-{records['measure']}.result"
    return field(client, of_year("progress", 6), of_year("progress-fields", 6), key)


@route("measures:measures-library", PLAN)
def _(client, records):
    return of_year("measures-library"), {"indicator": "9", "draft": "9-owners"}


@route("measures:measures-paste", PLAN)
def _(client, records):
    row = "\t".join(TEXTS[name].replace("\n", " ") for name in TEXTS)
    shown = client.post(of_year("measures-paste"), {"text": f"{row}\n"})
    columns = {f"column-{place}": name for place, name in enumerate(TEXTS)}
    table = {"table": shown.context["table"], "row-1": "9", "confirm": ""}
    return of_year("measures-paste"), columns | table


@route("measures:measures-carry", PLAN)
def _(client, records):
    return of_year("measures-carry"), {"measure": [records["earlier_measure"]]}


def picture():
    return SimpleUploadedFile("บันทึก.png", PNG)


@route("measures:evidence-add", Permission.EDIT_EVIDENCE, who="staff")
def _(client, records):
    return of_year("evidence-add"), {f"measure-{records['measure']}": picture()}


@route("measures:evidence-change", Permission.EDIT_EVIDENCE)
def _(client, records):
    client.post(of_year("evidence-add"), {f"measure-{records['measure']}": picture()})
    return of_year("evidence-change", of_measures.Evidence.objects.get().pk), {"act": "remove"}


# --- the plan -------------------------------------------------------------------------------------


@route("measures:review-move", Permission.SUBMIT)
def _(client, records):
    return of_year("review-move", "submit"), {}


@route("measures:review-move", Permission.RETURN, who="admin", state=State.SUBMITTED)
def _(client, records):
    return of_year("review-move", "return"), {"reason": "แก้ระยะเวลา"}


@route("measures:review-move", Permission.APPROVE, who="admin", state=State.SUBMITTED)
def _(client, records):
    return of_year("review-move", "approve"), {}


@route("measures:sign", Permission.SIGN, who="executive", state=State.APPROVED)
def _(client, records):
    url = of_year("sign") + f"?digest={records['digest']}"
    return filled(client, url, form="post", proof=PASSWORD, position="นายก")


@route("measures:signature", Permission.RECORD_SIGNATURE, state=State.APPROVED)
def _(client, records):
    url, data = filled(client, of_year("signature"), form="multipart")
    scan = SimpleUploadedFile("ลงนาม.png", PNG)
    return url, data | {"name": "ประสิทธิ์ นำพา", "position": "นายก", "scan": scan}


@route("measures:publication", Permission.PUBLISH, state=State.SIGNED)
def _(client, records):
    return filled(client, of_year("publication"), form="data-publish")


@route("measures:publication-withdraw", Permission.WITHDRAW, who="admin", state=State.PUBLISHED)
def _(client, records):
    return filled(client, of_year("publication-withdraw", 1), form="post", reason="พบชื่อบุคคล")


@route("measures:setup", Permission.SET_UP, who="admin")
def _(client, records):
    return filled(client, of_year("setup"), due_on="31 ธันวาคม 2570")


@route("measures:measures-carry", PLAN, who="staff")
def _(client, records):
    plan = of_measures.Plan.objects.get(pk=records["plan"])
    last, _made = of_measures.Plan.objects.get_or_create(
        agency=plan.agency, year=YEAR - 1, defaults={"assessment": plan.assessment}
    )
    measure = of_measures.Measure.objects.create(plan=last, **TEXTS)
    return of_year("measures-carry"), {"measure": measure.pk}


@route("measures:threshold", Permission.CHOOSE_THRESHOLD)
def _(client, records):
    return of_year("threshold"), {"threshold": "75"}


@route("measures:progress-approve", Permission.APPROVE_PROGRESS, who="admin", state=State.APPROVED)
def _(client, records):
    return of_year("progress-approve", 6), {}


# --- comments -------------------------------------------------------------------------------------


@route("measures:comments", Permission.COMMENT, who="executive", state=State.SUBMITTED)
def _(client, records):
    return of_year("comments"), {"row": f"measure-{records['measure']}", "text": "ระบุวันที่"}


@route("measures:comment-edit", Permission.COMMENT, who="executive", state=State.SUBMITTED)
def _(client, records):
    return of_year("comment-edit", records["comment"]), {"text": "ระบุวันที่ให้ชัดเจน"}


@route("measures:comment-resolve", Permission.RESOLVE)
def _(client, records):
    return of_year("comment-resolve", records["comment"]), {"resolved": "1"}
