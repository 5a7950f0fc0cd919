"""What people type is only ever text: on every page, in both languages, whoever typed it."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, Unit
from assessments.models import AnalysisText
from measures.models import Plan, ProgressEntry, Publication
from measures.publishing.site import make_site
from tests.measures.public import document, published
from tests.test_permissions import MAP, NO_SUCH_METHOD, cast, records  # noqa: F401

ROOT = Path(__file__).parent.parent
#: As short as the shortest field that takes free text.
CANARY = '"><script>x()</script>{{7*7}}'
#: Not typed by people of an agency: choices and rules are the portal's, keys are made.
MADE = {"password", "username", "email", "code", "digest", "key", "row", "url"}
MADE |= {"verb", "object_type", "agency_code", "media_type", "session_key", "section", "edition"}


#: Addresses of files, whose names and texts have tests of their own.
FILES = {"measures:report", "measures:report-draft", "measures:revision-report"}
FILES |= {"measures:evidence-file", "measures:evidence-public"}
FILES |= {"public:evidence", "public:file", "public:newest-file", "public:site"}


def texts_of(model):
    """The fields of a model that hold what somebody typed."""
    for field in model._meta.concrete_fields:
        plain = type(field) in (models.CharField, models.TextField)
        if plain and not field.choices and field.name not in MADE and (field.max_length or 99) > 40:
            yield field.name


@pytest.fixture
def canaries(records, plan, staff, agency):  # noqa: F811
    """Every such field of every record there is holds the canary; returns how many."""
    Unit.objects.create(agency=agency, name="x")
    Notice.objects.create(user=staff, agency=agency, text="x", url="/")
    AnalysisText.objects.create(assessment=plan.assessment, section="overall", text="x")
    entry = ProgressEntry(round=plan.rounds.get(months=6), measure_id=records["measure"])
    entry.save()
    models.QuerySet(Publication).update(data=document(CANARY))
    second = published(plan, staff, number=2, revision=plan.revisions.get())
    second.withdraw(by=staff, reason="x", at=timezone.now())
    filled = 0
    for model in apps.get_models():
        ours = model._meta.app_label in ("accounts", "assessments", "measures")
        # Frameworks are the portal's own texts.
        if not ours or model.__module__ == "assessments.models.framework":
            continue
        for name in texts_of(model):
            rows = models.QuerySet(model)
            if name == "withdrawal_reason":
                rows = rows.exclude(withdrawn_at=None)
            if name == "name" and model is not apps.get_model("measures", "Evidence"):
                for place, row in enumerate(rows.order_by("pk")):
                    rows.filter(pk=row.pk).update(name=f"{CANARY}{place}")
                filled += 1
                continue
            filled += bool(rows.update(**{name: CANARY}))
    return filled


@pytest.mark.one_database("postgres")
def test_every_page_shows_typed_markup_as_text_and_speaks_the_language_that_was_chosen(
    client,
    canaries,
    cast,  # noqa: F811
    records,  # noqa: F811
    plan,
):
    assert canaries > 25
    Plan.objects.filter(pk=plan.pk).update(
        state="submitted", submitted_at=timezone.now(), submitted_by=cast["coordinator"]
    )
    shown = 0
    for who, language in (("coordinator", "th"), ("admin", "en"), ("executive", "th")):
        client.force_login(cast[who])
        client.cookies["django_language"] = language
        for name in sorted(MAP):
            for address in MAP[name]:
                if address.get == NO_SUCH_METHOD or name in FILES:
                    continue
                url = reverse(name, args=[records.get(arg, arg) for arg in address.args])
                answer = client.get(url)
                # A fragment, for a script, has no frame of a page.
                if answer.status_code == 302 or b"<html" not in getattr(answer, "content", b""):
                    continue
                html = answer.content.decode()
                assert "<script>x()" not in html, url
                chosen = "th" if name.startswith(("public:", "api:")) else language
                assert (f'<html lang="{chosen}"' in html, html.count("<h1")) == (True, 1), url
                assert "49" not in re.findall(r"&quot;&gt;.{0,40}?x\(\).{0,20}?(49)", html), url
                shown += "&lt;script&gt;x()" in html
    assert shown > 60
    with ZipFile(BytesIO(make_site(Publication.objects.get(number=1)))) as site:
        html = site.read("ita-nongkong-2565-v1/index.html").decode()
    assert "<script>" not in html
    assert html.count("&lt;script&gt;x()") > 15


def test_no_code_marks_typed_text_as_safe():
    """Text becomes markup by templates and format_html alone, data of scripts by json_script."""
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("accounts", "assessments", "measures", "ita_portal", "templates")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".html")
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"mark_safe|SafeString|\|\s*safe\b|autoescape off|application/json\">", line)
    ]
    assert not found, "\n".join(found)
