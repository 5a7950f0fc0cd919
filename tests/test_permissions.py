"""Who may open and send what: the map of every address, and every cell of the table of rules."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import get_resolver, resolve, reverse
from django.utils import timezone

from accounts.handover import hand_over
from accounts.models import Emblem, Membership, User
from accounts.permissions import OPERATOR, LateChange, Permission, Role, State, allowed, require
from measures.models import Comment, Evidence, Issue, Measure, Plan, Revision
from measures.report.frozen import freeze
from tests.measures.public import EVIDENCE, published
from tests.routes import PNG, without_pages

# --- addresses ------------------------------------------------------------------------------------

#: Marks for addresses that no agency's right governs, and for methods that an address lacks.
PUBLIC, SIGNED_IN, NO_SUCH_METHOD = "public", "signed in", "no such method"
#: For an address of no one agency: the right to enter scores in any.
SCORES_SOMEWHERE = "scores somewhere"


@dataclass(frozen=True)
class Address:
    """`get` and `post` are the right that each needs; `data` is what is sent.

    What `writes` is tried too late, and with another agency's records, in `test_routes.py`.
    """

    get: str
    post: str
    args: tuple = ()
    data: dict = field(default_factory=dict)
    state: State = State.DRAFT
    writes: bool = False


def reading(permission, *args):
    """A page without a form: sending to it is refused, or does no more than reading."""
    return Address(permission, permission, args)


def writing(permission, *args, get=None, **options):
    return Address(get or permission, permission, args, writes=True, **options)


CODE, RESULTS, YEAR = "nongkong", 2564, 2565
REASON = {"reason": "แก้ระยะเวลาดำเนินการของมาตรการที่ 1"}
PEOPLE = Permission.MANAGE_PEOPLE
EDIT, SCORES = Permission.EDIT_PLAN, Permission.EDIT_SCORES

MAP = {
    "home": [reading(SIGNED_IN)],
    "health": [reading(PUBLIC)],
    "overview": [reading(Permission.VIEW, CODE, YEAR)],
    "accounts:people": [reading(PEOPLE, CODE)],
    "accounts:person-add": [writing(PEOPLE, CODE)],
    "accounts:person-add-existing": [writing(PEOPLE, CODE)],
    "accounts:person-change": [writing(PEOPLE, CODE, "member", data={"role": "staff"})],
    "accounts:person-remove": [writing(PEOPLE, CODE, "member")],
    "accounts:person-code": [writing(PEOPLE, CODE, "member")],
    "accounts:person-handover": [writing(PEOPLE, CODE, "member")],
    "accounts:handover-sheet": [reading(PEOPLE, CODE, "handover")],
    "accounts:units": [writing(Permission.CHANGE_SETTINGS, CODE)],
    "account_invitation": [writing(PUBLIC)],
    "accounts:settings": [writing(Permission.CHANGE_SETTINGS, CODE)],
    "accounts:emblem": [reading(Permission.VIEW, CODE)],
    **{
        f"{name}{suffix}": [entry]
        for suffix in ("", "-self")
        for name, entry in {
            "assessments:scores": writing(SCORES, CODE, RESULTS, get=Permission.VIEW),
            "assessments:scores-cells": writing(SCORES, CODE, RESULTS, get=NO_SUCH_METHOD),
            "assessments:scores-judged": reading(Permission.VIEW, CODE, RESULTS),
            "assessments:scores-paste": writing(SCORES, CODE, RESULTS),
            "assessments:scores-warning": writing(SCORES, CODE, RESULTS, get=NO_SUCH_METHOD),
            "assessments:scores-items": writing(SCORES, CODE, RESULTS, get=Permission.VIEW),
            "assessments:scores-questions": writing(SCORES, CODE, RESULTS, get=Permission.VIEW),
            "assessments:analysis": reading(Permission.VIEW, CODE, RESULTS),
        }.items()
    },
    "assessments:scores-published": [writing(SCORES, CODE, RESULTS)],
    "assessments:scores-import": [writing(SCORES, CODE, RESULTS)],
    "assessments:scores-template": [reading(Permission.EXPORT, CODE, RESULTS)],
    "assessments:scores-export": [
        reading(Permission.EXPORT, CODE, RESULTS, "csv"),
        reading(Permission.EXPORT, CODE, RESULTS, "xlsx"),
    ],
    "assessments:analysis-texts": [writing(Permission.EDIT_ANALYSIS, CODE, RESULTS)],
    "assessments:trend": [reading(Permission.VIEW, CODE)],
    "assessments:import-many": [reading(SCORES_SOMEWHERE)],
    "accounts:notices": [reading(SIGNED_IN)],
    "accounts:notices-read": [writing(SIGNED_IN, get=NO_SUCH_METHOD)],
    "measures:agencies": [reading(SIGNED_IN)],
    "measures:plan-begin": [writing(EDIT, CODE, YEAR, get=NO_SUCH_METHOD)],
    "measures:plan-fields": [writing(EDIT, CODE, YEAR, get=NO_SUCH_METHOD)],
    "measures:progress-fields": [
        writing(Permission.EDIT_PROGRESS, CODE, YEAR, 6, get=NO_SUCH_METHOD)
    ],
    "measures:setup": [writing(Permission.SET_UP, CODE, YEAR)],
    "measures:threshold": [writing(Permission.CHOOSE_THRESHOLD, CODE, YEAR)],
    "measures:issues": [reading(Permission.VIEW, CODE, YEAR)],
    "measures:issue-add": [writing(EDIT, CODE, YEAR)],
    "measures:issues-order": [writing(EDIT, CODE, YEAR, get=NO_SUCH_METHOD, data={"up": "issue"})],
    "measures:issues-from-weaknesses": [writing(EDIT, CODE, YEAR, get=NO_SUCH_METHOD)],
    "measures:issues-merge": [writing(EDIT, CODE, YEAR, get=NO_SUCH_METHOD)],
    "measures:issues-leave-out": [writing(EDIT, CODE, YEAR)],
    "measures:issue-edit": [writing(EDIT, CODE, YEAR, "issue")],
    "measures:issue-delete": [writing(EDIT, CODE, YEAR, "issue")],
    "measures:measures": [reading(Permission.VIEW, CODE, YEAR)],
    "measures:measure-add": [writing(EDIT, CODE, YEAR)],
    "measures:measures-carry": [writing(EDIT, CODE, YEAR)],
    "measures:measures-library": [writing(EDIT, CODE, YEAR)],
    "measures:measures-paste": [writing(EDIT, CODE, YEAR)],
    "measures:measures-order": [
        writing(EDIT, CODE, YEAR, get=NO_SUCH_METHOD, data={"up": "measure"})
    ],
    "measures:measure-edit": [writing(EDIT, CODE, YEAR, "measure")],
    "measures:measure-delete": [writing(EDIT, CODE, YEAR, "measure")],
    "measures:progress": [
        reading(Permission.VIEW, CODE, YEAR, 6),
        reading(Permission.VIEW, CODE, YEAR, 12),
    ],
    "measures:progress-approve": [
        writing(Permission.APPROVE_PROGRESS, CODE, YEAR, 6, state=State.APPROVED)
    ],
    "measures:progress-edit": [writing(Permission.EDIT_PROGRESS, CODE, YEAR, 6, "measure")],
    "measures:comments": [writing(Permission.COMMENT, CODE, YEAR)],
    "measures:comment-edit": [writing(Permission.COMMENT, CODE, YEAR, "comment")],
    "measures:comment-resolve": [
        writing(Permission.RESOLVE, CODE, YEAR, "comment", get=NO_SUCH_METHOD)
    ],
    "measures:history": [reading(Permission.READ_HISTORY, CODE, YEAR)],
    "measures:history-export": [reading(Permission.READ_HISTORY, CODE, YEAR)],
    "measures:agency-history": [reading(Permission.READ_HISTORY, CODE)],
    "measures:agency-history-export": [reading(Permission.READ_HISTORY, CODE)],
    "measures:evidence": [reading(Permission.VIEW, CODE, YEAR)],
    "measures:evidence-add": [
        writing(Permission.EDIT_EVIDENCE, CODE, YEAR, get=NO_SUCH_METHOD),
    ],
    "measures:evidence-file": [reading(Permission.VIEW_EVIDENCE, CODE, YEAR, EVIDENCE)],
    "measures:evidence-public": [reading(Permission.VIEW, CODE, YEAR, EVIDENCE)],
    "measures:evidence-change": [
        writing(Permission.EDIT_EVIDENCE, CODE, YEAR, EVIDENCE, data={"act": "remove"})
    ],
    "measures:review": [reading(Permission.VIEW, CODE, YEAR)],
    "measures:review-move": [
        writing(Permission.SUBMIT, CODE, YEAR, "submit", get=Permission.VIEW),
        writing(
            Permission.RETURN,
            *(CODE, YEAR, "return"),
            get=Permission.VIEW,
            data=REASON,
            state=State.SUBMITTED,
        ),
        writing(
            Permission.APPROVE,
            *(CODE, YEAR, "approve"),
            get=Permission.VIEW,
            state=State.SUBMITTED,
        ),
    ],
    "measures:reports": [reading(Permission.VIEW, CODE, YEAR)],
    "measures:report": [reading(Permission.EXPORT, CODE, YEAR, "measures")],
    "measures:report-document": [reading(Permission.EXPORT, CODE, YEAR, "measures")],
    "measures:report-figures": [reading(Permission.EXPORT, CODE, YEAR)],
    "measures:report-draft": [reading(Permission.EXPORT, CODE, YEAR, "measures")],
    "measures:covering": [reading(Permission.EXPORT, CODE, YEAR, "memo")],
    "measures:handing-in": [reading(Permission.VIEW, CODE, YEAR)],
    "measures:revisions": [reading(Permission.VIEW, CODE, YEAR)],
    "measures:revision": [reading(Permission.VIEW, CODE, YEAR, 1)],
    "measures:revision-document": [reading(Permission.EXPORT, CODE, YEAR, 1, "measures")],
    "measures:revision-report": [reading(Permission.EXPORT, CODE, YEAR, 1, "measures")],
    "measures:sign": [writing(Permission.SIGN, CODE, YEAR)],
    "measures:signature": [writing(Permission.RECORD_SIGNATURE, CODE, YEAR)],
    "measures:publication": [writing(Permission.PUBLISH, CODE, YEAR)],
    "measures:publication-preview": [reading(Permission.PUBLISH, CODE, YEAR)],
    "measures:publication-preview-file": [reading(Permission.PUBLISH, CODE, YEAR, "data.json")],
    "measures:publication-qr": [reading(Permission.PUBLISH, CODE, YEAR, "png")],
    "measures:publication-withdraw": [writing(Permission.WITHDRAW, CODE, YEAR, 1)],
    "public:index": [reading(PUBLIC)],
    "public:agency": [reading(PUBLIC, CODE)],
    "public:newest": [reading(PUBLIC, CODE, YEAR)],
    "public:version": [reading(PUBLIC, CODE, YEAR, 1)],
    "public:site": [reading(PUBLIC, CODE, YEAR, 1)],
    "public:evidence": [reading(PUBLIC, CODE, YEAR, 1, EVIDENCE)],
    "public:file": [reading(PUBLIC, CODE, YEAR, 1, "full.pdf")],
    "public:newest-file": [reading(PUBLIC, CODE, YEAR, "full.pdf")],
    "api:documentation": [reading(PUBLIC)],
    "api:description": [reading(PUBLIC)],
    "api:agencies": [reading(PUBLIC)],
    "api:agency": [reading(PUBLIC, CODE)],
    "api:publication": [reading(PUBLIC, CODE, YEAR)],
    "api:results": [reading(PUBLIC, RESULTS)],
}

#: Not in the map, and why.
ELSEWHERE = {
    "admin": "superusers only, whatever the page: tests/accounts/test_operator.py",
    "set_language": "anybody; changes a cookie",
    "unknown": "no address at all: tests/measures/test_api.py",
    "notice": "one person's own: tests/accounts/test_notices.py",
    "account_details": "one's own: tests/accounts/test_people_pages.py",
    "account_login": "tests/accounts/test_sign_in.py, as all that follow",
    "account_logout": "",
    "account_inactive": "",
    "account_change_password": "",
    "account_reset_password": "",
    "account_reset_password_done": "",
    "account_reset_password_from_key": "",
    "account_reset_password_from_key_done": "",
    "account_proof": "tests/accounts/test_proof.py",
    "account_sign_out_everywhere": "",
    "mfa_index": "tests/accounts/test_second_factor.py, as all that follow",
    "mfa_authenticate": "",
    "mfa_activate_totp": "",
    "mfa_deactivate_totp": "",
    "mfa_view_recovery_codes": "",
    "mfa_generate_recovery_codes": "",
}


def names_of(resolver, namespace=()):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = namespace + ((pattern.namespace,) if pattern.namespace else ())
            yield from names_of(pattern, inner)
        else:
            yield namespace, pattern.name or f"without a name: {pattern.pattern}"


def test_every_address_is_in_the_map():
    names = {
        ":".join((*namespace, name))
        for namespace, name in names_of(get_resolver())
        if not {*namespace, name} & set(ELSEWHERE)
    }
    assert names == set(MAP)


@pytest.fixture
def cast(staff, coordinator, admin, executive, viewer, outsider, operator):
    return {
        "anonymous": AnonymousUser(),
        "staff": staff,
        "coordinator": coordinator,
        "admin": admin,
        "executive": executive,
        "viewer": viewer,
        "outsider": outsider,
        "operator": operator,
    }


#: Who has which right in the agency; written down here apart from the rules themselves.
WRITERS = {"staff", "coordinator"}
EVERYBODY = {"staff", "coordinator", "admin", "executive", "viewer"}
MAY = {
    Permission.VIEW: EVERYBODY,
    Permission.EXPORT: EVERYBODY,
    Permission.EDIT_SCORES: WRITERS,
    Permission.EDIT_ANALYSIS: WRITERS,
    Permission.EDIT_PLAN: WRITERS,
    Permission.EDIT_PROGRESS: WRITERS,
    Permission.EDIT_EVIDENCE: WRITERS,
    Permission.VIEW_EVIDENCE: EVERYBODY - {"viewer"},
    Permission.COMMENT: EVERYBODY - {"viewer"},
    Permission.RESOLVE: {"staff", "coordinator", "admin"},
    Permission.SUBMIT: {"coordinator"},
    Permission.TAKE_BACK: {"coordinator"},
    Permission.RETURN: {"admin", "executive"},
    Permission.APPROVE: {"admin"},
    Permission.SIGN: {"executive"},
    Permission.RECORD_SIGNATURE: {"coordinator", "admin"},
    Permission.PUBLISH: {"coordinator", "admin"},
    Permission.WITHDRAW: {"admin"},
    Permission.REOPEN: {"admin"},
    Permission.APPROVE_PROGRESS: {"admin"},
    Permission.SET_UP: {"admin"},
    Permission.CHOOSE_THRESHOLD: {"coordinator", "admin"},
    Permission.EXTEND: set(),
    Permission.READ_HISTORY: {"coordinator", "admin"},
    Permission.MANAGE_PEOPLE: {"admin"},
    Permission.CHANGE_SETTINGS: {"admin"},
}
OPEN, LOGIN, FORBIDDEN, NOT_FOUND = "open", "login", "403", "404"


def expected(right, who):
    if right == PUBLIC:
        return OPEN
    if who == "anonymous":
        return LOGIN
    if right == SIGNED_IN:
        return OPEN
    if right == SCORES_SOMEWHERE:
        return OPEN if who in MAY[SCORES] else FORBIDDEN
    if who in ("outsider", "operator"):
        return NOT_FOUND
    return OPEN if who in MAY[right] else FORBIDDEN


def outcome(response):
    """What the answer means; whatever is not expected at all shows as its number."""
    location = response.get("Location", "")
    to_login = response.status_code == 302 and location.startswith(reverse("account_login"))
    # 401: with what was typed, to be copied.
    if to_login or response.status_code == 401:
        return LOGIN
    # 400, 409, 422: the person may, but not with this text or not at this moment.
    return (
        OPEN
        if response.status_code in (200, 204, 302, 400, 409, 422)
        else str(response.status_code)
    )


@pytest.fixture
def records(plan, staff, viewer, agency):
    """The pk of a record of each kind that addresses name."""
    indicator = plan.assessment.framework.indicators.get(number=9)
    issue = Issue.objects.create(plan=plan, points="เผยแพร่ข้อมูลให้ครบ")
    issue.indicators.add(indicator)
    measure = Measure.objects.create(
        plan=plan, title="ปรับปรุงเว็บไซต์", steps="1", period="ปี 2565", follow_up="1", responsible="1"
    )
    revision = Revision.objects.create(
        plan=plan, number=1, content=freeze(plan), made_at=timezone.now(), made_by=staff
    )
    published(plan, staff, revision=revision)
    comment = Comment.objects.create(plan=plan, text="เพิ่มรายละเอียด", by=staff)
    file = ContentFile(b"PNG", name="x")
    evidence = Evidence(pk=EVIDENCE, plan=plan, measure=measure, name="รูป.png", size=3)
    evidence.file, evidence.public_copy, evidence.uploaded_by = file, file, staff
    evidence.save()
    facts = {"agency": agency, "digest": "0" * 64, "image": PNG, "added_by": staff}
    agency.emblem = Emblem.objects.create(**facts)
    agency.save()
    member = viewer.memberships.get(agency=agency)
    giver, taker = (_colleague(agency, username) for username in ("giver", "taker"))
    handed_over = hand_over(membership=giver, successor=taker, by=None)
    return {
        "issue": issue.pk,
        "measure": measure.pk,
        "member": member.pk,
        "comment": comment.pk,
        "handover": handed_over.pk,
    }


def _colleague(agency, username):
    """Somebody whom no page is tried for."""
    user = User.objects.create(username=username, name=username)
    return Membership.objects.create(user=user, agency=agency, role=Role.VIEWER)


def put_in_state(state):
    sent = {"submitted_at": timezone.now()} if state == State.SUBMITTED else {}
    for plan in Plan.objects.all():
        plan.state, plan.submitted_at = state, sent.get("submitted_at")
        plan.submitted_by_id = plan.agency.memberships.first().user_id if sent else None
        plan.save()


@pytest.fixture
def sessions(client, cast):
    """Everybody's cookies, signed in once: doing so before each request takes as long as it."""
    found = {}
    for who, user in cast.items():
        if user.is_authenticated:
            client.force_login(user)
        found[who] = client.cookies.output(header="", sep=";")
        client.cookies.clear()
    return found


