"""Every page, in the states that matter, as eyes and aids find it.

What a page looks like is not the database's doing: half of the walk is on each database.
"""

import threading
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import Resolver404, get_resolver, resolve
from django.utils import timezone, translation

from accounts.models import Membership, Unit, User
from assessments.actions import ScoreChange, save_scores, save_text
from assessments.models import AnalysisText
from ita_portal import demo, errors
from measures import actions
from measures.actions import change_issue, create_issue, delete_row, move_plan, sign
from measures.actions.comments import create_comment
from measures.models import Issue, Plan
from measures.report import jobs
from measures.report.worker import RenderTooLarge
from measures.views import report_pdf
from measures.workflow import Move
from tests.browser.checks import (
    assert_accessible,
    assert_fits_phone,
    assert_skips_to_content,
    assert_well_made,
    bring_axe,
)
from tests.measures.files import pdf, picture, upload
from tests.measures.public import published
from tests.test_permissions import names_of

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "/a/nongkong"
#: Addresses that answer with no page of their own.
WITHOUT_PAGE = {
    "home",
    "health",
    "set_language",
    "accounts:emblem",
    "accounts:notice",
    "accounts:notices-read",
    "api:agencies",
    "api:agency",
    "api:description",
    "api:publication",
    "api:results",
    "api:unknown",
    "account_sign_out_everywhere",
    "assessments:scores-cells",
    "assessments:scores-cells-self",
    "assessments:scores-export",
    "assessments:scores-judged",
    "assessments:scores-judged-self",
    "assessments:scores-template",
    "assessments:scores-warning",
    "assessments:scores-warning-self",
    "measures:comment-resolve",
    "measures:covering",
    "measures:agency-history-export",
    "measures:history-export",
    "measures:plan-begin",
    "measures:plan-fields",
    "measures:progress-fields",
    "measures:evidence-add",
    "measures:evidence-file",
    "measures:evidence-public",
    "measures:publication-preview-file",
    "measures:publication-qr",
    "measures:issues-from-weaknesses",
    "measures:issues-merge",
    "measures:issues-order",
    "measures:measures-order",
    "measures:report",
    "measures:report-document",
    "measures:report-figures",
    "measures:report-draft",
    "measures:revision-document",
    "measures:revision-report",
    "public:evidence",
    "public:file",
    "public:newest-file",
    "public:site",
}
#: The marks of the first element of each kind that is not known yet.
FRESH = "[data-fresh]"
#: Which kinds of elements a page has that are not known yet, by what decides their look and their
#: role, and whether all of them are in main.
KINDS = """known => {
  const met = new Set(known);
  const sheet = document.styleSheets[0]?.href.split("/").pop();
  const main = document.querySelector("main");
  let framed = main !== null;
  for (const one of document.querySelectorAll("body *")) {
    const kind = [sheet, one.tagName,
      ...["class", "type", "role", "open", "readonly", "disabled", "aria-invalid", "data-state"]
        .map((name) => one.getAttribute(name))].join(" ");
    const fresh = !met.has(kind);
    one.toggleAttribute("data-fresh", fresh);
    met.add(kind);
    framed &&= !fresh || main.contains(one);
  }
  return [[...met].slice(known.length), framed];
}"""
WIDE, PHONE = {"width": 1280, "height": 720}, {"width": 320, "height": 640}


def name_of(url):
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return None


class Eyes:
    """One person's browser. What is wrong with a page is noted, and the walk goes on.

    All who walk share `seen` and `kinds`: the names of pages, and what kinds of elements they have.
    """

    def __init__(self, page, seen, kinds):
        self.page, self.seen, self.kinds = page, seen, kinds
        self.wrong, self.skipped = [], False

    def open(self, *paths):
        for path in paths:
            self.page.goto(path)
            self.look()

    def send(self, button="main form .btn-primary", **fields):
        for name, value in fields.items():
            self.page.locator(f"[name={name}]").fill(value)
        with self.page.expect_navigation():
            self.page.locator(button).first.click()
        self.look()

    def look(self):
        name = name_of(self.page.url)
        first_look = name not in self.seen
        self.seen.add(name)
        self.check(assert_well_made, "th")
        fresh, framed = self.page.evaluate(KINDS, self.kinds)
        self.kinds += fresh
        if first_look or fresh:
            # axe takes long: it is asked about each page, and again about what it has seen nowhere.
            # The frame of the pages is the same on all, but for what is new in it.
            within = ("main" if framed else None) if first_look else FRESH
            checks = [(WIDE, assert_accessible, within, FRESH), (PHONE, assert_fits_phone)]
            # A change of size takes long too: the page is checked as it is, then at the other.
            for size, *check in sorted(checks, key=lambda one: one[0] != self.page.viewport_size):
                if size != self.page.viewport_size:
                    self.page.set_viewport_size(size)
                self.check(*check)
        if not self.skipped and self.page.locator("header").count():
            self.skipped = True
            self.check(assert_skips_to_content)

    def check(self, check, *arguments):
        try:
            check(self.page, *arguments)
        except AssertionError as error:
            self.wrong.append(str(error))


