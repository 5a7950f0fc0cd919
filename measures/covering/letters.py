"""The words of the letters: cause, wish and closing, each only where it is so.

The layout follows the regulation of the Office of the Prime Minister on correspondence, B.E. 2526;
the words are the portal's own and Thai in either language of the interface.
"""

from dataclasses import dataclass

from accounts.permissions import Role, State
from assessments.analysis import Direction
from assessments.fiscal import thai_date
from assessments.numbers import format_score
from measures.covering import Kind
from measures.covering.facts import Member, Person

ITA = "การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)"
MEASURES = "มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน"
#: What the registry fills in.
NUMBER, DAY = "." * 24, f"วันที่ {'.' * 40} พ.ศ. {'.' * 14}"
BLANK = "." * 36
CHAIR, MEMBER, SECRETARY = "ประธานคณะทำงาน", "คณะทำงาน", "คณะทำงานและเลขานุการ"
MOVED = {Direction.RISEN: "เพิ่มขึ้น", Direction.FALLEN: "ลดลง"}


@dataclass(frozen=True)
class Letter:
    """`items` follow the first paragraphs as a numbered list, `members` as a table."""

    kind: Kind
    agency: str
    subject: str
    is_draft: bool
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    signer: Person
    office: str = ""
    to: str = ""
    items: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    tasks: tuple[str, ...] = ()


def letter_of(kind, facts) -> Letter:
    return {Kind.MEMO: _memo, Kind.ANNOUNCEMENT: _announcement, Kind.ORDER: _order}[kind](facts)


def _memo(facts):
    report = facts.report
    draft = "ร่าง" if facts.is_draft else ""
    written = f"จัดทำ{draft}รายงานการวิเคราะห์ผลการประเมิน"
    planned = f"กำหนด{draft}{MEASURES} ประจำปีงบประมาณ พ.ศ. {report.year}"
    if report.measures:
        planned += f" จำนวน {len(report.measures)} มาตรการ"
    else:
        planned = f"อยู่ระหว่างกำหนด{MEASURES} ประจำปีงบประมาณ พ.ศ. {report.year}"
    done = f"ในการนี้ ได้{written}{_weak(report)} และ{planned} รายละเอียดตามเอกสารที่แนบ"
    wish, closing = _wish(facts)
    return Letter(
        kind=Kind.MEMO,
        agency=report.agency,
        subject=(
            f"รายงานการวิเคราะห์ผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ. {report.result_year} "
            f"และ{MEASURES} ประจำปีงบประมาณ พ.ศ. {report.year}"
        ),
        is_draft=facts.is_draft,
        office=" ".join(part for part in (facts.sender.unit, report.agency) if part),
        to=_addressed(facts.executive, report.agency),
        opening=tuple(filter(None, (f"ด้วย{_result(report)}", done, _dates(facts), wish))),
        closing=(closing,),
        signer=facts.sender,
    )


def _addressed(executive, agency):
    """By the position, which the agency's name completes where it does not stand in it."""
    position = executive.position
    if not position:
        return f"ผู้บริหาร{agency}"
    kind = next((one for one in KINDS if position.endswith(one) and agency.startswith(one)), "")
    return position + agency.removeprefix(kind) if kind else position


KINDS = ("องค์การบริหารส่วนตำบล", "องค์การบริหารส่วนจังหวัด", "เทศบาลตำบล", "เทศบาลเมือง", "เทศบาลนคร")


def _result(report):
    """What was reached, as far as it is known: without a total no figure is named."""
    of_year = f"{ITA} ประจำปีงบประมาณ พ.ศ. {report.result_year}"
    result = report.result
    told, analysis = result.announced or result.analysis, result.analysis
    if told.total is None:
        return f"{report.agency}เข้ารับ{of_year} ซึ่งยังบันทึกคะแนนไม่ครบทุกตัวชี้วัด"
    text = f"{report.agency}ได้รับผล{of_year} คะแนนรวม {format_score(told.total)} คะแนน"
    level = analysis.level.name if analysis.level else result.published_level
    if level:
        text += f" ระดับ{_name(level)}"
    if result.difference and result.difference.amount:
        text += f" (ผลที่ประกาศ {format_score(result.difference.published)} คะแนน)"
    return text + _change(told.change, result.total_direction, report.result_year - 1)