def tried(client, cookies, method, url, data):
    """The outcome of one request; whatever it wrote is taken back."""
    client.cookies = SimpleCookie(cookies)
    # What is asked for is rendered: a page may break for one role alone.
    rendering = nullcontext() if method == "get" else without_pages()
    with transaction.atomic(), rendering:
        response = client.get(url) if method == "get" else client.post(url, data)
        found = outcome(response)
        if response.streaming:
            response.getvalue()
        transaction.set_rollback(True)
    return found


# Who may is not the database's doing: every address is tried on one of them.
@pytest.mark.parametrize(
    "first",
    [
        pytest.param(0, marks=pytest.mark.one_database("sqlite")),
        pytest.param(1, marks=pytest.mark.one_database("postgres")),
    ],
)
def test_each_address_opens_to_those_who_have_the_right_and_nobody_else(
    client, cast, sessions, records, quick_rendering, first
):
    differing = []
    addresses = [(name, address) for name in sorted(MAP) for address in MAP[name]]
    for name, address in addresses[first::2]:
        put_in_state(address.state)
        url = reverse(name, args=[records.get(arg, arg) for arg in address.args])
        data = {key: records.get(value, value) for key, value in address.data.items()}
        for method in ("get", "post"):
            right = getattr(address, method)
            other = address.post if method == "get" else address.get
            trying = cast
            if method == "post" and not address.writes:
                # Without a form: by one of all who are to be answered alike.
                trying = {expected(right, who): who for who in cast}.values()
            for who in trying:
                found = tried(client, sessions[who], method, url, data)
                if right == NO_SUCH_METHOD:
                    wanted = {"405", expected(other, who)} - {OPEN}
                elif right == address.get == address.post and method == "post":
                    wanted = {"405", expected(right, who)}
                else:
                    wanted = {expected(right, who)}
                if found not in wanted:
                    differing.append(f"{method} {url} by {who}: {found}, not {sorted(wanted)}")
    assert not differing, "\n".join(differing)