@pytest.fixture
def plan(frameworks, quick_rendering):
    call_command("seed_demo", verbosity=0)
    return Plan.objects.get(agency__code="nongkong", year=2565)


@pytest.fixture
def eyes_of(new_context, sign_in):
    """eyes_of(username): her browser; at the end nothing may have been wrong."""
    opened, seen, kinds = [], set(), []

    def make(username=None):
        context = new_context(viewport=WIDE)
        bring_axe(context)
        eyes = Eyes(context.new_page(), seen, kinds)
        if username:
            sign_in(eyes.page, User.objects.get(username=username))
        opened.append(eyes)
        return eyes

    yield make
    wrong = [line for eyes in opened for line in eyes.wrong]
    assert not wrong, "\n".join(wrong)


def look_at_sign_in(eyes):
    names = (
        "inactive/",
        *(f"password/reset/{name}/" for name in ("done", "key/1-none", "key/done")),
    )
    eyes.open(*(f"/account/{name}" for name in names))
    eyes.page.goto("/account/login/")
    eyes.send(login="somchai", password="not this")
    eyes.page.goto("/account/invitation/")
    eyes.send(username="somchai", code="A")
    eyes.page.goto("/account/password/reset/")
    eyes.send(email="nobody")


def look_at_errors(eyes):
    """No address leads to these on purpose, so they are shown at one that has no page."""
    request = RequestFactory().get("/")
    request.code = "ACDEFH"
    with translation.override("th"):
        pages = [
            errors.bad_request(request, None),
            errors.csrf_failure(request),
            errors.content_too_large(request, 30_000_000),
            errors.too_many_requests(request),
            errors.server_error(request),
        ]
    eyes.page.route(
        "**/health/",
        lambda route: route.fulfill(body=pages.pop().content, content_type="text/html"),
    )
    while pages:
        eyes.page.goto("/health/")
        eyes.look()
    eyes.open("/nowhere/")


def look_at_scores(eyes):
    grid = f"{HOME}/2564/scores/"
    eyes.open(*(f"{HOME}/{year}/scores/" for year in (2566, 2570)))
    eyes.page.goto(grid)
    for summary in (".what summary", ".rule summary", ".menu-end summary"):
        eyes.page.locator(summary).first.click()
    eyes.look()
    eyes.page.goto(f"{HOME}/2566/scores/")
    for summary in (".parts summary", ".instruments summary", "#paste summary"):
        eyes.page.locator(summary).first.click()
    eyes.page.locator("[name=i6_2]").fill("101")
    eyes.page.locator("#box_i6_2 .field-error").wait_for()
    eyes.look()
    eyes.page.goto(grid)
    eyes.page.locator("[name=published-total]").fill("1e3")
    eyes.send(".published button")
    eyes.open(*(f"{HOME}/{year}/analysis/" for year in (2563, 2564)))
    eyes.open(f"{HOME}/trend/")


def look_at_texts(eyes, plan):
    """One whose figures have changed; then typing what is refused, with and without a script."""
    staff = User.objects.get(username="somchai")
    where = {"agency": plan.agency, "year": 2564, "section": "weaknesses", "by": staff}
    save_text(**where, text="ข้อความที่แก้ไว้", version=1)
    AnalysisText.objects.update(facts={"weak_count": "8", "gone": "10.00"})
    eyes.page.goto(f"{HOME}/2564/analysis/")
    form = eyes.page.locator("#form-overall")
    form.evaluate("form => { form.overall.value = '\U0001f600'; form.submit(); }")
    eyes.page.locator("#error-summary").wait_for()
    eyes.look()
    eyes.page.goto(f"{HOME}/2564/analysis/")
    eyes.page.locator("#text-weaknesses summary").click()
    eyes.page.locator("[name=weaknesses]").fill("\U0001f600")
    eyes.page.locator("#conflict-weaknesses .field-error").wait_for()
    eyes.look()


