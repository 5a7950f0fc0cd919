"""The page of a publication, out of its data document and the few facts that stand beside it.

The same page is the public one, the preview before publishing and the copy for other sites.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from assessments.analysis import IndicatorClass

#: What the files of a publication are, in the order of the page.
LABELS = {
    "full.pdf": "รายงานฉบับเต็ม",
    "measures.pdf": "รายงานการวิเคราะห์ผลและมาตรการ",
    "progress.pdf": "รายงานผลการดำเนินการ",
    "report.docx": "รายงานฉบับเต็มที่แก้ไขต่อได้",
    "figures.xlsx": "ตารางตัวเลขทั้งหมด",
    "scores.csv": "คะแนนรายตัวชี้วัด",
    "measures.csv": "มาตรการ",
    "progress.csv": "ผลการดำเนินการ",
    "data.json": "ข้อมูลเปิดทั้งฉบับ",
}
MAIN_FILE = "full.pdf"
#: So many measures stand open on the page; more would hide from a telephone what there is.
UNFOLDED = 3


@dataclass(frozen=True)
class FileLink:
    """`size` in bytes; `digest` is the SHA-256 of the file."""

    name: str
    url: str
    size: int
    digest: str
    label: str

    @property
    def kind(self):
        return self.name.rsplit(".", 1)[-1].upper()


@dataclass(frozen=True)
class Version:
    """Another or this version of the same year; `digest` is that of its full report."""

    number: int
    url: str
    published_at: datetime
    digest: str
    withdrawn_at: datetime | None
    is_shown: bool


@dataclass(frozen=True)
class Facts:
    """What is known of a version beside its data.

    `address` is its permanent one, whole; empty before it is published. A copy for another site
    knows no other versions and no other years, as these come to be later.
    """

    number: int
    published_at: datetime
    files: tuple[FileLink, ...]
    address: str = ""
    newest_address: str = ""
    own_url: str = ""
    versions: tuple[Version, ...] = ()
    years: tuple[tuple[int, str], ...] = ()
    replaced_by: Version | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str = ""
    #: Where files of evidence are, ending in a slash; without it they are named only.
    evidence_url: str = ""
    zip_url: str = ""
    index_url: str = ""
    agency_url: str = ""
    stylesheet: str = ""

    @property
    def canonical(self):
        """Where search engines are to lead; another version says other things."""
        return self.address if self.replaced_by else self.newest_address

    @property
    def main_file(self):
        return next(file for file in self.files if file.name == MAIN_FILE)


def version_page(data, facts, **more) -> str:
    """The whole page, in Thai. `more`: `banner`, a sentence above it, for a preview."""
    with translation.override("th"):
        return render_to_string("public/version.html", public_context(data, facts) | more)


def public_context(data, facts) -> dict:
    if facts.withdrawn_at is not None:
        # Nothing that was said may be left of a version that was withdrawn.
        data = {name: data[name] for name in ("agency", "year", "result_year")}
        return {"data": data, "facts": facts}
    files = _evidence(data, facts)
    # What was published before there were any does not have them.
    extensions = {one["months"]: one for one in data.get("extensions", ())}
    return {
        "data": data,
        "facts": facts,
        "instruments": _instruments(data["result"]),
        "issues": _issues(data),
        "measures": [m | {"files": files[m["number"], None]} for m in data["measures"]],
        "unfolded": len(data["measures"]) <= UNFOLDED,
        "files_of_plan": files[None, None],
        "rounds": [
            one
            | {"entries": _entries(one, data, files), "extension": extensions.get(one["months"])}
            for one in data["rounds"]
        ],
        "year_extension": extensions.get(None),
        "contact": [line for line in data["agency"]["contact"].splitlines() if line.strip()],
    }


def known_files(files):
    """Links out of (name, url, size, digest) in the page's order; names it does not know last."""
    order = list(LABELS)
    links = [FileLink(*file, label=label_of(file[0])) for file in files]
    return tuple(
        sorted(
            links,
            key=lambda file: order.index(file.name) if file.name in LABELS else len(order),
        )
    )


def label_of(name):
    return LABELS.get(name, name)


def _instruments(result):
    """Each instrument with its indicators, in the order of the document."""
    of_code = defaultdict(list)
    for indicator in result["indicators"]:
        of_code[indicator["instrument"]].append(indicator | {"group": _group(indicator)})
    return [one | {"indicators": of_code[one["code"]]} for one in result["instruments"]]


def _group(indicator):
    """What its class counts as: a class by itself says only how the score moved."""
    cls = IndicatorClass(indicator["class"])
    return "จุดแข็ง" if cls.is_strength else "จุดอ่อน" if cls.is_weakness else ""


def _issues(data):
    """Each issue with its indicators by number and name."""
    names = {one["number"]: one["name"] for one in data["result"]["indicators"]}
    return [
        issue | {"indicators": [f"{n} {names.get(n, '')}".strip() for n in issue["indicators"]]}
        for issue in data["issues"]
    ]


def _entries(round, data, files):
    """What was reported of each measure, with its title and its files; nothing of a round that
    nothing was reported in.
    """
    titles = {measure["number"]: measure["title"] for measure in data["measures"]}
    entries = [
        entry
        | {
            "title": titles.get(entry["measure"], ""),
            "files": files[entry["measure"], round["months"]],
        }
        for entry in round["entries"]
    ]
    return entries if any(entry["state"] or entry["files"] for entry in entries) else []


def _evidence(data, facts):
    """The files of each (number of a measure, months of a round); None: of the plan, of no round.

    One of a round in which nothing was reported of its measure stands with the measure.
    """
    reported = {
        (entry["measure"], one["months"]) for one in data["rounds"] for entry in one["entries"]
    }
    found = defaultdict(list)
    for file in data["evidence"]:
        place = file["measure"], file["months"]
        url = f"{facts.evidence_url}{file['id']}/" if facts.evidence_url else ""
        found[place if place in reported else (file["measure"], None)].append(file | {"url": url})
    return found