@pytest.mark.parametrize(
    "name", [name for name in sorted(MAP) if MAP[name][0].args and MAP[name][0].get != PUBLIC]
)
def test_the_view_behind_an_address_of_an_agency_is_guarded(name):
    args = [
        arg if arg not in ("issue", "measure", "member", "comment", "handover") else 1
        for arg in MAP[name][0].args
    ]
    view = resolve(reverse(name, args=args)).func
    assert view.permission in Permission


# --- rules ----------------------------------------------------------------------------------------

#: For each right, the states (D draft, S submitted, R returned, A approved, G signed, P published)
#: in which a role may; + where it may also after the closing day.
TABLE = """
                 staff  coordinator admin  executive viewer  operator closed
view             DSRAGP DSRAGP      DSRAGP DSRAGP    DSRAGP  -        +
export           DSRAGP DSRAGP      DSRAGP DSRAGP    DSRAGP  -        +
edit_scores      DR     DR          -      -         -       -        -
edit_analysis    DR     DR          -      -         -       -        -
edit_plan        DR     DR          -      -         -       -        -
edit_progress    DRAGP  DRAGP       -      -         -       -        -
edit_evidence    DRAGP  DRAGP       -      -         -       -        -
view_evidence    DSRAGP DSRAGP      DSRAGP DSRAGP    -       -        +
comment          DSRA   DSRAG       DSRAG  SAG       -       -        +
resolve          DSRA   DSRAG       DSRAG  -         -       -        +
submit           -      DR          -      -         -       -        -
take_back        -      S           -      -         -       -        -
return           -      -           S      A         -       -        -
approve          -      -           S      -         -       -        -
sign             -      -           -      A         -       -        -
record_signature -      A           A      -         -       -        -
publish          -      G           G      -         -       -        -
withdraw         -      -           DSRAGP -         -       DSRAGP   +
reopen           -      -           AGP    -         -       -        +
approve_progress -      -           AGP    -         -       -        +
set_up           -      -           DSRAGP -         -       -        +
choose_threshold -      DR          DR     -         -       -        -
extend           -      -           -      -         -       DSRAGP   +
read_history     -      DSRAGP      DSRAGP -         -       -        +
manage_people    -      -           DSRAGP -         -       -        +
change_settings  -      -           DSRAGP -         -       -        +
"""
LETTERS = dict(zip(State, "DSRAGP", strict=True))
CLOSED = "30 เมษายน 2565"
HEAD, *LINES = (line.split() for line in TABLE.strip().split("\n"))
ROWS = {name: dict(zip(HEAD[:-1], cells, strict=True)) for name, *cells, _ in LINES}
DESPITE_CLOSING = {name for name, *_, closed in LINES if closed == "+"}


