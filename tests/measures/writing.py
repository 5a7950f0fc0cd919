"""Records and requests that the tests of the writing pages share."""

from measures import actions

TEXTS = {
    "title": "ศูนย์บริการครบวงจร",
    "steps": "จัดตั้งศูนย์\nอบรมเจ้าหน้าที่",
    "period": "ตลอดปีงบประมาณ พ.ศ. 2565",
    "follow_up": "คำสั่งจัดตั้งศูนย์",
    "responsible": "สำนักปลัด\nกองคลัง",
}


def url(path="", year=2565):
    return f"/a/nongkong/{year}/{path}"


def indicator(plan, number):
    return plan.assessment.framework.indicators.get(number=number)


def add_issue(plan, by, *numbers, kind="fix", points="เผยแพร่ข้อมูล"):
    indicators = [indicator(plan, number) for number in numbers]
    return actions.create_issue(plan=plan, indicators=indicators, kind=kind, points=points, by=by)


def add_measure(plan, by, numbers=(9,), **texts):
    served = [indicator(plan, number) for number in numbers]
    return actions.create_measure(plan=plan, indicators=served, by=by, **TEXTS | texts)


def report(measure, by, months=6, version=0, **texts):
    return actions.save_progress(
        round=measure.plan.rounds.get(months=months),
        measure=measure,
        version=version,
        by=by,
        **{"state": "under_way", "result": "ออกคำสั่งแล้ว", "suggestion": ""} | texts,
    )


def text_of(response):
    return response.content.decode()
