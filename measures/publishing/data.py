"""The open data of a report: one JSON document, the same in the file, the API and the database."""

from django.utils import translation

from measures.models import Issue

VERSION = "1.0"
#: Under which anybody may use it; the one place that says so.
LICENCE = {
    "name": "Creative Commons Attribution 4.0 International (CC BY 4.0)",
    "url": "https://creativecommons.org/licenses/by/4.0/",
}


def public_data(report, *, agency, evidence=()) -> dict:
    """What the full report says, by stable names: years BE, days ISO, points 0–100 as texts.

    `evidence` is what `public_evidence` gives. Labels are Thai whatever the language of now.
    """
    with translation.override("th"):
        return {
            "version": VERSION,
            "agency": _agency(report, agency),
            "year": report.year,
            "result_year": report.result_year,
            "previous_year": report.previous_year,
            "revision": _revision(report.seal),
            "result": _result(report),
            "scores": [_entered(one) for one in report.result.entered],
            "analysis": {name: list(lines) for name, lines in report.result.paragraphs.items()},
            "issues": _issues(report),
            "measures": [_measure(one) for one in report.measures],
            "rounds": [_round(one) for one in report.rounds],
            "extensions": [_extension(one) for one in report.extensions],
            "evidence": _evidence(report, evidence),
            "licence": LICENCE,
        }


def _agency(report, agency):
    return {
        "code": agency.code,
        "name": report.agency,
        "place": report.place,
        "district": agency.district,
        "province": agency.province,
        "kind": agency.kind,
        "kind_label": str(agency.get_kind_display()),
        "contact": report.contact,
    }


def _revision(seal):
    """None of a draft, which no revision stands behind."""
    if seal is None:
        return None
    return {
        "number": seal.number,
        "digest": seal.digest,
        "approved_on": _day(seal.approved_on),
        "signed_on": _day(seal.signed_on),
        "signer": seal.signer,
        "position": seal.position,
    }


def _result(report):
    result, analysis = report.result, report.result.analysis
    change = result.total_change
    names = {instrument.code: instrument.name for instrument in report.criteria.instruments}
    return {
        "total": _decimal(analysis.total),
        "level": analysis.level and analysis.level.name,
        "previous_total": _decimal(analysis.previous_total),
        "change": _decimal(change and change.points),
        "change_percent": _decimal(change and change.percent),
        "published_total": _decimal(result.published_total),
        "published_level": result.published_level or None,
        "threshold": _decimal(report.threshold),
        "instruments": [
            {
                "code": row.code,
                "name": names[row.code],
                "weight": _decimal(row.weight),
                "score": _decimal(row.current),
                "previous": _decimal(row.previous),
                "change": _decimal(row.change and row.change.points),
            }
            for row in analysis.instruments
        ],
        "indicators": [
            {
                "number": row.number,
                "name": result.names[row.number],
                "instrument": row.instrument,
                "score": _decimal(row.current),
                "previous": _decimal(row.previous),
                "change": _decimal(row.change and row.change.points),
                "change_percent": _decimal(row.change and row.change.percent),
                "class": row.cls.value,
                "class_label": str(row.cls.label),
            }
            for row in analysis.rows
        ],
    }


def _entered(entered):
    return {
        "year": entered.year,
        "scores": {key: _decimal(value) for key, value in entered.scores.items()},
        "published_total": _decimal(entered.published_total),
        "published_level": entered.published_level or None,
    }


def _issues(report):
    by_kind = {
        Issue.Kind.DEVELOP: report.develop,
        Issue.Kind.FIX: report.fix,
        Issue.Kind.LEFT_OUT: report.left_out,
    }
    return [
        {
            "kind": kind.value,
            "kind_label": str(kind.label),
            "indicators": [indicator.number for indicator in issue.indicators],
            "points": issue.points,
        }
        for kind, issues in by_kind.items()
        for issue in issues
    ]


def _measure(measure):
    return {
        "number": measure.number,
        "title": measure.title,
        "steps": measure.steps,
        "period": measure.period,
        "budget": _decimal(measure.budget),
        "follow_up": measure.follow_up,
        "responsible": measure.responsible,
        "indicators": list(measure.indicators),
    }


def _round(round):
    return {
        "months": round.months,
        "start": _day(round.start),
        "end": _day(round.end),
        "entries": [
            {
                "measure": entry.measure.number,
                "state": entry.state,
                "state_label": entry.state_label,
                "percent": entry.percent,
                "result": entry.result,
                "suggestion": entry.suggestion,
            }
            for entry in round.entries
        ],
    }


def _extension(one):
    return {"months": one.months, "until": _day(one.until), "reason": one.reason, "by": one.by}


def _evidence(report, evidence):
    """`measure` is its number in the report, None for a file of the whole plan."""
    numbers = {measure.pk: measure.number for measure in report.measures}
    return [
        {
            "id": str(file.uid),
            "name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "sha256": file.digest,
            "measure": numbers.get(file.measure_id),
            "months": file.months,
        }
        for file in evidence
    ]


def _decimal(value):
    return None if value is None else f"{value:.2f}"


def _day(day):
    return day and day.isoformat()