def _name(level):
    """A letter stands apart from the Thai before it."""
    return f" {level}" if level.isascii() else level


def _change(change, direction, before):
    if change is None:
        return ""
    year = f"ปีงบประมาณ พ.ศ. {before}"
    if direction not in MOVED:
        return f" เท่ากับ{year}"
    text = f" {MOVED[direction]} {format_score(abs(change.points))} คะแนน"
    if change.percent is not None:
        text += f" (ร้อยละ {format_score(abs(change.percent))})"
    return f"{text} จาก{year}"


def _weak(report):
    analysis = report.result.analysis
    if analysis.missing:
        return ""
    weak = len(analysis.weak_numbers)
    return f"ซึ่งพบจุดอ่อน {weak} ตัวชี้วัด" if weak else "ซึ่งไม่พบจุดอ่อน"


def _dates(facts):
    days = [
        f"รอบ {months} เดือน ภายในวันที่ {thai_date(facts.days[f'closes_{months}'])}"
        for months in (6, 12)
        if facts.days.get(f"closes_{months}")
    ]
    if not days or not facts.report.measures:
        return ""
    return f"ทั้งนี้ กำหนดให้รายงานผลการดำเนินการตามมาตรการ {' และ'.join(days)}"


def _wish(facts):
    """By how far the plan has come: what is asked for, and how the letter closes."""
    seal = facts.report.seal
    consider, know = "จึงเรียนมาเพื่อโปรดพิจารณา", "จึงเรียนมาเพื่อโปรดทราบ"
    proof = ""
    if facts.items:
        numbers = " และ ".join(facts.items)
        proof = f" และใช้เป็นข้อมูลตามแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT) ข้อ {numbers}"
    match facts.state:
        case State.SUBMITTED:
            return "ขณะนี้เอกสารดังกล่าวอยู่ระหว่างการตรวจสอบ จึงขอเสนอเพื่อทราบความก้าวหน้า", know
        case State.APPROVED:
            when = f"เมื่อวันที่ {thai_date(seal.approved_on)}"
            return (
                f"เอกสารดังกล่าวผ่านการตรวจสอบและอนุมัติ{when} เป็นฉบับที่ {seal.number} "
                f"จึงเห็นควรเสนอเพื่อลงนาม แล้วเผยแพร่ให้ประชาชนทราบ{proof}",
                consider,
            )
        case State.SIGNED:
            when = f"เมื่อวันที่ {thai_date(seal.signed_on)}" if seal.signed_on else ""
            return (
                f"เอกสารดังกล่าวลงนามแล้ว{when} จึงเห็นควรเผยแพร่ให้ประชาชนทราบ{proof}",
                consider,
            )
        case State.PUBLISHED:
            return f"เอกสารดังกล่าวได้เผยแพร่ให้ประชาชนทราบแล้วที่ {facts.url}", know
    return "จึงขอเสนอร่างเอกสารดังกล่าวเพื่อพิจารณาให้ความเห็น ก่อนส่งตรวจสอบและอนุมัติตามขั้นตอน", consider


