"""Who is told when a plan has moved, in which words, and where the notice leads."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.notices import notify, people_with
from accounts.permissions import Role, role_of
from measures.workflow import ROUND_APPROVED, Move

WRITERS = (Role.STAFF, Role.COORDINATOR)

#: Move → (roles, text, the plan's method that gives the address).
NOTICES = {
    Move.SUBMIT: [
        (
            (Role.ADMIN,),
            _("%(name)s submitted revision %(number)s of the plan of %(year)s for review."),
            "get_review_url",
        )
    ],
    Move.TAKE_BACK: [
        (
            (Role.ADMIN,),
            _("%(name)s took back revision %(number)s of the plan of %(year)s."),
            "get_review_url",
        )
    ],
    Move.RETURN: [
        (
            (*WRITERS, Role.ADMIN),
            _("%(name)s returned revision %(number)s of the plan of %(year)s: %(reason)s"),
            "get_review_url",
        )
    ],
    Move.APPROVE: [
        (
            (Role.EXECUTIVE,),
            _("Revision %(number)s of the plan of %(year)s is approved and waits to be signed."),
            "get_sign_url",
        ),
        (
            (Role.COORDINATOR,),
            _("%(name)s approved revision %(number)s of the plan of %(year)s."),
            "get_review_url",
        ),
    ],
    Move.SIGN: [
        (
            (Role.COORDINATOR, Role.ADMIN),
            _("%(name)s signed revision %(number)s of the plan of %(year)s: it can be published."),
            "get_publication_url",
        )
    ],
    Move.RECORD_SIGNATURE: [
        (
            (Role.COORDINATOR, Role.ADMIN, Role.EXECUTIVE),
            _(
                "%(name)s recorded the signature on paper of revision %(number)s of the plan of "
                "%(year)s."
            ),
            "get_publication_url",
        )
    ],
    Move.PUBLISH: [
        (
            (*WRITERS, Role.ADMIN, Role.EXECUTIVE),
            _("%(name)s published revision %(number)s of the plan of %(year)s as v%(version)s."),
            "get_revisions_url",
        )
    ],
    Move.WITHDRAW: [
        (
            (Role.COORDINATOR, Role.ADMIN, Role.EXECUTIVE),
            _(
                "%(name)s withdrew v%(version)s of the plan of %(year)s from publication: "
                "%(reason)s"
            ),
            "get_revisions_url",
        )
    ],
    Move.REOPEN: [
        (
            (*WRITERS, Role.ADMIN, Role.EXECUTIVE),
            _("%(name)s reopened the plan of %(year)s after revision %(number)s: %(reason)s"),
            "get_review_url",
        )
    ],
    ROUND_APPROVED: [
        (
            (Role.EXECUTIVE,),
            _(
                "The progress after %(months)s months is approved. Revision %(number)s of the "
                "plan of %(year)s waits to be signed."
            ),
            "get_sign_url",
        ),
        (
            WRITERS,
            _("%(name)s approved the progress after %(months)s months of the plan of %(year)s."),
            "get_revisions_url",
        ),
    ],
}


def tell(move, plan, by, revision, **facts):
    """Gives the notices; returns who got one."""
    facts |= {
        "name": _name(by, plan.agency),
        "year": plan.year,
        "number": revision.number if revision else "–",
    }
    told = []
    for roles, text, address in NOTICES[move]:
        people = people_with(plan.agency, *roles)
        url = getattr(plan, address)()
        told += notify(people, agency=plan.agency, text=text, facts=facts, url=url, by=by)
    return told


def audience(move, plan, by):
    """Who would be told, for the page that asks before the move."""
    roles = {role for some, _text, _address in NOTICES[move] for role in some}
    return [person for person in people_with(plan.agency, *roles) if person != by]


def _name(by, agency):
    """Who did it; the agency may not know the system operator by her name."""
    name = by.get_full_name()
    if by.is_superuser and role_of(by, agency) is None:
        return format_lazy("{} {}", _("System operator"), name)
    return name