def look_at_finer_marks(eyes):
    """Of both kinds, and of a year that knows no questions."""
    own = f"{HOME}/2564/scores/self/"
    eyes.open(own, f"{own}items/", f"{own}questions/", f"{HOME}/2564/scores/items/")
    eyes.open(f"{HOME}/2566/scores/questions/", f"{HOME}/2564/analysis/self/")


def look_at_import(eyes):
    page = f"{HOME}/2564/scores/import/"
    for values in ("101,x", "87.54,79.61"):
        eyes.page.goto(page)
        text = f"agency_code,fiscal_year,i1,i2\nnongkong,2564,{values}\n"
        file = {"name": "scores.csv", "mimeType": "text/csv", "buffer": text.encode()}
        eyes.page.locator("[name=file]").set_input_files(file)
        eyes.send()
    eyes.page.goto(page)
    eyes.send()
    eyes.open("/agencies/scores/import/")


def look_at_paste(eyes):
    """Two columns whose years have to be chosen, and too few values."""
    unsure = "\n".join(f"{number}0.00\t{number}1.00" for number in range(10))
    for kind, text in (("", unsure), ("self/", "87.54\n79.61")):
        eyes.page.goto(f"{HOME}/2564/scores/{kind}paste/")
        eyes.send(".paste-box button", text=text)


def look_at_plan(eyes, plan):
    issue, measure = plan.issues.first(), plan.measures.first()
    pages = ("", "issues/", "measures/", "progress/6/", "review/", "report/")
    eyes.open(*(f"{HOME}/2565/{page}" for page in pages))
    # Years without a plan and without rules, which all pages tell in the same ways.
    eyes.open(*(f"{HOME}/{page}" for page in ("2567/issues/", "2567/review/", "2571/issues/")))
    year = f"{HOME}/2565"
    for row in (f"issues/{issue.pk}/", f"measures/{measure.pk}/"):
        eyes.open(f"{year}/{row}", f"{year}/{row}delete/")
    eyes.open(f"{year}/progress/6/{measure.pk}/")
    for page in ("issues/new/", "measures/new/"):
        eyes.page.goto(f"{year}/{page}")
        eyes.send()
    eyes.open(f"{year}/measures/library/?indicator=9")
    eyes.page.goto(f"{year}/measures/paste/")
    for text in ("ไม่มีตาราง", "ศูนย์\tจัดตั้งศูนย์\tปี 2565\tคำสั่ง\tสำนักปลัด"):
        eyes.send(text=text)
    eyes.send("[name=confirm]")
    eyes.page.goto(f"{year}/issues/")
    eyes.page.locator(".leave-out summary").first.click()
    eyes.send(".leave-out button", **{f"issue-{issue.pk}-reason": "\U0001f600"})


def look_at_year(eyes, writer):
    """Of the admin: a year that is begun, with a day that is none; then one that she opens."""
    for year, day in ((2565, "31 ก.พ. 2565"), (2566, "")):
        eyes.page.goto(f"{HOME}/{year}/setup/")
        eyes.look()
        eyes.send(due_on=day)
    eyes.open("/a/example-subdistrict/2568/progress/6/approve/")
    writer.open(f"{HOME}/2566/measures/carry/", f"{HOME}/2565/setup/threshold/")


def look_at_evidence(eyes, plan):
    """Files of a measure, one taken out, one shown after the page has asked for a look at it."""
    measure, staff = plan.measures.first(), User.objects.get(username="somchai")
    uploads = [upload("รูป.jpg", picture()), upload("คำสั่ง.pdf", pdf())]
    [old, new], _refused = actions.add_evidence(
        plan=plan, measure=measure, uploads=uploads, by=staff
    )
    eyes.open(f"{HOME}/2565/measures/{measure.pk}/")
    actions.remove_evidence(evidence=old, by=staff)
    eyes.page.goto(f"{new.get_absolute_url()}change/")
    eyes.send("button[value=show]")
    actions.show_evidence(evidence=new, by=staff, reminded=True)
    eyes.page.goto(f"{HOME}/2565/evidence/")
    eyes.page.locator("main summary").click()
    eyes.look()


