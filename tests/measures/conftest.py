import pytest

from measures.actions import create_issue, create_measure, move_plan, save_progress
from measures.report.content import Printing
from measures.report.jobs import document_of, pdf_now

MEASURES = (
    (
        "พัฒนาระบบบริการและการสื่อสารผ่านศูนย์บริการประชาชน",
        "จัดตั้งศูนย์บริการและแต่งตั้งเจ้าหน้าที่\nประชาสัมพันธ์ผ่านสื่อต่าง ๆ\n- หอกระจายข่าว\n- สื่อสังคมออนไลน์",
        (6, 7, 8),
    ),
    ("เปิดเผยข้อมูลให้ครบถ้วนและเป็นปัจจุบัน", "แต่งตั้งคณะทำงาน\nตรวจสอบลิงก์เดือนละ 1 ครั้ง", (9, 10)),
    ("ควบคุมการใช้ทรัพย์สินและน้ำประปาของหน่วยงาน", "จัดทำทะเบียนคุมและติดตามการดำเนินการ", (4,)),
)


@pytest.fixture
def writer(client, staff):
    """The browser of somebody who writes plans."""
    client.force_login(staff)
    return client


@pytest.fixture
def written_plan(plan, staff):
    """The draft plan of 2565: an issue of each kind, three measures, one report of progress."""
    indicators = {i.number: i for i in plan.assessment.framework.indicators.all()}
    for number, kind, points in (
        (6, "develop", "ให้บริการตามขั้นตอนที่ประกาศไว้\nชี้แจงข้อมูลอย่างครบถ้วน"),
        (9, "fix", "จัดทำรายงานการกำกับติดตามรอบ 6 เดือน"),
        (3, "left_out", "คะแนนยังสูงกว่าเกณฑ์จุดแข็ง"),
    ):
        create_issue(plan=plan, indicators=[indicators[number]], kind=kind, points=points, by=staff)
    for title, steps, numbers in MEASURES:
        add_measure(plan, staff, title, steps, [indicators[n] for n in numbers])
    save_progress(
        round=plan.rounds.get(months=6),
        measure=plan.measures.first(),
        version=0,
        by=staff,
        state="done",
        result="จัดตั้งศูนย์แล้วเมื่อวันที่ 15 พฤศจิกายน 2564",
        suggestion="ควรอบรมทบทวนทุกปี",
    )
    return plan


def add_measure(plan, by, title, steps="จัดทำแผน", indicators=()):
    return create_measure(
        plan=plan,
        indicators=indicators or [plan.assessment.framework.indicators.first()],
        by=by,
        title=title,
        steps=steps,
        period="ตลอดปีงบประมาณ พ.ศ. 2565",
        follow_up="รายงานการประชุม\nคำสั่งแต่งตั้งคณะทำงาน",
        responsible="สำนักปลัด\nกองคลัง",
    )


def pdf_of(report, printing=None):
    return pdf_now(document_of(report, printing or Printing()))


@pytest.fixture
def approve(admin, coordinator):
    """approve(plan) sends it and approves what was sent."""

    def done(plan):
        move_plan(plan=plan, move="submit", by=coordinator)
        move_plan(plan=plan, move="approve", by=admin)
        return type(plan).objects.get(pk=plan.pk)

    return done
