"""Demo data: one real agency's figures and two invented ones, entered by the portal's own acts."""

import tomllib
from decimal import Decimal
from pathlib import Path

from accounts.actions import create_agency, create_user, set_role
from accounts.models import Agency, User
from accounts.permissions import Role, State
from accounts.units import USUAL, add_units
from assessments.actions import (
    ScoreChange,
    enter_scores,
    open_assessment,
    save_published,
    save_scores,
)
from assessments.models import Assessment, Item
from measures.actions import (
    create_issue,
    create_measure,
    move_plan,
    open_plan,
    publish,
    save_progress,
    sign,
)
from measures.workflow import Move

FOLDER = Path(__file__).parent
PASSWORD = "ita-demo-2565"
#: (username, name, position, role, whether she serves the invented agencies too)
PEOPLE = (
    ("suda", "สุดา คลังดี", "นักวิชาการเงินและบัญชี", Role.STAFF, False),
    ("somchai", "สมชาย ตั้งใจ", "นักวิเคราะห์นโยบายและแผน", Role.COORDINATOR, False),
    ("somying", "สมหญิง ใจดี", "ปลัดองค์การบริหารส่วนตำบล", Role.ADMIN, True),
    ("prasit", "ประสิทธิ์ นำพา", "นายกองค์การบริหารส่วนตำบล", Role.EXECUTIVE, True),
    ("wichai", "วิชัย มองดู", "สมาชิกสภาองค์การบริหารส่วนตำบล", Role.VIEWER, False),
    ("example-staff", "อารี ตัวอย่าง", "เจ้าหน้าที่ (บัญชีสมมติ)", Role.COORDINATOR, True),
)
OPERATOR = "operator"


def seed():
    """Makes what is not there yet and leaves the rest; returns the codes of new agencies."""
    people = {
        username: _person(username, name, position) for username, name, position, *_ in PEOPLE
    }
    if not User.objects.filter(username=OPERATOR).exists():
        User.objects.create_superuser(OPERATOR, password=PASSWORD, name="ผู้ดูแลระบบ (สาธิต)")
    files = (tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml")))
    return [
        data["code"]
        for data in files
        if not Agency.objects.filter(code=data["code"]).exists() and _agency(data, people)
    ]


def _person(username, name, position):
    found = User.objects.filter(username=username).first()
    return found or create_user(
        username=username, name=name, password=PASSWORD, position=position, by=None
    )


def _agency(data, people):
    names = ("code", "name", "kind", "district", "province")
    agency = create_agency(
        by=None,
        threshold=Decimal(data["threshold"]),
        **{name: data[name] for name in names},
    )
    invented = data["code"].startswith("example")
    for username, _name, _position, role, serves_invented in PEOPLE:
        if serves_invented if invented else username != "example-staff":
            set_role(user=people[username], agency=agency, role=role, by=None)
    add_units(agency=agency, names=USUAL, by=None)
    staff = people["example-staff" if invented else "somchai"]
    for year, values in data["scores"].items():
        _result(agency, int(year), values, data["published"].get(year), staff)
    for year, missing in data.get("self_assessment", {}).items():
        _self_assessment(agency, int(year), missing, staff)
    plan = open_plan(agency=agency, year=data["year"], by=staff)
    _texts(plan, data, staff)
    _advance(plan, data["state"], staff, people)
    return agency


def _result(agency, year, values, published, staff):
    assessment = open_assessment(agency=agency, year=year, by=staff)
    scores = assessment.scores.select_related("indicator")
    versions = {score.indicator.number: score.version for score in scores}
    changes = [
        ScoreChange(f"i{number}", Decimal(value), versions[number])
        for number, value in enumerate(values, start=1)
    ]
    save_scores(assessment=assessment, changes=changes, by=staff)
    if published:
        save_published(
            assessment=assessment,
            total=Decimal(published["total"]),
            level=assessment.framework.levels.get(code=published["level"]),
            version=assessment.version,
            by=staff,
        )


def _self_assessment(agency, year, missing, staff):
    items = Item.objects.filter(subindicator__indicator__framework__year=year)
    marks = {item.number: Decimal(0 if item.number in missing else 100) for item in items}
    changes = [ScoreChange(f"o{number}", mark, 1) for number, mark in marks.items()]
    enter_scores(agency=agency, year=year, kind=Assessment.Kind.SELF, changes=changes, by=staff)


def _texts(plan, data, staff):
    indicators = {i.number: i for i in plan.assessment.framework.indicators.all()}
    for row in data["issues"]:
        create_issue(
            plan=plan,
            indicators=[indicators[number] for number in row["indicators"]],
            kind=row["kind"],
            points=row["points"].strip(),
            by=staff,
        )
    measures = []
    for row in data["measures"]:
        fields = {
            name: row[name].strip()
            for name in ("title", "steps", "period", "follow_up", "responsible")
        }
        served = [indicators[number] for number in row["indicators"]]
        measures.append(create_measure(plan=plan, indicators=served, by=staff, **fields))
    rounds = {round_.months: round_ for round_ in plan.rounds.all()}
    for row in data.get("progress", []):
        save_progress(
            round=rounds[row["months"]],
            measure=measures[row["measure"] - 1],
            version=0,
            by=staff,
            state=row["state"],
            result=row.get("result", "").strip(),
            suggestion=row.get("suggestion", "").strip(),
        )


def _advance(plan, state, staff, people):
    if state in (State.SUBMITTED, State.PUBLISHED):
        move_plan(plan=plan, move=Move.SUBMIT, by=staff)
    if state == State.PUBLISHED:
        move_plan(plan=plan, move=Move.APPROVE, by=people["somying"])
        digest, signer = plan.revisions.first().digest, people["prasit"]
        signed = {"name": signer.get_full_name(), "position": signer.position}
        sign(plan=plan, by=signer, digest=digest, **signed)
        plan.refresh_from_db()
        publish(plan=plan, by=staff, digest=digest)


def logins():
    """(username, role) for one person a role, of those whose demo password still holds."""
    wanted = [(username, role.value) for username, *_rest, role, _all in PEOPLE[:5]]
    wanted.append((OPERATOR, "system operator"))
    users = {user.username: user for user in User.objects.filter(username__in=dict(wanted))}
    return [
        (username, role)
        for username, role in wanted
        if username in users and users[username].check_password(PASSWORD)
    ]