def look_at_people(eyes):
    people = f"{HOME}/people/"
    viewer, herself = (
        Membership.objects.get(user__username=name, agency__code="nongkong").pk
        for name in ("wichai", "somying")
    )
    rows = ("", f"{herself}/", f"{viewer}/", f"{viewer}/remove/", f"{viewer}/code/")
    eyes.open(*(f"{people}{row}" for row in rows))
    eyes.page.goto(f"{people}{viewer}/code/")
    eyes.send("main form .btn-primary")
    eyes.page.goto(f"{people}{viewer}/handover/")
    eyes.send("main form .btn-primary")
    eyes.page.locator("[name=successor]").first.check()
    eyes.send("main form .btn-primary")
    eyes.page.goto(f"{HOME}/units/")
    eyes.look()
    Unit.objects.filter(agency__code="nongkong").delete()
    eyes.page.reload()
    eyes.send("[name=add]")
    for page in ("new/", "existing/"):
        eyes.page.goto(f"{people}{page}")
        eyes.send(username="ไม่ใช่")
    eyes.page.goto(f"{HOME}/settings/")
    eyes.send(threshold="150")


def make_second_revision(plan):
    """Returned for a measure, changed, submitted again; with the reviewer's own comment."""
    writer, admin = plan.submitted_by, User.objects.get(username="somying")
    measure = plan.measures.first()
    reasons = {f"measure-{measure.pk}": "ระบุไตรมาส"}
    move_plan(plan=plan, move=Move.RETURN, by=admin, reasons=reasons)
    plan.measures.filter(pk=measure.pk).update(period="ไตรมาสที่ 2")
    move_plan(plan=plan, move=Move.SUBMIT, by=writer, note="แก้ไขแล้ว")
    return create_comment(plan=plan, row="", text="ตรวจแล้ว", by=admin)[0]


def look_at_history(eyes):
    eyes.page.goto(f"{HOME}/2565/history/")
    eyes.page.locator(".before-after summary").first.click()
    eyes.look()
    eyes.open(f"{HOME}/2565/history/?day=x&row=score-9", f"{HOME}/history/", "/notices/")


def look_at_review(eyes):
    eyes.open("/agencies/")
    year = "/a/example-town/2567"
    comment = make_second_revision(Plan.objects.get(agency__code="example-town", year=2567))
    eyes.open(
        *(f"{year}/{page}/" for page in ("review", "review/approve", "comments", "handing-in"))
    )
    eyes.open(f"{year}/comments/{comment.pk}/")
    eyes.page.goto(f"{year}/review/return/")
    eyes.page.locator(".return-group[open] [name=row]").first.check()
    eyes.send()
    eyes.open(
        *(f"/a/example-subdistrict/2568/{page}/" for page in ("review", "report", "publication")),
        "/a/example-subdistrict/2568/publication/v1/withdraw/",
    )


def look_at_signing(coordinator, executive, plan):
    """From a submission to a signature; then it is opened again for those who look on."""
    people = {name: User.objects.get(username=name) for name in ("somchai", "somying", "prasit")}
    year = f"{HOME}/2565"
    move_plan(plan=plan, move=Move.SUBMIT, by=people["somchai"])
    move_plan(plan=plan, move=Move.APPROVE, by=people["somying"])
    coordinator.open(f"{year}/signature/")
    executive.open(f"{year}/sign/")
    executive.page.locator("main a.btn-primary").click()
    executive.send(proof="000000")
    digest = plan.revisions.first().digest
    signer = {"name": people["prasit"].name, "position": people["prasit"].position}
    sign(plan=plan, by=people["prasit"], digest=digest, **signer)
    pages = ("publication", "publication/preview", "revisions", "revisions/1")
    coordinator.open(*(f"{year}/{page}/" for page in pages))
    move_plan(plan=plan, move=Move.REOPEN, by=people["somying"], reason="แก้ไขมาตรการ")


def look_at_public(eyes, plan):
    """A version that stands, one that was replaced, one that was withdrawn; no address, no find."""
    somying = User.objects.get(username="somying")
    published(plan, somying)
    eyes.open("/p/", "/p/nongkong/", "/p/nongkong/2565/", "/p/nongkong/2566/")
    second = published(plan, somying, number=2)
    second.withdraw(by=somying, reason="มีหมายเลขโทรศัพท์", at=timezone.now())
    eyes.open("/p/nongkong/2565/v1/", "/p/nongkong/2565/v2/", "/api/v1/")


def look_at_waiting(eyes, plan):
    """A report that takes long and fails in the end."""
    go_on = threading.Event()

    def render(html, **others):
        assert go_on.wait(60)
        raise RenderTooLarge("not done within 60 seconds")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "render", render)
        patch.setattr(report_pdf, "PATIENCE", 0)
        eyes.open(plan.get_report_url("full"))
        go_on.set()
        eyes.page.locator("progress").wait_for(state="detached")
        eyes.page.locator("h1").wait_for()
    eyes.look()