def _announcement(facts):
    report = facts.report
    opening = [
        f"ด้วย{_result(report)} และได้นำผลการประเมินมาวิเคราะห์เพื่อกำหนดแนวทางปรับปรุงการดำเนินงาน"
        "ให้เป็นไปด้วยความสุจริต โปร่งใส และตรวจสอบได้",
        f"จึงประกาศ{MEASURES} ประจำปีงบประมาณ พ.ศ. {report.year}"
        + (f" จำนวน {len(report.measures)} มาตรการ ดังต่อไปนี้" if report.measures else f" {BLANK}"),
    ]
    closing = ["ให้หน่วยงานที่รับผิดชอบดำเนินการตามมาตรการข้างต้นและรายงานผลตามกำหนด", _dates(facts)]
    if facts.url:
        closing.append(f"ดูรายละเอียดของมาตรการและผลการดำเนินการได้ที่ {facts.url}")
    return Letter(
        kind=Kind.ANNOUNCEMENT,
        agency=report.agency,
        subject=f"{MEASURES} ประจำปีงบประมาณ พ.ศ. {report.year}",
        is_draft=facts.is_draft,
        opening=tuple(opening),
        items=tuple(measure.title for measure in report.measures),
        closing=tuple(filter(None, (*closing, "จึงประกาศให้ทราบโดยทั่วกัน"))),
        signer=facts.executive,
    )


TASKS = (
    "รวบรวมผลการประเมิน วิเคราะห์จุดแข็งและจุดอ่อน และกำหนดประเด็นที่ควรพัฒนาและที่ควรปรับปรุงแก้ไข",
    "จัดทำมาตรการ ระบุวิธีดำเนินการ ผู้รับผิดชอบ ระยะเวลา และการติดตามผล เสนอผู้บริหาร",
    "ขับเคลื่อนและติดตามการดำเนินการตามมาตรการ พร้อมเก็บหลักฐานผลการดำเนินการ",
    "รายงานผลการดำเนินการ ปัญหาอุปสรรค และข้อเสนอแนะ รอบ 6 เดือน และรอบ 12 เดือน",
    "ตรวจความครบถ้วนของข้อมูลที่ต้องเปิดเผยต่อสาธารณะ และเผยแพร่บนเว็บไซต์ของหน่วยงาน",
    "ปฏิบัติงานอื่นที่เกี่ยวข้องตามที่ผู้บริหารมอบหมาย",
)
#: The signer appoints, who only looks on does not work.
DUTIES = {Role.ADMIN: CHAIR, Role.STAFF: MEMBER, Role.COORDINATOR: SECRETARY}


def _order(facts):
    report = facts.report
    group = f"คณะทำงานขับเคลื่อน{ITA} ประจำปีงบประมาณ พ.ศ. {report.year}"
    return Letter(
        kind=Kind.ORDER,
        agency=report.agency,
        subject=f"แต่งตั้ง{group}",
        is_draft=True,
        opening=(
            f"เพื่อให้การเตรียมรับ{ITA} และการดำเนินการตาม{MEASURES} ประจำปีงบประมาณ พ.ศ. {report.year} "
            f"ของ{report.agency} เป็นไปด้วยความเรียบร้อยและมีประสิทธิภาพ จึงแต่งตั้งคณะทำงาน ดังต่อไปนี้",
        ),
        members=tuple(_appointed(facts)),
        tasks=TASKS,
        closing=(f"ทั้งนี้ ตั้งแต่{DAY} เป็นต้นไป",),
        signer=facts.executive,
    )


def _appointed(facts):
    """The people by their role, the chair first and the secretary last; between them the units
    that nobody of them belongs to. A duty that several could have stays open for the first row.
    """
    found = {duty: [] for duty in (CHAIR, MEMBER, SECRETARY)}
    for one in facts.members:
        if duty := DUTIES.get(one.role):
            found[duty].append(one)
    chairs, secretaries = found[CHAIR], found[SECRETARY]
    members = list(found[MEMBER])
    if len(chairs) != 1:
        members, chairs = chairs + members, [Member()]
    present = {one.unit for one in facts.members}
    members += [Member(f"ผู้แทน{unit}") for unit in facts.units if unit not in present]
    if not secretaries:
        secretaries = [Member()]
    rows = ((CHAIR, chairs), (MEMBER, members), (SECRETARY, secretaries))
    return [
        Member(one.name, one.position, duty, one.unit) for duty, people in rows for one in people
    ]