def result_of(user, permission, agency, state, closed=""):
    try:
        require(user, permission, agency, state, closed)
    except LateChange:
        return "late"
    except PermissionDenied:
        return "denied"
    return "done"


def test_the_table_here_names_every_right():
    assert set(ROWS) == {permission.value for permission in Permission}


@pytest.mark.parametrize("permission", Permission)
def test_a_role_may_in_its_states_and_is_told_apart_when_late(agency, cast, permission):
    for role in (*Role, OPERATOR):
        user, letters = cast[role], ROWS[permission][role]
        for state in State:
            may = LETTERS[state] in letters
            wanted = "done" if may else "denied" if letters == "-" else "late"
            assert result_of(user, permission, agency, state) == wanted, (role, state)
            assert allowed(user, permission, agency, state) is may, (role, state)
            may_late = may and permission in DESPITE_CLOSING
            wanted = "done" if may_late else "denied" if letters == "-" else "late"
            assert result_of(user, permission, agency, state, CLOSED) == wanted, (role, state)
            assert allowed(user, permission, agency, state, CLOSED) is may_late, (role, state)
        assert allowed(user, permission, agency) is (letters != "-")


@pytest.mark.parametrize("permission", Permission)
def test_nobody_may_anything_in_another_agency(cast, agency, other_agency, permission):
    """But the operator, whose agency none is; nor one whose account is closed."""
    closed = cast["admin"]
    foreign = dict.fromkeys(cast, other_agency) | {"outsider": agency}
    del foreign["operator"]
    for who, where in foreign.items():
        for state in State:
            assert not allowed(cast[who], permission, where, state)
            assert result_of(cast[who], permission, where, state) == "denied"
    for user in (closed, cast["operator"]):
        type(user).objects.filter(pk=user.pk).update(is_active=False)
        assert not allowed(type(user).objects.get(pk=user.pk), permission, agency)
