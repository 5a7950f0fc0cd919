"""The public read-only interface: what is published, as JSON. No person, no session, no cookie."""

import hashlib
import json
from functools import wraps
from itertools import groupby
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Agency
from assessments.spreadsheets import write
from measures.models import Publication
from measures.publishing import openapi
from measures.publishing.data import LICENCE
from measures.publishing.openapi import CSV, JSON, OFFSET, OPERATIONS, PROBLEM
from measures.publishing.schemas import SCHEMAS
from measures.publishing.tables import MEASURES, PROGRESS

TITLES = {
    400: ("คำขอนี้ตอบไม่ได้", "Bad request"),
    404: ("ไม่พบข้อมูล", "Not found"),
    405: ("ใช้วิธีเรียกนี้ไม่ได้", "Method not allowed"),
}


class Problem(Exception):
    """A refusal: its status, and what is wrong in Thai and in English."""

    def __init__(self, status, thai, english):
        super().__init__(english)
        self.status, self.thai, self.english = status, thai, english


def operation(view):
    """Answers by the description: its methods, its parameters as keywords, its refusals."""
    one = OPERATIONS.get(view.__name__)

    # A form token protects sessions, and there is none.
    @csrf_exempt
    @wraps(view)
    def answered(request, **path):
        try:
            if request.method not in ("GET", "HEAD"):
                raise Problem(405, "ใช้ได้เฉพาะ GET และ HEAD", "Only GET and HEAD can be used here.")
            query = _read(request.GET, one.parameters) if one else {}
            with translation.override("th"):
                response = view(request, **path, **query)
        except Problem as problem:
            response = _refused(problem)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Link"
        # Asked for anew each time: what was published or withdrawn shows at once.
        response["Cache-Control"] = "public, no-cache"
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        return get_conditional_response(request, etag=response["ETag"], response=response)

    return answered


def _read(query, parameters):
    known = {parameter.name: parameter for parameter in parameters}
    values = {name: one.schema.get("default") for name, one in known.items()}
    for name, typed in query.lists():
        if name not in known:
            names = ", ".join(known) or "–"
            raise Problem(
                400,
                f"ไม่มีพารามิเตอร์ {name[:50]} ที่ใช้ได้คือ {names}",
                f"There is no parameter {name[:50]}. It takes: {names}",
            )
        if len(typed) > 1:
            raise Problem(400, f"ระบุ {name} ได้เพียงครั้งเดียว", f"{name} can be given only once.")
        try:
            values[name] = known[name].read(typed[0])
        except ValueError:
            thai, english = known[name].takes
            raise Problem(400, f"{name} ต้องเป็น{thai}", f"{name} must be {english}.") from None
    return values


def _refused(problem):
    title, title_en = TITLES[problem.status]
    content = {
        "type": "about:blank",
        "title": title,
        "title_en": title_en,
        "status": problem.status,
        "detail": problem.thai,
        "detail_en": problem.english,
    }
    response = _json(content, status=problem.status, content_type=PROBLEM)
    if problem.status == 405:
        response["Allow"] = "GET, HEAD"
    return response


def _json(content, status=200, content_type=JSON):
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return HttpResponse(text, status=status, content_type=f"{content_type}; charset=utf-8")


@operation
def documentation(request):
    context = {
        "title": openapi.TITLE,
        "about": openapi.ABOUT,
        "licence": LICENCE,
        "server": openapi.address(),
        "operations": OPERATIONS.values(),
        "refusals": openapi.REFUSALS,
        "schemas": [
            (name, s["description"], list(openapi.fields_of(s))) for name, s in SCHEMAS.items()
        ],
        "tables": {"measures.csv": MEASURES, "progress.csv": PROGRESS},
    }
    # Without the request: what every other page needs of the person would set a cookie.
    return HttpResponse(render_to_string("api/documentation.html", context))


@operation
def description(request):
    return _json(openapi.description())


@operation
def agencies(request, province, q, limit, offset):
    published = Publication.objects.standing().filter(plan__agency=OuterRef("pk"))
    found = Agency.objects.filter(Exists(published)).order_by("code")
    if province:
        found = found.filter(province=province)
    if q:
        found = found.filter(Q(name__icontains=q) | Q(code__icontains=q))
    page = list(found[offset : offset + limit])
    standing = Publication.objects.standing().filter(plan__agency__in=page)
    years = {}
    for pk, year in standing.order_by("-plan__year").values_list("plan__agency", "plan__year"):
        years.setdefault(pk, []).append(year)
    results = [_listed(one) | {"years": years[one.pk]} for one in page]
    return _json(_paged(request, found.count(), limit, offset) | {"results": results})


@operation
def agency(request, agency):
    publications = Publication.objects.filter(plan__agency__code=agency).defer("data")
    publications = publications.select_related("plan__agency").order_by("-plan__year", "-number")
    by_year = [list(rows) for _year, rows in groupby(publications, lambda one: one.plan.year)]
    if not by_year:
        raise _nothing(f"หน่วยงาน {agency}", f"agency {agency}")
    years = [
        {
            "year": rows[0].plan.year,
            "result_year": rows[0].plan.year - 1,
            "page": _whole(rows[0].get_newest_url()),
            "api": _api("publication", agency, rows[0].plan.year),
            "versions": [_facts(row, rows) for row in rows],
        }
        for rows in by_year
    ]
    return _json(_listed(by_year[0][0].plan.agency) | {"years": years})