def look_at_own_account(eyes):
    eyes.page.goto("/account/password/change/")
    eyes.send(oldpassword="not this")
    eyes.open("/account/logout/", "/account/details/", f"{HOME}/people/")


def look_at_second_factor(eyes, nobody):
    page = "/account/second-factor/"
    eyes.open(f"{page}set-up/", "/account/proof/")
    somchai = User.objects.get(username="somchai")
    TOTP.activate(somchai, generate_totp_secret())
    RecoveryCodes.activate(somchai)
    eyes.open(*(page + one for one in ("", "remove/", "recovery-codes/", "recovery-codes/new/")))
    nobody.page.goto("/account/login/")
    nobody.send(login="somchai", password=demo.PASSWORD)


def look_at_conflicts(eyes, plan):
    """Somebody else saves, deletes or submits while the form is open; then all is read-only."""
    staff, admin = (User.objects.get(username=name) for name in ("somchai", "somying"))
    issue = plan.issues.first()
    indicators = list(issue.indicators.all())
    doomed = create_issue(
        plan=plan, indicators=indicators, kind=Issue.Kind.FIX, points="ชั่วคราว", by=staff
    )

    def change():
        values = {"indicators": indicators, "kind": issue.kind, "points": "ข้อความของผู้อื่น"}
        change_issue(issue=issue, version=issue.version, by=staff, **values)

    def score():
        changes = [ScoreChange("i1", Decimal("70"), plan.assessment.scores.first().version)]
        save_scores(assessment=plan.assessment, changes=changes, by=staff)

    def delete():
        delete_row(row=doomed, version=doomed.version, by=staff)

    def submit():
        move_plan(plan=plan, move=Move.SUBMIT, by=staff)

    def give_back():
        move_plan(plan=plan, move=Move.RETURN, reason="แก้มาตรการที่ 1", by=admin)

    def type_after(meanwhile, told, score=None, row=None):
        page, field = (
            ("2564/scores/", "i1") if row is None else (f"2565/issues/{row.pk}/", "points")
        )
        eyes.page.goto(f"{HOME}/{page}")
        meanwhile()
        eyes.page.locator(f"[name={field}]").fill(score or "ข้อความที่พิมพ์")
        eyes.page.locator(told).wait_for()
        eyes.look()

    late = "#save-state[data-state=trouble]"
    type_after(change, ".conflict", row=issue)
    type_after(delete, ".refusal", row=doomed)
    type_after(score, "#box_i1 .conflict", "55")
    type_after(submit, late, row=issue)
    eyes.open(f"{HOME}/2565/issues/")
    give_back()
    eyes.open(f"{HOME}/2565/")


def assert_seen(eyes, is_mine):
    """No page of the half that `is_mine` tells was left out."""
    with_page = {
        ":".join((*namespace, name))
        for namespace, name in names_of(get_resolver())
        if "admin" not in namespace
    }
    assert {name for name in with_page - eyes.seen if is_mine(name)} <= WITHOUT_PAGE


def of_results_and_accounts(name):
    """Scores, analysis, signing in, one's own account."""
    return name.startswith("assessments:") or (":" not in name and name != "overview")


@pytest.mark.one_database("sqlite")
def test_every_page_of_results_and_of_ones_account_is_right_in_every_state(eyes_of, plan):
    nobody, staff = map(eyes_of, (None, "somchai"))
    look_at_sign_in(nobody)
    look_at_errors(nobody)
    look_at_scores(staff)
    look_at_texts(staff, plan)
    look_at_finer_marks(staff)
    look_at_import(staff)
    look_at_paste(staff)
    look_at_waiting(staff, plan)
    look_at_own_account(staff)
    look_at_second_factor(staff, nobody)
    assert_seen(staff, of_results_and_accounts)


@pytest.mark.one_database("postgres")
def test_every_page_of_the_plan_and_of_people_is_right_in_every_state(eyes_of, plan):
    staff, viewer, admin = map(eyes_of, ("somchai", "wichai", "somying"))
    look_at_plan(staff, plan)
    look_at_evidence(staff, plan)
    viewer.open(*(f"{HOME}/{page}" for page in ("2565/measures/", "2564/scores/")))
    look_at_people(admin)
    look_at_history(admin)
    look_at_review(admin)
    look_at_year(admin, staff)
    executive = eyes_of("prasit")
    look_at_signing(staff, executive, plan)
    look_at_conflicts(staff, plan)
    public = eyes_of()
    look_at_public(public, plan)
    assert_seen(staff, lambda name: not of_results_and_accounts(name))