@operation
def publication(request, agency, year, version):
    publications = Publication.objects.at(agency, year)
    versions = list(publications.defer("data"))
    wanted = version or (versions[0].number if versions else None)
    found = publications.filter(number=wanted).first() if versions else None
    if found is None:
        which = f" ฉบับเผยแพร่ที่ {version}" if version else ""
        which_en = f" version {version}" if version else ""
        raise _nothing(
            f"ปี {year} ของหน่วยงาน {agency}{which}", f"year {year} of agency {agency}{which_en}"
        )
    document, files = found.data, found.files.defer("content")
    if found.is_withdrawn:
        document, files = None, []
    return _json(
        {
            "publication": _facts(found, versions),
            "document": document,
            "files": [
                {
                    "name": file.name,
                    "media_type": file.media_type,
                    "size": file.size,
                    "sha256": file.digest,
                    "url": _whole(found.get_file_url(file.name)),
                }
                for file in files
            ],
        }
    )


@operation
def results(request, year, province, limit, offset, format):
    found = Publication.objects.standing().filter(plan__year=year + 1)
    if province:
        found = found.filter(plan__agency__province=province)
    page = found.order_by("plan__agency__code")[offset : offset + limit]
    # The parts that it needs: a whole document is a hundred times as long.
    parts = page.values_list(
        "plan__agency__code", "number", "data__agency", "data__result", named=True
    )
    rows = [_row(*part, year + 1) for part in parts]
    paged = _paged(request, found.count(), limit, offset)
    if format == "json":
        return _json(paged | {"results": rows})
    response = HttpResponse(_table(rows, year), content_type=f"{CSV}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ita-{year}.csv"'
    if paged["next"]:
        response["Link"] = f'<{paged["next"]}>; rel="next"'
    return response


@operation
def unknown(request, path):
    raise Problem(
        404,
        "ไม่มีที่อยู่นี้ ดูที่อยู่ทั้งหมดได้ที่ /api/v1/ ที่อยู่ลงท้ายด้วย / เสมอ",
        "There is no such address. All of them are listed at /api/v1/ and end with a slash.",
    )


def _nothing(thai, english):
    return Problem(404, f"ไม่มีรายงานที่เผยแพร่ของ{thai}", f"Nothing is published of {english}.")


def _listed(agency):
    fields = ("code", "name", "district", "province", "kind")
    return {
        **{name: getattr(agency, name) for name in fields},
        "kind_label": agency.get_kind_display(),
        "page": _whole(reverse("public:agency", args=[agency.code])),
        "api": _api("agency", agency.code),
    }


def _facts(one, versions):
    code, year = one.plan.agency.code, one.plan.year
    newer = one.replacement_in(versions)
    replaced = newer and newer.number
    state = "withdrawn" if one.is_withdrawn else "replaced" if replaced else "current"
    return {
        "version": one.number,
        "published_on": timezone.localdate(one.published_at).isoformat(),
        "state": state,
        "replaced_by": replaced,
        "withdrawn_on": one.withdrawn_at and timezone.localdate(one.withdrawn_at).isoformat(),
        "withdrawal_reason": one.withdrawal_reason or None,
        "page": _whole(one.get_absolute_url()),
        "own_page": one.own_url or None,
        "api": f"{_api('publication', code, year)}?version={one.number}",
    }


def _row(code, version, agency, result, year):
    return {
        "agency_code": code,
        "agency_name": agency["name"],
        "province": agency["province"],
        **{name: result[name] for name in ("total", "level", "published_total", "published_level")},
        "instruments": {one["code"]: one["score"] for one in result["instruments"]},
        "indicators": {str(one["number"]): one["score"] for one in result["indicators"]},
        "version": version,
        "page": _whole(reverse("public:version", args=[code, year, version])),
    }


def _table(rows, year):
    """With the names of columns that the portal's own files of scores have."""
    flat = [
        {
            **{name: value for name, value in row.items() if not isinstance(value, dict)},
            "fiscal_year": year,
            **{code.casefold(): score for code, score in row["instruments"].items()},
            **{f"i{number}": score for number, score in row["indicators"].items()},
        }
        for row in rows
    ]
    first = ["agency_code", "agency_name", "province", "fiscal_year"]
    last = ["total", "level", "published_total", "published_level", "version", "page"]
    scores = dict.fromkeys(name for row in flat for name in row if name not in (*first, *last))
    columns = [*first, *scores, *last]
    return write("csv", columns, ([row.get(name) for name in columns] for row in flat), "")


def _paged(request, count, limit, offset):
    return {
        "count": count,
        "next": _at(request, offset + limit) if offset + limit < count else None,
        "previous": _at(request, max(offset - limit, 0)) if offset else None,
    }


def _at(request, offset):
    query = request.GET.dict() | {OFFSET.name: offset}
    return _whole(f"{request.path}?{urlencode(query)}")


def _api(name, *args):
    return _whole(reverse(f"api:{name}", args=args))


def _whole(path):
    return settings.PORTAL_URL + path
